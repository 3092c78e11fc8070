// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/bridge/job_thread.h"
#include "app/desktop/bridge/log_search_session.h"
#include "app/desktop/pages/logs/log_filter_bar.h"
#include "app/desktop/pages/logs/log_rows_model.h"

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>

class QLabel;
class QPushButton;
class QSplitter;
class QStackedWidget;
class QTableView;

namespace app {

class EmptyView;
class HitDelegate;
class LevelChart;
class LogDetails;

/// Searches what was stored: the newest events that fit, page by page, ten thousand at most; or follows them, asking
/// for the first page again a second or more after each answer, as long as the page is to be seen. Those that were
/// found are counted by level over time, and saved.
class LogsPage : public QWidget {
    Q_OBJECT

public:
    explicit LogsPage(OpenStoreReader open = openStoreReaderForWindow, QWidget* parent = nullptr);

    void setStores(const QList<LogStore>& stores);
    bool chooseStore(const QString& id); ///< false: it is not listed, and the choice stays
    /// The answers to addressNeeded(): the address, which the page forgets with the next search, or why there is none.
    void supplyAddress(const QString& id, const core::StoreAddress& store);
    void refuseAddress(const QString& id, const QString& reason);
    /// The events that were due within the second of this instant, in the chosen store; microseconds since 1970, UTC.
    void showSecond(qint64 utcMicros);
    void saveCsv(const QString& file); ///< the rows found

    QByteArray layoutState() const; ///< of the splitter
    void restoreLayoutState(const QByteArray& state);

Q_SIGNALS:
    void addressNeeded(const QString& id); ///< of a store that was listed without one
    void connectionsWanted();              ///< the user asks for a store to search
    void saved(const QString& file);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    QWidget* resultView();
    QWidget* endRow();
    void search();
    void searchIn(const core::StoreAddress& store);
    void searchOn();
    void stop();
    void follow(bool on);
    void followOn();
    void takeNewest(const core::LogPage& page);
    void chooseCsv();
    void takePage(const core::LogPage& page);
    void clearRows();
    void showCounts();
    void takeFailure(const QString& reason);
    void showEnd(const core::LogPage& page);
    void showProblem(const QString& reason);
    void showNothing(const QString& sentence, const QString& action);
    void actOnNothing();
    void showChosen(const QModelIndex& chosen);
    const LogStore* chosenStore() const;

    LogSearchSession m_session;
    LogRowsModel m_rows;
    QList<LogStore> m_stores;
    QString m_waitsForAddress; // of this store
    bool m_isFirst = true;     // page of a search
    bool m_isAgain = false;    // the first page of the same search once more
    QTimer m_next{this};       // until the store is asked again, while following
    QElapsedTimer m_asked;     // for the page that is awaited
    JobThread m_saving;
    LogFilterBar* m_filter;
    QLabel* m_problem;
    QStackedWidget* m_views;
    EmptyView* m_nothing;
    QSplitter* m_splitter;
    LevelChart* m_chart;
    QTableView* m_table;
    HitDelegate* m_hits;
    LogDetails* m_details;
    QLabel* m_state;
    QPushButton* m_follow;
    QPushButton* m_save;
    QPushButton* m_more;
};

} // namespace app
