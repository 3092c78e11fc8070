// SPDX-License-Identifier: GPL-3.0-or-later
#include "certificate.h"
#include "core/measure/snapshot_json.h"
#include "route_bench.h"
#include "services/gateway/gateway_page.h"
#include "services/gateway/gateway_routes.h"
#include "services/http/server.h"
#include "tests/test_class.h"

#include <QTest>
#include <mutex>
#include <random>

using core::Metric;
using core::Snapshot;
using services::GatewayRole;
using services::PartReport;
using services::http::Response;

class TestGateway : public QObject {
    Q_OBJECT

    /// A part on a port of its own, which answers whatever it is told to.
    class Source {
    public:
        explicit Source(std::optional<services::http::BearerToken> token = {},
                        std::optional<services::http::TlsFiles> tls = {}) {
            services::http::Router router;
            router.add({services::http::Method::Get, "/api/snapshot", [this](const services::http::Request&) {
                            const std::scoped_lock lock(m_mutex);
                            return m_response;
                        }});
            services::http::ServerOptions options;
            options.access.token = std::move(token);
            options.tls = std::move(tls);
            server = std::move(*services::http::Server::create(std::move(options), std::move(router)));
            address = "127.0.0.1:" + std::to_string(server->port());
        }
        void answer(Response response) {
            const std::scoped_lock lock(m_mutex);
            m_response = std::move(response);
        }
        void answer(const Snapshot& snapshot) { answer(Response{.body = core::toJson(snapshot)}); }

        std::string address;
        std::unique_ptr<services::http::Server> server;

    private:
        std::mutex m_mutex;
        Response m_response{.status = 503};
    };

    static services::http::BearerToken token() {
        return *services::http::BearerToken::create(core::Secret(std::string(64, 'a')));
    }
    static Snapshot counted(double seconds, std::uint64_t acked, const std::vector<int>& micros = {}) {
        Snapshot snapshot = core::tierTotals();
        snapshot.sinceStart = std::chrono::duration_cast<core::Nanoseconds>(std::chrono::duration<double>(seconds));
        snapshot.streams[0].producer.acked = acked;
        for (const int each : micros) {
            core::of(snapshot.streams[0].latency, Metric::Ack).record(std::chrono::microseconds(each));
        }
        return snapshot;
    }
    /// A gateway of these parts, with its routes; it has neither a broker nor a store.
    struct Gateway {
        explicit Gateway(services::Parts::Wanted parts) : role({{}, {}, std::move(parts), {}}) {
            services::addGatewayRoutes(router, role, feed);
        }
        nlohmann::json get(const char* path) const { return fakes::jsonOf(fakes::get(router, path)); }
        bool allFresh() const {
            return std::ranges::all_of(
                role.parts(), [](const PartReport& part) { return part.fresh(std::chrono::steady_clock::now()); });
        }
        GatewayRole role;
        services::PartFeed feed{role};
        services::http::Router router;
    };

private Q_SLOTS:
    void histogramsAreMergedAndCountsAddedUp() {
        std::mt19937 random(5); // NOLINT: the same each time
        std::lognormal_distribution<double> latency(9, 1);
        Source producer;
        Source other;
        Snapshot one = counted(5, 300);
        Snapshot two = counted(7, 40);
        core::LatencyHistogram merged;
        for (int i = 0; i < 20'000; ++i) {
            const std::chrono::microseconds value(std::lround(latency(random)));
            merged.record(value);
            core::of((i % 3 == 0 ? one : two).streams[static_cast<std::size_t>(i % 2)].latency, Metric::Ack)
                .record(value);
        }
        two.consumer.polled = 320;
        producer.answer(one);
        other.answer(two);
        const Gateway gateway({{producer.address}, {other.address}});
        QTRY_VERIFY_WITH_TIMEOUT(gateway.allFresh(), kPatienceMs);
        const Snapshot sum = gateway.role.snapshot();
        QVERIFY(sum.latency(Metric::Ack) == merged);
        QCOMPARE(sum.producer().acked, std::uint64_t{340});
        QCOMPARE(sum.backlog, std::uint64_t{20});
        const auto figures = gateway.get("/api/metrics/latency");
        QCOMPARE(figures["status"], "UP");
        QCOMPARE(figures["latency"]["ack"]["count"], 20'000);
        const double millis = static_cast<double>(*merged.percentile(99.9)) / 1'000;
        QCOMPARE(figures["latency"]["ack"]["p99.9"].get<double>(), millis);
        QVERIFY(figures["latency"]["ack"]["p99.99"].is_null()); // of 100,000 values only
        QVERIFY(figures["latency"]["end_to_end"]["p50"].is_null());
    }

    void whatAPartCountsIsNeverLess_data() {
        QTest::addColumn<double>("seconds"); // that the part is on when it answers again
        QTest::addColumn<quint64>("acked");
        QTest::addColumn<int>("latency");
        QTest::addColumn<quint64>("sum");    // of 100 acked in 50 s before
        QTest::addColumn<quint64>("values"); // of one of 10 µs before, and two now
        QTest::newRow("the same process has counted on") << 51.0 << quint64{150} << 10 << quint64{150} << quint64{2};
        QTest::newRow("it began anew and is younger") << 2.0 << quint64{7} << 10 << quint64{107} << quint64{3};
        QTest::newRow("it began anew, counts more already and is younger")
            << 49.0 << quint64{500} << 10 << quint64{600} << quint64{3};
        QTest::newRow("it began anew long before it was heard of again")
            << 70.0 << quint64{7} << 10 << quint64{107} << quint64{3};
        QTest::newRow("so long before that it counts more, but others")
            << 70.0 << quint64{500} << 90 << quint64{600} << quint64{3};
    }
    void whatAPartCountsIsNeverLess() {
        QFETCH(const double, seconds);
        QFETCH(const quint64, acked);
        QFETCH(const int, latency);
        QFETCH(const quint64, sum);
        Source source;
        source.answer(counted(50, 100, {10}));
        const services::PartWatch watch("producer", source.address, {});
        const auto total = [&watch] { return watch.report().total.producer().acked; };
        QTRY_COMPARE_WITH_TIMEOUT(total(), std::uint64_t{100}, kPatienceMs);
        source.answer(counted(seconds, acked, {latency, latency}));
        QTRY_VERIFY_WITH_TIMEOUT(total() != 100, kPatienceMs);
        QCOMPARE(total(), std::uint64_t{sum});
        QTEST(quint64{watch.report().total.latency(Metric::Ack).count()}, "values");
    }

    void aPartIsStaleAfterThreeSeconds_data() {
        QTest::addColumn<int>("age"); // ms; below 0: never heard of
        QTest::addColumn<bool>("fresh");
        QTest::newRow("never heard of") << -1 << false;
        QTest::newRow("just heard of") << 0 << true;
        QTest::newRow("for three seconds not") << 3'000 << true;
        QTest::newRow("for longer not") << 3'001 << false;
    }
    void aPartIsStaleAfterThreeSeconds() {
        QFETCH(const int, age);
        const core::Instant now(std::chrono::hours(1));
        PartReport report;
        if (age >= 0) {
            report.heard = now - std::chrono::milliseconds(age);
        }
        QTEST(report.fresh(now), "fresh");
    }

    void aReportSaysWhyNothingNewCame_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("body");
        QTest::addColumn<QString>("reason");
        QTest::newRow("it wants a token")
            << 401 << QString() << QStringLiteral("It answers 401 Unauthorized: the gateway has not its token.");
        QTest::newRow("it is another service") << 404 << QString() << QStringLiteral("It answers 404 Not Found.");
        QTest::newRow("it is another program that answers everything")
            << 200 << QStringLiteral("<!doctype html>")
            << QStringLiteral("Its answer is no snapshot: it is another program, or another version.");
        QTest::newRow("it is another version")
            << 200 << QStringLiteral("{\"since_start_s\":1}")
            << QStringLiteral("Its answer is no snapshot: it is another program, or another "
                              "version.");
    }
    void aReportSaysWhyNothingNewCame() {
        QFETCH(const int, status);
        QFETCH(const QString, body);
        QFETCH(const QString, reason);
        Source source;
        source.answer(counted(1, 5));
        const services::PartWatch watch("consumer", source.address, {});
        QTRY_VERIFY_WITH_TIMEOUT(watch.report().heard, kPatienceMs);
        const auto heard = watch.report().heard;
        source.answer(Response{.status = status, .body = body.toStdString()});
        QTRY_COMPARE_WITH_TIMEOUT(QString::fromStdString(watch.report().reason), reason, kPatienceMs);
        QCOMPARE(watch.report().total.producer().acked, std::uint64_t{5}); // what is known stays
        QVERIFY(watch.report().heard >= heard);
        source.answer(counted(2, 6));
        QTRY_VERIFY_WITH_TIMEOUT(watch.report().reason.empty(), kPatienceMs);
    }

    void aTokenOpensThePart() {
        Source source(token());
        source.answer(counted(1, 5));
        const services::PartWatch knows("producer", source.address, {token(), {}});
        const services::PartWatch stranger("producer", source.address, {});
        QTRY_VERIFY_WITH_TIMEOUT(knows.report().heard, kPatienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(stranger.report().reason,
                                  std::string("It answers 401 Unauthorized: the gateway has not its token."),
                                  kPatienceMs);
        QVERIFY(!stranger.report().heard);
    }

    void aPartIsAskedByHttpsWhereAnAuthorityIsGiven() {
        const QTemporaryDir folder;
        QVERIFY(createCertificate(folder));
        const std::filesystem::path path = folder.path().toStdString();
        Source source(token(), services::http::TlsFiles{path / "cert", path / "key"});
        source.answer(counted(1, 5));
        const services::PartWatch trusts("producer", source.address, {token(), path / "cert"});
        const services::PartWatch plain("producer", source.address, {token(), {}});
        QTRY_COMPARE_WITH_TIMEOUT(trusts.report().total.producer().acked, std::uint64_t{5}, kPatienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(plain.report().reason != "It has not been asked yet.", kPatienceMs);
        QVERIFY(!plain.report().heard);
    }

    void aPartThatIsMissingIsNamedWithItsReason() {
        Source there;
        there.answer(counted(1, 5));
        std::string gone;
        {
            const Source closed;
            gone = closed.address;
        }
        const Gateway gateway({{there.address}, {gone}});
        QTRY_VERIFY_WITH_TIMEOUT(gateway.get("/api/metrics/summary")["producer"]["acked"] == 5, kPatienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(gateway.get("/api/metrics/summary")["parts"][0].value("reason", "") !=
                                     "It has not been asked yet.",
                                 kPatienceMs);
        const auto summary = gateway.get("/api/metrics/summary");
        QCOMPARE(summary["status"], "DEGRADED");
        QCOMPARE(summary["parts"].size(), std::size_t{2});
        const auto& silent = summary["parts"][0]; // consumers come first
        QCOMPARE(silent["role"], "consumer");
        QCOMPARE(silent["address"], gone);
        QCOMPARE(silent["status"], "DOWN");
        QVERIFY(silent["ageSeconds"].is_null());
        QVERIFY(!silent["reason"].get<std::string>().empty());
        QCOMPARE(summary["parts"][1]["status"], "UP");
        QVERIFY(!summary["parts"][1].contains("reason"));
        const auto gauges = gateway.role.gauges(gateway.role.snapshot());
        QCOMPARE(gauges[0].name, std::string("millrace_part_up"));
        QCOMPARE(gauges[0].value, 0.0);
        QCOMPARE(gauges[1].value, 1.0);
        QCOMPARE(gauges[2].name, std::string("millrace_part_age_seconds")); // of the one that was heard only
        QCOMPARE(gauges[3].name, std::string("millrace_backlog_events"));
        QCOMPARE(gauges[3].value, 5.0);
    }

    void aNameThatLeadsNowhereIsNamed() {
        const Gateway gateway({{"dns:no-such-part.invalid:80"}, {}});
        QTRY_COMPARE_WITH_TIMEOUT(gateway.role.parts().size(), std::size_t{1}, kPatienceMs);
        const PartReport report = gateway.role.parts()[0];
        QCOMPARE(report.address, std::string("dns:no-such-part.invalid:80"));
        QCOMPARE(report.role, std::string("producer"));
        QVERIFY(!report.reason.empty());
        QVERIFY(!report.heard);
    }

    void aNameLeadsToTheParts() {
        Source source;
        source.answer(counted(1, 5));
        const Gateway gateway({{"dns:localhost:" + std::to_string(source.server->port())}, {}});
        QTRY_COMPARE_WITH_TIMEOUT(gateway.role.snapshot().producer().acked, std::uint64_t{5}, kPatienceMs);
        QCOMPARE(gateway.role.parts()[0].address, source.address);
    }

    void consumersMayBeAheadOfWhatIsKnownOfProducers() {
        Source consumer;
        Snapshot polled = counted(1, 0);
        polled.consumer.polled = 9;
        consumer.answer(polled);
        const Gateway gateway({{}, {consumer.address}});
        QTRY_COMPARE_WITH_TIMEOUT(gateway.role.snapshot().consumer.polled, std::uint64_t{9}, kPatienceMs);
        QCOMPARE(gateway.role.snapshot().backlog, std::uint64_t{0});
    }

    void whatNeedsAServerSaysWhichOptionNamesIt_data() {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("detail");
        const auto store = QStringLiteral("This gateway has no store: --store postgresql://… names one.");
        QTest::newRow("lag") << QStringLiteral("/api/lag")
                             << QStringLiteral("This gateway has no broker: --broker HOST:PORT names one.");
        QTest::newRow("logs") << QStringLiteral("/api/logs") << store;
        QTest::newRow("runs") << QStringLiteral("/api/runs") << store;
        QTest::newRow("a run") << QStringLiteral("/api/runs/abc") << store;
    }
    void whatNeedsAServerSaysWhichOptionNamesIt() {
        QFETCH(const QString, path);
        QFETCH(const QString, detail);
        const Gateway gateway({});
        const Response response = fakes::get(gateway.router, path.toStdString());
        QCOMPARE(response.status, 404);
        QCOMPARE(fakes::jsonOf(response)["detail"], detail.toStdString());
    }

    void thePageShowsThePartsWithoutAScript() {
        Source source;
        source.answer(counted(1, 1'234'567));
        const Gateway gateway({{source.address}, {}});
        QTRY_VERIFY_WITH_TIMEOUT(gateway.allFresh(), kPatienceMs);
        const Response page = fakes::get(gateway.router, "/");
        QCOMPARE(page.type, std::string("text/html; charset=utf-8"));
        QCOMPARE(page.headers, (std::vector<services::http::Header>{
                                   {"Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"}}));
        const QString text = QString::fromStdString(page.body);
        QVERIFY(text.contains(QString::fromStdString(source.address)));
        QVERIFY(text.contains(QStringLiteral("1,234,567")));
        QVERIFY(!text.contains(QStringLiteral("<script")));
    }
};

TEST_CLASS(TestGateway)
#include "tst_gateway.moc"
