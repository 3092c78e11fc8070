// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/run/run_mailbox.h"
#include "tests/test_class.h"

#include <QtTest>
#include <thread>

using namespace std::chrono_literals;

namespace {

core::Scenario oneStream() {
    core::Scenario scenario;
    scenario.streams.resize(1);
    scenario.streams[0].name = "base";
    return scenario;
}

struct MailboxBench {
    core::RunLanes lanes{{{"base"}, {"live burst"}}, 0, {"base"}};
    services::RunMailbox mailbox{lanes, oneStream()};
    bool burstOn = false;

    void enter(core::Phase phase) { mailbox.mark({.kind = core::MarkKind::Phase, .phase = phase}); }
    QString refusal(const core::Command& command) {
        const core::Status status = mailbox.accept(command, [this] { return burstOn; });
        return status ? QString() : QString::fromStdString(status.error().message);
    }
};

} // namespace

Q_DECLARE_METATYPE(core::Command)

class TestRunMailbox : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void refusesWhatMakesNoSenseNow_data() {
        QTest::addColumn<core::Phase>("phase");
        QTest::addColumn<bool>("paused");
        QTest::addColumn<bool>("burstOn");
        QTest::addColumn<core::Command>("command");
        QTest::addColumn<QString>("refusal");
        using enum core::Phase;
        const auto row = [](const char* name, core::Phase phase, bool paused, bool burstOn,
                            const core::Command& command, const char* refusal) {
            QTest::newRow(name) << phase << paused << burstOn << command << QString::fromLatin1(refusal);
        };
        row("a stop is accepted in every phase", Preparing, false, false, core::StopCommand{}, "");
        row("an abort too", Drain, false, false, core::AbortCommand{}, "");
        row("a pause before the load is refused", Preparing, false, false, core::PauseCommand{},
            "the run is not under load (phase: preparing)");
        row("a burst after the load is refused, and nobody is asked for one", Drain, false, true,
            core::BurstCommand{{1}, 1s}, "the run is not under load (phase: drain)");
        row("a pause in the warm-up is accepted", Warmup, false, false, core::PauseCommand{}, "");
        row("a second pause is refused", Stages, true, false, core::PauseCommand{}, "the run is paused already");
        row("a resume is accepted in a pause only", Stages, true, false, core::ResumeCommand{}, "");
        row("a resume without a pause is refused", Stages, false, false, core::ResumeCommand{},
            "the run is not paused");
        row("a burst of nothing is refused", Stages, false, false, core::BurstCommand{{1}, 0s},
            "a burst needs a rate and a duration above 0");
        row("bursts come one at a time", Stages, false, true, core::BurstCommand{{1}, 1s},
            "a burst is on already: wait for its end");
        row("a rate for every stream is accepted", Stages, false, false, core::RateCommand{"", {5}}, "");
        row("a rate of 0 is accepted", Stages, false, false, core::RateCommand{"base", {0}}, "");
        row("a rate below 0 is refused", Stages, false, false, core::RateCommand{"base", {-1}},
            "a rate cannot be below 0");
        row("the burst's rate cannot be set", Stages, false, false, core::RateCommand{"live burst", {5}},
            "no stream is named 'live burst'");
    }
    void refusesWhatMakesNoSenseNow() {
        QFETCH(core::Phase, phase);
        QFETCH(bool, paused);
        QFETCH(core::Command, command);
        MailboxBench bench;
        QFETCH(bool, burstOn);
        bench.burstOn = burstOn;
        bench.enter(phase);
        bench.mailbox.mark({.kind = paused ? core::MarkKind::Pause : core::MarkKind::Resume});
        const QString refusal = bench.refusal(command);
        QTEST(refusal, "refusal");
        QCOMPARE(bench.mailbox.popCommands().size(), refusal.isEmpty() ? 1U : 0U);
    }

    void handsCommandsOverOnceAndInTheirOrder() {
        MailboxBench bench;
        bench.enter(core::Phase::Stages);
        QCOMPARE(bench.refusal(core::PauseCommand{}), QString());
        QCOMPARE(bench.refusal(core::RateCommand{"base", {5}}), QString());
        const std::vector<core::Command> commands = bench.mailbox.popCommands();
        QCOMPARE(commands.size(), 2U);
        QVERIFY(std::holds_alternative<core::PauseCommand>(commands[0]));
        QVERIFY(std::holds_alternative<core::RateCommand>(commands[1]));
        QVERIFY(bench.mailbox.popCommands().empty());
    }

    void marksGetTheirSecondsSinceTheOrigin() {
        MailboxBench bench;
        bench.mailbox.mark({.kind = core::MarkKind::Warning}, core::Instant(5s));
        bench.lanes.times().setOrigin(core::Instant(10s));
        bench.mailbox.mark({.kind = core::MarkKind::Pause}, core::Instant(12'500ms));
        const core::RunStatus status = bench.mailbox.status();
        QCOMPARE(status.timeline.size(), 2U);
        QCOMPARE(status.timeline[0].seconds, 0.0);
        QCOMPARE(status.timeline[1].seconds, 2.5);
        QVERIFY(status.paused);
    }

    void aFullTimeLineStillShowsThePhase() {
        MailboxBench bench;
        for (int i = 0; i < 10'001; ++i) {
            bench.mailbox.mark({.kind = core::MarkKind::Warning});
        }
        bench.enter(core::Phase::Drain);
        QCOMPARE(bench.mailbox.status().timeline.size(), 10'001U);
        QCOMPARE(bench.mailbox.status().phase, core::Phase::Drain);
    }

    void theStatusAddsTheNewestFiguresToWhatTheLanesCount() {
        MailboxBench bench;
        bench.lanes.stream(0).sending.sent.add(7);
        services::RunFigures figures;
        figures.host.processCpu = 1.5;
        figures.measuredLength = 3s;
        figures.spanLengths = {2s};
        figures.targets = {{100}, {20}};
        figures.stage = "base 1/2";
        figures.progress = 0.5;
        figures.left = 4s;
        bench.mailbox.report(figures);
        const core::RunStatus status = bench.mailbox.status();
        QCOMPARE(status.snapshot.streams[0].producer.sent, 7U);
        QCOMPARE(status.snapshot.host.processCpu, 1.5);
        QCOMPARE(status.snapshot.measuredLength, core::Nanoseconds(3s));
        QCOMPARE(status.snapshot.spans[0].length, core::Nanoseconds(2s));
        QCOMPARE(status.snapshot.streams[1].target.perSecond, 20.0);
        QCOMPARE(status.stage, std::string("base 1/2"));
        QCOMPARE(status.progress, 0.5);
        QCOMPARE(status.left, core::Nanoseconds(4s));
    }

    void whoeverWaitsGetsTheResult() {
        MailboxBench bench;
        QVERIFY(!bench.mailbox.finished());
        std::string id;
        {
            const std::jthread waiting([&] { id = bench.mailbox.wait().id; });
            core::RunResult result;
            result.id = "0192";
            bench.mailbox.finish(std::move(result));
        }
        QCOMPARE(id, std::string("0192"));
        QVERIFY(bench.mailbox.finished());
        QCOMPARE(bench.mailbox.status().phase, core::Phase::Finished);
    }
};

TEST_CLASS(TestRunMailbox)
#include "tst_run_mailbox.moc"
