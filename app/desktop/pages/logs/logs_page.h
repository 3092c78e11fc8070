// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/bridge/log_search_session.h"
#include "app/desktop/pages/logs/log_filter_bar.h"
#include "app/desktop/pages/logs/log_rows_model.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QSplitter;
class QStackedWidget;
class QTableView;

namespace app {

class LogDetails;

/// Searches what was stored: the newest events that fit, page by page, ten thousand at most.
class LogsPage : public QWidget {
    Q_OBJECT

public:
    explicit LogsPage(OpenStoreReader open = openStoreReaderForWindow, QWidget* parent = nullptr);

    void setStores(const QList<LogStore>& stores);
    void chooseStore(const QString& id);
    /// The answers to addressNeeded(): the address, which the page forgets with the next search, or why there is none.
    void supplyAddress(const QString& id, const core::StoreAddress& store);
    void refuseAddress(const QString& id, const QString& reason);

    QByteArray layoutState() const; ///< of the splitter
    void restoreLayoutState(const QByteArray& state);

Q_SIGNALS:
    void addressNeeded(const QString& id); ///< of a store that was listed without one
    void connectionsWanted();              ///< the user asks for a store to search

private:
    QWidget* emptyView();
    QWidget* resultView();
    QWidget* endRow();
    void search();
    void searchIn(const core::StoreAddress& store);
    void searchOn();
    void stop();
    void takePage(const core::LogPage& page);
    void clearRows();
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
    LogFilterBar* m_filter;
    QLabel* m_problem;
    QStackedWidget* m_views;
    QLabel* m_nothing;
    QPushButton* m_nothingAction;
    QSplitter* m_splitter;
    QTableView* m_table;
    LogDetails* m_details;
    QLabel* m_state;
    QPushButton* m_more;
};

} // namespace app
