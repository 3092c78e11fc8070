// SPDX-License-Identifier: GPL-3.0-or-later
#include "kafka_fixtures.h"
#include "services/kafka/admin/cluster_monitor.h"
#include "services/kafka/cluster_admin.h"
#include "tests/test_class.h"

#include <librdkafka/rdkafka.h>

#include <QProcess>
#include <QTemporaryFile>
#include <QTest>
#include <QUuid>
#include <algorithm>
#include <memory>

using namespace kafka_test;
using core::GroupView;
using core::LagNote;
using services::ClusterAccess;
using services::ClusterMonitor;

namespace {

using std::chrono::steady_clock;
using std::chrono::system_clock;

QString stackVariable(const char* name) {
    return QString::fromLocal8Bit(qgetenv(name));
}

std::string freshName(const char* what) {
    return std::string(what) + "-" + QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString();
}

/// A plain client of librdkafka's, as foreign programs have one.
class ForeignClient {
public:
    ForeignClient(rd_kafka_type_t type, const std::string& broker, std::map<std::string, std::string> settings) {
        rd_kafka_conf_t* conf = rd_kafka_conf_new();
        settings["bootstrap.servers"] = broker;
        for (const auto& [name, value] : settings) {
            rd_kafka_conf_set(conf, name.c_str(), value.c_str(), nullptr, 0);
        }
        m_client = rd_kafka_new(type, conf, nullptr, 0);
        Q_ASSERT(m_client != nullptr);
    }
    ~ForeignClient() { rd_kafka_destroy(m_client); }
    ForeignClient(const ForeignClient&) = delete;
    ForeignClient& operator=(const ForeignClient&) = delete;
    rd_kafka_t* get() const { return m_client; }

    void produce(const std::string& topic, int partition, const std::string& payload, const std::string& key = "k",
                 std::int64_t timestamp = 0) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wold-style-cast" // librdkafka's macros
        const auto error =
            rd_kafka_producev(m_client, RD_KAFKA_V_TOPIC(topic.c_str()), RD_KAFKA_V_PARTITION(partition),
                              RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_KEY(key.data(), key.size()),
                              RD_KAFKA_V_VALUE(const_cast<char*>(payload.data()), payload.size()),
                              RD_KAFKA_V_TIMESTAMP(timestamp), RD_KAFKA_V_END);
#pragma GCC diagnostic pop
        QCOMPARE(error, RD_KAFKA_RESP_ERR_NO_ERROR);
    }
    void flush() { QCOMPARE(rd_kafka_flush(m_client, 10'000), RD_KAFKA_RESP_ERR_NO_ERROR); }
    /// Commits without being a member.
    void commit(const std::string& topic, int partition, std::int64_t offset) {
        auto* list = rd_kafka_topic_partition_list_new(1);
        rd_kafka_topic_partition_list_add(list, topic.c_str(), partition)->offset = offset;
        const auto error = rd_kafka_commit(m_client, list, 0);
        rd_kafka_topic_partition_list_destroy(list);
        QCOMPARE(error, RD_KAFKA_RESP_ERR_NO_ERROR);
    }

private:
    rd_kafka_t* m_client = nullptr;
};

} // namespace

/// What the monitor sees of a real cluster, held against Kafka's own tool and against what was written when.
class TestClusterMonitor : public QObject {
    Q_OBJECT

    ClusterAccess m_cluster;
    std::unique_ptr<services::ClusterAdmin> m_admin;

    std::string topic(const char* name, int partitions) {
        const auto made = freshName(name);
        const auto topics = m_admin->ensureTopics({{made, partitions}});
        Q_ASSERT(topics);
        return made;
    }
    static QString tool(const QStringList& arguments, int exit = 0) {
        QProcess process;
        process.start(stackVariable("MILLRACE_STACK_SCRIPTS") + QStringLiteral("/kafka-tool"), arguments);
        const bool ended = process.waitForFinished(60'000);
        const QString all = QString::fromUtf8(process.readAllStandardOutput() + process.readAllStandardError());
        if (!ended || process.exitCode() != exit) {
            qWarning() << all;
            return {};
        }
        return all;
    }
    std::unique_ptr<ForeignClient> committer(const std::string& group) const {
        return std::make_unique<ForeignClient>(RD_KAFKA_CONSUMER, m_cluster.bootstrap,
                                               std::map<std::string, std::string>{{"group.id", group}});
    }
    std::unique_ptr<ForeignClient> producer(std::map<std::string, std::string> settings = {}) const {
        return std::make_unique<ForeignClient>(RD_KAFKA_PRODUCER, m_cluster.bootstrap, std::move(settings));
    }
    std::unique_ptr<ClusterMonitor> monitor(services::MonitorOptions options) const {
        auto created = ClusterMonitor::create(m_cluster, std::move(options));
        Q_ASSERT(created);
        return std::move(*created);
    }
    /// Looks once a second until the view is as it should be.
    static core::ClusterView lookUntil(ClusterMonitor& monitor,
                                       const std::function<bool(const core::ClusterView&)>& well,
                                       std::chrono::seconds limit = 40s) {
        const auto until = steady_clock::now() + limit;
        core::ClusterView view;
        while (steady_clock::now() < until) {
            const auto next = steady_clock::now() + 1s;
            auto looked = monitor.look({});
            if (looked) {
                view = std::move(*looked);
                if (well(view)) {
                    break;
                }
            } else {
                qWarning("%s", looked.error().text().c_str());
            }
            std::this_thread::sleep_until(next);
        }
        return view;
    }
    static std::function<bool(const core::ClusterView&)> hasLag(const std::string& group) {
        return [group](const core::ClusterView& view) {
            const GroupView* const found = view.group(group);
            return found != nullptr && found->events.has_value() && found->seconds.has_value();
        };
    }

private Q_SLOTS:
    void initTestCase() {
        m_cluster.bootstrap = stackVariable("MILLRACE_BROKER").toStdString();
        if (m_cluster.bootstrap.empty()) {
            QFAIL("start the servers with tests/stack/up");
        }
        auto admin = services::ClusterAdmin::create(m_cluster);
        QVERIFY(admin);
        m_admin = std::move(*admin);
    }

    void theLagInEventsIsThatOfKafkasOwnTool() {
        const auto name = topic("lag", 3);
        const auto group = freshName("tool.group");
        auto writer = producer();
        for (int i = 0; i < 300; ++i) {
            writer->produce(name, i % 3, "payload");
        }
        writer->flush();
        auto reader = committer(group);
        reader->commit(name, 0, 17);
        reader->commit(name, 1, 100);
        auto watched = monitor({.groups = {group}});
        const auto view = lookUntil(*watched, hasLag(group));
        const GroupView* const found = view.group(group);
        QVERIFY(found != nullptr);
        QCOMPARE(found->events.value_or(0), std::uint64_t(83));
        QCOMPARE(found->state, std::string("Empty"));
        QCOMPARE(found->partitions.size(), std::size_t(3));
        QCOMPARE(found->partitions[2].note, LagNote::NoCommit);
        QCOMPARE(found->unknown, 1);
        const QString table = tool({QStringLiteral("ConsumerGroupCommand"), QStringLiteral("--describe"),
                                    QStringLiteral("--group"), QString::fromStdString(group)});
        int compared = 0;
        for (const QString& line : table.split(QLatin1Char('\n'))) {
            const QStringList cells = line.simplified().split(QLatin1Char(' '));
            if (cells.size() > 5 && cells[1] == QString::fromStdString(name)) {
                const auto& lag = found->partitions.at(cells[2].toUInt());
                QCOMPARE(QString::number(lag.committed->value), cells[3]);
                QCOMPARE(QString::number(lag.end->value), cells[4]);
                QCOMPARE(QString::number(*lag.events), cells[5]);
                ++compared;
            }
        }
        QCOMPARE(compared, 2);
    }
    void theLagInSecondsIsTheAgeOfTheFirstMessageThatWaits_data() {
        QTest::addColumn<int>("ageMs"); // of the record, as its producer says
        QTest::newRow("a fresh message") << 200;
        QTest::newRow("a message from before the monitor began") << 40'000;
        QTest::newRow("an hour old") << 3'600'000;
    }
    void theLagInSecondsIsTheAgeOfTheFirstMessageThatWaits() {
        QFETCH(int, ageMs);
        const auto name = topic("age", 2);
        const auto group = freshName("age");
        const auto written = system_clock::now() - std::chrono::milliseconds(ageMs);
        const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(written.time_since_epoch()).count();
        auto writer = producer();
        for (int i = 0; i < 10; ++i) {
            writer->produce(name, 0, "foreign", "k", since + i);
            writer->produce(name, 1, "foreign", "k", since + 1'000'000);
        }
        writer->flush();
        auto reader = committer(group);
        reader->commit(name, 0, 4);
        reader->commit(name, 1, 10);
        auto watched = monitor({.groups = {group}});
        const auto view = lookUntil(*watched, hasLag(group));
        const GroupView* const found = view.group(group);
        QVERIFY(found != nullptr && found->seconds);
        const double actual = core::secondsOf(view.wall - (written + 4ms));
        const double off = std::abs(*found->seconds - actual);
        QVERIFY2(off <= std::max(0.05, 0.05 * actual), qPrintable(QString::number(off)));
    }
    void aMovingGroupsLagInSecondsIsRightFromLookToLook() {
        const auto name = topic("moving", 1);
        const auto group = freshName("moving");
        auto reader = committer(group);
        auto writer = producer({{"linger.ms", "1"}});
        std::vector<core::WallTime> writtenAt;
        std::mutex mutex;
        // 200 a second; the group stands three seconds behind
        std::jthread writing([&](const std::stop_token& stop) {
            auto next = steady_clock::now();
            while (!stop.stop_requested()) {
                {
                    const std::scoped_lock lock(mutex);
                    writtenAt.push_back(system_clock::now());
                }
                writer->produce(name, 0, "moving");
                rd_kafka_poll(writer->get(), 0);
                std::this_thread::sleep_until(next += 5ms);
            }
        });
        auto watched = monitor({.groups = {group}});
        int compared = 0;
        int exact = 0;
        const auto begin = steady_clock::now();
        while (steady_clock::now() - begin < 20s) {
            const auto next = steady_clock::now() + 1s;
            std::size_t behind = 0;
            {
                const std::scoped_lock lock(mutex);
                behind = writtenAt.size() > 600 ? writtenAt.size() - 600 : 0;
            }
            reader->commit(name, 0, static_cast<std::int64_t>(behind));
            const auto view = watched->look({});
            QVERIFY(view);
            const GroupView* const found = view->group(group);
            if (found != nullptr && found->at == view->at && found->seconds && found->partitions.at(0).committed &&
                behind > 0) {
                const std::scoped_lock lock(mutex);
                const auto at = writtenAt.at(static_cast<std::size_t>(found->partitions[0].committed->value));
                const double actual = core::secondsOf(view->wall - at);
                const double off = std::abs(*found->seconds - actual);
                const double bound = found->partitions[0].secondsBound;
                QVERIFY2(off <= std::max(0.05 * actual, bound),
                         qPrintable(QStringLiteral("%1 s instead of %2 s").arg(*found->seconds).arg(actual)));
                exact += bound <= 0.05 * actual;
                ++compared;
            }
            std::this_thread::sleep_until(next);
        }
        writing.request_stop();
        writing.join();
        writer->flush();
        QVERIFY2(compared >= 6, qPrintable(QString::number(compared)));
        QVERIFY2(2 * exact > compared, qPrintable(QString::number(exact))); // a loaded machine holds up its producer
    }
    void ofATransactionalTopicTheMarkerIsNoMessageThatWaits() {
        const auto name = topic("transactional", 1);
        const auto group = freshName("transactional");
        auto writer = producer({{"transactional.id", freshName("tx")}});
        QVERIFY(rd_kafka_init_transactions(writer->get(), 30'000) == nullptr);
        for (int i = 0; i < 3; ++i) {
            QVERIFY(rd_kafka_begin_transaction(writer->get()) == nullptr);
            writer->produce(name, 0, "in a transaction");
            QVERIFY(rd_kafka_commit_transaction(writer->get(), 30'000) == nullptr);
        }
        auto reader = committer(group);
        reader->commit(name, 0, 5); // message, marker, message, marker, message | marker
        auto watched = monitor({.groups = {group}});
        auto view = lookUntil(*watched, [&](const auto& seen) {
            const auto* found = seen.group(group);
            return found != nullptr && found->events == std::uint64_t(0);
        });
        QVERIFY(view.group(group) != nullptr);
        QCOMPARE(view.group(group)->events.value_or(99), std::uint64_t(0));
        QCOMPARE(view.group(group)->seconds.value_or(99), 0.0);
        QCOMPARE(view.group(group)->partitions.at(0).note, LagNote::NothingWaits);
        reader->commit(name, 0, 1); // a marker, a message, a marker, a message, a marker
        view = lookUntil(*watched, [&](const auto& seen) { return seen.group(group)->events == std::uint64_t(4); });
        QCOMPARE(view.group(group)->events.value_or(99), std::uint64_t(4));
        QCOMPARE(view.group(group)->partitions.at(0).note, LagNote::AtMost);
    }
    void aCompactedTopicIsNamed() {
        const auto name = freshName("compacted");
        QVERIFY(
            !tool({QStringLiteral("TopicCommand"), QStringLiteral("--create"), QStringLiteral("--topic"),
                   QString::fromStdString(name), QStringLiteral("--config"), QStringLiteral("cleanup.policy=compact"),
                   QStringLiteral("--config"), QStringLiteral("retention.ms=7200000")})
                 .isEmpty());
        const auto group = freshName("compacted");
        auto writer = producer();
        for (int i = 0; i < 10; ++i) {
            writer->produce(name, 0, "value", std::to_string(i));
        }
        writer->flush();
        committer(group)->commit(name, 0, 2);
        auto watched = monitor({.groups = {group}, .topics = {name}});
        const auto view = lookUntil(*watched, [&](const auto& seen) {
            const auto* found = seen.group(group);
            return found != nullptr && !found->partitions.empty() && found->partitions[0].note == LagNote::AtMost;
        });
        QCOMPARE(view.topics.size(), std::size_t(1));
        QVERIFY(view.topics[0].settings && view.topics[0].settings->isCompacted());
        QCOMPARE(view.topics[0].settings->retentionMs.value_or(0), std::int64_t(7'200'000));
        QCOMPARE(view.group(group)->partitions.at(0).note, LagNote::AtMost);
        QCOMPARE(view.group(group)->events.value_or(0), std::uint64_t(8));
    }
    void expiredAndImpossibleOffsetsAreNamed() {
        const auto name = topic("expired", 2);
        const auto group = freshName("expired");
        auto writer = producer();
        for (int i = 0; i < 20; ++i) {
            writer->produce(name, i % 2, "payload");
        }
        writer->flush();
        QTemporaryFile deletion;
        QVERIFY(deletion.open());
        deletion.write(QStringLiteral(R"({"partitions":[{"topic":"%1","partition":0,"offset":6}],"version":1})")
                           .arg(QString::fromStdString(name))
                           .toUtf8());
        deletion.flush();
        QVERIFY(
            !tool({QStringLiteral("DeleteRecordsCommand"), QStringLiteral("--offset-json-file"), deletion.fileName()})
                 .isEmpty());
        auto reader = committer(group);
        reader->commit(name, 0, 2);
        reader->commit(name, 1, 1'000);
        auto watched = monitor({.groups = {group}});
        const auto view = lookUntil(*watched, [&](const auto& seen) {
            const auto* found = seen.group(group);
            return found != nullptr && found->partitions.size() == 2 && found->partitions[0].note == LagNote::Expired;
        });
        const auto& partitions = view.group(group)->partitions;
        QCOMPARE(partitions.at(0).note, LagNote::Expired);
        QCOMPARE(partitions.at(0).events.value_or(0), std::uint64_t(4)); // what is still kept
        QCOMPARE(partitions.at(1).note, LagNote::BeyondEnd);
        QVERIFY(!partitions.at(1).events);
    }
    void membersAndWhatTheyHoldAreShown() {
        const auto name = topic("members", 4);
        const auto group = freshName("members");
        ForeignClient member(RD_KAFKA_CONSUMER, m_cluster.bootstrap,
                             {{"group.id", group}, {"client.id", "the-member"}, {"auto.offset.reset", "earliest"}});
        rd_kafka_poll_set_consumer(member.get());
        auto* topics = rd_kafka_topic_partition_list_new(1);
        rd_kafka_topic_partition_list_add(topics, name.c_str(), RD_KAFKA_PARTITION_UA);
        QCOMPARE(rd_kafka_subscribe(member.get(), topics), RD_KAFKA_RESP_ERR_NO_ERROR);
        rd_kafka_topic_partition_list_destroy(topics);
        std::jthread polling([&member](const std::stop_token& stop) {
            while (!stop.stop_requested()) {
                if (auto* message = rd_kafka_consumer_poll(member.get(), 50)) {
                    rd_kafka_message_destroy(message);
                }
            }
        });
        auto watched = monitor({.groups = {group}});
        const auto view = lookUntil(*watched, [&](const auto& seen) {
            const auto* found = seen.group(group);
            return found != nullptr && found->members.size() == 1 && found->members[0].partitions.size() == 4 &&
                   found->partitions.size() == 4;
        });
        polling.request_stop();
        polling.join();
        rd_kafka_consumer_close(member.get());
        const GroupView* const found = view.group(group);
        QVERIFY(found != nullptr);
        QCOMPARE(found->state, std::string("Stable"));
        QCOMPARE(found->members.at(0).clientId, std::string("the-member"));
        QCOMPARE(found->members.at(0).host, std::string("127.0.0.1"));
        QCOMPARE(found->partitions.at(3).member.value_or(99), std::size_t(0));
        QCOMPARE(found->partitions.at(3).note, LagNote::NoCommit);
    }
    void whatIsMissingIsNamedAndTheRestIsShown() {
        const auto open = topic("open", 1);
        const auto closed = topic("closed", 1);
        const auto group = freshName("rights");
        auto reader = committer(group);
        reader->commit(open, 0, 0);
        reader->commit(closed, 0, 0);
        const auto allowWriter = [](const QStringList& resource, const char* operation) {
            return !tool(QStringList{QStringLiteral("AclCommand"), QStringLiteral("--add"),
                                     QStringLiteral("--allow-principal"), QStringLiteral("User:writer"),
                                     QStringLiteral("--operation"), QString::fromLatin1(operation)} +
                         resource)
                        .isEmpty();
        };
        QVERIFY(allowWriter({QStringLiteral("--topic"), QString::fromStdString(closed)}, "Describe"));
        QVERIFY(allowWriter({QStringLiteral("--topic"), QString::fromStdString(open)}, "Describe"));
        ClusterAccess stranger{stackVariable("MILLRACE_STACK_LOGIN_BROKER").toStdString(),
                               {{"security.protocol", "sasl_plaintext"},
                                {"sasl.mechanism", "PLAIN"},
                                {"sasl.username", "writer"},
                                {"sasl.password", "writer-secret"}}};
        const auto created = ClusterMonitor::create(stranger, {.groups = {group}, .topics = {open, closed, "absent"}});
        QVERIFY(created);
        auto view = lookUntil(**created, [&](const auto& seen) {
            return seen.topics.size() == 2 && !seen.topics[0].settingsProblem.empty() && hasLag(group)(seen);
        });
        QCOMPARE(view.topics.size(), std::size_t(2));
        for (const auto& each : view.topics) {
            QVERIFY2(each.settingsProblem.find("Grant DESCRIBE_CONFIGS on it.") != std::string::npos,
                     each.settingsProblem.c_str());
            QVERIFY(each.partitions.at(0).end.has_value()); // the rest is shown
        }
        QVERIFY(hasLag(group)(view));
        QVERIFY2(std::ranges::any_of(
                     view.missing, [](const auto& each) { return each.find("no topic absent") != std::string::npos; }),
                 "the topic that is absent");
    }
    void aThousandPartitionsAndAHundredGroupsCostFiveRequestsASecond() {
        const auto name = topic("thousand", 1'000);
        std::vector<std::string> names;
        for (int i = 0; i < 100; ++i) {
            names.push_back(freshName("hundred"));
            committer(names.back())->commit(name, i, 0);
        }
        auto watched = monitor({});
        watched->watch({names.front()});
        std::vector<double> rates;
        int favourite = 0; // looks that measured the watched group, which has no turn to wait for
        const auto begin = steady_clock::now();
        core::ClusterView view;
        while (steady_clock::now() - begin < 40s) {
            const auto next = steady_clock::now() + 1s;
            auto looked = watched->look({});
            QVERIFY(looked);
            view = std::move(*looked);
            rates.push_back(view.requestsPerSecond);
            favourite += view.group(names.front())->at == view.at;
            std::this_thread::sleep_until(next);
        }
        const auto asked =
            std::ranges::count_if(view.groups, [](const GroupView& each) { return each.at != core::Instant(); });
        qInfo("%.1f requests/s over the last 10 s, at most %.1f; %td of %zu groups asked", rates.back(),
              *std::max_element(rates.begin() + std::min<std::ptrdiff_t>(12, std::ssize(rates) - 1), rates.end()),
              asked, view.groups.size());
        QVERIFY(*std::max_element(rates.begin() + std::min<std::ptrdiff_t>(12, std::ssize(rates) - 1), rates.end()) <=
                5.0);
        QVERIFY2(4 * favourite >= 3 * static_cast<int>(rates.size()), qPrintable(QString::number(favourite)));
        QVERIFY(asked >= 10);
        QVERIFY(view.partitions() >= 1'000);
    }
    void anAbsentClusterIsNamed() {
        const auto created = ClusterMonitor::create({"127.0.0.1:1", {}}, {.limit = 1s});
        QVERIFY(created);
        const auto view = (*created)->look({});
        QVERIFY(!view);
        QCOMPARE(view.error().kind, core::ErrorKind::Transient);
        QVERIFY2(view.error().text().find("127.0.0.1:1") != std::string::npos, view.error().text().c_str());
    }
};

TEST_CLASS(TestClusterMonitor)
#include "tst_cluster_monitor.moc"
