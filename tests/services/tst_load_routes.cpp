// SPDX-License-Identifier: GPL-3.0-or-later
#include "route_bench.h"
#include "services/api/load_routes.h"
#include "tests/test_class.h"

#include <QTest>

using services::http::Method;
using services::http::Response;
using services::http::Router;

class TestLoadRoutes : public QObject {
    Q_OBJECT

    struct Producer {
        Producer() { services::addLoadRoutes(router, load, feed); }
        Response post(std::string_view path, std::string body = {}, const char* key = nullptr) {
            std::vector<services::http::Header> headers;
            if (key != nullptr) {
                headers.push_back({"idempotency-key", key});
            }
            return fakes::ask(router, Method::Post, path, std::move(headers), std::move(body));
        }
        fakes::Part part;
        services::PartFeed feed{part};
        fakes::LoadControl load;
        Router router;
    };
    static QString detailOf(const Response& response) {
        return QString::fromStdString(fakes::jsonOf(response).value("detail", std::string()));
    }

private Q_SLOTS:
    void aBurstHasARateAndALength_data() {
        QTest::addColumn<QString>("query");
        QTest::addColumn<double>("rate");
        QTest::addColumn<int>("seconds");
        QTest::addColumn<QString>("body");
        const auto row = [](const char* name, const char* query, double rate, int seconds, const char* body) {
            QTest::newRow(name) << QString::fromLatin1(query) << rate << seconds << QString::fromLatin1(body);
        };
        row("without a word 10,000 events per second for 10 s", "", 10'000, 10,
            "{\"status\":\"started\",\"duration\":\"10 seconds\",\"message\":\"10000 events per second for 10 "
            "seconds\"}");
        row("as scripts ask for it", "?durationSeconds=10", 10'000, 10,
            "{\"status\":\"started\",\"duration\":\"10 seconds\",\"message\":\"10000 events per second for 10 "
            "seconds\"}");
        row("another rate", "?durationSeconds=1&rate=500", 500, 1,
            "{\"status\":\"started\",\"duration\":\"1 seconds\",\"message\":\"500 events per second for 1 seconds\"}");
        row("a rate with its unit", "?rate=2500/s", 2'500, 10,
            "{\"status\":\"started\",\"duration\":\"10 seconds\",\"message\":\"2500 events per second for 10 "
            "seconds\"}");
        row("a rate below one", "?rate=0.5&durationSeconds=3600", 0.5, 3'600,
            "{\"status\":\"started\",\"duration\":\"3600 seconds\",\"message\":\"0.5 events per second for 3600 "
            "seconds\"}");
    }
    void aBurstHasARateAndALength() {
        QFETCH(const QString, query);
        QFETCH(const double, rate);
        QFETCH(const int, seconds);
        Producer producer;
        const Response response = producer.post("/api/load/burst" + query.toStdString());
        QCOMPARE(response.status, 200);
        QTEST(QString::fromStdString(response.body), "body");
        QCOMPARE(producer.load.commands.size(), std::size_t{1});
        const auto& burst = std::get<core::BurstCommand>(producer.load.commands[0]);
        QCOMPARE(burst.rate.perSecond, rate);
        QCOMPARE(burst.duration, core::Nanoseconds(std::chrono::seconds(seconds)));
    }

    void whatIsOutOfRangeIsRefusedBeforeAnythingStarts_data() {
        QTest::addColumn<QString>("path");
        for (const char* const path : {"burst?durationSeconds=0",
                                       "burst?durationSeconds=-1",
                                       "burst?durationSeconds=3601",
                                       "burst?durationSeconds=99999999999",
                                       "burst?durationSeconds=ten",
                                       "burst?durationSeconds=1.5",
                                       "burst?durationSeconds=",
                                       "burst?durationSeconds=10s",
                                       "burst?rate=0",
                                       "burst?rate=-5",
                                       "burst?rate=nan",
                                       "burst?rate=inf",
                                       "burst?rate=10000001",
                                       "burst?rate=fast",
                                       "burst?rate=",
                                       "burst?rate=5/m",
                                       "rate",
                                       "rate?rate=0",
                                       "rate?rate=10000001",
                                       "rate?stream=baseline"}) {
            QTest::newRow(path) << QString::fromLatin1(path);
        }
    }
    void whatIsOutOfRangeIsRefusedBeforeAnythingStarts() {
        QFETCH(const QString, path);
        Producer producer;
        const Response response = producer.post("/api/load/" + path.toStdString());
        QCOMPARE(response.status, 400);
        QCOMPARE(response.type, std::string("application/problem+json"));
        QVERIFY(producer.load.commands.empty());
    }

    void theRefusalSaysTheRange() {
        Producer producer;
        QCOMPARE(detailOf(producer.post("/api/load/burst?durationSeconds=0")),
                 QStringLiteral("durationSeconds is a whole number from 1 to 3600, not '0'."));
        QCOMPARE(detailOf(producer.post("/api/load/burst?rate=0")),
                 QStringLiteral("rate is a number of events per second above 0 and up to 10000000, not '0'."));
    }

    void aFailureSaysWhetherTryingAgainHelps_data() {
        QTest::addColumn<QString>("path");
        QTest::addColumn<bool>("transient");
        QTest::addColumn<int>("status");
        for (const char* const path : {"burst", "rate?rate=5", "stop", "pause", "resume"}) {
            QTest::addRow("%s makes no sense now: a conflict", path) << QString::fromLatin1(path) << false << 409;
            QTest::addRow("%s without a broker: come back later", path) << QString::fromLatin1(path) << true << 503;
        }
        QTest::newRow("what is no scenario is a mistake of the request") << QStringLiteral("start") << false << 400;
        QTest::newRow("start without a broker: come back later") << QStringLiteral("start") << true << 503;
    }
    void aFailureSaysWhetherTryingAgainHelps() {
        QFETCH(const QString, path);
        QFETCH(const bool, transient);
        Producer producer;
        producer.load.answer = transient ? core::transient("Kafka does not answer.") : core::invalid("A burst is on.");
        const Response response = producer.post("/api/load/" + path.toStdString());
        QTEST(response.status, "status");
        QCOMPARE(detailOf(response),
                 transient ? QStringLiteral("Kafka does not answer.") : QStringLiteral("A burst is on."));
    }

    void aScenarioIsStartedAsItWasSent_data() {
        QTest::addColumn<QString>("body");
        QTest::addColumn<QString>("started");
        const auto json = QStringLiteral("{\"version\":1,\"streams\":[]}");
        QTest::newRow("as JSON") << json << json;
        QTest::newRow("as text in JSON") << QStringLiteral("{\"scenario\": \"version: 1\\nstreams: []\"}")
                                         << QStringLiteral("version: 1\nstreams: []");
        const auto more = QStringLiteral("{\"scenario\":\"a\",\"name\":\"b\"}");
        QTest::newRow("an object with more in it is a scenario itself") << more << more;
        const auto number = QStringLiteral("{\"scenario\":1}");
        QTest::newRow("one whose 'scenario' is no text, too") << number << number;
        QTest::newRow("nothing") << QString() << QString();
    }
    void aScenarioIsStartedAsItWasSent() {
        QFETCH(const QString, body);
        QFETCH(const QString, started);
        Producer producer;
        QCOMPARE(producer.post("/api/load/start", body.toStdString()).status, 200);
        QCOMPARE(producer.load.started, std::vector<std::string>{started.toStdString()});
    }

    void oneScenarioAtATime() {
        Producer producer;
        producer.load.now.started = true;
        const Response response = producer.post("/api/load/start", "{}");
        QCOMPARE(response.status, 409);
        QCOMPARE(detailOf(response), QStringLiteral("A scenario is on already. Stop it first."));
        QVERIFY(producer.load.started.empty());
    }

    void aScenarioMayBeLongerThanOtherBodies() {
        Producer producer;
        for (const Router::Route& route : producer.router.routes()) {
            QCOMPARE(route.bodyLimit, std::size_t{route.pattern == "/api/load/start" ? 1024U * 1024U : 64U * 1024U});
        }
    }

    void commandsReachTheLoad_data() {
        QTest::addColumn<QString>("path");
        QTest::addColumn<int>("index"); // of the command's kind
        QTest::newRow("pause") << QStringLiteral("pause") << 0;
        QTest::newRow("resume") << QStringLiteral("resume") << 1;
        QTest::newRow("stop") << QStringLiteral("stop") << 2;
    }
    void commandsReachTheLoad() {
        QFETCH(const QString, path);
        Producer producer;
        const Response response = producer.post("/api/load/" + path.toStdString());
        QCOMPARE(response.status, 200);
        QVERIFY(fakes::jsonOf(response).contains("totalGenerated"));
        QCOMPARE(producer.load.commands.size(), std::size_t{1});
        QTEST(static_cast<int>(producer.load.commands[0].index()), "index");
    }

    void aRateIsOfOneStreamOrOfAll_data() {
        QTest::addColumn<QString>("query");
        QTest::addColumn<QString>("stream");
        QTest::newRow("of all") << QStringLiteral("rate=250") << QString();
        QTest::newRow("of one") << QStringLiteral("rate=250/s&stream=my%20stream") << QStringLiteral("my stream");
    }
    void aRateIsOfOneStreamOrOfAll() {
        QFETCH(const QString, query);
        Producer producer;
        QCOMPARE(producer.post("/api/load/rate?" + query.toStdString()).status, 200);
        const auto& rate = std::get<core::RateCommand>(producer.load.commands.at(0));
        QCOMPARE(rate.rate.perSecond, 250.0);
        QTEST(QString::fromStdString(rate.stream), "stream");
    }

    void aResetBeginsTheCountsAnew() {
        Producer producer;
        QCOMPARE(producer.post("/api/load/reset").status, 200);
        QCOMPARE(producer.load.resets, 1);
    }

    void stateChangesTakePostOnly_data() {
        QTest::addColumn<QString>("path");
        for (const char* const path : {"burst", "start", "stop", "pause", "resume", "rate", "reset"}) {
            QTest::newRow(path) << QString::fromLatin1(path);
        }
    }
    void stateChangesTakePostOnly() {
        QFETCH(const QString, path);
        Producer producer;
        QCOMPARE(fakes::get(producer.router, "/api/load/" + path.toStdString()).status, 405);
    }

    void statsHaveTheFieldsThatScriptsRead() {
        Producer producer;
        core::LoadState& now = producer.load.now;
        now.activity = core::LoadState::Activity::Bursting;
        now.scenario = "seed-baseline";
        now.id = "abc";
        now.counts = {.planned = 12, .sent = 10, .unsent = 2, .shed = 0, .acked = 6, .failed = 1, .inDoubt = 1};
        now.seconds = 2.5;
        QCOMPARE(fakes::get(producer.router, "/api/load/stats").body,
                 std::string("{\"totalGenerated\":10,\"acked\":6,\"failed\":1,\"inDoubt\":1,\"unsent\":2,\"queued\":2,"
                             "\"rate\":0.0,\"targetRate\":0.0,\"status\":\"bursting\",\"scenario\":\"seed-baseline\","
                             "\"runId\":\"abc\",\"seconds\":2.5}"));
    }

    void theSameKeyIsAnsweredOnceAndDoneOnce() {
        Producer producer;
        const Response first = producer.post("/api/load/burst?rate=100", {}, "k1");
        const Response second = producer.post("/api/load/burst?rate=100", {}, "k1");
        QCOMPARE(second.status, 200);
        QCOMPARE(second.body, first.body);
        QCOMPARE(producer.load.commands.size(), std::size_t{1});
        (void)producer.post("/api/load/burst?rate=100", {}, "k2");
        (void)producer.post("/api/load/burst?rate=100");
        (void)producer.post("/api/load/burst?rate=100");
        QCOMPARE(producer.load.commands.size(), std::size_t{4});
    }

    void aRefusalIsRememberedAndAFaultIsNot_data() {
        QTest::addColumn<bool>("transient");
        QTest::addColumn<int>("status");
        QTest::addColumn<int>("asked");
        QTest::newRow("a conflict stays one under its key") << false << 409 << 1;
        QTest::newRow("without a broker the key may be used again") << true << 200 << 2;
    }
    void aRefusalIsRememberedAndAFaultIsNot() {
        QFETCH(const bool, transient);
        QFETCH(const int, asked);
        Producer producer;
        producer.load.answer = transient ? core::transient("no broker") : core::invalid("a burst is on");
        (void)producer.post("/api/load/burst", {}, "k");
        producer.load.answer = {};
        QTEST(producer.post("/api/load/burst", {}, "k").status, "status");
        QCOMPARE(producer.load.commands.size(), static_cast<std::size_t>(asked));
    }

    void aKeyBelongsToItsPath() {
        Producer producer;
        (void)producer.post("/api/load/pause", {}, "k");
        (void)producer.post("/api/load/resume", {}, "k");
        QCOMPARE(producer.load.commands.size(), std::size_t{2});
    }

    void theOldestOf64KeysIsForgotten() {
        Producer producer;
        for (int i = 0; i < 65; ++i) {
            (void)producer.post("/api/load/pause", {}, std::to_string(i).c_str());
        }
        (void)producer.post("/api/load/pause", {}, "64");
        QCOMPARE(producer.load.commands.size(), std::size_t{65});
        (void)producer.post("/api/load/pause", {}, "0");
        QCOMPARE(producer.load.commands.size(), std::size_t{66});
    }
};

TEST_CLASS(TestLoadRoutes)
#include "tst_load_routes.moc"
