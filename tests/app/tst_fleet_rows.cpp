// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/widgets/fleet_rows.h"
#include "tests/test_class.h"

#include <QAbstractItemModelTester>
#include <QLocale>
#include <QtTest>

using app::FleetColumn;

namespace {

core::FleetMember producer() {
    return {.address = "10.0.0.1:8081",
            .role = "producer",
            .version = "1.2.3",
            .silent = 0.2,
            .well = true,
            .wallOffset = 0.25,
            .clockError = 0.00004,
            .producer = {.planned = 13'000, .sent = 12'345},
            .stored = 0};
}

core::FleetMember stale() {
    core::FleetMember member = producer();
    member.well = false;
    member.silent = 4.4;
    member.words = "http://10.0.0.1:8081 did not answer within 2 s.";
    return member;
}

core::FleetMember inTrouble() {
    core::FleetMember member = producer();
    member.well = false;
    member.words = "Kafka at k:9092 cannot be reached.";
    return member;
}

core::FleetMember anew() {
    core::FleetMember member = producer();
    member.well = false;
    member.lost = true;
    member.words = "It began anew and knows nothing of the run.";
    return member;
}

core::FleetMember neverHeard() {
    return {.address = "10.0.0.9:8089"};
}

core::FleetMember consumer() {
    core::FleetMember member = producer();
    member.address = "10.0.0.3:8082";
    member.role = "consumer";
    member.producer = {};
    member.stored = 12'000;
    return member;
}

app::Cell cellOf(const core::FleetMember& member, FleetColumn::Column column) {
    return app::fleetRows({member}).front().at(column);
}

} // namespace

Q_DECLARE_METATYPE(core::FleetMember)

/// How daemons stand, in rows and in one line.
class FleetRowsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void eachStateHasItsWord_data() {
        QTest::addColumn<core::FleetMember>("member");
        QTest::addColumn<QString>("state");
        QTest::addColumn<bool>("alarm");
        QTest::addColumn<QString>("trouble");
        const auto row = [](const char* name, const core::FleetMember& member, const char* state, bool alarm) {
            QTest::newRow(name) << member << QString::fromLatin1(state) << alarm
                                << QString::fromStdString(member.words);
        };
        row("one that answers", producer(), "answers", false);
        row("one that answers and is not well", inTrouble(), "in trouble", true);
        row("one that is silent for more than three seconds", stale(), "stale, 4 s", true);
        core::FleetMember silent = anew();
        silent.silent = 61;
        row("one that began anew and is silent is stale", silent, "stale, 61 s", true);
        row("one that does not know of the run", anew(), "began anew", true);
        row("one that was never heard", neverHeard(), "no answer yet", true);
        core::FleetMember refused = neverHeard();
        refused.words = "It wants a token.";
        row("one that was never heard, for a known reason", refused, "takes no part", true);
    }
    void eachStateHasItsWord() {
        QFETCH(const core::FleetMember, member);
        QFETCH(const bool, alarm);
        QFETCH(const QString, trouble);
        const app::Cell state = cellOf(member, FleetColumn::State);
        QTEST(state.text, "state");
        QCOMPARE(state.alarm, alarm);
        QCOMPARE(state.tip, trouble);
        QCOMPARE(cellOf(member, FleetColumn::Daemon).alarm, alarm);
        QCOMPARE(cellOf(member, FleetColumn::Trouble).text, trouble);
    }

    void eachRoleHasItsCount_data() {
        QTest::addColumn<core::FleetMember>("member");
        QTest::addColumn<QString>("figures"); // role, sent, stored, clock, version
        QTest::newRow("a producer sends")
            << producer() << QString::fromUtf8("producer | 12,345 | – | 250.0 ms | 1.2.3");
        QTest::newRow("a consumer stores")
            << consumer() << QString::fromUtf8("consumer | – | 12,000 | 250.0 ms | 1.2.3");
        QTest::newRow("of one that was never heard nothing is known")
            << neverHeard() << QString::fromUtf8("– | – | – | – | –");
    }
    void eachRoleHasItsCount() {
        QFETCH(const core::FleetMember, member);
        QStringList figures;
        for (const FleetColumn::Column column :
             {FleetColumn::Role, FleetColumn::Sent, FleetColumn::Stored, FleetColumn::Clock, FleetColumn::Version}) {
            figures += cellOf(member, column).text;
        }
        QTEST(figures.join(QStringLiteral(" | ")), "figures");
    }

    void aClockThatIsRightIsNotBehind() {
        core::FleetMember member = producer();
        member.wallOffset = -0.00004;
        QCOMPARE(cellOf(member, FleetColumn::Clock).text, QStringLiteral("0.0 ms"));
        member.wallOffset = -0.0012;
        QCOMPARE(cellOf(member, FleetColumn::Clock).text, QStringLiteral("-1.2 ms"));
    }

    void aDashSaysWhy() {
        QCOMPARE(cellOf(producer(), FleetColumn::Stored).tip, QStringLiteral("Only a consumer stores."));
        QCOMPARE(cellOf(neverHeard(), FleetColumn::Stored).tip, QStringLiteral("It has not said yet what it is."));
        QCOMPARE(cellOf(neverHeard(), FleetColumn::Clock).tip,
                 QStringLiteral("Its clocks have not been compared with ours yet."));
        QVERIFY(cellOf(producer(), FleetColumn::Clock).tip.contains(QString::fromUtf8("±0.04 ms")));
    }

    void theFirstThatIsNotWellIsNamed_data() {
        QTest::addColumn<std::vector<core::FleetMember>>("members");
        QTest::addColumn<QString>("line");
        using Members = std::vector<core::FleetMember>;
        QTest::newRow("no fleet") << Members{} << QString();
        QTest::newRow("all are well") << Members{producer(), consumer()} << QString();
        QTest::newRow("what a stale one said last does not count")
            << Members{consumer(), stale()} << QStringLiteral("producer at 10.0.0.1:8081: stale, 4 s");
        QTest::newRow("one in trouble says which") << Members{inTrouble()}
                                                   << QStringLiteral("producer at 10.0.0.1:8081: Kafka at k:9092 "
                                                                     "cannot be reached.");
        QTest::newRow("one that never said what it is")
            << Members{neverHeard()} << QStringLiteral("daemon at 10.0.0.9:8089: no answer yet");
        QTest::newRow("the others are counted")
            << Members{producer(), anew(), stale(), neverHeard()}
            << QStringLiteral("producer at 10.0.0.1:8081: It began anew and knows nothing of the run., and 2 more");
    }
    void theFirstThatIsNotWellIsNamed() {
        QFETCH(const std::vector<core::FleetMember>, members);
        QTEST(app::fleetTrouble(members), "line");
    }

    void theTableIsAModel() {
        app::CellTableModel model(app::fleetColumns());
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setRows(app::fleetRows({producer(), stale()}));
        QCOMPARE(model.columnCount(), static_cast<int>(FleetColumn::Trouble) + 1);
        model.setRows(app::fleetRows({producer(), consumer(), neverHeard()}));
        QCOMPARE(model.rowCount(), 3);
        model.setRows({});
    }
};

TEST_CLASS(FleetRowsTest)
#include "tst_fleet_rows.moc"
