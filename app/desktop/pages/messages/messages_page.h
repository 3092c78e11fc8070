// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/bridge/job_thread.h"
#include "app/desktop/bridge/message_session.h"
#include "app/desktop/pages/messages/message_filter_bar.h"
#include "app/desktop/pages/messages/messages_model.h"

#include <QTimer>
#include <QWidget>
#include <optional>

class QLabel;
class QPushButton;
class QSplitter;
class QStackedWidget;
class QTableView;

namespace app {

class EmptyView;
class HitDelegate;
class MessageDetails;

/// Reads the messages of any topic of a Kafka cluster: from a place on, page by page, and what comes, as long as the
/// page is to be seen. Those that are shown are saved. The cluster keeps no trace of it.
class MessagesPage : public QWidget {
    Q_OBJECT

public:
    explicit MessagesPage(MessageDoors doors = messageDoorsForWindow(), QWidget* parent = nullptr);

    void setClusters(const QList<MessageCluster>& clusters);
    bool chooseCluster(const QString& id); ///< false: it is not listed, and the choice stays
    /// The answers to accessNeeded(): how the cluster is reached, or why it cannot be.
    void supplyAccess(const QString& id, const services::ClusterAccess& access);
    void refuseAccess(const QString& id, const QString& reason);
    void saveShown(const QString& file);                                    ///< as lines of JSON
    void saveValue(const core::TopicMessage& message, const QString& file); ///< its payload

    QByteArray layoutState() const; ///< of the splitter
    void restoreLayoutState(const QByteArray& state);

public Q_SLOTS:
    void browse(const QString& topic); ///< its newest messages, in the chosen cluster

Q_SIGNALS:
    void accessNeeded(const QString& id); ///< of a cluster that was listed without it
    void connectionsWanted();             ///< the user asks for a cluster to read
    void saved(const QString& file);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    enum class Awaited { Nothing, Start, Topics }; ///< what the access is for

    QWidget* resultView();
    QWidget* endRow();
    void connectParts();
    void askFor(Awaited purpose);
    void begin(const services::ClusterAccess& access);
    void takePage(const core::MessagePage& page, MessageSession::Way way);
    void insert(const core::MessagePage& page, MessageSession::Way way);
    void takeFailure(const QString& reason);
    void pause(bool on);
    void rest();
    void showState();
    void showNothing(const QString& sentence, const QString& action);
    void showFirstStep();
    void actOnNothing();
    void showChosen(const QModelIndex& chosen);
    void chooseFile(const core::TopicMessage& message);
    void save(const QString& file, std::function<std::string()> text);
    void showProblem(const QString& reason);
    const MessageCluster* chosenCluster() const;
    QString countsText() const;
    QString placeText() const;

    MessageSession m_session;
    MessagesModel m_messages;
    QList<MessageCluster> m_clusters;
    Awaited m_awaited = Awaited::Nothing;
    QString m_waitsForAccess;        // of this cluster
    bool m_topicsWereWanted = false; // by the user, when they were asked for last
    core::MessagePage m_sum;         // the counts since the start, and the newest message that was looked at
    QString m_savedText;             // of the file that was written last
    bool m_pausedByHiding = false;
    QTimer m_clock{this}; // moves the age of the newest message along
    JobThread m_saving;
    MessageFilterBar* m_filter;
    QLabel* m_problem;
    QStackedWidget* m_views;
    EmptyView* m_nothing;
    QSplitter* m_splitter;
    QTableView* m_table;
    HitDelegate* m_hits;
    MessageDetails* m_details;
    QLabel* m_state;
    QPushButton* m_older;
    QPushButton* m_newer;
    QPushButton* m_save;
};

} // namespace app
