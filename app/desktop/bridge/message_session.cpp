// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/bridge/message_session.h"

#include "services/kafka/cluster_admin.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace app {

namespace {

constexpr std::chrono::milliseconds kLook{200}; // between two looks at the screen

core::Result<core::MessagePage> readPage(services::MessageSource& source, MessageSession::Way way,
                                         const std::stop_token& stop) {
    switch (way) {
    case MessageSession::Way::First:
        return source.first(stop);
    case MessageSession::Way::Earlier:
        return source.earlier(stop);
    case MessageSession::Way::Later:
        return source.later(stop);
    case MessageSession::Way::Next:
        return source.next(kLook, stop);
    }
    Q_UNREACHABLE();
}

} // namespace

MessageDoors messageDoorsForWindow() {
    return {[](const services::MessageReading& reading,
               const std::stop_token& stop) -> core::Result<std::unique_ptr<services::MessageSource>> {
                auto reader = services::MessageReader::open(reading, {}, stop);
                if (!reader) {
                    return reader.error();
                }
                return std::unique_ptr<services::MessageSource>(*std::move(reader));
            },
            [](const services::ClusterAccess& cluster) -> core::Result<std::vector<std::string>> {
                const auto admin = services::ClusterAdmin::create(cluster, std::chrono::seconds(5));
                const auto found = admin ? (*admin)->topics() : core::Result<std::map<std::string, int>>(admin.error());
                if (!found) {
                    return found.error();
                }
                std::vector<std::string> names;
                for (const auto& [name, partitions] : *found) {
                    names.push_back(name);
                }
                return names;
            }};
}

MessageSession::MessageSession(MessageDoors doors, QObject* parent) : QObject(parent), m_doors(std::move(doors)) {}

MessageSession::~MessageSession() {
    m_stop.request_stop();
}

void MessageSession::start(const services::MessageReading& reading) {
    m_stop.request_stop();
    m_stop = {};
    m_isAsking = true;
    m_hasEarlier = !std::holds_alternative<core::FromBeginning>(reading.start);
    m_wantsEarlier = false;
    m_startsAtEnd = std::holds_alternative<core::FromLast>(reading.start);
    setState(State::Opening);
    m_jobs.post([this, reading, stop = m_stop.get_token()]() -> JobThread::Answer {
        if (stop.stop_requested()) {
            return [] {}; // a newer one waits already
        }
        m_source.reset();
        auto source = m_doors.open(reading, stop);
        core::Result<core::MessagePage> page = source ? (*source)->first(stop) : source.error();
        if (source) {
            m_source = *std::move(source);
        }
        return [this, stop, page = std::move(page)] {
            if (!stop.stop_requested()) {
                apply(page, Way::First);
            }
        };
    });
}

void MessageSession::stop() {
    m_stop.request_stop();
    m_isAsking = false;
    m_wantsEarlier = false;
    m_hasEarlier = false;
    m_jobs.post([this]() -> JobThread::Answer {
        m_source.reset(); // takes its connections away
        return [] {};
    });
    setState(State::Idle);
}

void MessageSession::pause() {
    if (m_state == State::Following) {
        setState(State::Paused);
    }
}

void MessageSession::resume() {
    if (m_state == State::Paused) {
        setState(State::Following);
        goOn();
    }
}

void MessageSession::readEarlier() {
    m_wantsEarlier = m_hasEarlier;
    goOn();
}

void MessageSession::readLater() {
    if (hasLater() && !m_isAsking) {
        ask(Way::Later);
    }
}

void MessageSession::ask(Way way) {
    m_isAsking = true;
    m_jobs.post([this, way, stop = m_stop.get_token()]() -> JobThread::Answer {
        if (stop.stop_requested()) {
            return [] {};
        }
        return [this, way, stop, page = readPage(*m_source, way, stop)] {
            if (!stop.stop_requested()) {
                apply(page, way);
            }
        };
    });
}

void MessageSession::apply(const core::Result<core::MessagePage>& page, Way way) {
    m_isAsking = false;
    if (!page) {
        stop();
        Q_EMIT failed(QString::fromStdString(page.error().text()));
        return;
    }
    if (way == Way::Earlier || (way == Way::First && m_startsAtEnd)) {
        m_hasEarlier = !page->isComplete;
    }
    if (way == Way::First || way == Way::Later) {
        const bool isAtEnd = page->isComplete || (way == Way::First && m_startsAtEnd);
        setState(isAtEnd ? State::Following : State::Held);
    }
    Q_EMIT paged(*page, way);
    goOn();
}

/// What is to be asked next, if anything.
void MessageSession::goOn() {
    if (m_isAsking) {
        return;
    }
    if (std::exchange(m_wantsEarlier, false)) {
        ask(Way::Earlier);
    } else if (m_state == State::Following) {
        ask(Way::Next);
    }
}

void MessageSession::setState(State state) {
    if (m_state != state) {
        m_state = state;
        Q_EMIT stateChanged();
    }
}

void MessageSession::listTopics(const services::ClusterAccess& cluster) {
    m_listing.post([this, cluster]() -> JobThread::Answer {
        auto found = m_doors.topics(cluster);
        if (!found) {
            return [this, reason = found.error().text()] { Q_EMIT topicsFailed(QString::fromStdString(reason)); };
        }
        std::ranges::stable_partition(*found, [](const std::string& name) { return !name.starts_with("__"); });
        QStringList names;
        std::ranges::transform(*found, std::back_inserter(names), &QString::fromStdString);
        return [this, names] { Q_EMIT topicsListed(names); };
    });
}

} // namespace app
