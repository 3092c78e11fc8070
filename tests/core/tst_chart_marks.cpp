// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/chart/chart_marks.h"
#include "tests/test_class.h"

#include <QTest>

using core::Mark;
using core::MarkKind;

namespace {

QString labels(const std::vector<core::ChartMark>& marks) {
    QStringList all;
    for (const core::ChartMark& mark : marks) {
        all += QStringLiteral("%1 %2").arg(mark.x).arg(QString::fromStdString(mark.text));
    }
    return all.join(QLatin1Char('|'));
}

/// As wide as it has letters.
double letters(const std::string& label) {
    return static_cast<double>(label.size());
}

} // namespace

/// What charts say about the marks of a time line, and where.
class TestChartMarks : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aMarksLabel_data() {
        QTest::addColumn<Mark>("mark");
        QTest::addColumn<QString>("label");
        const auto row = [](const char* rule, const Mark& mark, const char* label) {
            QTest::newRow(rule) << mark << QString::fromLatin1(label);
        };
        row("a phase is its name", {.kind = MarkKind::Phase, .phase = core::Phase::Warmup}, "warm-up");
        row("what was asked for goes with its figures",
            {.kind = MarkKind::Burst, .rate = {10'000}, .duration = std::chrono::seconds(10)},
            "burst: 10,000/s for 10 s");
        row("a rate names its stream", {.kind = MarkKind::Rate, .name = "baseline", .rate = {500}},
            "rate: baseline set to 500/s");
        row("a pause is one word", {.kind = MarkKind::Pause}, "pause");
        row("a broken rule is named", {.kind = MarkKind::Rule, .name = "lost == 0"}, "rule broken: lost == 0");
        row("a fault's sentence is left to the time line", {.kind = MarkKind::Fault, .detail = "connection refused"},
            "fault");
        row("a kind of later versions says what it has", {.kind = MarkKind::Message, .detail = "new"}, "new");
    }

    void aMarksLabel() {
        QFETCH(Mark, mark);
        QTEST(QString::fromStdString(labelOf(mark)), "label");
    }

    void itsWordsAreTranslatedAndItsFiguresStay() {
        const core::MarkWord word = [](std::string_view text) { return "<" + std::string(text) + ">"; };
        QCOMPARE(core::labelOf({.kind = MarkKind::Phase, .phase = core::Phase::Drain}, word), std::string("<drain>"));
        QCOMPARE(core::labelOf({.kind = MarkKind::Rate, .rate = {500}}, word),
                 std::string("<rate>: total rate set to 500/s"));
    }

    void aTimeLinesMarksAreInOrderWithoutTheFirstRebalance() {
        const std::vector<Mark> timeline{{.seconds = 9, .kind = MarkKind::Fault},
                                         {.seconds = -1, .kind = MarkKind::Phase, .phase = core::Phase::Preparing},
                                         {.seconds = 0, .kind = MarkKind::Rebalance},
                                         {.seconds = 5, .kind = MarkKind::Rate, .rate = {123'456}}};
        const auto marks = core::chartMarks(timeline);
        QCOMPARE(labels(marks), QStringLiteral("0 preparing|5 rate: total rate set to 123,456/s|9 fault"));
        QCOMPARE(marks[1].role, core::SeriesRole::Mark);
        QCOMPARE(marks[2].role, core::SeriesRole::Fault);
    }

    void aLongLabelKeepsItsFigures_data() {
        QTest::addColumn<Mark>("mark");
        QTest::addColumn<QString>("label");
        const auto row = [](const char* rule, const Mark& mark, const char* label) {
            QTest::newRow(rule) << mark << QString::fromUtf8(label);
        };
        const std::string name = "service-01-checkout-and-payment";
        row("a rate's", {.seconds = 1, .kind = MarkKind::Rate, .name = name, .rate = {1'250}},
            "1 rate: service-01-chec… set to 1,250/s");
        row("a rule's", {.seconds = 1, .kind = MarkKind::Rule, .name = "end_to_end{critical} p99 over 10s < 45ms"},
            "1 rule broken: end_to_end{crit… p99 over 10s < 45ms");
        row("a rule's without blanks", {.seconds = 1, .kind = MarkKind::Rule, .name = "end_to_end p99<45ms"},
            "1 rule broken: end_to_end p99 <45ms");
        row("a rule's percentile", {.seconds = 1, .kind = MarkKind::Rule, .name = "end_to_end p99.99 < 45ms"},
            "1 rule broken: end_to_end p99.99 < 45ms");
        row("a rule's percentile behind a tier",
            {.seconds = 1, .kind = MarkKind::Rule, .name = "end_to_end{critical}p99.9<45ms"},
            "1 rule broken: end_to_end{crit…p99.9 <45ms");
        row("a warning needs no more than its kind", {.seconds = 1, .kind = MarkKind::Warning, .detail = name},
            "1 warning");
        row("a message is cut", {.seconds = 1, .detail = name + " " + name}, "1 service-01-checkout-and-payment ser…");
    }

    void aLongLabelKeepsItsFigures() {
        QFETCH(Mark, mark);
        QTEST(labels(core::chartMarks(std::vector<Mark>{mark})), "label");
    }

    void rebalancesAreOneMinorMark() {
        std::vector<Mark> timeline;
        for (const char* const consumer : {"normal-1", "normal-2", "normal-3"}) {
            timeline.push_back({.seconds = 23, .kind = MarkKind::Rebalance, .name = consumer, .partitions = 2});
        }
        timeline.push_back({.seconds = 23, .kind = MarkKind::Phase, .phase = core::Phase::Drain});
        const auto marks = core::chartMarks(timeline);
        QCOMPARE(labels(marks), QStringLiteral("23 3 consumers took over 6 partitions|23 drain"));
        QVERIFY(marks[0].minor);
        QVERIFY(!marks[1].minor);
    }

    void whatIsTakenOverDuringTheRunIsSeen() {
        std::vector<Mark> timeline;
        for (const double seconds : {-0.3, 4.6}) {
            timeline.push_back({.seconds = seconds, .kind = MarkKind::Rebalance, .name = "a", .partitions = 2});
        }
        QCOMPARE(labels(core::chartMarks(timeline)), QStringLiteral("4.6 a: took over 2 partitions"));
    }

    void whatIsMinorTakesTheRoomThatIsLeft() {
        constexpr auto kMark = core::SeriesRole::Mark;
        const std::vector<core::ChartMark> marks{{10, "aaaa", kMark, true},
                                                 {10.5, "bbbb", kMark, true},
                                                 {11, "cccc"},
                                                 {12, "dddd"},
                                                 {13, "eeee", kMark, true}};
        QStringList rows;
        for (const core::PlacedMark& at : placed(marks, {0, 100}, 0, 100, letters)) {
            rows += QStringLiteral("%1 %2").arg(QString::fromStdString(at.mark.text)).arg(at.row ? int(*at.row) : -1);
        }
        QCOMPARE(rows.join(QLatin1Char('|')), QStringLiteral("aaaa 2|bbbb -1|cccc 0|dddd 1|eeee -1"));
    }

    void theirLabelsDoNotTouch() {
        const std::vector<core::ChartMark> marks{{10, "aaaaaaaa"}, {10.5, "aaaaaaaa"}, {12, "bbbb"}, {13, "cccc"},
                                                 {14, "dddd"},     {30, ""},           {98, "eeee"}, {101, "ffff"}};
        QStringList places;
        for (const core::PlacedMark& at : placed(marks, {0, 100}, 0, 100, letters)) {
            places += QStringLiteral("%1 %2 %3").arg(at.x).arg(at.labelAt).arg(at.row ? int(*at.row) : -1);
        }
        // The second says the same at the same place; the fourth row of labels does not exist; the last is outside.
        QCOMPARE(places.join(QLatin1Char('|')), QStringLiteral("10 10 0|12 12 1|13 13 2|14 14 -1|30 30 -1|98 94 0"));
    }
};

TEST_CLASS(TestChartMarks)
#include "tst_chart_marks.moc"
