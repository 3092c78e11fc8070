// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/monitor/cluster_panel.h"

#include "app/desktop/pages/monitor/alarm_panel.h"
#include "app/desktop/pages/monitor/cluster_rows.h"
#include "app/desktop/pages/monitor/lag_charts.h"
#include "app/desktop/widgets/figure_table.h"
#include "app/desktop/widgets/plain_label.h"
#include "app/desktop/widgets/row_table.h"
#include "core/monitor/lag_csv.h"
#include "services/archive/whole_file.h"

#include <QAbstractProxyModel>
#include <QDataStream>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QSplitter>
#include <QTabWidget>
#include <QVBoxLayout>
#include <algorithm>

namespace app {

using std::chrono::steady_clock;
using std::chrono::system_clock;

namespace {

FigureTable* listTable(const QString& object, const QString& name, const QStringList& columns,
                       const std::vector<int>& texts, QWidget* parent) {
    auto* table = new FigureTable(name, columns, parent);
    table->setObjectName(object);
    table->makeSortable();
    std::vector<bool> figures(static_cast<std::size_t>(columns.size()), true);
    for (const int column : texts) {
        figures[static_cast<std::size_t>(column)] = false;
    }
    table->setFigureColumns(std::move(figures));
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    // Not to their contents with each look: that asks every cell in sight how wide it is, once per column.
    table->horizontalHeader()->setSectionResizeMode(QHeaderView::Interactive);
    table->horizontalHeader()->setStretchLastSection(true);
    table->horizontalHeader()->setResizeContentsPrecision(0); // of a thousand rows those in sight
    fitColumn(*table, 0, "a-group-of-consumers");
    return table;
}

/// The row as given to the table; -1: none.
int givenRow(const FigureTable& table) {
    const auto* const sorted = qobject_cast<const QAbstractProxyModel*>(table.model());
    return sorted->mapToSource(table.currentIndex()).row();
}

void widen(FigureTable& table, int column) {
    const int before = table.columnWidth(column);
    table.resizeColumnToContents(column);
    table.setColumnWidth(column, std::max(before, table.columnWidth(column)));
}

/// Columns become wider with their figures, and never narrower, so that they stand still; one with each `turn`.
void fill(FigureTable& table, std::vector<CellRow> rows, int turn) {
    const bool hasOthers = table.cells().rowCount() != static_cast<int>(rows.size());
    const int columns = table.cells().columnCount();
    table.setRows(std::move(rows));
    for (int column = 1; column < columns - 1; ++column) { // the last has what is left
        if (hasOthers || column == 1 + turn % (columns - 2)) {
            widen(table, column);
        }
    }
}

} // namespace

ClusterPanel::ClusterPanel(QWidget* parent)
    : QWidget(parent), m_history(steady_clock::now()), m_origin(system_clock::now()) {
    m_brokers = plainLabel(QStringLiteral("brokers"), this);
    m_brokers->setAccessibleDescription(tr("Brokers"));
    m_splitter = new QSplitter(Qt::Horizontal, this);
    m_splitter->addWidget(listTabs());
    m_splitter->addWidget(groupView());
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setSizes({1'000, 1'000}); // as wide as each other
    m_splitter->setChildrenCollapsible(false);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->addWidget(m_brokers);
    column->addWidget(m_splitter, 1);
}

QWidget* ClusterPanel::listTabs() {
    m_lists = new QTabWidget;
    m_lists->setObjectName(QStringLiteral("lists"));
    m_lists->setAccessibleName(tr("Groups, topics and alarms"));
    m_groups = listTable(QStringLiteral("groups"), tr("Consumer groups"), groupColumns(), {0, 1, 5, 6}, m_lists);
    connect(m_groups->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this] { chooseGroup(givenRow(*m_groups)); });
    m_alarms = new AlarmPanel;
    connect(m_alarms, &AlarmPanel::changed, this, [this] {
        showGroup();
        Q_EMIT alarmsChanged();
    });
    m_lists->addTab(m_groups, tr("&Groups"));
    m_lists->addTab(topicView(), tr("&Topics"));
    m_lists->addTab(m_alarms, tr("&Alarms"));
    connect(m_lists, &QTabWidget::currentChanged, this, &ClusterPanel::showTables);
    return m_lists;
}

QWidget* ClusterPanel::topicView() {
    auto* view = new QWidget;
    m_topics = listTable(QStringLiteral("topics"), tr("Topics"), topicColumns(), {0, 6, 7, 8}, view);
    m_browse = new QPushButton(tr("Browse &messages"), view);
    m_browse->setObjectName(QStringLiteral("browse"));
    m_browse->setToolTip(tr("Shows the messages of the chosen topic."));
    m_browse->setEnabled(false);
    auto* column = new QVBoxLayout(view);
    column->setContentsMargins({});
    column->addWidget(m_topics, 1);
    column->addWidget(m_browse, 0, Qt::AlignRight);
    connect(m_browse, &QPushButton::clicked, this, &ClusterPanel::browse);
    connect(m_topics->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this] { m_browse->setEnabled(givenRow(*m_topics) >= 0); });
    return view;
}

QWidget* ClusterPanel::groupView() {
    auto* view = new QWidget;
    m_lag = plainLabel(QStringLiteral("lag"), view);
    m_charts = new LagCharts(view);
    m_details = new QTabWidget(view);
    m_details->setObjectName(QStringLiteral("details"));
    m_details->setAccessibleName(tr("Partitions and members of the group"));
    m_partitions = listTable(QStringLiteral("partitions"), tr("Partitions of the group"), partitionColumns(), {0, 6, 7},
                             m_details);
    m_members = listTable(QStringLiteral("members"), tr("Members of the group"), memberColumns(), {0, 1}, m_details);
    m_details->addTab(m_partitions, tr("Part&itions"));
    m_details->addTab(m_members, tr("Mem&bers"));
    connect(m_details, &QTabWidget::currentChanged, this, &ClusterPanel::showTables);
    m_save = new QPushButton(tr("Sa&ve history as CSV…"), view);
    m_save->setObjectName(QStringLiteral("save"));
    m_save->setAccessibleName(m_save->text().remove(QLatin1Char('&')));
    m_save->setToolTip(tr("Writes the lag of every group over time to a file."));
    connect(m_save, &QPushButton::clicked, this, &ClusterPanel::chooseCsv);
    auto* head = new QHBoxLayout;
    head->addWidget(m_lag, 1);
    head->addWidget(m_save);
    auto* column = new QVBoxLayout(view);
    column->setContentsMargins({});
    column->addLayout(head);
    column->addWidget(m_charts, 3);
    column->addWidget(m_details, 2);
    return view;
}

void ClusterPanel::begin() {
    m_view.reset();
    m_group.clear();
    m_history = core::LagHistory(steady_clock::now());
    m_origin = system_clock::now();
    m_alarms->forget();
}

void ClusterPanel::takeView(const core::ClusterView& view) {
    m_view = view;
    m_history.add(view);
    m_alarms->look(view);
    if (m_view->group(m_group) == nullptr && !m_view->groups.empty()) {
        m_group = m_view->groups.front().name;
        Q_EMIT groupChosen(m_group);
    }
    m_outdated = true;
    if (isVisible()) {
        showTables();
    }
}

void ClusterPanel::setStale(bool stale) {
    for (QWidget* each : std::initializer_list<QWidget*>{m_brokers, m_lag}) {
        each->setDisabled(stale);
    }
}

/// Those that are in sight; the others when they come there.
void ClusterPanel::showTables() {
    if (!m_view) {
        return;
    }
    m_outdated = false;
    ++m_turn;
    m_brokers->setText(brokersText(*m_view));
    if (m_lists->currentIndex() == 0) {
        fill(*m_groups, groupRows(*m_view), m_turn);
    } else if (m_lists->currentIndex() == 1) {
        fill(*m_topics, topicRows(*m_view), m_turn);
    }
    showGroup();
}

void ClusterPanel::showGroup() {
    const core::GroupView* const group = m_view ? m_view->group(m_group) : nullptr;
    const QString name = QString::fromStdString(m_group);
    m_lag->setText(group == nullptr ? tr("Choose a group to see its lag.") : tr("%1. %2").arg(name, lagText(*group)));
    m_charts->show(m_history.of(m_group), m_group, m_alarms->outcomes());
    if (m_details->currentIndex() == 0) {
        fill(*m_partitions, group == nullptr ? std::vector<CellRow>() : partitionRows(*group), m_turn);
    } else {
        fill(*m_members, group == nullptr ? std::vector<CellRow>() : memberRows(*group), m_turn);
    }
}

void ClusterPanel::chooseGroup(int row) {
    if (!m_view || row < 0 || row >= static_cast<int>(m_view->groups.size())) {
        return;
    }
    m_group = m_view->groups[static_cast<std::size_t>(row)].name;
    Q_EMIT groupChosen(m_group);
    showGroup();
}

void ClusterPanel::browse() {
    const int row = givenRow(*m_topics);
    if (m_view && row >= 0 && row < static_cast<int>(m_view->topics.size())) {
        Q_EMIT browseWanted(QString::fromStdString(m_view->topics[static_cast<std::size_t>(row)].name));
    }
}

void ClusterPanel::chooseCsv() {
    const QString file = QFileDialog::getSaveFileName(this, tr("Save the history of the lag"),
                                                      QStringLiteral("lag.csv"), tr("CSV tables (*.csv)"));
    if (!file.isEmpty()) {
        saveCsv(file);
    }
}

void ClusterPanel::saveCsv(const QString& file) {
    m_saving.post([this, history = m_history, origin = m_origin, file]() -> JobThread::Answer {
        const core::Status written = services::writeWholeFile(file.toStdString(), core::csvOf(history, origin));
        return [this, file, reason = written ? std::string() : written.error().text()] {
            if (reason.empty()) {
                Q_EMIT saved(file);
            } else {
                Q_EMIT failedToSave(QString::fromStdString(reason));
            }
        };
    });
}

QByteArray ClusterPanel::layoutState() const {
    QByteArray state;
    QDataStream stream(&state, QIODevice::WriteOnly);
    stream << m_splitter->saveState() << m_alarms->rules();
    return state;
}

void ClusterPanel::restoreLayoutState(const QByteArray& state) {
    QDataStream stream(state);
    QByteArray splitter;
    QStringList rules;
    stream >> splitter >> rules;
    if (stream.status() == QDataStream::Ok) {
        m_splitter->restoreState(splitter);
        m_alarms->setRules(rules);
    }
}

void ClusterPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (m_outdated) {
        showTables();
    }
}

} // namespace app
