// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/verdict/generator_watch.h"
#include "tests/test_class.h"

#include <QTest>
#include <vector>

using namespace std::chrono_literals;
using core::GeneratorWatch;
using core::LatencyHistogram;

namespace {

/// A second of a run: so many events, of which so many late.
struct Second {
    std::uint64_t events = 0;
    std::uint64_t late = 0;
};

struct Story {
    GeneratorWatch watch;
    LatencyHistogram wakeDelay;
    core::Nanoseconds at{};

    void play(Second second) {
        wakeDelay.record(100us, second.events - second.late);
        wakeDelay.record(300ms, second.late);
        at += 1s;
        watch.observe(at, wakeDelay);
    }
    std::string fault() {
        watch.finish();
        return watch.fault().value_or("");
    }
};

} // namespace

class TestGeneratorWatch : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void judgesAtEveryRate_data() {
        QTest::addColumn<QList<int>>("seconds"); // events, late; a pair each
        QTest::addColumn<QString>("fault");
        const auto repeated = [](int seconds, int events, int late) {
            QList<int> all;
            for (int i = 0; i < seconds; ++i) {
                all << events << late;
            }
            return all;
        };
        QTest::newRow("1,000/s: one in a hundred may be late") << repeated(10, 1'000, 10) << QString();
        QTest::newRow("1,000/s: not more")
            << repeated(10, 1'000, 11)
            << QStringLiteral("the generator was saturated: from 1 s to 6 s it turned to 55 of 5,000 events more than "
                              "10 ms late (wake delay); one in a hundred may be");
        QTest::newRow("100/s: a process that sleeps half of the time")
            << repeated(20, 100, 50)
            << QStringLiteral("the generator was saturated: from 1 s to 6 s it turned to 250 of 500 events more than "
                              "10 ms late (wake delay); one in a hundred may be");
        QTest::newRow("100/s: nine late ones prove nothing") << repeated(9, 100, 1) << QString();
        QTest::newRow("100/s: the window grows until it holds 1,000")
            << repeated(20, 100, 1) + repeated(2, 100, 3)
            << QStringLiteral("the generator was saturated: from 11 s "
                              "to 21 s it turned to 12 of 1,000 events "
                              "more than 10 ms late (wake delay); one "
                              "in a hundred may be");
        QTest::newRow("1/s: two of three") << QList<int>{0, 0, 1, 1, 1, 1, 1, 0}
                                           << QStringLiteral("the generator was saturated: from 1 s to 4 s it turned "
                                                             "to 2 of 3 events more than 10 ms late (wake delay); one "
                                                             "in a hundred may be");
        QTest::newRow("1/s: two late ones alone prove nothing") << QList<int>{0, 0, 1, 1, 1, 1} << QString();
        QTest::newRow("a run shorter than the window: less than most proves nothing")
            << QList<int>{0, 0, 1'000, 500} << QString();
        QTest::newRow("a run shorter than the window: most")
            << QList<int>{0, 0, 1'000, 501}
            << QStringLiteral("the generator was saturated: from 1 s to 2 s it turned to 501 of 1,000 events more than "
                              "10 ms late (wake delay); one in a hundred may be");
        QTest::newRow("no event at all") << repeated(10, 0, 0) << QString();
    }
    void judgesAtEveryRate() {
        QFETCH(QList<int>, seconds);
        Story story;
        for (qsizetype i = 0; i < seconds.size(); i += 2) {
            story.play({static_cast<std::uint64_t>(seconds[i]), static_cast<std::uint64_t>(seconds[i + 1])});
        }
        QTEST(QString::fromStdString(story.fault()), "fault");
    }

    void aStandStillCountsWhereAnEventPaidForIt_data() {
        QTest::addColumn<int>("length"); // ms
        QTest::addColumn<bool>("waiting");
        QTest::addColumn<int>("late"); // afterwards
        QTest::addColumn<bool>("blamed");
        QTest::newRow("an event was due") << 9'000 << false << 1 << true;
        QTest::newRow("an event waited for its commit") << 9'000 << true << 0 << true;
        QTest::newRow("nothing was on") << 9'000 << false << 0 << false;
        QTest::newRow("less than a second is only marked") << 900 << true << 1 << false;
    }
    void aStandStillCountsWhereAnEventPaidForIt() {
        QFETCH(int, length);
        QFETCH(bool, waiting);
        QFETCH(int, late);
        Story story;
        story.play({1'000, 0});
        story.watch.stoodStill(6s, 6s + std::chrono::milliseconds(length), waiting);
        story.at = 20s;
        story.play({1'000, static_cast<std::uint64_t>(late)});
        const QString expected = QStringLiteral("the generator stood still for 9 s, from 6 s on");
        QFETCH(bool, blamed);
        QCOMPARE(QString::fromStdString(story.fault()), blamed ? expected : QString());
    }
};

TEST_CLASS(TestGeneratorWatch)
#include "tst_generator_watch.moc"
