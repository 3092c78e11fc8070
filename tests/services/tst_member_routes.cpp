// SPDX-License-Identifier: GPL-3.0-or-later
#include "route_bench.h"
#include "services/api/member_routes.h"
#include "tests/test_class.h"

#include <QTest>

using services::http::Method;
using services::http::Router;

/// How a daemon is told of a run that is led from elsewhere.
class TestMemberRoutes : public QObject {
    Q_OBJECT

    struct Bench {
        Bench() { services::addMemberRoutes(router, member); }
        int post(std::string_view path, std::string body = {}) {
            last = fakes::ask(router, Method::Post, path, {}, std::move(body));
            return last.status;
        }
        fakes::RunMember member;
        Router router;
        services::http::Response last;
    };

    static core::RunOrder order() {
        core::RunOrder order;
        order.id = "r";
        return order;
    }

private Q_SLOTS:
    void whatIsToldArrives() {
        Bench bench;
        QCOMPARE(bench.post("/api/run/prepare", core::toJson(order())), 200);
        QCOMPARE(bench.post("/api/run/begin?id=r", core::toJson(core::PartTimes())), 200);
        QCOMPARE(bench.post("/api/run/times?id=r", core::toJson(core::PartTimes())), 200);
        QCOMPARE(bench.post("/api/run/command?id=r&number=3&atNs=-5", core::toJson(core::PauseCommand())), 200);
        QCOMPARE(bench.post("/api/run/finish?id=r&limitNs=7"), 200);
        QCOMPARE(bench.post("/api/run/release?id=r"), 200);
        const std::vector<std::string> expected{"prepare",  "begin",  "times", R"(3 at -5 {"kind":"pause"})",
                                                "finish 7", "release"};
        QCOMPARE(bench.member.told_, expected);
    }

    void whatMakesNoSenseIsRefused_data() {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("no order") << QByteArray("/api/run/prepare") << QByteArray("{}");
        QTest::newRow("no times") << QByteArray("/api/run/begin?id=r") << QByteArray("5");
        QTest::newRow("another run") << QByteArray("/api/run/release?id=q") << QByteArray();
        QTest::newRow("no run at all") << QByteArray("/api/run/release") << QByteArray();
        QTest::newRow("a command without a number")
            << QByteArray("/api/run/command?id=r&atNs=1") << QByteArray(R"({"kind":"pause"})");
        QTest::newRow("a command that is none")
            << QByteArray("/api/run/command?id=r&number=1&atNs=1") << QByteArray(R"({"kind":"rm -rf"})");
        QTest::newRow("a limit below nothing") << QByteArray("/api/run/finish?id=r&limitNs=-1") << QByteArray();
        QTest::newRow("a limit of more than a day")
            << QByteArray("/api/run/finish?id=r&limitNs=86400000000001") << QByteArray();
    }
    void whatMakesNoSenseIsRefused() {
        QFETCH(const QByteArray, path);
        QFETCH(const QByteArray, body);
        Bench bench;
        QCOMPARE(bench.post(path.toStdString(), body.toStdString()), 400);
        QVERIFY(bench.member.told_.empty());
    }

    void anotherProtocolIsRefusedByName() {
        Bench bench;
        core::RunOrder other = order();
        other.protocol = 99;
        other.version = "9.9.9";
        QCOMPARE(bench.post("/api/run/prepare", core::toJson(other)), 400);
        QVERIFY2(bench.last.body.find("9.9.9") != std::string::npos, bench.last.body.c_str());
    }

    void whoIsBusyMayBeAskedAgain() {
        Bench bench;
        bench.member.answer = core::transient("This producer is busy.");
        QCOMPARE(bench.post("/api/run/prepare", core::toJson(order())), 409);
    }

    void aReportIsTwoLines() {
        const Bench bench;
        const auto answer = fakes::get(bench.router, "/api/run?id=r");
        QCOMPARE(answer.status, 200);
        const auto report = core::memberReportFromJson(answer.body);
        QVERIFY(report);
        QCOMPARE(report->run->id, std::string("r"));
        QVERIFY(report->snapshot);
        QVERIFY(!report->fates);
        QVERIFY(core::memberReportFromJson(fakes::get(bench.router, "/api/run?id=r&fates=yes").body)->fates);
        QCOMPARE(fakes::get(bench.router, "/api/run?id=q").status, 404);
        QVERIFY(!core::memberReportFromJson(fakes::get(bench.router, "/api/run").body)->run);
    }
};

TEST_CLASS(TestMemberRoutes)
#include "tst_member_routes.moc"
