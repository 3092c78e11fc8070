// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/logs/logs_page.h"

#include "app/desktop/pages/logs/log_details.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

namespace app {

namespace {

QLabel* plainLabel(const QString& name, QWidget* parent) {
    auto* label = new QLabel(parent);
    label->setObjectName(name);
    label->setTextFormat(Qt::PlainText); // names and reasons come from files and servers
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

} // namespace

LogsPage::LogsPage(OpenStoreReader open, QWidget* parent) : QWidget(parent), m_session(std::move(open)) {
    setObjectName(QStringLiteral("logsPage"));
    setAccessibleName(tr("Logs"));
    m_filter = new LogFilterBar(this);
    m_problem = plainLabel(QStringLiteral("problem"), this);
    m_problem->setAccessibleDescription(tr("Why the search failed"));
    m_problem->hide();
    m_views = new QStackedWidget(this);
    m_views->addWidget(emptyView());
    m_views->addWidget(resultView());
    auto* column = new QVBoxLayout(this);
    column->addWidget(m_filter);
    column->addWidget(m_problem);
    column->addWidget(m_views, 1);
    column->addWidget(endRow());

    connect(m_filter, &LogFilterBar::searchWanted, this, &LogsPage::search);
    connect(m_filter, &LogFilterBar::stopWanted, this, &LogsPage::stop);
    connect(&m_session, &LogSearchSession::found, this, &LogsPage::takePage);
    connect(&m_session, &LogSearchSession::failed, this, &LogsPage::takeFailure);
    setStores({});
}

QWidget* LogsPage::emptyView() {
    auto* view = new QWidget(this);
    m_nothing = plainLabel(QStringLiteral("nothing"), view);
    m_nothing->setAlignment(Qt::AlignCenter);
    m_nothingAction = new QPushButton(view);
    m_nothingAction->setObjectName(QStringLiteral("nothingAction"));
    connect(m_nothingAction, &QPushButton::clicked, this, &LogsPage::actOnNothing);
    auto* column = new QVBoxLayout(view);
    column->addStretch();
    column->addWidget(m_nothing);
    column->addWidget(m_nothingAction, 0, Qt::AlignHCenter);
    column->addStretch();
    return view;
}

QWidget* LogsPage::resultView() {
    m_splitter = new QSplitter(Qt::Vertical, this);
    m_table = new QTableView(m_splitter);
    m_table->setObjectName(QStringLiteral("rows"));
    m_table->setAccessibleName(tr("Events that were found, the newest first"));
    m_table->setModel(&m_rows);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setTabKeyNavigation(false);
    m_table->setWordWrap(false);
    m_table->setShowGrid(false);
    m_table->setAlternatingRowColors(true);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(m_table->fontMetrics().height() + 6);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    const auto wide = [this](const char* sample) {
        return m_table->fontMetrics().horizontalAdvance(QLatin1String(sample));
    };
    m_table->setColumnWidth(LogRowsModel::Time, wide("0000-00-00 00:00:00.0000000"));
    m_table->setColumnWidth(LogRowsModel::Level, wide("DEBUG DEBUG"));
    m_table->setColumnWidth(LogRowsModel::Source, wide("payment-service and more"));
    m_details = new LogDetails(m_splitter);
    m_splitter->addWidget(m_table);
    m_splitter->addWidget(m_details);
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setChildrenCollapsible(false);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &LogsPage::showChosen);
    return m_splitter;
}

QWidget* LogsPage::endRow() {
    auto* row = new QWidget(this);
    m_state = plainLabel(QStringLiteral("state"), row);
    m_state->setAccessibleDescription(tr("State of the search"));
    m_more = new QPushButton(tr("&More"), row);
    m_more->setObjectName(QStringLiteral("more"));
    m_more->setAccessibleName(tr("Search further back"));
    m_more->setToolTip(tr("Goes on where the search has stopped, towards older events."));
    m_more->setEnabled(false);
    connect(m_more, &QPushButton::clicked, this, &LogsPage::searchOn);
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins({});
    line->addWidget(m_state, 1);
    line->addWidget(m_more);
    return row;
}

void LogsPage::setStores(const QList<LogStore>& stores) {
    m_stores = stores;
    m_filter->setStores(stores);
    if (m_rows.rowCount() > 0 || m_session.isOn()) {
        return;
    }
    if (stores.isEmpty()) {
        showNothing(
            tr("Events that were stored can be searched here, but there is no store yet: run a scenario, or save "
               "a connection to a PostgreSQL."),
            tr("Go to Connections"));
    } else {
        showNothing(tr("Events that were stored appear here, the newest first, once you search."), tr("Search now"));
    }
}

void LogsPage::chooseStore(const QString& id) {
    m_filter->chooseStore(id);
}

const LogStore* LogsPage::chosenStore() const {
    const QString id = m_filter->chosenStore();
    const auto found = std::find_if(m_stores.begin(), m_stores.end(), [&](const LogStore& s) { return s.id == id; });
    return found == m_stores.end() ? nullptr : &*found;
}

void LogsPage::search() {
    const LogStore* store = chosenStore();
    if (store == nullptr) {
        return;
    }
    m_problem->hide();
    if (store->address) {
        searchIn(*store->address);
        return;
    }
    m_waitsForAddress = store->id;
    m_state->setText(tr("Asking for what %1 needs to let us in…").arg(store->name));
    Q_EMIT addressNeeded(store->id);
}

void LogsPage::supplyAddress(const QString& id, const core::StoreAddress& store) {
    if (id == m_waitsForAddress) {
        searchIn(store);
    }
}

void LogsPage::refuseAddress(const QString& id, const QString& reason) {
    if (id == m_waitsForAddress) {
        m_waitsForAddress.clear();
        m_state->clear();
        showProblem(reason);
    }
}

void LogsPage::searchIn(const core::StoreAddress& store) {
    m_waitsForAddress.clear();
    m_isFirst = true;
    m_session.search(store, m_filter->query());
    m_filter->showSearching(true);
    m_more->setEnabled(false);
    m_state->setText(tr("Searching…"));
}

void LogsPage::searchOn() {
    m_problem->hide();
    m_session.searchOn();
    m_filter->showSearching(m_session.isOn());
    m_more->setEnabled(false);
    m_state->setText(tr("Searching further back…"));
}

void LogsPage::stop() {
    m_session.stop();
    m_filter->showSearching(false);
    m_more->setEnabled(m_session.hasMore() && !m_rows.isFull());
    m_state->setText(tr("Stopped. Rows shown: %1.").arg(QLocale().toString(m_rows.rowCount())));
}

void LogsPage::takePage(const core::LogPage& page) {
    m_filter->showSearching(false);
    if (std::exchange(m_isFirst, false)) {
        clearRows();
    }
    const int before = m_rows.rowCount();
    m_rows.append(page.rows);
    if (m_rows.rowCount() == 0 && page.end == core::LogPage::End::Complete) {
        showNothing(tr("No stored event fits."), tr("Clear filters"));
    } else {
        m_views->setCurrentIndex(1);
    }
    if (before == 0 && m_rows.rowCount() > 0) {
        m_table->selectRow(0);
    }
    showEnd(page);
}

void LogsPage::showEnd(const core::LogPage& page) {
    const QString rows = QLocale().toString(m_rows.rowCount());
    const QString until = page.reachedBackTo ? timeText(page.reachedBackTo) : tr("ids without a time");
    if (m_rows.isFull()) {
        m_state->setText(
            tr("Rows shown: %1, which is all that this page keeps. Narrow the search, or set To to %2, for "
               "older ones.")
                .arg(rows, until));
        m_more->setEnabled(false);
        return;
    }
    m_more->setEnabled(m_session.hasMore());
    switch (page.end) {
    case core::LogPage::End::Complete:
        m_state->setText(tr("Rows shown: %1. There are no older ones that fit.").arg(rows));
        break;
    case core::LogPage::End::Limit:
        m_state->setText(tr("Rows shown: %1, back to %2. There may be more.").arg(rows, until));
        break;
    case core::LogPage::End::MostRead:
        m_state->setText(
            tr("Rows shown: %1. A million rows were looked at, back to %2; More goes on.").arg(rows, until));
        break;
    case core::LogPage::End::TimedOut:
        m_state->setText(tr("Rows shown: %1. Time was up at %2; More goes on.").arg(rows, until));
        break;
    }
}

void LogsPage::takeFailure(const QString& reason) {
    m_filter->showSearching(false);
    m_more->setEnabled(m_session.hasMore());
    m_state->clear();
    if (m_isFirst) {
        clearRows(); // they are another search's
    }
    showProblem(reason);
}

void LogsPage::clearRows() {
    m_rows.clear();
    m_details->clear();
}

void LogsPage::showProblem(const QString& reason) {
    m_problem->setText(tr("The search failed: %1").arg(reason));
    m_problem->show();
}

void LogsPage::showNothing(const QString& sentence, const QString& action) {
    m_nothing->setText(sentence);
    m_nothingAction->setText(action);
    m_nothingAction->setAccessibleName(action);
    m_views->setCurrentIndex(0);
}

/// What the empty page offers: a store, a first search, or a search for everything.
void LogsPage::actOnNothing() {
    if (m_stores.isEmpty()) {
        Q_EMIT connectionsWanted();
        return;
    }
    m_filter->clearFilters();
    search();
}

void LogsPage::showChosen(const QModelIndex& chosen) {
    if (chosen.isValid()) {
        m_details->setRow(m_rows.at(chosen.row()));
    } else {
        m_details->clear();
    }
}

QByteArray LogsPage::layoutState() const {
    return m_splitter->saveState();
}

void LogsPage::restoreLayoutState(const QByteArray& state) {
    m_splitter->restoreState(state);
}

} // namespace app
