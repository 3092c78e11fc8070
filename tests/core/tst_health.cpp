// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/health.h"
#include "tests/test_class.h"

#include <QTest>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using core::Ailment;
using core::ConsumerWaits;
using core::Dependency;
using core::HealthWatch;

namespace {

/// What happens per second of a run that is looked at four times a second.
struct WardPace {
    std::uint64_t sent = 500, acked = 500, stored = 500, bypassed = 0, late = 0;
};

struct Ward {
    HealthWatch watch{
        {core::DependencyName{"Kafka", "k:9092"}, {"PostgreSQL", "p:5432/db"}, {"Redis", "r:6379"}, {"Millrace", ""}}};
    core::Snapshot snapshot;
    ConsumerWaits waits;
    std::vector<std::string> marks;

    Ward() {
        snapshot.at = core::Instant(100s);
        snapshot.streams.resize(1);
        play(2s, {});
    }
    void look(core::Nanoseconds step, const WardPace& pace) {
        snapshot.at += step;
        snapshot.sinceStart += step;
        const auto share = [step](std::uint64_t perSecond) {
            return perSecond * static_cast<std::uint64_t>(step / 1ms) / 1'000;
        };
        core::StreamSnapshot& stream = snapshot.streams.front();
        stream.producer.planned += share(pace.sent);
        stream.producer.sent += share(pace.sent);
        stream.producer.acked += share(pace.acked);
        stream.wakeDelay.record(100us, share(pace.sent - pace.late));
        stream.wakeDelay.record(300ms, share(pace.late));
        snapshot.backlog += share(pace.acked) - share(pace.stored);
        snapshot.filterBypassed += share(pace.bypassed);
        append(watch.observe(snapshot, waits));
    }
    void play(core::Nanoseconds length, const WardPace& pace) {
        for (core::Nanoseconds at{}; at < length; at += 250ms) {
            look(250ms, pace);
        }
    }
    void append(const std::vector<core::Outage>& outages) {
        for (const core::Outage& each : outages) {
            marks.push_back(std::to_string((each.began - core::Instant(100s)) / 1ms) + ": " + core::textOf(each.mark));
        }
    }
    Ailment of(Dependency part) const { return watch.health().of(part).ailment; }
    std::string text(Dependency part) const { return core::ailmentText(watch.health().of(part), snapshot.at); }
    bool well() const {
        return of(Dependency::Broker) == Ailment::None && of(Dependency::Store) == Ailment::None &&
               of(Dependency::Filter) == Ailment::None && of(Dependency::Program) == Ailment::None;
    }
};

} // namespace

class TestHealth : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isCalmWhileAllIsWell() {
        Ward run;
        run.play(20s, {});
        QVERIFY(run.well());
        QVERIFY(run.marks.empty());
    }

    void aFrozenBrokerIsSaidWithinThreeSeconds() {
        Ward run;
        run.play(2'250ms, {.acked = 0, .stored = 0});
        QCOMPARE(run.of(Dependency::Broker), Ailment::NothingAcked);
        run.play(4'750ms, {.acked = 0, .stored = 0});
        QCOMPARE(run.text(Dependency::Broker), std::string("acknowledges nothing, 7 s, 3,500 waiting"));
        QCOMPARE(run.of(Dependency::Store), Ailment::None);
    }

    void anAlarmNeverEndsForLackOfData() {
        Ward run;
        run.play(5s, {.acked = 0, .stored = 0});
        run.play(60s, {.sent = 0, .acked = 0, .stored = 0}); // a pause: nothing is sent any more
        QCOMPARE(run.of(Dependency::Broker), Ailment::NothingAcked);
        QVERIFY(run.marks.empty());
    }

    void anOutageLeavesOneMarkWithItsLength() {
        Ward run;
        run.play(7s, {.acked = 0, .stored = 0});
        run.look(250ms, {.acked = 14'000, .stored = 14'000});
        QVERIFY(run.well());
        run.play(5s, {});
        QCOMPARE(run.marks,
                 std::vector<std::string>{"2000: Kafka at k:9092 acknowledged nothing for 7.2 s; 3,500 events waited"});
    }

    void aBrokerThatIsTooSlowIsSaidWithFigures() {
        Ward run;
        run.play(4'500ms, {.acked = 400, .stored = 400});
        QCOMPARE(run.text(Dependency::Broker), std::string("acknowledges 400/s of 500/s, 4 s, 450 waiting"));
        QCOMPARE(run.of(Dependency::Store), Ailment::None);
    }

    void whatIsSlowForAMomentIsNoAlarm() {
        Ward run;
        run.play(1'250ms, {.acked = 0, .stored = 0});
        run.look(250ms, {.acked = 4'000, .stored = 4'000});
        run.play(5s, {});
        QVERIFY(run.well());
        QVERIFY(run.marks.empty());
    }

    void aStoreThatDoesNotAnswerIsNotTheBrokersFault() {
        Ward run;
        run.waits.store = run.snapshot.at;
        run.play(12s, {.stored = 0});
        QCOMPARE(run.text(Dependency::Store), std::string("does not answer, 12 s, 6,000 waiting"));
        QCOMPARE(run.of(Dependency::Broker), Ailment::None);
        run.waits.store.reset();
        run.play(3s, {.stored = 2'500}); // it catches up
        QVERIFY(run.well());
        QCOMPARE(run.marks, std::vector<std::string>{
                                "2000: PostgreSQL at p:5432/db stored nothing for 12.2 s; 6,000 events waited"});
    }

    void aStoreThatIsTooSlowIsSaidWithFigures() {
        Ward run;
        run.play(4'500ms, {.stored = 300});
        QCOMPARE(run.text(Dependency::Store), std::string("stores 300/s of 500/s, 4 s, 900 waiting"));
    }

    void consumersThatGetNothingAreTheBrokersFault() {
        Ward run;
        run.play(4s, {.stored = 0}); // and none of them waits for the store
        QCOMPARE(run.text(Dependency::Broker), std::string("gives the consumers nothing, 4 s, 2,000 waiting"));
        QCOMPARE(run.of(Dependency::Store), Ailment::None);
    }

    void whoAcknowledgesAgainMustDeliverSoon() {
        Ward run;
        run.play(7s, {.acked = 0, .stored = 0});
        run.look(250ms, {.acked = 14'000, .stored = 0}); // the consumers are still away
        QCOMPARE(run.of(Dependency::Broker), Ailment::None);
        run.play(1s, {.stored = 0});
        QCOMPARE(run.of(Dependency::Broker), Ailment::NothingRead);
    }

    void aFilterIsAwayUntilItAnswers() {
        Ward run;
        run.waits.filter = run.snapshot.at;
        run.play(7s, {.bypassed = 500});
        QCOMPARE(run.text(Dependency::Filter), std::string("away, 7 s, 3,500 events past the filter"));
        run.play(5s, {.sent = 0, .acked = 0, .stored = 0}); // nobody asks it
        QCOMPARE(run.of(Dependency::Filter), Ailment::Bypassed);
        run.waits.filter.reset();
        run.look(250ms, {});
        QCOMPARE(run.marks, std::vector<std::string>{
                                "2000: Redis at r:6379 was away for 12.2 s; 3,500 events went past the filter"});
    }

    void aGeneratorThatIsLateIsOurOwnFault() {
        Ward run;
        run.play(6s, {.late = 50});
        QCOMPARE(run.of(Dependency::Program), Ailment::Late);
        run.play(8s, {.sent = 0, .acked = 0, .stored = 0});
        QCOMPARE(run.of(Dependency::Program), Ailment::Late);
        run.play(3s, {});
        QVERIFY(run.well());
        QCOMPARE(run.marks.size(), std::size_t{1});
    }

    void anOutageOfTheGeneratorBeginsAndEndsWithItsLateEvents() {
        Ward run;
        run.play(10s, {});
        run.play(2s, {.late = 100});
        run.play(10s, {});
        QCOMPARE(run.marks.size(), std::size_t{1});
        QCOMPARE(QString::fromStdString(run.marks[0]),
                 QStringLiteral("12000: Millrace turned to 200 events more than 10 ms late in 2.0 s"));
    }

    void aMomentThatTheVerdictForgivesIsNoAlarm() {
        Ward run;
        run.play(6s, {});
        run.look(250ms, {.late = 80}); // 20 of the 2,500 events of five seconds
        run.play(6s, {});
        QVERIFY(run.marks.empty());
        QVERIFY(run.well());
    }

    void aProcessThatStoodStillDoesNotBlameOthers() {
        Ward broker;
        broker.look(9s, {.acked = 0, .stored = 0});
        QCOMPARE(broker.of(Dependency::Broker), Ailment::None);
        broker.play(2s, {.acked = 0, .stored = 0});
        QCOMPARE(broker.of(Dependency::Broker), Ailment::NothingAcked);
        Ward store;
        store.waits.store = store.snapshot.at;
        store.look(9s, {.stored = 0});
        QCOMPARE(store.of(Dependency::Store), Ailment::None);
        store.play(2s, {.stored = 0});
        QCOMPARE(store.of(Dependency::Store), Ailment::NothingStored);
    }

    void whoOnlyWaitsForARowStopsNobody() {
        Ward run;
        run.waits.store = run.snapshot.at; // one worker; the others store
        run.play(20s, {});
        QVERIFY(run.well());
    }

    void whatSettingsHoldBackIsNoAlarm() {
        Ward run;
        run.watch = HealthWatch(run.watch.health().names, 3s);
        for (int i = 0; i < 5; ++i) {
            run.play(2'750ms, {.stored = 0});
            run.look(250ms, {.stored = 6'000});
        }
        QVERIFY(run.well());
        QVERIFY(run.marks.empty());
    }

    void aLoadThatRisesIsNoAlarm() {
        Ward run;
        run.watch = HealthWatch(run.watch.health().names);
        run.snapshot.backlog = 0;
        for (std::uint64_t rate = 100; rate < 10'000;
             rate += 100) { // by 400/s each second, of which 100 ms are under way
            run.look(250ms, {.sent = rate, .acked = rate, .stored = rate - 40});
            QVERIFY(run.well());
        }
    }

    void whatTheBrokerHasForgottenWaitsForNobody() {
        Ward run;
        run.snapshot.backlog += 500;
        run.snapshot.offsetGap += 500;
        run.play(20s, {.sent = 0, .acked = 0, .stored = 0}); // paused
        QVERIFY(run.well());
    }

    void lateEventsAreCountedAsLongAsTheyCome() {
        Ward run;
        run.play(10s, {.late = 100});
        run.play(30s, {.sent = 0, .acked = 0, .stored = 0}); // the drain, in which nothing is due
        run.append(run.watch.finish());
        QCOMPARE(run.marks.size(), std::size_t{1});
        QVERIFY2(run.marks[0].find("1,000 events more than 10 ms late in 1") != std::string::npos,
                 run.marks[0].c_str());
    }

    void theEndOfARunEndsItsAlarms() {
        Ward run;
        run.play(5s, {.acked = 0, .stored = 0});
        run.append(run.watch.finish());
        QCOMPARE(run.marks,
                 std::vector<std::string>{"2000: Kafka at k:9092 acknowledged nothing for 5.0 s; 2,500 events waited"});
    }
};

TEST_CLASS(TestHealth)
#include "tst_health.moc"
