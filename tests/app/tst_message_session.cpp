// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/bridge/message_session.h"
#include "tests/app/message_fakes.h"
#include "tests/test_class.h"

#include <QSignalSpy>
#include <QtTest>

using app::MessageSession;
using message_fakes::Cluster;
using message_fakes::messageAt;
using message_fakes::pageOf;
using State = MessageSession::State;
using Way = MessageSession::Way;

namespace {

services::MessageReading readingFrom(const core::ReadingStart& start) {
    services::MessageReading reading;
    reading.topic = "orders";
    reading.start = start;
    return reading;
}

} // namespace

/// How a reading goes on by itself, is held, paused, turned back and ended.
class TestMessageSession : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_cluster = std::make_unique<Cluster>();
        m_session = std::make_unique<MessageSession>(message_fakes::doorsTo(*m_cluster));
        m_offsets.clear();
        m_ways.clear();
        connect(m_session.get(), &MessageSession::paged, this, [this](const core::MessagePage& page, Way way) {
            for (const core::TopicMessage& message : page.messages) {
                m_offsets += static_cast<int>(message.offset.value);
            }
            m_ways += way;
        });
    }
    void cleanup() { m_session.reset(); }

    void whatComesIsRead() {
        m_session->start(readingFrom(core::FromEnd()));
        QCOMPARE(m_session->state(), State::Opening);
        m_cluster->put(pageOf({messageAt(1, "a")}));
        m_cluster->put(pageOf({messageAt(2, "b"), messageAt(3, "c")}));
        QTRY_COMPARE_WITH_TIMEOUT(m_offsets, (QList<int>{1, 2, 3}), kPatienceMs);
        QCOMPARE(m_session->state(), State::Following);
    }

    void aFullPageIsHeldUntilTheNextIsWanted() {
        m_cluster->first = pageOf({messageAt(1, "a")}, false);
        m_cluster->later = {pageOf({messageAt(2, "b")}, false), pageOf({messageAt(3, "c")}, true)};
        m_cluster->put(pageOf({messageAt(4, "d")}));
        m_session->start(readingFrom(core::FromBeginning()));
        QTRY_COMPARE_WITH_TIMEOUT(m_session->state(), State::Held, kPatienceMs);
        QVERIFY(!m_session->hasEarlier() && m_session->hasLater());
        m_session->readLater();
        QTRY_COMPARE_WITH_TIMEOUT(m_offsets, (QList<int>{1, 2}), kPatienceMs);
        QCOMPARE(m_session->state(), State::Held);
        m_session->readLater();
        QTRY_COMPARE_WITH_TIMEOUT(m_offsets, (QList<int>{1, 2, 3, 4}), kPatienceMs);
        QCOMPARE(m_session->state(), State::Following);
    }

    void theNewestAreFollowedByWhatComes() {
        m_cluster->first = pageOf({messageAt(8, "a")}, false);
        m_cluster->earlier = {pageOf({messageAt(7, "b")}, true)};
        m_cluster->put(pageOf({messageAt(9, "c")}));
        m_session->start(readingFrom(core::FromLast{1}));
        QTRY_COMPARE_WITH_TIMEOUT(m_offsets, (QList<int>{8, 9}), kPatienceMs);
        QVERIFY(m_session->hasEarlier());
        m_session->readEarlier(); // while it follows
        QTRY_COMPARE_WITH_TIMEOUT(m_offsets, (QList<int>{8, 9, 7}), kPatienceMs);
        QVERIFY(!m_session->hasEarlier());
        m_cluster->put(pageOf({messageAt(10, "d")}));
        QTRY_COMPARE_WITH_TIMEOUT(m_offsets, (QList<int>{8, 9, 7, 10}), kPatienceMs);
    }

    void aPauseAsksForNothing() {
        m_session->start(readingFrom(core::FromEnd()));
        QTRY_VERIFY_WITH_TIMEOUT(m_ways.contains(Way::Next), kPatienceMs);
        m_session->pause();
        QCOMPARE(m_session->state(), State::Paused);
        m_session->listTopics({"somewhere:9092", {}}); // answered behind the look that was on
        QSignalSpy listed(m_session.get(), &MessageSession::topicsListed);
        QVERIFY(listed.wait(kPatienceMs));
        m_cluster->earlier = {pageOf({messageAt(1, "a")}, true)};
        m_session->readEarlier();
        QTRY_VERIFY_WITH_TIMEOUT(m_offsets.contains(1), kPatienceMs);
        const int looks = m_cluster->looks;
        m_cluster->put(pageOf({messageAt(5, "b")}));
        QVERIFY(!m_offsets.contains(5));
        QCOMPARE(m_session->state(), State::Paused);
        m_session->resume();
        QTRY_VERIFY_WITH_TIMEOUT(m_offsets.contains(5), kPatienceMs);
        QVERIFY(m_cluster->looks > looks);
    }

    void aRefusalEndsIt() {
        m_cluster->refusal = core::invalid("Kafka at here has no topic orders.");
        QSignalSpy failed(m_session.get(), &MessageSession::failed);
        m_session->start(readingFrom(core::FromEnd()));
        QVERIFY(failed.wait(kPatienceMs));
        QCOMPARE(failed.at(0).at(0).toString(), QStringLiteral("Kafka at here has no topic orders."));
        QCOMPARE(m_session->state(), State::Idle);
    }

    void aFailureLaterEndsItToo() {
        m_cluster->put(core::refused("Kafka denies it.", "Grant READ on the topic."));
        QSignalSpy failed(m_session.get(), &MessageSession::failed);
        m_session->start(readingFrom(core::FromEnd()));
        QVERIFY(failed.wait(kPatienceMs));
        QCOMPARE(failed.at(0).at(0).toString(), QStringLiteral("Kafka denies it. Grant READ on the topic."));
    }

    void aNewerStartTakesThePlace() {
        m_session->start(readingFrom(core::FromEnd()));
        QTRY_VERIFY_WITH_TIMEOUT(m_ways.contains(Way::Next), kPatienceMs);
        services::MessageReading other = readingFrom(core::FromEnd());
        other.topic = "payments";
        m_session->start(other);
        m_ways.clear();
        QTRY_VERIFY_WITH_TIMEOUT(m_ways.contains(Way::First), kPatienceMs);
        QCOMPARE(m_cluster->asked.topic, std::string("payments"));
    }

    void topicsAreListedOursFirst() {
        QSignalSpy listed(m_session.get(), &MessageSession::topicsListed);
        m_session->listTopics({"somewhere:9092", {}});
        QVERIFY(listed.wait(kPatienceMs));
        QCOMPARE(listed.at(0).at(0).toStringList(), (QStringList{QStringLiteral("orders"), QStringLiteral("payments"),
                                                                 QStringLiteral("__consumer_offsets")}));
        QSignalSpy refused(m_session.get(), &MessageSession::topicsFailed);
        m_session->listTopics({"absent:9092", {}});
        QVERIFY(refused.wait(kPatienceMs));
    }

private:
    std::unique_ptr<Cluster> m_cluster;
    std::unique_ptr<MessageSession> m_session;
    QList<int> m_offsets;
    QList<Way> m_ways;
};

TEST_CLASS(TestMessageSession)
#include "tst_message_session.moc"
