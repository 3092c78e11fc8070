// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/bridge/job_thread.h"
#include "services/kafka/message_reader.h"

#include <QObject>
#include <QString>
#include <QStringList>
#include <functional>
#include <memory>
#include <stop_token>

namespace app {

/// How a topic is opened for reading, and how topics are listed; both may block.
struct MessageDoors {
    std::function<core::Result<std::unique_ptr<services::MessageSource>>(const services::MessageReading& reading,
                                                                         const std::stop_token& stop)>
        open;
    std::function<core::Result<std::vector<std::string>>(const services::ClusterAccess& cluster)> topics;
};

/// Those of services/kafka, with limits that suit a window.
MessageDoors messageDoorsForWindow();

/// Reads messages for the window. Lives in the GUI thread and never blocks it; the cluster is asked in a thread of its
/// own, one look after the other, so that a window which is slow is sent no more than it shows.
class MessageSession : public QObject {
    Q_OBJECT

public:
    enum class State {
        Idle,      ///< nothing is read; what was read stays
        Opening,   ///< the start is looked for
        Held,      ///< a page from the log is there, and more lies behind it
        Following, ///< what comes is read
        Paused     ///< what comes waits in the cluster
    };
    enum class Way { First, Earlier, Later, Next }; ///< by which a page came

    explicit MessageSession(MessageDoors doors = messageDoorsForWindow(), QObject* parent = nullptr);
    ~MessageSession() override; ///< cuts off what is on, and joins

    State state() const { return m_state; }
    void start(const services::MessageReading& reading); ///< in place of what is on
    void stop();                                         ///< what comes later is dropped
    void pause();
    void resume();
    bool hasEarlier() const { return m_hasEarlier; }
    bool hasLater() const { return m_state == State::Held; }
    void readEarlier(); ///< the page before all that was read
    void readLater();   ///< the next page; behind the last one it follows what comes

    /// In order of their names, those that begin with two underscores last.
    void listTopics(const services::ClusterAccess& cluster);

Q_SIGNALS:
    void paged(const core::MessagePage& page, app::MessageSession::Way way);
    void stateChanged();
    void failed(const QString& reason); ///< the reading is over
    void topicsListed(const QStringList& topics);
    void topicsFailed(const QString& reason);

private:
    void ask(Way way);
    void apply(const core::Result<core::MessagePage>& page, Way way);
    void goOn();
    void setState(State state);

    MessageDoors m_doors;
    std::unique_ptr<services::MessageSource> m_source; // of m_jobs' thread, as long as there is one
    State m_state = State::Idle;
    bool m_isAsking = false;
    bool m_startsAtEnd = false; // its first page are the newest messages
    bool m_hasEarlier = false;
    bool m_wantsEarlier = false; // as soon as the look that is on has ended
    std::stop_source m_stop;     // of the last start; its answers are dropped once it is stopped
    JobThread m_jobs;
    JobThread m_listing; // beside a reading that is on
};

} // namespace app
