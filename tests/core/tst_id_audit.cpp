// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/run_audit.h"
#include "core/measure/id_audit.h"
#include "core/measure/sequence_text.h"
#include "tests/test_class.h"

#include <QtTest>
#include <random>

using namespace std::chrono_literals;
using core::IdAudit;

namespace {

const core::WallTime kDue(std::chrono::hours(490'000)); // in 2025

core::EventId idOf(std::uint32_t tag, std::uint8_t stream, std::uint64_t sequence) {
    return core::EventId::compose(
        {kDue + std::chrono::milliseconds(static_cast<std::int64_t>(sequence % 100'000)), tag, stream, sequence});
}

/// Rows of a stream, stored 5 ms after they were due.
void addRows(IdAudit& audit, std::uint32_t tag, std::uint64_t from, std::uint64_t until) {
    for (std::uint64_t i = from; i < until; ++i) {
        const core::EventId id = idOf(tag, 0, i);
        audit.add(id, id.parts()->due + 5ms);
    }
}

core::SequenceSet range(std::uint64_t from, std::uint64_t until) {
    core::SequenceSet set;
    set.insertRange(from, until);
    return set;
}

core::KnownRun knownRun(std::uint32_t tag, core::SequenceSet acked) {
    return {.id = "0192", .name = "baseline", .runTag = tag, .acked = std::vector<core::SequenceSet>{std::move(acked)}};
}

} // namespace

class TestIdAudit : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aTextOfSequenceNumbersComesBack_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qulonglong>("members");
        QTest::newRow("none") << "" << 0ULL;
        QTest::newRow("one") << "7" << 1ULL;
        QTest::newRow("a run") << "0-59999" << 60'000ULL;
        QTest::newRow("pieces") << "0-9,11,13-14" << 13ULL;
    }
    void aTextOfSequenceNumbersComesBack() {
        QFETCH(QString, text);
        QFETCH(qulonglong, members);
        const auto set = core::sequenceSetOf(text.toStdString());
        QVERIFY(set);
        QCOMPARE(set->size(), members);
        QCOMPARE(QString::fromStdString(core::sequenceText(set->intervals())), text);
    }

    void whatIsNoSuchTextIsRefused_data() {
        QTest::addColumn<QString>("text");
        for (const char* wrong : {"x", "5-", "-5", "9-5", "1,,2", "1,", "1 2", "99999999999999999999"}) {
            QTest::newRow(wrong) << wrong;
        }
    }
    void whatIsNoSuchTextIsRefused() {
        QFETCH(QString, text);
        QVERIFY(!core::sequenceSetOf(text.toStdString()));
    }

    void eachRunIsCountedByItself() {
        IdAudit audit({});
        addRows(audit, 1, 0, 10'000);
        addRows(audit, 2, 0, 500);
        addRows(audit, 1, 17, 22); // once more
        audit.add(std::nullopt, std::nullopt);
        const auto found = audit.finish();
        QCOMPARE(found.rows, 10'506U);
        QCOMPARE(found.foreign, 1U);
        QCOMPARE(found.runs.size(), 2U);
        QCOMPARE(found.runs[0].stored(), 10'000U);
        QCOMPARE(found.runs[0].doubled(), 5U);
        QCOMPARE(found.runs[0].gaps(), 0U);
        QCOMPARE(found.runs[0].latency.count(), 10'005U);
        QVERIFY(found.runs[0].latency.percentile(50).value() >= 4'990);
        QVERIFY(found.runs[0].latency.max().value() <= 5'010);
        QCOMPARE(found.runs[1].runTag, 2U);
        QCOMPARE(found.runs[1].latency.count(), 500U); // too few for a histogram until the end
    }

    void rowsInAnyOrderAreTheSame() {
        std::vector<std::uint64_t> order(200'000);
        for (std::uint64_t i = 0; i < order.size(); ++i) {
            order[i] = i;
        }
        std::shuffle(order.begin(), order.end(), std::mt19937(7));
        IdAudit audit({.mostRows = 200'000});
        for (const std::uint64_t each : order) {
            if (each % 1'000 != 3) { // 200 are missing
                audit.add(idOf(9, 4, each), std::nullopt);
            }
        }
        const auto found = audit.finish();
        QCOMPARE(found.runs.size(), 1U);
        QCOMPARE(found.runs[0].stored(), 199'800U);
        QCOMPARE(found.runs[0].gaps(), 200U);
        QCOMPARE(found.runs[0].withoutTime, 199'800U);
    }

    void anotherProgramsIdsAreForeign() {
        std::mt19937_64 random(7);
        IdAudit audit({.mostRows = 300'000});
        addRows(audit, 5, 0, 100'000);
        for (int i = 0; i < 200'000; ++i) { // version 7 as anybody makes them
            core::EventId id = idOf(0, 0, 0);
            for (std::size_t byte = 8; byte < 16; ++byte) {
                id.bytes[byte] = static_cast<std::uint8_t>(random());
            }
            id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3fU) | 0x80U);
            audit.add(id, std::nullopt);
        }
        const auto found = audit.finish();
        QCOMPARE(found.runs.size(), 1U);
        QCOMPARE(found.runs[0].stored(), 100'000U);
        QCOMPARE(found.foreign, 200'000U);
    }

    void aStrayIdOfTheSameStreamDoesNotSpoilIt() {
        IdAudit audit({});
        addRows(audit, 5, 0, 1'000);
        audit.add(idOf(5, 0, 50'000'000'000), std::nullopt);
        const auto found = audit.finish();
        QCOMPARE(found.runs[0].stored(), 1'000U);
        QCOMPARE(found.runs[0].gaps(), 0U);
        QCOMPARE(found.foreign, 1U);
    }

    void memoryStaysBoundedWhateverComes() {
        IdAudit audit({.mostMemory = 8U << 20U});
        addRows(audit, 5, 0, 300'000);
        std::mt19937_64 random(7);
        constexpr std::uint64_t kStrangers = 700'000; // some 400 bytes each
        for (std::uint64_t i = 0; i < kStrangers; ++i) {
            audit.add(idOf(static_cast<std::uint32_t>(random() % core::EventId::kRunTags), static_cast<std::uint8_t>(i),
                           random() % core::EventId::kSequences),
                      std::nullopt);
        }
        const auto found = audit.finish();
        QCOMPARE(found.rows, 300'000U + kStrangers);
        QCOMPARE(found.foreign, kStrangers);
        QCOMPARE(found.runs.size(), 1U);
        QCOMPARE(found.runs[0].stored(), 300'000U);
        QVERIFY(found.runs[0].complete);
    }

    void onlyTheRunThatIsAskedForIsKept() {
        IdAudit audit({.onlyTag = 2, .used = {100}});
        addRows(audit, 1, 0, 50);
        addRows(audit, 2, 0, 50);
        audit.add(idOf(2, 0, 100), std::nullopt); // the stream has never come to it
        audit.add(idOf(2, 1, 0), std::nullopt);   // nor had it such a stream
        const auto found = audit.finish();
        QCOMPARE(found.otherRuns, 50U);
        QCOMPARE(found.foreign, 2U);
        QCOMPARE(found.runs.size(), 1U);
        QCOMPARE(found.runs[0].stored(), 50U);
    }

    void rowsFromBeforeTheirDueTimeAreCountedApart() {
        IdAudit audit({});
        audit.add(idOf(1, 0, 0), kDue - 1ms);
        audit.add(idOf(1, 0, 1), kDue + 3ms);
        const auto found = audit.finish();
        QCOMPARE(found.runs[0].negative, 1U);
        QCOMPARE(found.runs[0].latency.count(), 1U);
    }

    void whatWasAckedAndIsInNoRowIsLost() {
        IdAudit audit({});
        addRows(audit, 5, 0, 90);
        addRows(audit, 5, 100, 200);
        core::KnownRun known = knownRun(5, range(0, 200));
        known.streams = {"steady"};
        const auto report = core::judgeAudit(audit.finish(), {known}, {});
        QCOMPARE(report.runs[0].acked, 200U);
        QCOMPARE(report.runs[0].lost, 10U);
        QCOMPARE(report.runs[0].examples.front(), std::string("steady 90"));
        QCOMPARE(static_cast<int>(report.exit()), 4);
        QCOMPARE(report.summary(), std::string("Failed: baseline (0192): 10 of 200 acknowledged events are in no row"));
    }

    void deadLettersAreNotLost() {
        IdAudit audit({});
        addRows(audit, 5, 0, 195);
        core::KnownRun known = knownRun(5, range(0, 200));
        known.deadLettered = 5;
        const auto report = core::judgeAudit(audit.finish(), {known}, {});
        QCOMPARE(report.runs[0].lost, 0U);
        QCOMPARE(report.runs[0].deadLettered, 5U);
        QCOMPARE(static_cast<int>(report.exit()), 0);
    }

    void whatWasNeverAckedIsNotLost() {
        IdAudit audit({});
        addRows(audit, 5, 0, 100);
        const auto report = core::judgeAudit(audit.finish(), {knownRun(5, range(0, 60))}, {});
        QCOMPARE(report.runs[0].lost, 0U);
        QCOMPARE(report.runs[0].unacknowledged, 40U);
        QCOMPARE(static_cast<int>(report.exit()), 0);
    }

    void gapsAreNotCalledLostWhereNobodyKnowsWhatWasAcked() {
        IdAudit audit({});
        addRows(audit, 5, 0, 90);
        addRows(audit, 5, 100, 200);
        const auto report = core::judgeAudit(audit.finish(), {}, {});
        QCOMPARE(report.runs[0].lost, 0U);
        QCOMPARE(report.runs[0].found.gaps(), 10U);
        QCOMPARE(static_cast<int>(report.exit()), 3);
        QVERIFY(report.summary().find("10 sequence numbers missing between the first and the last seen") !=
                std::string::npos);
    }

    void ofARunWithoutARowAllIsLost() {
        IdAudit audit({.onlyTag = 5});
        const auto report = core::judgeAudit(audit.finish(), {knownRun(5, range(0, 7))}, 5);
        QCOMPARE(report.runs[0].lost, 7U);
        QCOMPARE(static_cast<int>(report.exit()), 4);
    }

    void aTableWithoutEventsHasNothingToJudge() {
        IdAudit audit({});
        audit.add(std::nullopt, std::nullopt);
        const auto report = core::judgeAudit(audit.finish(), {}, {});
        QCOMPARE(static_cast<int>(report.exit()), 3);
    }

    void aResultTellsWhatWasAcked() {
        core::RunResult result;
        result.id = "0192";
        result.runTag = 5;
        result.acked = {"0-9,12", ""};
        const auto read = core::resultFromJson(core::toJson(result, false), "result.json");
        QVERIFY2(bool(read), read ? "" : read.error().message.c_str());
        const core::KnownRun known = core::knownRunOf(*read);
        QVERIFY(known.acked);
        QCOMPARE(known.acked->size(), 2U);
        QCOMPARE(known.acked->front().size(), 11U);
        result.acked.clear();
        QVERIFY(!core::knownRunOf(result).acked);
        QVERIFY(!core::knownRunOf(result).whyNot.empty());
    }
};

TEST_CLASS(TestIdAudit)
#include "tst_id_audit.moc"
