// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/snapshot_json.h"
#include "tests/test_class.h"

#include <QTest>

using namespace std::chrono_literals;

class TestSnapshotJson : public QObject {
    Q_OBJECT

    /// Every figure another number, so that two that are mixed up show.
    static core::Snapshot full() {
        core::Snapshot snapshot = core::tierTotals();
        snapshot.sinceStart = 90'500ms;
        std::uint64_t next = 100;
        for (core::StreamSnapshot& stream : snapshot.streams) {
            stream.producer = {next, next + 1, next + 2, next + 3, next + 4, next + 5, next + 6};
            stream.stored = next + 7;
            stream.duplicate = next + 8;
            stream.deadLettered = next + 9;
            stream.target = {static_cast<double>(next) + 0.25};
            for (const core::Metric metric : core::kMetrics) {
                core::of(stream.latency, metric).record(std::chrono::microseconds(next++), 3);
            }
            stream.wakeDelay.record(7us, next);
            next += 100;
        }
        snapshot.consumer = {1, 2, 3, 4, 5, 6, 7, 8};
        snapshot.measuredPlanned = 9;
        snapshot.measuredDone = 10;
        snapshot.reordered = 11;
        snapshot.backlog = 12;
        snapshot.filterBypassed = 13;
        snapshot.offsetGap = 14;
        snapshot.negativeLatencies = 15;
        snapshot.host = {1.5, 2.25, 8, {16}, {17}, {18}, {19}, {20}, {21}};
        return snapshot;
    }

    /// The text of full() with one of its parts replaced.
    static std::string changed(const char* from, const char* to) {
        QByteArray text = QByteArray::fromStdString(core::toJson(full()));
        return text.replace(from, to).toStdString();
    }

private Q_SLOTS:
    void everyFigureSurvivesTheJourney() {
        const core::Snapshot sent = full();
        const auto arrived = core::snapshotFromJson(core::toJson(sent));
        QVERIFY(arrived);
        QCOMPARE(arrived->sinceStart, sent.sinceStart);
        QVERIFY(arrived->streams == sent.streams);
        QVERIFY(arrived->consumer == sent.consumer);
        QCOMPARE(arrived->measuredPlanned, std::uint64_t{9});
        QCOMPARE(arrived->measuredDone, std::uint64_t{10});
        QCOMPARE(arrived->reordered, std::uint64_t{11});
        QCOMPARE(arrived->backlog, std::uint64_t{12});
        QCOMPARE(arrived->filterBypassed, std::uint64_t{13});
        QCOMPARE(arrived->offsetGap, std::uint64_t{14});
        QCOMPARE(arrived->negativeLatencies, std::uint64_t{15});
        QVERIFY(arrived->host == sent.host);
        QCOMPARE(arrived->at, core::Instant());
    }

    void anEmptySnapshotSurvivesToo() {
        const auto arrived = core::snapshotFromJson(core::toJson(core::Snapshot()));
        QVERIFY(arrived);
        QVERIFY(arrived->streams.empty());
        QCOMPARE(arrived->consumer.stored, std::uint64_t{0});
    }

    void itIsOneLineAndLeavesEmptyHistogramsOut() {
        const QByteArray text = QByteArray::fromStdString(core::toJson(core::tierTotals()));
        QVERIFY(!text.contains('\n'));
        QVERIFY(text.contains("\"histograms\":{}"));
        QVERIFY(!text.contains("end_to_end"));
    }

    void aNameThatIsNoUtf8IsReplaced() {
        core::Snapshot snapshot = core::tierTotals();
        snapshot.streams[0].name = "a\xff";
        const auto arrived = core::snapshotFromJson(core::toJson(snapshot));
        QVERIFY(arrived);
        QCOMPARE(arrived->streams[0].name, std::string("a\xef\xbf\xbd"));
    }

    void damagedTextIsNoSnapshot_data() {
        QTest::addColumn<std::string>("text");
        QTest::newRow("nothing at all") << std::string();
        QTest::newRow("not JSON") << std::string("<!doctype html>");
        QTest::newRow("JSON of another kind") << std::string("[1,2]");
        QTest::newRow("an object of another program") << std::string("{\"status\":\"UP\"}");
        QTest::newRow("cut off") << core::toJson(full()).substr(0, 400);
        QTest::newRow("a tier that does not exist") << changed("\"tier\":\"normal\"", "\"tier\":\"urgent\"");
        QTest::newRow("a tier that is a number") << changed("\"tier\":\"normal\"", "\"tier\":1");
        QTest::newRow("a histogram that is no base64") << changed("\"ack\":\"", "\"ack\":\"?");
        QTest::newRow("a histogram that is a number") << changed("\"ack\":\"", "\"ack\":1,\"else\":\"");
        QTest::newRow("a count is missing") << changed("\"in_doubt\"", "\"in_debt\"");
        QTest::newRow("a figure of the consumer is missing") << changed("\"abandoned\"", "\"abundant\"");
        QTest::newRow("a total is missing") << changed("\"offset_gap\"", "\"gap\"");
        QTest::newRow("the host's figures are missing") << changed("\"host\"", "\"ghost\"");
        QTest::newRow("the histograms are missing") << changed("\"histograms\"", "\"histories\"");
        QTest::newRow("the time since the start is missing") << changed("\"since_start_s\"", "\"since\"");
        QTest::newRow("a count that is a text") << changed("\"foreign\":7", "\"foreign\":\"7\"");
        QTest::newRow("a count below 0") << changed("\"foreign\":7", "\"foreign\":-7");
        QTest::newRow("a count with a fraction") << changed("\"foreign\":7", "\"foreign\":7.5");
        QTest::newRow("a count beyond 64 bits") << changed("\"foreign\":7", "\"foreign\":99999999999999999999");
        QTest::newRow("a time that no clock can hold") << changed("\"since_start_s\":90.5", "\"since_start_s\":1e300");
        QTest::newRow("streams that are no list") << changed("\"streams\":[", "\"streams\":7,\"else\":[");
    }
    void damagedTextIsNoSnapshot() {
        QFETCH(const std::string, text);
        QVERIFY(!core::snapshotFromJson(text));
    }
};

TEST_CLASS(TestSnapshotJson)
#include "tst_snapshot_json.moc"
