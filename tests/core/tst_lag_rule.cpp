// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/monitor/lag_rule.h"
#include "tests/test_class.h"

#include <QTest>

using namespace std::chrono_literals;
using core::ClusterView;
using core::Instant;
using core::LagRule;
using core::LagRuleWatch;
using core::RuleStatus;
using core::Threshold;

namespace {

core::ClusterView viewAt(int second, std::optional<std::uint64_t> events, std::optional<double> seconds,
                         const std::string& group = "billing") {
    ClusterView view;
    view.at = Instant(std::chrono::seconds(second));
    view.groups.push_back({.name = group, .events = events, .seconds = seconds, .at = view.at});
    return view;
}

LagRuleWatch watchOf(const char* text) {
    auto rule = LagRule::parse(text);
    Q_ASSERT(rule);
    return LagRuleWatch(*rule);
}

} // namespace

/// Rules for the lag of consumer groups: how they are read, and how they are followed.
class TestLagRule : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsWhatTheGrammarSays_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("seconds");
        QTest::addColumn<QString>("group");
        QTest::addColumn<double>("overSeconds");
        QTest::addColumn<double>("limit");
        QTest::newRow("events of a group") << "lag{billing} < 1000" << false << "billing" << 0.0 << 1000.0;
        QTest::newRow("dots and dashes") << "lag{log-consumer.v2_b} <= 0" << false << "log-consumer.v2_b" << 0.0 << 0.0;
        QTest::newRow("every group") << "lag < 500" << false << "" << 0.0 << 500.0;
        QTest::newRow("seconds") << "lag_s{billing} < 1500ms" << true << "billing" << 0.0 << 1.5;
        QTest::newRow("a percentile over a minute") << "lag_s{a} p99 over 60s < 5s" << true << "a" << 60.0 << 5.0;
        QTest::newRow("the maximum over ten seconds") << "lag{a} max over 10s < 7" << false << "a" << 10.0 << 7.0;
        QTest::newRow("white space is free") << " lag { a b }  <  7 " << false << "a b" << 0.0 << 7.0;
        QTest::newRow("a brace in a name") << "lag{a}b} < 7" << false << "a}b" << 0.0 << 7.0;
    }
    void readsWhatTheGrammarSays() {
        QFETCH(QString, text);
        QFETCH(bool, seconds);
        QFETCH(QString, group);
        QFETCH(double, overSeconds);
        QFETCH(double, limit);
        const auto rule = LagRule::parse(text.toStdString());
        QVERIFY2(rule, rule ? "" : rule.error().text().c_str());
        QCOMPARE(rule->quantity == LagRule::Quantity::Seconds, seconds);
        QCOMPARE(QString::fromStdString(rule->group), group);
        QCOMPARE(core::secondsOf(rule->over), overSeconds);
        QCOMPARE(rule->limit, limit);
        QCOMPARE(QString::fromStdString(rule->text), text.trimmed());
    }
    void refusesTheRestWithItsColumn_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("error");
        const auto row = [](const char* name, const char* text, const char* error) {
            QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(error);
        };
        row("nothing", "", "column 1: a rule begins with what it is about; expected lag or lag_s");
        row("a run's rule", "end_to_end p99 < 45ms",
            "column 1: 'end_to_end' is not watched by a monitor; expected lag or lag_s");
        row("a slip", "lags < 5", "column 1: 'lags' is not watched by a monitor; did you mean 'lag'?");
        row("an open brace", "lag{a < 5", "column 5: expected '}' after the group's name, found 'a < 5'");
        row("no name", "lag{} < 5", "column 5: expected a group's name, found '} < 5'");
        row("a statistic alone", "lag_s{a} p99 < 5s",
            "column 14: expected 'over' and a duration after the statistic, as in 'p99 over 60s'");
        row("a day", "lag_s{a} p99 over 2h < 5s", "column 19: 'over' takes at most 1h here");
        row("no comparison", "lag{a} 5", "column 8: expected a statistic (p50 to p99.99, mean or max), found '5'");
        row("a duration of events", "lag{a} < 5s", "column 10: '5s' is not a whole number; write a count, as 0 or 500");
        row("no value", "lag{a} <", "column 9: expected a value to compare with, found the end");
    }
    void refusesTheRestWithItsColumn() {
        QFETCH(QString, text);
        QFETCH(QString, error);
        const auto rule = LagRule::parse(text.toStdString());
        QVERIFY(!rule);
        QCOMPARE(QString::fromStdString(rule.error().text()), error);
    }
    void aScenarioSaysWhereALagRuleBelongs() {
        const auto rule = Threshold::parse({"lag{billing} < 1000", "", false});
        QVERIFY(!rule);
        QCOMPARE(rule.error().text(), std::string("column 1: 'lag' is watched by 'millraced monitor' alone; in a run, "
                                                  "'backlog' is what waits to be stored"));
        QVERIFY(!Threshold::parse({"lag_s < 5s", "", false}));
    }

    void breaksAndHoldsAgain() {
        auto watch = watchOf("lag{billing} < 100");
        watch.look(viewAt(1, 50, 0.1));
        QCOMPARE(watch.outcome().status, RuleStatus::Passed);
        watch.look(viewAt(2, 150, 0.1));
        watch.look(viewAt(3, 250, 0.1));
        QCOMPARE(watch.outcome().status, RuleStatus::Failed);
        QCOMPARE(watch.outcome().brokenSince.value(), Instant(2s));
        QCOMPARE(watch.outcome().group, std::string("billing"));
        watch.look(viewAt(4, 99, 0.1));
        QCOMPARE(watch.outcome().status, RuleStatus::Passed);
        QVERIFY(!watch.outcome().brokenSince);
        QVERIFY(watch.outcome().wasBroken);
        QCOMPARE(watch.outcome().worst.value(), 250.0);
    }
    void speaksOfTheWorstGroup() {
        auto watch = watchOf("lag < 100");
        auto view = viewAt(1, 50, 0.1);
        view.groups.push_back({.name = "other", .events = 70, .seconds = 0.1, .at = view.at});
        watch.look(view);
        QCOMPARE(watch.outcome().group, std::string("other"));
        QCOMPARE(watch.outcome().value.value(), 70.0);
    }
    void waitsUntilItsTimeHasPassed() {
        auto watch = watchOf("lag_s{billing} p99 over 10s < 5s");
        for (int i = 0; i < 9; ++i) {
            watch.look(viewAt(i, 1, i == 3 ? 7.0 : 1.0));
            if (i < 8) {
                QCOMPARE(watch.outcome().status, RuleStatus::NotEvaluated);
            }
        }
        watch.look(viewAt(9, 1, 1.0));
        QCOMPARE(watch.outcome().status, RuleStatus::Failed); // of ten values the p99 is the highest
        QCOMPARE(watch.outcome().value.value(), 7.0);
        for (int i = 10; i < 16; ++i) {
            watch.look(viewAt(i, 1, 1.0));
        }
        QCOMPARE(watch.outcome().status, RuleStatus::Passed); // the peak has left the window
    }
    void atTheEndAShorterTimeCounts() {
        auto watch = watchOf("lag{billing} mean over 60s < 100");
        watch.look(viewAt(1, 50, 0.1));
        watch.look(viewAt(2, 70, 0.1));
        QCOMPARE(watch.outcome().status, RuleStatus::NotEvaluated);
        watch.finish();
        QCOMPARE(watch.outcome().status, RuleStatus::Passed);
        QCOMPARE(watch.outcome().value.value(), 60.0);
    }
    void saysWhyThereIsNoFigure() {
        auto watch = watchOf("lag{billing} < 100");
        watch.look(viewAt(1, 50, 0.1, "other"));
        QCOMPARE(watch.outcome().status, RuleStatus::NotEvaluated);
        QCOMPARE(watch.outcome().reason, std::string("there is no group billing"));
        watch.look(viewAt(2, std::nullopt, std::nullopt));
        QCOMPARE(watch.outcome().reason, std::string("the lag of group billing is not known yet"));
        watch.miss("Kafka does not answer.");
        QCOMPARE(watch.outcome().reason, std::string("Kafka does not answer."));
        watch.finish();
        QCOMPARE(watch.outcome().status, RuleStatus::NotEvaluated);
    }
    void figuresHaveTheirUnit() {
        QCOMPARE(core::figureText(*LagRule::parse("lag < 5"), 1'234.0), std::string("1,234 events"));
        QCOMPARE(core::figureText(*LagRule::parse("lag_s < 5s"), 4.2), std::string("4.2 s"));
        QCOMPARE(core::figureText(*LagRule::parse("lag_s < 5s"), std::nullopt), std::string());
    }
};

TEST_CLASS(TestLagRule)
#include "tst_lag_rule.moc"
