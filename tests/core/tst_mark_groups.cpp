// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/mark_groups.h"
#include "tests/test_class.h"

#include <QTest>

using core::Mark;
using core::MarkKind;
using core::PartitionChange;

namespace {

Mark rebalance(double seconds, const char* consumer, PartitionChange change, std::size_t partitions) {
    return {
        .seconds = seconds, .kind = MarkKind::Rebalance, .name = consumer, .change = change, .partitions = partitions};
}

} // namespace

/// How a time line's rebalances are told.
class TestMarkGroups : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void rebalancesAreOneMark_data() {
        using enum PartitionChange;
        QTest::addColumn<std::vector<Mark>>("timeline");
        QTest::addColumn<QString>("told");
        const auto row = [](const char* rule, const std::vector<Mark>& timeline, const char* told) {
            QTest::newRow(rule) << timeline << QString::fromLatin1(told);
        };
        row("of several consumers", {rebalance(1, "a", Assigned, 2), rebalance(1.5, "b", Assigned, 4)},
            "1 2 consumers took over 6 partitions");
        row("of one that is named", {rebalance(1, "a", Assigned, 1)}, "1 a: took over 1 partition");
        row("of one without a name", {rebalance(1, "", Assigned, 1)}, "1 1 consumer took over 1 partition");
        row("of one that was dealt several times: what it had at last",
            {rebalance(1, "a", Assigned, 3), rebalance(1.5, "b", Assigned, 1), rebalance(2, "a", Assigned, 2)},
            "1 2 consumers took over 3 partitions");
        row("what comes before the first event is apart",
            {rebalance(-0.3, "a", Assigned, 2), rebalance(4.6, "a", Assigned, 1)},
            "-0.3 a: took over 2 partitions|4.6 a: took over 1 partition");
        row("what was given up is not what was taken",
            {rebalance(1, "a", Revoked, 2), rebalance(1.1, "a", Assigned, 1), rebalance(1.2, "b", Assigned, 1),
             rebalance(1.3, "b", Lost, 3)},
            "1 a: released 2 partitions|1.1 2 consumers took over 2 partitions|1.3 b: lost 3 partitions");
        row("one much later is another", {rebalance(1, "a", Assigned, 2), rebalance(6.5, "a", Assigned, 2)},
            "1 a: took over 2 partitions|6.5 a: took over 2 partitions");
        row("what happens between them stays in its place",
            {rebalance(1, "a", Assigned, 2),
             {.seconds = 1.2, .kind = MarkKind::Pause},
             rebalance(1.5, "b", Assigned, 2)},
            "1 2 consumers took over 4 partitions|1.2 paused");
        row("a sentence of older files is left as it is",
            {{.seconds = 1, .kind = MarkKind::Rebalance, .detail = "A consumer lost 2"}}, "1 A consumer lost 2");
    }

    void rebalancesAreOneMark() {
        QFETCH(std::vector<Mark>, timeline);
        QStringList told;
        for (const Mark& mark : core::rebalancesTogether(timeline)) {
            told += QStringLiteral("%1 %2").arg(mark.seconds).arg(QString::fromStdString(core::textOf(mark)));
        }
        QTEST(told.join(QLatin1Char('|')), "told");
    }
};

TEST_CLASS(TestMarkGroups)
#include "tst_mark_groups.moc"
