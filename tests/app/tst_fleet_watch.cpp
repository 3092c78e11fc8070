// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/bridge/fleet_watch.h"
#include "tests/app/event_loop_gaps.h"
#include "tests/app/quiet_port.h"
#include "tests/test_class.h"

#include <QElapsedTimer>
#include <QtTest>

/// Daemons that are watched and do not exist.
class FleetWatchTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void addressesThatRefuseAreRowsWithAReason() {
        const QuietPort first(QuietPort::Kind::Closed);
        const QuietPort second(QuietPort::Kind::Closed);
        Watched watched({first.server(), second.server()});
        const EventLoopGaps gaps;
        QTRY_VERIFY_WITH_TIMEOUT(watched.members.size() == 2 && !watched.members[0].words.empty() &&
                                     !watched.members[1].words.empty(),
                                 kPatienceMs);
        for (const core::FleetMember& each : watched.members) {
            QVERIFY(each.address == first.server() || each.address == second.server());
            QVERIFY(!each.well && each.silent < 0 && each.role.empty() && each.version.empty());
            QVERIFY2(each.words.find("efused") != std::string::npos, each.words.c_str());
        }
        verifyCalm(gaps);
    }

    void whoeverSaysNothingHoldsUpNobody() {
        const QuietPort port(QuietPort::Kind::BlackHole);
        const EventLoopGaps gaps;
        Watched watched({port.server()});
        QTRY_VERIFY_WITH_TIMEOUT(watched.members.size() == 1 && !watched.members[0].words.empty(), kPatienceMs);
        watched.watch.start({.daemons = {port.server(), port.server() + "0"}, .access = {}}); // others instead
        watched.watch.stop();
        watched.watch.stop(); // nothing to stop
        verifyCalm(gaps);
    }

    void whatWasStoppedIsHeardOfNoMore() {
        const QuietPort port(QuietPort::Kind::Closed);
        Watched watched({port.server()});
        QTRY_VERIFY_WITH_TIMEOUT(!watched.members.empty(), kPatienceMs);
        watched.watch.stop();
        watched.members.clear();
        const QuietPort other(QuietPort::Kind::Closed);
        Watched next({other.server()});
        QTRY_VERIFY_WITH_TIMEOUT(!next.members.empty(), kPatienceMs);
        QVERIFY(watched.members.empty());
    }

    void anEndDoesNotWaitForAnswers() {
        const QuietPort port(QuietPort::Kind::BlackHole);
        auto watched = std::make_unique<Watched>(std::vector{port.server()});
        QTRY_VERIFY_WITH_TIMEOUT(!watched->members.empty(), kPatienceMs);
        QElapsedTimer since;
        since.start();
        watched.reset();
        QVERIFY2(since.elapsed() < 2'500, qPrintable(QString::number(since.elapsed())));
    }

private:
    struct Watched {
        explicit Watched(std::vector<std::string> daemons) {
            QObject::connect(&watch, &app::FleetWatch::changed, &watch,
                             [this](const std::vector<core::FleetMember>& now) { members = now; });
            watch.start({.daemons = std::move(daemons), .access = {}});
        }
        app::FleetWatch watch;
        std::vector<core::FleetMember> members;
    };

    static void verifyCalm(const EventLoopGaps& gaps) {
        qInfo("largest gap of the event loop: %.0f ms", gaps.largestMillis());
        QVERIFY2(gaps.largestMillis() < 250, qPrintable(QString::number(gaps.largestMillis())));
    }
};

TEST_CLASS(FleetWatchTest)
#include "tst_fleet_watch.moc"
