// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fleet/clock_offset.h"
#include "core/fleet/member_report.h"
#include "core/fleet/run_order.h"
#include "core/fleet/share_plan.h"
#include "core/load/event_generator.h"
#include "core/measure/id_account.h"
#include "core/measure/run_lanes.h"
#include "core/ports/command_json.h"
#include "tests/test_class.h"

#include <QTest>
#include <set>

using namespace std::chrono_literals;

namespace {

core::Scenario scenarioOf(const std::vector<double>& rates) {
    core::Scenario scenario;
    for (const double rate : rates) {
        core::Stream& stream = scenario.streams.emplace_back();
        stream.name = "s" + std::to_string(scenario.streams.size());
        stream.stages = {core::ConstantStage{10s, {rate}}};
    }
    return scenario;
}

/// "0 of 2 of stream 1" as 1:0/2.
std::string textOf(const std::vector<core::StreamShare>& shares) {
    std::string text;
    for (const core::StreamShare& each : shares) {
        text += (text.empty() ? "" : " ") + std::to_string(each.stream) + ":" + std::to_string(each.share.part) + "/" +
                std::to_string(each.share.of);
    }
    return text;
}

core::Instant at(core::Nanoseconds since) {
    return core::Instant(since);
}

} // namespace

/// A run over several processes, as far as it is values.
class TestFleet : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void streamsAreDealtByTheirPeaks_data() {
        QTest::addColumn<std::vector<double>>("rates");
        QTest::addColumn<std::vector<std::string>>("expected");
        using Rates = std::vector<double>;
        using Texts = std::vector<std::string>;
        QTest::newRow("a single stream is shared by all, and so are live bursts")
            << Rates{1'000} << Texts{"0:0/2 1:0/2", "0:1/2 1:1/2"};
        QTest::newRow("equal streams go to one each") << Rates{500, 500} << Texts{"0:0/1 2:0/2", "1:0/1 2:1/2"};
        QTest::newRow("one that asks for more than a fair part is shared, the small go as a whole")
            << Rates{100, 5'000, 100} << Texts{"0:0/1 1:0/2 3:0/2", "1:1/2 2:0/1 3:1/2"};
        QTest::newRow("the largest first, to whoever has least")
            << Rates{100, 300, 200} << Texts{"1:0/1 3:0/2", "0:0/1 2:0/1 3:1/2"};
        QTest::newRow("a single producer sends all") << Rates{100, 300} << Texts{"0:0/1 1:0/1 2:0/1"};
        QTest::newRow("of fewer streams than producers each takes a part")
            << Rates{10, 10} << Texts{"0:0/3 1:0/3 2:0/3", "0:1/3 1:1/3 2:1/3", "0:2/3 1:2/3 2:2/3"};
    }
    void streamsAreDealtByTheirPeaks() {
        QFETCH(const std::vector<double>, rates);
        QFETCH(const std::vector<std::string>, expected);
        std::vector<std::string> found;
        for (const auto& shares : core::dealStreams(scenarioOf(rates), expected.size())) {
            found.push_back(textOf(shares));
        }
        QCOMPARE(found, expected);
    }

    void sharesOfAStreamMakeTheWholeOfIt() {
        const core::EventShape shape;
        core::EventGenerator whole(shape, 7, 0, 99, nullptr);
        std::vector<core::EventGenerator> parts;
        for (std::uint32_t part = 0; part < 3; ++part) {
            parts.emplace_back(shape, 7, std::uint8_t{0}, 99U, nullptr, core::Share{part, 3});
        }
        for (std::uint64_t event = 0; event < 300; ++event) {
            const core::WallTime due(1s + event * 1ms);
            const core::GeneratedEvent expected = whole.next(due);
            const std::string payload(expected.payload);
            const core::GeneratedEvent& found = parts[event % 3].next(due);
            QCOMPARE(found.sequence, event);
            QVERIFY(found.id == expected.id);
            QCOMPARE(std::string(found.payload), payload);
        }
    }

    void copiesStayWithTheShareOfTheirOriginal() {
        core::EventShape shape;
        shape.duplicates = {{0.3}, 100ms};
        std::set<std::uint64_t> originals;
        std::size_t copies = 0;
        for (std::uint32_t part = 0; part < 2; ++part) {
            core::EventGenerator generator(shape, 7, 0, 99, nullptr, {part, 2});
            for (int event = 0; event < 1'000; ++event) {
                const core::GeneratedEvent& made = generator.next(core::WallTime(1s + event * 2ms));
                QCOMPARE(made.sequence % 2, std::uint64_t{part});
                copies += made.duplicate ? 1 : 0;
                QVERIFY(made.duplicate || originals.insert(made.sequence).second);
            }
        }
        QVERIFY2(copies > 540 && copies < 660, qPrintable(QString::number(copies)));
    }

    void anOffsetIsTakenFromTheShortestWay() {
        core::ClockOffset clock;
        QVERIFY(!clock.best());
        // The other is 250 ms ahead; first a slow answer whose way back took all of the time, then a fast one.
        clock.add({at(1'000ms), at(1'251ms), at(1'251ms), at(1'041ms), {}});
        QCOMPARE(clock.best()->monotonic, core::Nanoseconds(230'500us));
        QCOMPARE(clock.best()->error, core::Nanoseconds(20'500us));
        clock.add({at(2'000ms), at(2'250'100us), at(2'250'300us), at(2'000'400us), core::WallTime(77s)});
        QCOMPARE(clock.best()->monotonic, core::Nanoseconds(250ms));
        QCOMPARE(clock.best()->error, core::Nanoseconds(100us));
        QCOMPARE(clock.best()->otherWall, core::WallTime(77s));
        for (std::size_t i = 0; i < core::ClockOffset::kExchanges; ++i) { // the last ones count
            clock.add({at(3'000ms), at(3'252ms), at(3'252ms), at(3'003ms), {}});
        }
        QCOMPARE(clock.best()->error, core::Nanoseconds(1'500us));
    }

    void anExchangeThatCannotBeIsLeftOut() {
        core::ClockOffset clock;
        clock.add({at(1'000ms), at(5'000ms), at(5'100ms), at(1'001ms), {}});
        QVERIFY(!clock.best());
    }

    void anOrderSurvivesTheJourney() {
        core::RunOrder order;
        order.version = "1.2.3";
        order.id = "0191-x";
        order.started = "2026-11-30T18:00:00.000Z";
        order.runTag = 200'000;
        order.streams = 3;
        order.from = core::WallTime(5s);
        order.until = core::WallTime(6h);
        order.wall = core::WallTime(7s);
        order.monotonic = at(-8s); // of a machine that came up later than ours
        order.scenario = "version: 1\nname: \"ä\"\n";
        order.overrides = {{"seed", "8"}};
        order.shares = {{0, {1, 3}}, {2, {1, 3}}};
        order.onControllerLoss = core::ControllerLoss::Stop;
        order.lease = 9s;
        const auto arrived = core::runOrderFromJson(toJson(order));
        QVERIFY(arrived);
        QVERIFY(*arrived == order);
    }

    void anOrderOfAnotherProtocolIsRefusedByName() {
        core::RunOrder order;
        order.protocol = 7;
        order.version = "9.0.0";
        const auto arrived = core::runOrderFromJson(toJson(order));
        QVERIFY(!arrived);
        const std::string text = arrived.error().text();
        QVERIFY2(text.find("9.0.0") != std::string::npos && text.find("protocol 7") != std::string::npos, text.c_str());
    }

    void damagedTextsAreNothing_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("nothing at all") << QByteArray();
        QTest::newRow("half of it") << QByteArray("{\"protocol\":1,\"version\":");
        QTest::newRow("a list") << QByteArray("[1,2]");
        QTest::newRow("numbers as texts") << QByteArray(R"({"protocol":"1","version":"x"})");
        QTest::newRow("deep") << QByteArray(100'000, '[');
    }
    void damagedTextsAreNothing() {
        QFETCH(const QByteArray, text);
        const std::string_view bytes(text.constData(), static_cast<std::size_t>(text.size()));
        QVERIFY(!core::runOrderFromJson(bytes));
        QVERIFY(!core::partTimesFromJson(bytes));
        QVERIFY(!core::memberReportFromJson(bytes));
        QVERIFY(!core::commandFromJson(bytes));
    }

    void aShareThatIsNoneIsRefused() {
        core::RunOrder order;
        order.shares = {{0, {3, 3}}};
        QVERIFY(!core::runOrderFromJson(toJson(order)));
        order.shares = {{0, {0, 0}}};
        QVERIFY(!core::runOrderFromJson(toJson(order)));
    }

    void aReportSurvivesTheJourney() {
        core::MemberReport report;
        report.version = "1.2.3";
        report.role = "producer";
        core::MemberRun& run = report.run.emplace();
        run.id = "x";
        run.joined = run.begun = run.burstOn = true;
        run.burstEnd = 5s;
        run.commands = 3;
        run.marks = 12;
        run.trouble = "t";
        run.failure = "f";
        run.violation = "v";
        run.refusal = "r";
        run.newest = {{.kind = core::MarkKind::Rebalance,
                       .name = "normal-1",
                       .change = core::PartitionChange::Lost,
                       .partitions = 4},
                      {.kind = core::MarkKind::Fault, .detail = "gone", .end = core::End::Store}};
        core::RunLanes lanes({{"a", core::Tier::Critical}}, 0, {"warmup"});
        lanes.stream(0).sending.planned.add(5);
        lanes.stream(0).sending.spanSendDelay[0]->record(3ms);
        report.snapshot = lanes.snapshot({});
        report.snapshot->measuredAsked = 12.5;
        report.snapshot->measuredOverrun = 250ms;
        auto arrived = core::memberReportFromJson(toJson(report));
        QVERIFY(arrived);
        QVERIFY(arrived->run == report.run);
        QVERIFY(arrived->snapshot->streams == report.snapshot->streams);
        QVERIFY(arrived->snapshot->spans == report.snapshot->spans);
        QCOMPARE(arrived->snapshot->measuredAsked, 12.5);
        QCOMPARE(arrived->snapshot->measuredOverrun, core::Nanoseconds(250ms));
    }

    void fatesSurviveTheJourneyAndHaveAnOrder() {
        const std::vector<core::StreamFates> fates{{3, {{0, 5}, {7, 9}}, {{5, 6}}, {}}};
        core::MemberReport report;
        report.snapshot = core::tierTotals();
        report.fates = fates;
        QVERIFY(core::memberReportFromJson(toJson(report))->fates == fates);
        for (const core::SequenceIntervals& none :
             {core::SequenceIntervals{{5, 3}}, core::SequenceIntervals{{5, 9}, {8, 10}}}) {
            report.fates->front().acked = none;
            QVERIFY(!core::memberReportFromJson(toJson(report)));
        }
    }

    void commandsSurviveTheJourney() {
        for (const core::Command& command :
             {core::Command(core::PauseCommand{}), core::Command(core::ResumeCommand{}),
              core::Command(core::StopCommand{true}), core::Command(core::AbortCommand{}),
              core::Command(core::RateCommand{"a", {12.5}}), core::Command(core::BurstCommand{{500}, 3s})}) {
            const auto arrived = core::commandFromJson(toJson(command));
            QVERIFY(arrived);
            QCOMPARE(toJson(*arrived), toJson(command));
        }
        QVERIFY(!core::commandFromJson(R"({"kind":"burst","rate_per_s":5,"duration_ns":0})"));
        QVERIFY(!core::commandFromJson(R"({"kind":"rate","stream":"","rate_per_s":-1})"));
        QVERIFY(!core::commandFromJson(R"({"kind":"dance"})"));
    }

    void partTimesMeanTheSameOnAnotherClock() {
        core::RunTimes ours({"warmup"});
        ours.setOrigin(at(100s));
        ours.setMeasured(at(110s), at(150s));
        ours.setSpan(0, at(100s), at(110s));
        const auto parts = core::partTimesFromJson(toJson(core::partTimesOf(ours, at(90s))));
        QVERIFY(parts);
        core::RunTimes others({"warmup"});
        core::apply(*parts, at(-5s), others);
        QCOMPARE(others.origin(), at(5s));
        QCOMPARE(others.measuredFrom(), at(15s));
        QCOMPARE(others.measuredUntil(), at(55s));
        QCOMPARE(others.spanUntil(0), at(15s));
    }

    void partsAddUpByTheNamesOfTheirStreams() {
        core::RunLanes all({{"a", core::Tier::Normal}, {"b", core::Tier::Normal}}, 0, {"a"});
        core::RunLanes part({{"b", core::Tier::Normal}}, 1, {"a"});
        part.stream(0).sending.planned.add(10);
        part.stream(0).sending.sent.add(10);
        part.stream(0).delivery.acked.add(9);
        part.worker(0).polled.add(4);
        part.worker(0).foreign.add(1);
        part.stream(0).sending.spanSendDelay[0]->record(3ms);
        core::Snapshot sum = all.snapshot({});
        addPart(sum, part.snapshot({}));
        addPart(sum, part.snapshot({}));
        QCOMPARE(sum.streams[0].producer.planned, std::uint64_t{0});
        QCOMPARE(sum.streams[1].producer.planned, std::uint64_t{20});
        QCOMPARE(sum.backlog, std::uint64_t{18 - 6});
        QCOMPARE(sum.spans[0].latency[0].count(), std::uint64_t{2});
    }

    void whatIsStoredWithoutAReportIsInDoubt() {
        core::IdAccount account;
        account.delivered(0, core::Delivery::Acked);
        account.delivered(1, core::Delivery::Failed);
        account.stored(0);
        account.stored(5);
        account.stored(6);
        QCOMPARE(account.adoptUnreported(), std::uint64_t{2});
        QCOMPARE(account.close().recovered, std::uint64_t{2});
        QCOMPARE(account.adoptUnreported(), std::uint64_t{0});
    }
};

TEST_CLASS(TestFleet)

#include "tst_fleet.moc"
