// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/live/live_page.h"

#include "app/desktop/pages/live/live_charts.h"
#include "app/desktop/pages/live/live_tables.h"
#include "app/desktop/pages/live/rule_table.h"
#include "app/desktop/pages/live/run_controls.h"
#include "app/desktop/pages/live/run_model.h"
#include "app/desktop/pages/live/streams_panel.h"
#include "app/desktop/widgets/figure_table.h"
#include "app/desktop/widgets/fleet_rows.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QVBoxLayout>
#include <algorithm>

namespace app {

namespace {

enum States { kEmpty, kFailed, kRun };

} // namespace

LivePage::LivePage(RunSession& session, const RunModel& model, QWidget* parent) : QWidget(parent), m_model(model) {
    m_states = new QStackedWidget(this);
    m_states->insertWidget(kEmpty, emptyState());
    m_states->insertWidget(kFailed, failedState());
    m_splitter = new QSplitter(Qt::Horizontal);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(figures());
    m_splitter->addWidget(tables());
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setSizes({790, 375});
    m_states->insertWidget(kRun, m_splitter);
    m_controls = new RunControls(session, model, this);

    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_states, 1);
    column->addWidget(m_controls);
    connect(&model, &RunModel::stateChanged, this, &LivePage::runChanged);
    connect(&model, &RunModel::progressed, this, &LivePage::refresh);
    runChanged();
}

QWidget* LivePage::emptyState() {
    auto* const page = new QWidget;
    auto* const column = new QVBoxLayout(page);
    auto* const words =
        new QLabel(tr("Rates, latencies, the backlog and the ledger of a run appear here as soon as one is "
                      "started."));
    words->setAlignment(Qt::AlignCenter);
    words->setWordWrap(true);
    auto* const next = new QPushButton(tr("Choose a scenario"));
    connect(next, &QPushButton::clicked, this, &LivePage::scenarioWanted);
    column->addStretch();
    column->addWidget(words);
    column->addWidget(next, 0, Qt::AlignCenter);
    column->addStretch();
    return page;
}

QWidget* LivePage::failedState() {
    auto* const page = new QWidget;
    auto* const column = new QVBoxLayout(page);
    auto* const title = new QLabel(tr("The run did not start."));
    title->setAlignment(Qt::AlignCenter);
    m_failure = new QLabel;
    m_failure->setObjectName(QStringLiteral("failure"));
    m_failure->setTextFormat(Qt::PlainText);
    m_failure->setAlignment(Qt::AlignCenter);
    m_failure->setWordWrap(true);
    m_failure->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto* const buttons = new QHBoxLayout;
    buttons->addStretch();
    const auto add = [this, buttons](const QString& text, void (LivePage::*wanted)()) {
        auto* const button = new QPushButton(text);
        connect(button, &QPushButton::clicked, this, wanted);
        buttons->addWidget(button);
    };
    add(tr("Try again"), &LivePage::startWanted);
    add(tr("Back to the scenario"), &LivePage::scenarioWanted);
    buttons->addStretch();
    column->addStretch();
    column->addWidget(title);
    column->addWidget(m_failure);
    column->addLayout(buttons);
    column->addStretch();
    return page;
}

/// Charts of all streams or of one, and the streams side by side.
QWidget* LivePage::figures() {
    m_figures = new QTabWidget;
    m_figures->setDocumentMode(true);
    m_charts = new LiveCharts(m_model);
    connect(m_charts, &LiveCharts::secondChosen, this, &LivePage::secondChosen);
    m_streams = new StreamsPanel(m_model);
    m_figures->addTab(m_charts, tr("Charts"));
    m_figures->addTab(m_streams, tr("Streams"));
    m_only = new QComboBox;
    m_only->setObjectName(QStringLiteral("onlyStream"));
    m_only->setAccessibleName(tr("Streams that the charts show"));
    m_only->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_only->setMinimumContentsLength(20); // letters, however long the names
    m_figures->setCornerWidget(m_only);
    connect(m_only, &QComboBox::currentIndexChanged, this, [this](int index) {
        m_charts->showOnly(index > 0 ? std::optional(static_cast<std::size_t>(index - 1)) : std::nullopt);
    });
    connect(m_streams, &StreamsPanel::streamChosen, this, [this](int stream) {
        if (stream + 1 < m_only->count()) {
            m_only->setCurrentIndex(stream + 1);
            m_figures->setCurrentWidget(m_charts);
        }
    });
    return m_figures;
}

/// Those of which a time line is kept.
void LivePage::fillStreams() {
    const QSignalBlocker quiet(m_only);
    m_only->clear();
    m_only->addItem(tr("all streams"));
    if (m_model.run()) {
        const std::vector<core::Stream>& streams = m_model.run()->scenario.streams;
        for (std::size_t i = 0; i < std::min(streams.size(), RunModel::kStreamsKept); ++i) {
            m_only->addItem(QString::fromStdString(streams[i].name));
        }
    }
    m_only->setVisible(m_only->count() > 2);
    m_charts->showOnly(std::nullopt);
}

QWidget* LivePage::tables() {
    auto* const side = new QSplitter(Qt::Vertical);
    m_ledger = new FigureTable(tr("Ledger of the run's events"), {tr("Ledger"), tr("Events")});
    side->addWidget(m_ledger);
    m_tabs = new QTabWidget;
    m_tabs->setDocumentMode(true);
    m_tabs->setUsesScrollButtons(true);
    m_rules = addTab(tr("Rules"), tr("How the rules stand"), liveRuleColumns());
    m_rules->setTextElideMode(Qt::ElideMiddle); // metric and limit stay
    m_events = addTab(tr("Events"), tr("What happened, the newest first"), eventColumns());
    m_events->setFigureColumns({true, false, false});
    m_events->setStretched(2);
    m_filter = addTab(tr("Filter"), tr("What the duplicate filter caught"), {tr("Duplicates"), tr("Figure")});
    m_host = addTab(tr("Host"), tr("Resources of this process and of the machine"), {tr("Host"), tr("Figure")});
    m_faults = addTab(tr("Errors"), tr("Errors and warnings by kind"), faultColumns());
    m_fleet = addTab(tr("Daemons"), tr("How the daemons of the run stand"), fleetColumns());
    m_fleet->setFigureColumns({false, false, false, true, true, true, false, false});
    m_fleet->setStretched(FleetColumn::Trouble); // so that no address is cut
    for (const int wide : {FleetColumn::Version, FleetColumn::Trouble}) {
        m_fleet->setColumnHidden(wide, true); // all have one version; tool tips and the strip say what is wrong
    }
    m_tabs->setTabVisible(m_tabs->indexOf(m_fleet), false);
    connect(m_tabs, &QTabWidget::currentChanged, this, &LivePage::refreshTab);
    side->addWidget(m_tabs);
    side->setStretchFactor(0, 1);
    side->setStretchFactor(1, 1);
    side->setSizes({320, 320}); // all rows of the ledger, at 1280 x 800
    return side;
}

FigureTable* LivePage::addTab(const QString& title, const QString& name, const QStringList& columns) {
    auto* const table = new FigureTable(name, columns);
    m_tabs->addTab(table, title);
    return table;
}

void LivePage::runChanged() {
    const RunModel::State state = m_model.state();
    m_states->setCurrentIndex(state == RunModel::State::Idle     ? kEmpty
                              : state == RunModel::State::Failed ? kFailed
                                                                 : kRun);
    m_failure->setText(m_model.failure());
    if (state == RunModel::State::Starting || state == RunModel::State::Running) {
        fillStreams();
    }
    m_charts->runChanged();
    m_streams->refreshNow();
    refreshTables();
}

void LivePage::refresh() {
    if (!isVisible()) {
        return; // nothing is painted behind another page
    }
    m_charts->refresh();
    m_streams->refresh();
    refreshTables();
}

void LivePage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    refresh();
}

void LivePage::refreshTables() {
    const core::RunStatus& status = m_model.status();
    const core::Snapshot& snapshot = status.snapshot;
    const auto& ended = m_model.result();
    if (ended) {
        const core::Ledger& ledger = ended->result->ledger;
        m_ledger->setRows(ledgerRows(ledger.producer, ledger.consumer, ledger.ids, ended->result->consumedBy));
    } else {
        m_ledger->setRows(ledgerRows(snapshot.producer(), snapshot.consumer, std::nullopt, status.consumedBy));
    }
    refreshTab();
}

/// Only what can be seen: with hundreds of streams the others would cost much.
void LivePage::refreshTab() {
    const core::RunStatus& status = m_model.status();
    const core::Snapshot& snapshot = status.snapshot;
    const core::Snapshot* const earlier = m_model.base();
    m_tabs->setTabVisible(m_tabs->indexOf(m_fleet), !status.fleet.empty());
    auto* const shown = static_cast<FigureTable*>(m_tabs->currentWidget());
    std::vector<CellRow> rows;
    if (shown == m_rules) {
        rows = ruleRows(status.rules);
    } else if (shown == m_events) {
        rows = eventRows(status.timeline);
    } else if (shown == m_faults) {
        rows = faultRows(status.timeline);
    } else if (shown == m_filter) {
        rows = filterRows(snapshot, status.consumedBy);
    } else if (shown == m_fleet) {
        rows = fleetRows(status.fleet);
    } else if (shown == m_host && earlier != nullptr) {
        rows = hostRows(snapshot.host, earlier->host, snapshot.at - earlier->at);
    }
    shown->setRows(std::move(rows));
}

void LivePage::lead(StatusStrip::Figure figure) {
    using Figure = StatusStrip::Figure;
    switch (figure) {
    case Figure::Program:
        if (!fleetTrouble(m_model.status().fleet).isEmpty()) {
            m_tabs->setCurrentWidget(m_fleet);
            m_fleet->setFocus();
            return;
        }
        [[fallthrough]];
    case Figure::Broker:
    case Figure::Store:
    case Figure::Filter:
    case Figure::Target:
    case Figure::Phase:
        m_tabs->setCurrentWidget(m_events);
        m_events->setFocus();
        return;
    case Figure::Rates:
    case Figure::Backlog:
        m_figures->setCurrentWidget(m_charts);
        m_charts->focusRates();
        return;
    case Figure::Latency:
        m_figures->setCurrentWidget(m_charts);
        m_charts->focusLatency();
        return;
    case Figure::Rules:
        m_tabs->setCurrentWidget(m_rules);
        m_rules->setFocus();
        return;
    case Figure::Losses:
        m_ledger->setFocus();
        return;
    case Figure::Limit:
        m_tabs->setCurrentWidget(m_host);
        m_host->setFocus();
        return;
    }
}

QByteArray LivePage::saveLayout() const {
    return m_splitter->saveState();
}

void LivePage::restoreLayout(const QByteArray& layout) {
    m_splitter->restoreState(layout);
}

} // namespace app
