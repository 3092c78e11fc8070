// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/snapshot_json.h"
#include "route_bench.h"
#include "services/api/openapi.h"
#include "services/api/part_routes.h"
#include "tests/test_class.h"

#include <QTest>

using services::http::Response;
using services::http::Router;

class TestPartRoutes : public QObject {
    Q_OBJECT

    struct Served {
        explicit Served(fakes::Part subject, services::PartRoles roles = {.producer = true, .consumer = true})
            : part(std::move(subject)) {
            services::addPartRoutes(router, feed, {.role = "run", .roles = roles});
        }
        fakes::Part part;
        services::PartFeed feed{part};
        Router router;
    };
    /// The values of the measurements, as "COUNT 3|P50 0.01".
    static QString measurementsOf(const Response& response) {
        QStringList all;
        const auto meter = fakes::jsonOf(response);
        for (const auto& one : meter["measurements"]) {
            all << QString::fromStdString(one["statistic"].get<std::string>()) + QLatin1Char(' ') +
                       QString::number(one["value"].get<double>());
        }
        return all.join(QLatin1Char('|'));
    }
    static core::Component component(const char* name, bool up, bool vital) {
        return {name, up, vital, up ? "" : "It does not answer."};
    }

private Q_SLOTS:
    void healthNamesWhatIsDown_data() {
        QTest::addColumn<int>("which");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("word");
        QTest::addColumn<QString>("redis");
        QTest::newRow("all servers answer") << 0 << 200 << QStringLiteral("UP") << QStringLiteral("UP");
        QTest::newRow("a vital server is down, and so is the part")
            << 1 << 503 << QStringLiteral("DOWN") << QStringLiteral("DOWN");
        QTest::newRow("a server that the part does without is unknown and brings nobody down")
            << 2 << 200 << QStringLiteral("UP") << QStringLiteral("UNKNOWN");
    }
    void healthNamesWhatIsDown() {
        QFETCH(const int, which);
        QFETCH(const QString, word);
        QFETCH(const QString, redis);
        fakes::Part part;
        part.ends = {component("kafka", true, true), component("redis", which == 0, which == 1)};
        const Served served(std::move(part));
        const Response response = fakes::get(served.router, "/actuator/health");
        QTEST(response.status, "status");
        const auto health = fakes::jsonOf(response);
        QCOMPARE(health["status"], word.toStdString());
        QCOMPARE(health["components"]["kafka"]["status"], "UP");
        QCOMPARE(health["components"]["redis"]["status"], redis.toStdString());
        if (which == 0) {
            QVERIFY(!health["components"]["redis"].contains("details"));
        } else {
            QCOMPARE(health["components"]["redis"]["details"]["reason"], "It does not answer.");
        }
    }

    void withoutServersThereIsAnEmptyListOfThem() {
        const Served served({});
        QCOMPARE(fakes::get(served.router, "/actuator/health").body,
                 std::string("{\"status\":\"UP\",\"components\":{}}"));
    }

    void livenessAsksNoServer() {
        fakes::Part part;
        part.ends = {component("kafka", false, true)};
        part.begun = false;
        const Served served(std::move(part));
        const Response response = fakes::get(served.router, "/actuator/health/liveness");
        QCOMPARE(response.status, 200);
        QCOMPARE(response.body, std::string("{\"status\":\"UP\"}"));
    }

    void readinessNeedsServersAndABeginning_data() {
        QTest::addColumn<bool>("begun");
        QTest::addColumn<bool>("up");
        QTest::addColumn<int>("status");
        QTest::newRow("it has begun and its servers answer") << true << true << 200;
        QTest::newRow("it has not begun") << false << true << 503;
        QTest::newRow("a server is down") << true << false << 503;
    }
    void readinessNeedsServersAndABeginning() {
        QFETCH(const bool, begun);
        QFETCH(const bool, up);
        QFETCH(const int, status);
        fakes::Part part;
        part.begun = begun;
        part.ends = {component("kafka", up, true)};
        const Served served(std::move(part));
        const Response response = fakes::get(served.router, "/actuator/health/readiness");
        QCOMPARE(response.status, status);
        QCOMPARE(fakes::jsonOf(response)["status"], status == 200 ? "UP" : "DOWN");
    }

    void healthNeedsNeitherTokenNorWorkerAndNothingElseIsOpen() {
        const Served served({});
        for (const Router::Route& route : served.router.routes()) {
            const bool health = route.pattern.starts_with("/actuator/health");
            QCOMPARE(route.open, health);
            QCOMPARE(route.vital, health);
        }
    }

    void metersAreThoseOfTheRole_data() {
        QTest::addColumn<bool>("producer");
        QTest::addColumn<bool>("consumer");
        QTest::newRow("a producer has a producer's") << true << false;
        QTest::newRow("a consumer has a consumer's") << false << true;
        QTest::newRow("a run has both") << true << true;
        QTest::newRow("a gateway has neither") << false << false;
    }
    void metersAreThoseOfTheRole() {
        QFETCH(const bool, producer);
        QFETCH(const bool, consumer);
        const Served served({}, {.producer = producer, .consumer = consumer});
        const auto names = fakes::jsonOf(fakes::get(served.router, "/actuator/metrics"))["names"];
        const auto has = [&names](const char* name) { return std::ranges::find(names, name) != names.end(); };
        for (const char* const name : {"load.generator.logs.generated", "kafka.producer.send.success",
                                       "kafka.producer.send.failure", "kafka.producer.send.time"}) {
            QCOMPARE(has(name), producer);
        }
        for (const char* const name : {"log.processed.count", "log.processing.errors", "log.processing.time"}) {
            QCOMPARE(has(name), consumer);
        }
        QVERIFY(has("process.cpu.usage"));
        for (const auto& name : names) { // all that are listed are there
            const std::string path = "/actuator/metrics/" + name.get<std::string>();
            QCOMPARE(fakes::get(served.router, path).status, 200);
        }
    }

    void aPercentileNeedsEnoughValues_data() {
        QTest::addColumn<int>("values");
        QTest::addColumn<QString>("measurements");
        QTest::newRow("nothing yet") << 0 << QStringLiteral("COUNT 0|TOTAL_TIME 0|MAX 0");
        QTest::newRow("too few for a median") << 19 << QStringLiteral("COUNT 19|TOTAL_TIME 0.019|MAX 0.001");
        QTest::newRow("just enough for one") << 20 << QStringLiteral("COUNT 20|TOTAL_TIME 0.02|MAX 0.001|P50 0.001");
        QTest::newRow("enough for p99") << 1'000
                                        << QStringLiteral("COUNT 1000|TOTAL_TIME 1|MAX 0.001|P50 0.001|P90 0.001|"
                                                          "P95 0.001|P99 0.001");
        QTest::newRow("enough for all") << 10'000
                                        << QStringLiteral("COUNT 10000|TOTAL_TIME 10|MAX 0.001|P50 0.001|P90 0.001|"
                                                          "P95 0.001|P99 0.001|P99.9 0.001");
    }
    void aPercentileNeedsEnoughValues() {
        QFETCH(const int, values);
        fakes::Part part;
        if (values > 0) {
            core::of(part.figures.streams[1].latency, core::Metric::Processing)
                .record(std::chrono::milliseconds(1), static_cast<std::uint64_t>(values));
        }
        const Served served(std::move(part));
        QTEST(measurementsOf(fakes::get(served.router, "/actuator/metrics/log.processing.time")), "measurements");
    }

    void aMeterDescribesItself() {
        fakes::Part part;
        part.figures.streams[0].producer.acked = 5;
        const Served served(std::move(part));
        const auto meter = fakes::jsonOf(fakes::get(served.router, "/actuator/metrics/kafka.producer.send.success"));
        QCOMPARE(meter["name"], "kafka.producer.send.success");
        QCOMPARE(meter["description"], "Events that Kafka acknowledged");
        QCOMPARE(meter["baseUnit"], "events");
        QCOMPARE(meter["measurements"].dump(), std::string("[{\"statistic\":\"COUNT\",\"value\":5.0}]"));
        QCOMPARE(meter["availableTags"].dump(),
                 std::string("[{\"tag\":\"tier\",\"values\":[\"critical\",\"normal\",\"analytics\"]}]"));
    }

    void aTagChoosesATier_data() {
        QTest::addColumn<QString>("query");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("measurements");
        const auto row = [](const char* name, const char* query, int status, const char* measurements) {
            QTest::newRow(name) << QString::fromLatin1(query) << status << QString::fromLatin1(measurements);
        };
        row("without a tag all tiers", "log.processed.count", 200, "COUNT 100");
        row("one tier", "log.processed.count?tag=tier:critical", 200, "COUNT 5");
        row("percent-encoded", "log.processed.count?tag=tier%3Acritical", 200, "COUNT 5");
        row("a tier's dead letters", "log.processing.errors?tag=tier:critical", 200, "COUNT 4");
        row("a tier's events", "kafka.producer.send.success?tag=tier:normal", 200, "COUNT 8");
        row("a tier that nothing came in", "log.processed.count?tag=tier:analytics", 200, "COUNT 0");
        row("a tier that does not exist", "log.processed.count?tag=tier:urgent", 404, "");
        row("another tag", "log.processed.count?tag=stream:baseline", 404, "");
        row("of the process there are no tiers", "process.cpu.usage?tag=tier:critical", 404, "");
        row("of what is not counted by tier there are none", "millrace.filter.bypassed?tag=tier:critical", 404, "");
    }
    void aTagChoosesATier() {
        QFETCH(const QString, query);
        fakes::Part part;
        part.figures.streams[0].stored = 2;
        part.figures.streams[0].duplicate = 3;
        part.figures.streams[0].deadLettered = 4;
        part.figures.streams[1].producer.acked = 8;
        part.figures.consumer.stored = 60;
        part.figures.consumer.duplicateFilter = 40;
        part.figures.filterBypassed = 9;
        const Served served(std::move(part));
        const Response response = fakes::get(served.router, "/actuator/metrics/" + query.toStdString());
        QTEST(response.status, "status");
        QTEST(response.status == 200 ? measurementsOf(response) : QString(), "measurements");
    }

    void whatIsNotCountedByTierOffersNoTag_data() {
        QTest::addColumn<QString>("name");
        for (const char* const name : {"millrace.filter.bypassed", "millrace.offset.gap", "millrace.messages.abandoned",
                                       "process.cpu.usage", "system.memory.available"}) {
            QTest::newRow(name) << QString::fromLatin1(name);
        }
    }
    void whatIsNotCountedByTierOffersNoTag() {
        QFETCH(const QString, name);
        const Served served({});
        const auto meter = fakes::jsonOf(fakes::get(served.router, "/actuator/metrics/" + name.toStdString()));
        QCOMPARE(meter["availableTags"].dump(), std::string("[]"));
    }

    void anUnknownMeterIsNotFound_data() {
        QTest::addColumn<QString>("name");
        QTest::newRow("nobody has it") << QStringLiteral("jvm.memory.used");
        QTest::newRow("another role has it") << QStringLiteral("log.processed.count");
    }
    void anUnknownMeterIsNotFound() {
        QFETCH(const QString, name);
        const Served served({}, {.producer = true});
        const Response response = fakes::get(served.router, "/actuator/metrics/" + name.toStdString());
        QCOMPARE(response.status, 404);
        QCOMPARE(response.type, std::string("application/problem+json"));
        QCOMPARE(fakes::jsonOf(response)["detail"],
                 QStringLiteral("There is no meter %1; /actuator/metrics lists them.").arg(name).toStdString());
    }

    void aScrapeHasTwoPathsAndTheFormatThatIsAskedFor() {
        const Served served({});
        for (const char* const path : {"/actuator/prometheus", "/metrics"}) {
            const Response own = fakes::get(served.router, path);
            QCOMPARE(own.type, std::string("text/plain; version=0.0.4; charset=utf-8"));
            QVERIFY(own.body.find("log_processed_count_total 0\n") != std::string::npos);
            const Response open = fakes::get(served.router, path, {{"accept", "application/openmetrics-text"}});
            QCOMPARE(open.type, std::string("application/openmetrics-text; version=1.0.0; charset=utf-8"));
            QVERIFY(open.body.ends_with("# EOF\n"));
        }
    }

    void theSnapshotIsThatOfThePart() {
        fakes::Part part;
        part.figures.streams[2].producer.planned = 77;
        const Served served(std::move(part));
        const auto snapshot = core::snapshotFromJson(fakes::get(served.router, "/api/snapshot").body);
        QVERIFY(snapshot);
        QCOMPARE(snapshot->streams.size(), std::size_t{3});
        QCOMPARE(snapshot->streams[2].producer.planned, std::uint64_t{77});
    }

    void theDocumentIsTheOneOfThePackage() {
        const Served served({});
        const Response response = fakes::get(served.router, "/openapi.json");
        QCOMPARE(response.body, std::string(services::openApiDocument()));
        QCOMPARE(fakes::jsonOf(response)["openapi"], "3.1.0");
    }
};

TEST_CLASS(TestPartRoutes)
#include "tst_part_routes.moc"
