// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/verdict/rule_figure.h"
#include "tests/test_class.h"

#include <QTest>
#include <random>

using namespace std::chrono_literals;
using core::Metric;
using core::Threshold;
using core::Tier;
using Comparison = core::Threshold::Comparison;
using Quantity = core::Threshold::Quantity;
using Statistic = core::Threshold::Statistic;

Q_DECLARE_METATYPE(core::Threshold)

namespace {

core::Result<Threshold> parse(const QString& rule, const QString& during = {}) {
    return Threshold::parse({.rule = rule.toStdString(), .during = during.toStdString(), .abort = false});
}

} // namespace

class TestThreshold : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void reads_data() {
        QTest::addColumn<QString>("rule");
        QTest::addColumn<Threshold>("expected");
        const auto row = [](const char* rule, const Threshold& expected) {
            QTest::newRow(rule) << QString::fromUtf8(rule) << expected;
        };
        const auto latency = [](Metric metric, double percentile, Comparison comparison, double limit) {
            Threshold rule;
            rule.quantity = Quantity::Latency;
            rule.metric = metric;
            rule.percentile = percentile;
            rule.comparison = comparison;
            rule.limit = limit;
            return rule;
        };
        const auto figure = [](Quantity quantity, Comparison comparison, double limit, bool ofTarget = false) {
            Threshold rule;
            rule.quantity = quantity;
            rule.comparison = comparison;
            rule.limit = limit;
            rule.ofTarget = ofTarget;
            return rule;
        };
        const auto p99 = latency(Metric::EndToEnd, 99, Comparison::Less, 45'000);
        row("end_to_end p99 < 45ms", p99);
        row("end_to_end p99<45ms", p99);
        row("  end_to_end  p99\t<  45 ms ", p99);
        row("send_delay p99.9 <= 500µs", latency(Metric::SendDelay, 99.9, Comparison::LessOrEqual, 500));
        row("ack p50 > 1.5ms", latency(Metric::Ack, 50, Comparison::Greater, 1'500));
        row("end_to_end_uncorrected p99.99 >= 1m30s",
            latency(Metric::EndToEndUncorrected, 99.99, Comparison::GreaterOrEqual, 90'000'000));
        auto mean = latency(Metric::AckUncorrected, 99, Comparison::Less, 1'000'000);
        mean.statistic = Statistic::Mean;
        row("ack_uncorrected mean < 1s", mean);
        auto windows = latency(Metric::Processing, 99, Comparison::Less, 20'000);
        windows.statistic = Statistic::Max;
        windows.tier = Tier::Critical;
        windows.over = 10s;
        row("processing{critical} max over 10s < 20ms", windows);
        row("processing { critical } max over 10s<20ms", windows);
        row("throughput >= 10000/s", figure(Quantity::Throughput, Comparison::GreaterOrEqual, 10'000));
        row("throughput >= 10k/s", figure(Quantity::Throughput, Comparison::GreaterOrEqual, 10'000));
        row("throughput >= 99% of target", figure(Quantity::Throughput, Comparison::GreaterOrEqual, 0.99, true));
        row("throughput>=99%of target", figure(Quantity::Throughput, Comparison::GreaterOrEqual, 0.99, true));
        row("error_rate < 0.1%", figure(Quantity::ErrorRate, Comparison::Less, 0.001));
        row("error_rate == 0", figure(Quantity::ErrorRate, Comparison::Equal, 0));
        row("backlog < 5000", figure(Quantity::Backlog, Comparison::Less, 5'000));
        row("drain_time <= 2s", figure(Quantity::DrainTime, Comparison::LessOrEqual, 2'000'000));
        row("lost == 0", figure(Quantity::Lost, Comparison::Equal, 0));
        row("doubled == 0", figure(Quantity::Doubled, Comparison::Equal, 0));
        row("undrained == 0", figure(Quantity::Undrained, Comparison::Equal, 0));
        row("unsent == 0", figure(Quantity::Unsent, Comparison::Equal, 0));
        row("failed == 0", figure(Quantity::Failed, Comparison::Equal, 0));
        row("in_doubt == 0", figure(Quantity::InDoubt, Comparison::Equal, 0));
        row("dead_lettered == 600", figure(Quantity::DeadLettered, Comparison::Equal, 600));
        row("duplicate > 0", figure(Quantity::Duplicate, Comparison::Greater, 0));
        row("unexpected == 0", figure(Quantity::Unexpected, Comparison::Equal, 0));
        row("reordered == 0", figure(Quantity::Reordered, Comparison::Equal, 0));
        row("foreign == 0", figure(Quantity::Foreign, Comparison::Equal, 0));
        row("abandoned < 10000", figure(Quantity::Abandoned, Comparison::Less, 10'000));
        row("recovered == 0", figure(Quantity::Recovered, Comparison::Equal, 0));
        row("shed == 0", figure(Quantity::Shed, Comparison::Equal, 0));
    }

    void reads() {
        QFETCH(QString, rule);
        QFETCH(Threshold, expected);
        expected.text = rule.trimmed().toStdString();
        const auto read = parse(rule);
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QVERIFY(*read == expected);
    }

    void refuses_data() {
        QTest::addColumn<QString>("rule");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* rule, const char* message) {
            QTest::newRow(rule) << QString::fromUtf8(rule) << QString::fromUtf8(message);
        };
        row("end_to_edn p99 < 45ms", "column 1: 'end_to_edn' is not measured; did you mean 'end_to_end'?");
        row("latency p99 < 45ms",
            "column 1: 'latency' is not measured; expected send_delay, ack, ack_uncorrected, processing, end_to_end, "
            "end_to_end_uncorrected, throughput, error_rate, backlog, drain_time, lost, doubled, undrained, unsent, "
            "failed, in_doubt, duplicate, dead_lettered, unexpected, reordered, foreign, abandoned, recovered or shed");
        row("p99 < 45ms", "column 1: 'p99' is not measured; did you mean 'end_to_end p99'?");
        row("max < 45ms", "column 1: 'max' is not measured; did you mean 'end_to_end max'?");
        row("lots == 0", "column 1: 'lots' is not measured; did you mean 'lost'?");
        row("end_to_end < 45ms", "column 12: expected a statistic (p50 to p99.99, mean or max), found '< 45ms'");
        row("end_to_end p100 < 45ms",
            "column 12: expected a statistic (p50 to p99.99, mean or max), found 'p100'; the highest value is 'max'");
        row("end_to_end p0 < 45ms", "column 12: expected a statistic (p50 to p99.99, mean or max), found 'p0'");
        row("end_to_end p99,9 < 45ms", "column 15: expected a comparison (<, <=, >, >= or ==), found ',9 < 45ms'");
        row("end_to_end median < 45ms", "column 12: expected a statistic (p50 to p99.99, mean or max), found 'median'");
        row("end_to_end{critcal} p99 < 45ms", "column 12: 'critcal' is not a tier; did you mean 'critical'?");
        row("end_to_end{critical p99 < 45ms", "column 21: expected '}' after the tier, found 'p99 < 45ms'");
        row("end_to_end p99 over 10 < 45ms",
            "column 21: '10' has no unit; add a unit: ns, us, ms, s, m or h, as in 60s");
        row("end_to_end p99 over 500ms < 45ms", "column 21: 'over' takes at least 1s, found '500ms'");
        row("throughput over 10s >= 5/s",
            "column 12: expected a comparison (<, <=, >, >= or ==), found 'over 10s >= 5/s'");
        row("end_to_end p99", "column 15: expected a comparison (<, <=, >, >= or ==), found the end");
        row("end_to_end p99 = 45ms", "column 16: expected a comparison (<, <=, >, >= or ==), found '= 45ms'");
        row("end_to_end p99 != 45ms", "column 16: expected a comparison (<, <=, >, >= or ==), found '!= 45ms'");
        row("end_to_end p99 <", "column 17: expected a value to compare with, found the end");
        row("end_to_end p99 < 45", "column 18: '45' has no unit; add a unit: ns, us, ms, s, m or h, as in 60s");
        row("end_to_end p99 < 4 5ms", "column 18: '4 5ms' is more than one value");
        row("end_to_end p99 < 45ms and lost == 0", "column 18: '45ms and lost == 0' is not a duration; write a number "
                                                   "with ns, us, ms, s, m or h, for example 60s or "
                                                   "1m30s");
        row("ack p50 < 5µs x",
            "column 11: '5µs x' is not a duration; write a number with ns, us, ms, s, m or h, for example 60s "
            "or 1m30s");
        row("throughput >= 99%", "column 15: '99%' is a share of what? write it as 99% of target");
        row("throughput >= 10000", "column 15: '10000' has no unit; add a unit: /s, /m or /h, as in 1000/s");
        row("throughput >= 101% of target", "column 15: '101% of target' is more than 100%");
        row("error_rate < 0.001", "column 14: '0.001' has no unit; add %, as in 1%");
        row("lost == 0.5", "column 9: '0.5' is not a whole number; write a count, as 0 or 500");
        row("lost == -1", "column 9: '-1' is not a whole number; write a count, as 0 or 500");
        row("duplicate <= 1%", "column 14: '1%' is not a whole number; write a count, as 0 or 500");
        row("<",
            "column 1: a rule begins with what it is about; expected send_delay, ack, ack_uncorrected, processing, "
            "end_to_end, end_to_end_uncorrected, throughput, error_rate, backlog, drain_time, lost, doubled, "
            "undrained, unsent, failed, in_doubt, duplicate, dead_lettered, unexpected, reordered, foreign, abandoned, "
            "recovered or shed");
    }

    void refuses() {
        QFETCH(QString, rule);
        const auto read = parse(rule);
        QVERIFY(!read);
        QTEST(QString::fromStdString(read.error().message), "message");
    }

    void duringIsForWhatIsKeptByPart_data() {
        QTest::addColumn<QString>("rule");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* rule, const char* message) {
            QTest::newRow(rule) << QString::fromUtf8(rule) << QString::fromUtf8(message);
        };
        row("send_delay p99 < 5ms", "");
        row("ack max < 5ms", "");
        row("end_to_end p99 over 2s < 5ms", "");
        row("throughput >= 99% of target", "");
        row("lost == 0", "'during' is not possible here: this is counted for the whole run only; it works with "
                         "send_delay, ack, end_to_end and throughput");
        row("backlog < 5", "'during' is not possible here: this is counted for the whole run only; it works with "
                           "send_delay, ack, end_to_end and throughput");
        row("processing p99 < 5ms",
            "'during' is not possible here: processing is kept for the whole run only; it works "
            "with send_delay, ack, end_to_end and throughput");
        row("ack{normal} p99 < 5ms",
            "'during' and a tier cannot be combined; a stream has one tier, so name the stream "
            "alone");
    }

    void duringIsForWhatIsKeptByPart() {
        QFETCH(QString, rule);
        const auto read = parse(rule, QStringLiteral("burst"));
        QTEST(read ? QString() : QString::fromStdString(read.error().message), "message");
    }

    void keepsWhatTheFileSaid() {
        const auto read = Threshold::parse({.rule = " ack max < 5ms ", .during = "burst", .abort = true});
        QVERIFY(read);
        QCOMPARE(read->text, std::string("ack max < 5ms"));
        QCOMPARE(read->during, std::string("burst"));
        QVERIFY(read->abort);
    }

    void anyTextGetsAnAnswer() {
        constexpr std::string_view kPieces[] = {"end_to_end", " ",    "p99", "<",         "=",    "45ms",      "{",
                                                "}",          "over", "%",   "of target", "µ",    "9",         ".",
                                                "max",        "lost", "-",   "/s",        "\xFF", "throughput"};
        std::mt19937_64 generator(5);
        for (int round = 0; round < 50'000; ++round) {
            std::string rule;
            for (auto pieces = generator() % 9; pieces > 0; --pieces) {
                rule += kPieces[generator() % std::size(kPieces)];
            }
            const auto read = Threshold::parse({.rule = rule, .during = {}, .abort = false});
            QVERIFY(read || !read.error().message.empty());
        }
    }

    void aPercentileNeedsTenValuesBeyondIt_data() {
        QTest::addColumn<double>("percentile");
        QTest::addColumn<quint64>("needed");
        QTest::newRow("p50") << 50.0 << quint64{20};
        QTest::newRow("p90") << 90.0 << quint64{100};
        QTest::newRow("p95") << 95.0 << quint64{200};
        QTest::newRow("p99") << 99.0 << quint64{1'000};
        QTest::newRow("p99.5") << 99.5 << quint64{2'000};
        QTest::newRow("p99.9") << 99.9 << quint64{10'000};
        QTest::newRow("p99.99") << 99.99 << quint64{100'000};
        QTest::newRow("p99.999") << 99.999 << quint64{1'000'000};
        QTest::newRow("p70") << 70.0 << quint64{34};
    }

    void aPercentileNeedsTenValuesBeyondIt() {
        QFETCH(double, percentile);
        QTEST(quint64{core::valuesNeeded(percentile)}, "needed");
    }

    void rulesWithOneFigureAreKnown_data() {
        QTest::addColumn<QString>("one");
        QTest::addColumn<QString>("other");
        QTest::addColumn<bool>("same");
        const auto row = [](const char* name, const char* one, const char* other, bool same) {
            QTest::newRow(name) << QString::fromLatin1(one) << QString::fromLatin1(other) << same;
        };
        row("limits do not matter", "ack p99 < 45ms", "ack p99 < 1s", true);
        row("nor does the side of the limit for the whole", "ack p99 < 45ms", "ack p99 > 45ms", true);
        row("it does for the worst window", "ack p99 over 10s < 45ms", "ack p99 over 10s > 45ms", false);
        row("of windows on one side there is one worst", "ack p99 over 10s < 45ms", "ack p99 over 10s <= 1s", true);
        row("another percentile is another figure", "ack p99 < 45ms", "ack p90 < 45ms", false);
        row("another window is another figure", "ack p99 over 10s < 45ms", "ack p99 over 20s < 45ms", false);
    }

    void rulesWithOneFigureAreKnown() {
        QFETCH(QString, one);
        QFETCH(QString, other);
        const auto read = [](const QString& rule) { return *core::Threshold::parse({rule.toStdString(), {}, false}); };
        QTEST(core::sameFigure(read(one), read(other)), "same");
        QTEST(core::sameFigure(read(other), read(one)), "same");
    }
};

TEST_CLASS(TestThreshold)
#include "tst_threshold.moc"
