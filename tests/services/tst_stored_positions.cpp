// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/kafka/group_members.h"
#include "services/run/stored_positions.h"
#include "tests/test_class.h"

#include <QTest>
#include <functional>

using services::StoredPositions;

namespace {

const core::TopicPartition kFirst{"log-events", {0}};
const core::TopicPartition kAdded{"log-events", {6}};

} // namespace

class TestStoredPositions : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anAssignmentIsReadFromKafkasOwnBytes() {
        const std::string bytes("\0\1\0\0\0\2\0\1a\0\0\0\2\0\0\0\0\0\0\0\7\0\2bc\0\0\0\1\0\0\0\1\0\0\0\0", 37);
        const std::vector<core::TopicPartition> held{{"a", {0}}, {"a", {7}}, {"bc", {1}}};
        QCOMPARE(services::assignedPartitions(bytes), held);
        for (std::size_t length = 0; length < bytes.size(); ++length) { // cut off anywhere: no end too late
            QVERIFY(services::assignedPartitions(std::string_view(bytes).substr(0, length)).size() <= held.size());
        }
        QVERIFY(services::assignedPartitions(std::string("\0\1\xFF\xFF\xFF\xFF\0\1a\xFF\xFF\xFF\xFF", 13)).empty());
    }

    void whatIsMissing_data() {
        QTest::addColumn<std::function<void(StoredPositions&)>>("story"); // of a run that began at 100
        QTest::addColumn<quint64>("missing");
        const auto row = [](const char* name, quint64 missing, const std::function<void(StoredPositions&)>& story) {
            QTest::newRow(name) << story << missing;
        };
        row("nothing before the log's end is known", 0, [](auto& positions) { positions.taken(kFirst, {100}, "a"); });
        row("what lies between the stored position and the end", 30, [](auto& positions) {
            positions.taken(kFirst, {100}, "a");
            positions.stored(kFirst, {120});
            positions.expect(kFirst, {0}, {150});
        });
        row("nothing where the consumer has read on behind control records", 0, [](auto& positions) {
            positions.taken(kFirst, {100}, "a");
            positions.expect(kFirst, {0}, {150});
            positions.stored(kFirst, {150});
        });
        row("of a partition that nobody has read only what came since the run began", 50,
            [](auto& positions) { positions.expect(kFirst, {0}, {150}); });
        row("nor what an earlier run has left of it", 50, [](auto& positions) {
            positions.stored(kFirst, {20});
            positions.expect(kFirst, {0}, {150});
        });
        row("not what has expired: it cannot be read any more", 10, [](auto& positions) {
            positions.taken(kFirst, {100}, "a");
            positions.expect(kFirst, {140}, {150});
        });
        row("all of a partition that was added", 7, [](auto& positions) { positions.expect(kAdded, {0}, {7}); });
        row("a store that has gone back has the last word", 40, [](auto& positions) {
            positions.taken(kFirst, {100}, "a");
            positions.stored(kFirst, {150});
            positions.taken(kFirst, {110}, "b");
            positions.expect(kFirst, {0}, {150});
        });
        row("all of a log that was created anew: the position belongs to the old one", 9, [](auto& positions) {
            positions.taken(kFirst, {100}, "a");
            positions.stored(kFirst, {150});
            positions.expect(kFirst, {0}, {9}, true);
        });
        row("nothing where others' messages carry the position beyond that end", 0, [](auto& positions) {
            positions.taken(kFirst, {100}, "a");
            positions.expect(kFirst, {0}, {150});
            positions.stored(kFirst, {180});
        });
    }
    void whatIsMissing() {
        QFETCH(std::function<void(StoredPositions&)>, story);
        StoredPositions positions;
        positions.begin(kFirst, {0}, {100});
        story(positions);
        QTEST(quint64{positions.missing()}, "missing");
    }

    void whatIsOlderThanTheRun() {
        StoredPositions positions;
        positions.begin(kFirst, {40}, {100});
        QVERIFY(positions.older().empty()); // the store knows nothing of it: it begins at 100
        positions.stored(kFirst, {10});
        QCOMPARE(positions.older(), (std::map<std::string, std::uint64_t>{{"log-events", 60}})); // 30 have expired
        positions.stored(kFirst, {100});
        QVERIFY(positions.older().empty());
    }

    void whoOwnsThem() {
        StoredPositions positions;
        positions.begin(kFirst, {0}, {100});
        QVERIFY(!positions.owned());
        positions.taken(kFirst, {100}, "a");
        QVERIFY(positions.owned());
        positions.taken(kFirst, {100}, "b");
        positions.givenBack(kFirst, "a"); // it hears late that its session was over
        QVERIFY(positions.owned());
        positions.expect(kAdded, {0}, {7});
        QVERIFY(positions.owned()); // partitions that were added are not waited for
        positions.givenBack(kFirst, "b");
        QVERIFY(!positions.owned());
    }

    void holdersAreNamed() {
        const std::vector<services::GroupMember> members{
            {"rdkafka", "127.0.0.1", {{"log-events", {0}}, {"log-events", {3}}, {"log-events", {2}}, {"other", {1}}}},
            {"millrace-normal-1", "127.0.0.1", {{"log-events", {4}}}}};
        const auto ours = [](const core::TopicPartition& each) {
            return each != core::TopicPartition{"log-events", {4}};
        };
        QCOMPARE(QString::fromStdString(services::holdersText(members, ours)),
                 QStringLiteral("'rdkafka' at 127.0.0.1 holds log-events 0, 2 to 3, other 1"));
        QVERIFY(services::holdersText(members, [](const core::TopicPartition&) { return false; }).empty());
    }
};

TEST_CLASS(TestStoredPositions)
#include "tst_stored_positions.moc"
