// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/logs/logs_page.h"

#include "app/desktop/pages/logs/level_chart.h"
#include "app/desktop/pages/logs/log_details.h"
#include "app/desktop/pages/logs/log_rows_csv.h"
#include "app/desktop/widgets/empty_view.h"
#include "app/desktop/widgets/hit_delegate.h"
#include "app/desktop/widgets/plain_label.h"
#include "app/desktop/widgets/row_table.h"
#include "services/archive/whole_file.h"

#include <QDateTime>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLocale>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

namespace app {

namespace {

constexpr std::chrono::milliseconds kFollowEvery{1'000}; // or three times as long as the last answer took

} // namespace

LogsPage::LogsPage(OpenStoreReader open, QWidget* parent) : QWidget(parent), m_session(std::move(open)) {
    setObjectName(QStringLiteral("logsPage"));
    setAccessibleName(tr("Logs"));
    m_filter = new LogFilterBar(this);
    m_problem = plainLabel(QStringLiteral("problem"), this);
    m_problem->setAccessibleDescription(tr("Why the search failed"));
    m_problem->hide();
    m_views = new QStackedWidget(this);
    m_nothing = new EmptyView;
    connect(m_nothing, &EmptyView::acted, this, &LogsPage::actOnNothing);
    m_views->addWidget(m_nothing);
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
    m_next.setObjectName(QStringLiteral("next"));
    m_next.setSingleShot(true);
    connect(&m_next, &QTimer::timeout, this, &LogsPage::followOn);
    setStores({});
}

QWidget* LogsPage::resultView() {
    m_splitter = new QSplitter(Qt::Vertical, this);
    m_chart = new LevelChart;
    m_table = rowTable(QStringLiteral("rows"), m_rows, m_splitter);
    m_table->setAccessibleName(tr("Events that were found, the newest first"));
    m_hits = new HitDelegate(m_table);
    m_table->setItemDelegateForColumn(LogRowsModel::Message, m_hits);
    fitColumn(*m_table, LogRowsModel::Time, "0000-00-00 00:00:00.0000000");
    fitColumn(*m_table, LogRowsModel::Level, "DEBUG DEBUG");
    fitColumn(*m_table, LogRowsModel::Source, "payment-service and more");
    m_details = new LogDetails(m_splitter);
    m_splitter->addWidget(m_chart);
    m_splitter->addWidget(m_table);
    m_splitter->addWidget(m_details);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setSizes({120, 400, 150});
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
    m_follow = new QPushButton(tr("Follo&w"), row);
    m_follow->setObjectName(QStringLiteral("follow"));
    m_follow->setAccessibleName(tr("Follow the newest events"));
    m_follow->setCheckable(true);
    m_follow->setToolTip(
        tr("Asks again for the newest events that fit, about once a second, until it is pressed again."));
    connect(m_follow, &QPushButton::toggled, this, &LogsPage::follow);
    m_save = new QPushButton(tr("Sa&ve as CSV…"), row);
    m_save->setObjectName(QStringLiteral("save"));
    m_save->setAccessibleName(tr("Save the events as CSV"));
    m_save->setToolTip(tr("Writes the events that are shown, with all their fields, to a file."));
    m_save->setEnabled(false);
    connect(m_save, &QPushButton::clicked, this, &LogsPage::chooseCsv);
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins({});
    line->addWidget(m_state, 1);
    line->addWidget(m_follow);
    line->addWidget(m_save);
    line->addWidget(m_more);
    return row;
}

void LogsPage::setStores(const QList<LogStore>& stores) {
    m_stores = stores;
    m_filter->setStores(stores);
    m_follow->setEnabled(!stores.isEmpty());
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

bool LogsPage::chooseStore(const QString& id) {
    return m_filter->chooseStore(id);
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
        m_follow->setChecked(false);
        m_state->clear();
        showProblem(reason);
    }
}

void LogsPage::searchIn(const core::StoreAddress& store) {
    m_waitsForAddress.clear();
    m_isFirst = true;
    m_isAgain = false;
    m_next.stop();
    m_asked.start();
    const core::LogQuery query = m_filter->query();
    m_hits->setWanted(QString::fromStdString(query.text));
    m_details->setWanted(QString::fromStdString(query.text));
    m_session.search(store, query);
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

/// From what the filters say now.
void LogsPage::follow(bool on) {
    if (on) {
        search();
    } else {
        stop();
    }
}

void LogsPage::followOn() {
    m_isAgain = true;
    m_more->setEnabled(false);
    m_asked.start();
    m_session.searchAgain();
}

void LogsPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (m_follow->isChecked() && !m_session.isOn() && m_waitsForAddress.isEmpty()) {
        followOn();
    }
}

void LogsPage::hideEvent(QHideEvent* event) {
    QWidget::hideEvent(event);
    m_next.stop();
}

/// The chosen event stays chosen as long as it is among the newest.
void LogsPage::takeNewest(const core::LogPage& page) {
    const QModelIndex chosen = m_table->currentIndex();
    const std::optional<core::EventId> before =
        chosen.isValid() && chosen.row() > 0 ? std::optional(m_rows.at(chosen.row()).id) : std::nullopt;
    m_rows.replace(page.rows);
    const auto found = std::ranges::find(m_rows.rows(), before, [](const auto& row) { return std::optional(row.id); });
    const auto row = static_cast<int>(found == m_rows.rows().end() ? 0 : found - m_rows.rows().begin());
    if (m_rows.rowCount() > 0) {
        m_views->setCurrentIndex(1);
        m_table->selectRow(row);
    }
    m_state->setText(tr("Following. Rows shown: %1, the newest that fit.").arg(QLocale().toString(m_rows.rowCount())));
}

void LogsPage::showSecond(qint64 utcMicros) {
    constexpr qint64 kSecond = 1'000'000;
    const qint64 second = utcMicros / kSecond - (utcMicros % kSecond < 0 ? 1 : 0);
    m_follow->setChecked(false);
    m_filter->setTimes(QDateTime::fromSecsSinceEpoch(second), QDateTime::fromSecsSinceEpoch(second + 1));
    search();
}

void LogsPage::chooseCsv() {
    const QString file = QFileDialog::getSaveFileName(this, tr("Save the events"), QStringLiteral("events.csv"),
                                                      tr("CSV tables (*.csv)"));
    if (!file.isEmpty()) {
        saveCsv(file);
    }
}

void LogsPage::saveCsv(const QString& file) {
    m_problem->hide();
    m_saving.post([this, rows = m_rows.rows(), file]() -> JobThread::Answer {
        const core::Status written = services::writeWholeFile(file.toStdString(), csvOf(rows));
        return [this, file, reason = written ? std::string() : written.error().text()] {
            if (!reason.empty()) {
                m_problem->setText(QString::fromStdString(reason));
                m_problem->show();
                return;
            }
            m_state->setText(tr("Saved as %1.").arg(file));
            Q_EMIT saved(file);
        };
    });
}

void LogsPage::stop() {
    m_next.stop();
    m_follow->setChecked(false);
    m_session.stop();
    m_filter->showSearching(false);
    m_more->setEnabled(m_session.hasMore() && !m_rows.isFull());
    m_state->setText(tr("Stopped. Rows shown: %1.").arg(QLocale().toString(m_rows.rowCount())));
}

void LogsPage::takePage(const core::LogPage& page) {
    m_filter->showSearching(m_follow->isChecked());
    if (m_follow->isChecked() && isVisible()) {
        m_next.start(std::max(kFollowEvery, std::chrono::milliseconds(3 * m_asked.elapsed())));
    }
    if (std::exchange(m_isAgain, false)) {
        takeNewest(page);
        showCounts();
        return;
    }
    if (std::exchange(m_isFirst, false)) {
        clearRows();
    }
    const int before = m_rows.rowCount();
    m_rows.append(page.rows);
    showCounts();
    if (m_rows.rowCount() == 0 && page.end == core::LogPage::End::Complete) {
        showNothing(tr("No event matches the filters."), tr("Clear filters"));
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
    m_more->setEnabled(m_session.hasMore() && !m_follow->isChecked());
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
    m_follow->setChecked(false);
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
    showCounts();
}

void LogsPage::showCounts() {
    m_save->setEnabled(m_rows.rowCount() > 0);
    m_chart->setCounts(countsOf(m_rows.rows()));
}

void LogsPage::showProblem(const QString& reason) {
    m_problem->setText(tr("The search failed: %1").arg(reason));
    m_problem->show();
}

void LogsPage::showNothing(const QString& sentence, const QString& action) {
    m_nothing->say(sentence, action);
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
