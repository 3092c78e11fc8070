// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/id_account.h"
#include "tests/test_class.h"

#include <QTest>

using core::Delivery;
using core::IdAccount;
using core::IdCounts;

namespace {

constexpr int kLost = 0;
constexpr int kDoubled = 1;
constexpr int kRecovered = 2;
constexpr int kUnexpected = 3;
constexpr int kMissing = 4;

/// What happens to event 7, a letter each: A acked, F failed, D in doubt, S stored, X dead-lettered, R repeated and
/// taken for a duplicate.
IdCounts close(const QByteArray& story) {
    IdAccount account;
    for (const char step : story) {
        switch (step) {
        case 'A':
            account.delivered(7, Delivery::Acked);
            break;
        case 'F':
            account.delivered(7, Delivery::Failed);
            break;
        case 'D':
            account.delivered(7, Delivery::InDoubt);
            break;
        case 'S':
            account.stored(7);
            break;
        case 'X':
            account.deadLettered(7);
            break;
        default:
            account.duplicate(7);
        }
    }
    return account.close();
}

} // namespace

class TestIdAccount : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void closes_data() {
        QTest::addColumn<QByteArray>("story");
        QTest::addColumn<QList<int>>("counts"); // lost, doubled, recovered, unexpected, missing
        const auto row = [](const char* name, const char* story, const QList<int>& counts) {
            QTest::newRow(name) << QByteArray(story) << counts;
        };
        row("acked and stored is as it should be", "AS", {0, 0, 0, 0, 0});
        row("stored before its report is as good", "SA", {0, 0, 0, 0, 0});
        row("acked and dead-lettered is accounted for", "AX", {0, 0, 0, 0, 0});
        row("acked and nothing else is lost", "A", {1, 0, 0, 0, 0});
        row("taken for a duplicate and never stored is lost", "AR", {1, 0, 0, 0, 0});
        row("stored, and repeated, is as it should be", "ASR", {0, 0, 0, 0, 0});
        row("stored twice is doubled", "ASS", {0, 1, 0, 0, 0});
        row("stored three times is doubled twice", "ASSS", {0, 2, 0, 0, 0});
        row("failed and not stored is as it should be", "F", {0, 0, 0, 0, 0});
        row("failed and stored is unexpected", "FS", {0, 0, 0, 1, 0});
        row("in doubt and not stored is missing", "D", {0, 0, 0, 0, 1});
        row("in doubt and stored is recovered", "DS", {0, 0, 1, 0, 0});
        row("a copy failed, the other was acked and stored", "FAS", {0, 0, 0, 0, 0});
        row("a copy failed, the other is in doubt and stored", "FDS", {0, 0, 1, 0, 0});
        row("a copy is in doubt, the other was acked and stored", "DAS", {0, 0, 0, 0, 0});
        row("a readable copy stored, an unreadable one dead-lettered", "AASX", {0, 0, 0, 0, 0});
        row("an acked copy, and neither was stored, is one lost", "AAD", {1, 0, 0, 0, 0});
        row("stored and never sent is none of these", "S", {0, 0, 0, 0, 0});
    }

    void closes() {
        QFETCH(QByteArray, story);
        QFETCH(QList<int>, counts);
        const IdCounts expected{.lost = static_cast<std::uint64_t>(counts[kLost]),
                                .doubled = static_cast<std::uint64_t>(counts[kDoubled]),
                                .recovered = static_cast<std::uint64_t>(counts[kRecovered]),
                                .missing = static_cast<std::uint64_t>(counts[kMissing]),
                                .unexpected = static_cast<std::uint64_t>(counts[kUnexpected])};
        QVERIFY(close(story) == expected);
    }

    void countsEachIdOfARun() {
        IdAccount account;
        for (std::uint64_t id = 0; id < 300'000; ++id) {
            account.delivered(id, id % 1'000 == 1   ? Delivery::Failed
                                  : id % 1'000 == 2 ? Delivery::InDoubt
                                                    : Delivery::Acked);
            if (id % 10'000 == 77) {
                continue; // lost
            }
            if (id % 1'000 == 5) {
                account.deadLettered(id);
            } else if (id % 1'000 != 1 || id % 100'000 == 1) {
                account.stored(id);
            }
        }
        const auto counts = account.close();
        QCOMPARE(counts.lost, 30U);
        QCOMPARE(counts.recovered, 300U);
        QCOMPARE(counts.unexpected, 3U);
        QCOMPARE(counts.doubled, 0U);
        QVERIFY(account.lostSequences(3) == (std::vector<std::uint64_t>{77, 10'077, 20'077}));
        QVERIFY(account.lostSequences(1'000).size() == 30);
    }

    void memoryStaysWhereItIs() {
        IdAccount account;
        const auto run = [&account](std::uint64_t from, std::uint64_t until) {
            for (auto id = from; id < until; ++id) {
                account.delivered(id, Delivery::Acked);
                account.stored(id);
            }
        };
        run(0, 1'000'000);
        const auto early = account.memory();
        run(1'000'000, 20'000'000);
        QVERIFY2(account.memory() <= early + 10'000, qPrintable(QString::number(account.memory())));
    }
};

TEST_CLASS(TestIdAccount)
#include "tst_id_account.moc"
