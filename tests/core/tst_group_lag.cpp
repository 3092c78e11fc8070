// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/monitor/group_lag.h"
#include "core/monitor/lag_history.h"
#include "core/monitor/request_budget.h"
#include "tests/test_class.h"

#include <QTest>
#include <cmath>
#include <vector>

using namespace std::chrono_literals;
using core::Commits;
using core::GroupView;
using core::LagNote;
using core::LogStates;
using core::Offset;
using core::OffsetHistory;
using core::TopicPartition;
using core::WallTime;

namespace {

constexpr WallTime kBegin{1'700'000'000s};
const TopicPartition kPartition{"log-events", {0}};

std::optional<core::LagNote> noteOf(const core::PartitionLag& lag) {
    return lag.note;
}

} // namespace

/// How far a group is behind, in events and seconds, from what a monitor saw of the logs.
class TestGroupLag : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theHistoryKnowsWhenAMessageWasWritten_data() {
        QTest::addColumn<int>("perSecond");
        QTest::addColumn<int>("seconds"); // of history
        QTest::newRow("ten a second for a minute") << 10 << 60;
        QTest::newRow("a thousand a second for a minute") << 1'000 << 60;
        QTest::newRow("a hundred a second for six hours") << 100 << 6 * 3'600;
    }
    void theHistoryKnowsWhenAMessageWasWritten() {
        QFETCH(int, perSecond);
        QFETCH(int, seconds);
        OffsetHistory history;
        for (int i = 0; i <= seconds; ++i) {
            history.addEnd(kBegin + std::chrono::seconds(i), {static_cast<std::int64_t>(i) * perSecond});
        }
        QVERIFY(history.size() <= 256);
        const WallTime now = kBegin + std::chrono::seconds(seconds);
        const std::int64_t end = static_cast<std::int64_t>(seconds) * perSecond;
        for (std::int64_t offset = 0; offset < end; offset += std::max<std::int64_t>(1, end / 1'000)) {
            const auto written = history.writtenAt({offset});
            QVERIFY(written);
            const double truth = core::secondsOf(
                now -
                (kBegin + core::Nanoseconds(std::llround((static_cast<double>(offset) + 0.5) * 1e9 / perSecond))));
            const double off = std::abs(core::secondsOf(now - written->time) - truth);
            QVERIFY2(off <= std::max(0.05, 0.05 * truth), qPrintable(QString::number(off)));
        }
    }
    void burstsAndSilenceStayWithinTheBoundThatIsTold() {
        OffsetHistory history;
        std::vector<WallTime> writtenAt; // ten seconds of 50/s, ten of silence, and so on
        WallTime at = kBegin;
        for (int i = 0; i < 600; ++i) {
            history.addEnd(at, {static_cast<std::int64_t>(writtenAt.size())});
            for (int k = 0; k < 50 && (i / 10) % 2 == 0; ++k) {
                writtenAt.push_back(at + k * 20ms + 10ms);
            }
            at += 1s;
        }
        int beyond = 0;
        for (std::size_t offset = 0; offset < writtenAt.size(); ++offset) {
            const auto written = history.writtenAt({static_cast<std::int64_t>(offset)});
            QVERIFY(written);
            beyond += std::chrono::abs(written->time - writtenAt[offset]) > written->bound + 20ms;
        }
        QVERIFY2(beyond < static_cast<int>(writtenAt.size()) / 20, qPrintable(QString::number(beyond)));
    }
    void whatIsOlderThanTheFirstLookIsNotGuessed() {
        OffsetHistory history;
        history.addEnd(kBegin, {100});
        history.addEnd(kBegin + 1s, {110});
        QVERIFY(!history.writtenAt({99}));
        QVERIFY(!history.writtenAt({110})); // not written yet
        QVERIFY(history.writtenAt({100}));
    }
    void aMessageThatWasReadTellsOfTheOlderOnes() {
        OffsetHistory history;
        history.addEnd(kBegin, {100});
        history.addMessage({50}, kBegin - 100s);
        const auto written = history.writtenAt({75});
        QVERIFY(written);
        QVERIFY(std::chrono::abs(written->time - (kBegin - 50s)) < 2s);
    }
    void aClockThatIsOffIsTakenFromTheMessages() {
        OffsetHistory history;
        history.addEnd(kBegin, {0});
        history.addEnd(kBegin + 1s, {10});
        history.addMessage({5}, kBegin + 550ms - 3s); // the producers' clock is 3 s behind
        const auto written = history.writtenAt({2});
        QVERIFY(written);
        QVERIFY(std::chrono::abs(written->time - (kBegin + 250ms - 3s)) < 10ms);
    }
    void aLogThatBeganAnewIsForgotten() {
        OffsetHistory history;
        history.addEnd(kBegin, {0});
        history.addEnd(kBegin + 1s, {10});
        history.addEnd(kBegin + 2s, {3});
        QVERIFY(!history.writtenAt({5}));
        QCOMPARE(history.size(), std::size_t(1));
    }

    void eachCaseOfAPartitionIsToldApart_data() {
        QTest::addColumn<qint64>("committed"); // -1: nothing
        QTest::addColumn<qint64>("begin");
        QTest::addColumn<qint64>("end");  // -1: not known
        QTest::addColumn<qint64>("read"); // 0: not read; -1: nothing is there; else the first message
        QTest::addColumn<bool>("hasGaps");
        QTest::addColumn<qint64>("events"); // -1: not known
        QTest::addColumn<LagNote>("note");
        const auto row = [](const char* name, qint64 committed, qint64 begin, qint64 end, qint64 read, bool hasGaps,
                            qint64 events, LagNote note) {
            QTest::newRow(name) << committed << begin << end << read << hasGaps << events << note;
        };
        row("some wait", 40, 0, 100, 0, false, 60, LagNote::None);
        row("all is read", 100, 0, 100, 0, false, 0, LagNote::None);
        row("no offset is committed", -1, 0, 100, 0, false, -1, LagNote::NoCommit);
        row("the end is not known", 40, 0, -1, 0, false, -1, LagNote::EndUnknown);
        row("what was committed has expired", 10, 30, 100, 0, false, 70, LagNote::Expired);
        row("the log was created anew", 140, 0, 100, 0, false, -1, LagNote::BeyondEnd);
        row("a transaction's marker is no message", 99, 0, 100, -1, true, 0, LagNote::NothingWaits);
        row("a marker lies before the first message", 98, 0, 100, 99, true, 1, LagNote::AtMost);
        row("a compacted log has gaps", 40, 0, 100, 0, true, 60, LagNote::AtMost);
    }
    void eachCaseOfAPartitionIsToldApart() {
        QFETCH(qint64, committed);
        QFETCH(qint64, begin);
        QFETCH(qint64, end);
        QFETCH(qint64, read);
        QFETCH(bool, hasGaps);
        QFETCH(qint64, events);
        QFETCH(LagNote, note);
        core::LogState log;
        log.begin = Offset{begin};
        log.end = end < 0 ? std::nullopt : std::optional(Offset{end});
        log.hasGaps = hasGaps;
        core::ReadAhead ahead{{committed}, {end}, {}, {}};
        if (read > 0) {
            ahead.first = Offset{read};
            ahead.due = kBegin;
        }
        const auto lag = core::partitionLag(kPartition, committed < 0 ? std::nullopt : std::optional(Offset{committed}),
                                            &log, read == 0 ? nullptr : &ahead, kBegin + 5s);
        QCOMPARE(noteOf(lag).value(), note);
        QCOMPARE(lag.events ? static_cast<qint64>(*lag.events) : -1, events);
        if (events == 0) {
            QCOMPARE(lag.seconds.value_or(-1), 0.0);
        }
        if (read > 0) {
            QCOMPARE(lag.seconds.value_or(-1), 5.0);
        }
        QVERIFY(core::sentenceOf(note).empty() == (note == LagNote::None));
    }
    void aGroupAddsUpWhatIsKnownAndCountsTheRest() {
        LogStates logs;
        for (int i = 0; i < 3; ++i) {
            auto& log = logs[{"a", {i}}];
            log.end = Offset{100};
            log.history.addEnd(kBegin, {0});
            log.history.addEnd(kBegin + 10s, {100});
        }
        logs[{"b", {0}}].end = Offset{7};
        GroupView group{.name = "g"};
        group.members.push_back({"client", "10.0.0.1", {{"a", {1}}, {"b", {0}}}});
        core::measureLag(group, Commits{{{"a", {0}}, {50}}, {{"a", {1}}, {90}}}, logs, {}, kBegin + 10s);
        QCOMPARE(group.partitions.size(), std::size_t(4)); // b by its member, a/2 by its topic
        QCOMPARE(group.events.value_or(0), std::uint64_t(60));
        QCOMPARE(group.unknown, 2);
        QVERIFY(group.seconds && std::abs(*group.seconds - 4.95) < 0.01);
        QCOMPARE(group.partitions[1].member.value_or(9), std::size_t(0));
        QVERIFY(!group.partitions[0].member);
    }
    void withoutAnyKnownLagThereIsNoSum() {
        GroupView group{.name = "g"};
        core::measureLag(group, {}, {}, {}, kBegin);
        QVERIFY(!group.events && !group.seconds);
    }

    void aDayOfLagStaysSmallAndKeepsItsPeak() {
        core::LagHistory history{core::Instant(0s)};
        core::ClusterView view;
        view.groups.push_back({.name = "g"});
        for (int i = 1; i <= 24 * 3'600; ++i) {
            view.groups[0].at = core::Instant(std::chrono::seconds(i));
            view.groups[0].events = i == 1'234 ? 5'000 : 10;
            view.groups[0].seconds = i % 2 == 0 ? std::optional(0.5) : std::nullopt;
            history.add(view);
        }
        const auto* series = history.of("g");
        QVERIFY(series != nullptr && series->size() < 2'000);
        QCOMPARE(series->until(), 24 * 3'600.0);
        double highest = 0;
        series->forEach([&](const core::LagPoint& point) { highest = std::max(highest, point.events->highest); });
        QCOMPARE(highest, 5'000.0);
        history.add(view); // nothing new
        QCOMPARE(series->until(), 24 * 3'600.0);
        QVERIFY(history.of("another") == nullptr);
    }
    void theTrendLooksAtTenSeconds() {
        core::LagTrend trend;
        core::BacklogTrend last;
        for (int i = 0; i <= 12; ++i) {
            last = trend.add(core::Instant(std::chrono::seconds(i)), 10'000 - static_cast<std::uint64_t>(i) * 100,
                             static_cast<std::uint64_t>(i) * 1'000);
            if (i < 10) {
                QCOMPARE(last.word, core::BacklogTrend::Word::Steady);
            }
        }
        QCOMPARE(last.word, core::BacklogTrend::Word::Draining);
        QCOMPARE(last.perSecond, 100.0);
        QCOMPARE(core::secondsOf(last.empty), 88.0);
    }
    void requestsAreSpentAsTheyComeIn() {
        core::RequestBudget budget(4, 8);
        budget.refill(core::Instant(1s));
        QVERIFY(budget.allows(8) && budget.allows(20)); // never more than it holds
        budget.spend(8);
        budget.refill(core::Instant(2s));
        QVERIFY(budget.allows(4) && !budget.allows(5));
        budget.spend(6); // cost more than was thought
        budget.refill(core::Instant(3s));
        QVERIFY(budget.allows(2) && !budget.allows(3));
        budget.correct(14); // as many as were spent
        QVERIFY(budget.allows(2));
        budget.correct(16);
        QVERIFY(!budget.allows(1));
        budget.refill(core::Instant(100s));
        QCOMPARE(budget.left(), 8.0);
    }
};

TEST_CLASS(TestGroupLag)
#include "tst_group_lag.moc"
