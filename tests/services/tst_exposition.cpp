// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/api/exposition.h"
#include "tests/test_class.h"

#include <QRegularExpression>
#include <QSet>
#include <QTest>
#include <cmath>
#include <random>

using services::Exposed;
using services::ExpositionFormat;

class TestExposition : public QObject {
    Q_OBJECT

    static Exposed everything() {
        Exposed exposed;
        exposed.role = "run";
        exposed.roles = {.producer = true, .consumer = true};
        exposed.snapshot = core::tierTotals();
        core::StreamSnapshot& critical = exposed.snapshot.streams[0];
        critical.producer = {.planned = 10, .sent = 9, .unsent = 1, .shed = 0, .acked = 5, .failed = 2, .inDoubt = 1};
        critical.target = {1000};
        core::of(critical.latency, core::Metric::Processing).record(std::chrono::milliseconds(10), 3);
        core::of(critical.latency, core::Metric::Processing).record(std::chrono::milliseconds(300), 2);
        exposed.snapshot.consumer.stored = 7;
        exposed.snapshot.consumer.duplicateStore = 4;
        exposed.snapshot.consumer.deadLettered = 3;
        exposed.snapshot.host.residentSet = {4096};
        exposed.components = {{"kafka", true}, {"a \"b\"\\c\nx", false}};
        exposed.processCpuSeconds = 1.5;
        exposed.gauges = {
            {"millrace_part_up", "1 \"while\" the\\part\nanswers", {{"role", "consumer"}, {"part", "h:1"}}, 0},
            {"millrace_part_up", "1 \"while\" the\\part\nanswers", {{"role", "producer"}, {"part", "h:2"}}, 1}};
        return exposed;
    }
    static QStringList linesOf(const Exposed& exposed, ExpositionFormat format = ExpositionFormat::Prometheus) {
        return QString::fromStdString(expositionOf(exposed, format)).split(QLatin1Char('\n'));
    }
    struct Bucket {
        double bound;
        double cumulative;
    };
    static QList<Bucket> bucketsOf(const QStringList& lines, const QString& family) {
        QList<Bucket> buckets;
        const QRegularExpression sample(QStringLiteral("^%1_bucket\\{le=\"([^\"]+)\"\\} (\\d+)$").arg(family));
        for (const QString& line : lines) {
            if (const auto match = sample.match(line); match.hasMatch()) {
                const QString bound = match.captured(1);
                buckets.append(
                    {bound == QLatin1String("+Inf") ? INFINITY : bound.toDouble(), match.captured(2).toDouble()});
            }
        }
        return buckets;
    }
    /// As Prometheus' histogram_quantile().
    static double quantileOf(const QList<Bucket>& buckets, double share) {
        const double rank = share * buckets.last().cumulative;
        for (int i = 0; i < buckets.size(); ++i) {
            if (buckets[i].cumulative >= rank) {
                const double from = i == 0 ? 0 : buckets[i - 1].bound;
                const double below = i == 0 ? 0 : buckets[i - 1].cumulative;
                return from + (buckets[i].bound - from) * (rank - below) / (buckets[i].cumulative - below);
            }
        }
        return NAN;
    }

private Q_SLOTS:
    void seriesHaveTheNamesThatQueriesHold_data() {
        QTest::addColumn<QString>("line");
        for (const char* const line :
             {"load_generator_logs_generated_total 9", "kafka_producer_send_success_total 5",
              "kafka_producer_send_failure_total 3", "log_processed_count_total 11", "log_processing_errors_total 3",
              "log_processing_time_count 5", "log_processing_time_seconds_count 5", "millrace_load_running 1",
              "millrace_events_total{tier=\"critical\",state=\"in_doubt\"} 1",
              "millrace_messages_total{outcome=\"duplicate_store\"} 4", "millrace_component_up{component=\"kafka\"} 1",
              "process_cpu_seconds_total 1.5", "process_resident_memory_bytes 4096",
              "millrace_part_up{role=\"consumer\",part=\"h:1\"} 0", "# TYPE log_processing_time histogram",
              "# TYPE log_processing_time_seconds histogram", "# TYPE kafka_producer_send_success_total counter",
              "# TYPE kafka_producer_send_time_seconds histogram", "# TYPE millrace_part_up gauge"}) {
            QTest::newRow(line) << QString::fromLatin1(line);
        }
    }
    void seriesHaveTheNamesThatQueriesHold() {
        QFETCH(const QString, line);
        QVERIFY(linesOf(everything()).contains(line));
    }

    void aRoleShowsOnlyWhatItDoes() {
        Exposed gateway = everything();
        gateway.roles = {};
        const QString text = linesOf(gateway).join(QLatin1Char('\n'));
        QVERIFY(!text.contains(QStringLiteral("kafka_producer")));
        QVERIFY(!text.contains(QStringLiteral("log_process")));
        QVERIFY(text.contains(QStringLiteral("process_start_time_seconds")));
    }

    void everySampleFollowsItsFamilyWhichIsThereOnce_data() {
        QTest::addColumn<bool>("open");
        QTest::newRow("Prometheus' own format") << false;
        QTest::newRow("OpenMetrics") << true;
    }
    void everySampleFollowsItsFamilyWhichIsThereOnce() {
        QFETCH(const bool, open);
        QSet<QString> seen;
        QString family;
        const QRegularExpression name(QStringLiteral("^[a-z][a-z0-9_]*"));
        for (const QString& line :
             linesOf(everything(), open ? ExpositionFormat::OpenMetrics : ExpositionFormat::Prometheus)) {
            if (line.startsWith(QLatin1String("# HELP "))) {
                family = line.section(QLatin1Char(' '), 2, 2);
                QVERIFY2(!seen.contains(family), qPrintable(family));
                seen.insert(family);
            } else if (line.startsWith(QLatin1String("# TYPE "))) {
                QCOMPARE(line.section(QLatin1Char(' '), 2, 2), family);
            } else if (!line.isEmpty() && line != QLatin1String("# EOF")) {
                QString own = name.match(line).captured();
                for (const char* const suffix : {"_bucket", "_sum", "_count", "_total"}) {
                    if (own != family && own == family + QLatin1String(suffix)) {
                        own = family;
                    }
                }
                QCOMPARE(own, family);
            }
        }
        QVERIFY(seen.size() > 30);
    }

    void labelsAreEscaped() {
        QVERIFY(linesOf(everything())
                    .contains(QStringLiteral("millrace_component_up{component=\"a \\\"b\\\"\\\\c\\nx\"} 0")));
    }

    void helpIsEscapedAsItsFormatWantsIt() {
        QVERIFY(linesOf(everything())
                    .contains(QStringLiteral("# HELP millrace_part_up 1 \"while\" the\\\\part\\nanswers")));
        QVERIFY(linesOf(everything(), ExpositionFormat::OpenMetrics)
                    .contains(QStringLiteral("# HELP millrace_part_up 1 \\\"while\\\" the\\\\part\\nanswers")));
    }

    void bucketsAreCumulativeAndEndWithTheCount() {
        const QStringList lines = linesOf(everything());
        const QList<Bucket> buckets = bucketsOf(lines, QStringLiteral("log_processing_time_seconds"));
        QCOMPARE(buckets.size(), qsizetype{226});
        for (int i = 1; i < buckets.size(); ++i) {
            QVERIFY(buckets[i].bound > buckets[i - 1].bound);
            QVERIFY(buckets[i].cumulative >= buckets[i - 1].cumulative);
        }
        QVERIFY(std::isinf(buckets.last().bound));
        QCOMPARE(buckets.last().cumulative, 5.0);
        QVERIFY(lines.contains(QStringLiteral("log_processing_time_seconds_bucket{le=\"0.0078125\"} 0")));
        QVERIFY(lines.contains(QStringLiteral("log_processing_time_seconds_bucket{le=\"0.015625\"} 3")));
        QVERIFY(lines.contains(QStringLiteral("log_processing_time_seconds_bucket{le=\"0.5\"} 5")));
        const auto sum = lines.filter(QStringLiteral("log_processing_time_seconds_sum ")).value(0);
        QVERIFY(std::abs(sum.section(QLatin1Char(' '), 1).toDouble() - 0.63) < 0.001); // 3 × 10 ms + 2 × 300 ms
        QVERIFY(lines.contains(QStringLiteral("log_processing_time_seconds_count 5")));
    }

    void boundsArePowersOfTwoAndSixteenPerOctaveWhereRulesAre() {
        const std::vector<double>& bounds = services::bucketBounds();
        QCOMPARE(bounds.size(), std::size_t{225});
        QCOMPARE(bounds.front(), 1.0 / 131'072);
        QCOMPARE(bounds.back(), 4'096.0);
        const auto has = [&](double bound) {
            return std::ranges::any_of(bounds, [&](double each) { return std::abs(each / bound - 1) < 1e-12; });
        };
        for (int k = -160; k <= 48; ++k) {
            QVERIFY2(has(std::pow(2, k / 16.0)), QByteArray::number(k).constData());
        }
        QVERIFY(!has(std::pow(2, -161 / 16.0)));
        QVERIFY(!has(std::pow(2, 49 / 16.0)));
    }

    void openMetricsNamesACounterWithoutItsSuffix() {
        const QStringList lines = linesOf(everything(), ExpositionFormat::OpenMetrics);
        QVERIFY(lines.contains(QStringLiteral("# TYPE kafka_producer_send_success counter")));
        QVERIFY(lines.contains(QStringLiteral("kafka_producer_send_success_total 5")));
        QVERIFY(lines.filter(QStringLiteral("# TYPE")).filter(QStringLiteral("_total")).isEmpty());
        const QStringList counters = lines.filter(QStringLiteral(" counter"));
        for (const QString& type : counters.filter(QStringLiteral("# TYPE"))) {
            const QString sample = type.section(QLatin1Char(' '), 2, 2) + QStringLiteral("_total");
            QVERIFY2(!lines.filter(QRegularExpression(QLatin1Char('^') + sample + QStringLiteral("[ {]"))).isEmpty(),
                     qPrintable(sample));
        }
    }

    void openMetricsWantsAPointInABoundAndAnEnd() {
        const std::string text = expositionOf(everything(), ExpositionFormat::OpenMetrics);
        QVERIFY(text.ends_with("\n# EOF\n"));
        QVERIFY(expositionOf(everything(), ExpositionFormat::Prometheus).find("# EOF") == std::string::npos);
        const QString all = QString::fromStdString(text);
        QVERIFY(all.contains(QStringLiteral("le=\"1.0\"")));
        QVERIFY(all.contains(QStringLiteral("le=\"4096.0\"")));
        QVERIFY(all.contains(QStringLiteral("le=\"+Inf\"")));
        QVERIFY(!all.contains(QRegularExpression(QStringLiteral("le=\"\\d+\""))));
    }

    void aBucketShowsTheNewestEventThatFellIntoIt() {
        const auto exemplar = [](int micros, int at) {
            core::EventId id;
            id.bytes.back() = static_cast<std::uint8_t>(at);
            return core::Exemplar{id, std::chrono::microseconds(micros), core::WallTime(std::chrono::seconds(at))};
        };
        Exposed exposed = everything();
        exposed.snapshot.streams[0].processingExemplars = {exemplar(10'000, 1), exemplar(300'000, 2)};
        exposed.snapshot.streams[1].processingExemplars = {exemplar(10'050, 3)};
        exposed.snapshot.streams[1].endToEndExemplars = {exemplar(0, 4), exemplar(2'000'000'000, 5)};
        const auto id = [](int at) {
            return QStringLiteral("{id=\"00000000-0000-0000-0000-%1\"}").arg(at, 12, 10, QLatin1Char('0'));
        };
        const auto shown = [&](ExpositionFormat format) {
            QStringList exemplars;
            for (const QString& line : linesOf(exposed, format).filter(QStringLiteral(" # {"))) {
                exemplars.append(line.section(QStringLiteral("_bucket{"), 0, 0) + line.section(QLatin1Char('#'), 1));
            }
            return exemplars;
        };
        QCOMPARE(shown(ExpositionFormat::OpenMetrics),
                 (QStringList{QStringLiteral("log_processing_time ") + id(3) + QStringLiteral(" 0.01005 3.000"),
                              QStringLiteral("log_processing_time ") + id(2) + QStringLiteral(" 0.3 2.000"),
                              QStringLiteral("log_processing_time_seconds ") + id(3) + QStringLiteral(" 0.01005 3.000"),
                              QStringLiteral("log_processing_time_seconds ") + id(2) + QStringLiteral(" 0.3 2.000"),
                              QStringLiteral("millrace_end_to_end_seconds ") + id(4) + QStringLiteral(" 0 4.000"),
                              QStringLiteral("millrace_end_to_end_seconds ") + id(5) + QStringLiteral(" 2000 5.000")}));
        QCOMPARE(shown(ExpositionFormat::Prometheus), QStringList());
    }

    void anExemplarStandsBehindTheBucketThatHoldsIt() {
        Exposed exposed = everything();
        exposed.snapshot.streams[0].processingExemplars = {{{}, std::chrono::microseconds(15'625), {}}};
        const QStringList lines = linesOf(exposed, ExpositionFormat::OpenMetrics);
        QVERIFY(lines.contains(QStringLiteral("log_processing_time_bucket{le=\"0.015625\"} 3 # "
                                              "{id=\"00000000-0000-0000-0000-000000000000\"} 0.015625 0.000")));
    }

    void theScraperChoosesTheFormat_data() {
        QTest::addColumn<QString>("accept");
        QTest::addColumn<QString>("type");
        const auto own = QStringLiteral("text/plain; version=0.0.4; charset=utf-8");
        const auto open = QStringLiteral("application/openmetrics-text; version=1.0.0; charset=utf-8");
        QTest::newRow("nobody says anything") << QString() << own;
        QTest::newRow("anything") << QStringLiteral("*/*") << own;
        QTest::newRow("plain text") << QStringLiteral("text/plain;version=0.0.4") << own;
        QTest::newRow("OpenMetrics") << QStringLiteral("application/openmetrics-text; version=1.0.0") << open;
        QTest::newRow("as Prometheus 2.42 asks")
            << QStringLiteral(
                   "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
                   "text/plain;version=0.0.4;q=0.5,*/*;q=0.1")
            << open;
    }
    void theScraperChoosesTheFormat() {
        QFETCH(const QString, accept);
        const std::string_view type = contentTypeOf(services::formatFor(accept.toStdString()));
        QTEST(QString::fromUtf8(type.data(), static_cast<qsizetype>(type.size())), "type");
    }

    void aQuantileOfTheBucketsIsThatOfTheHistogram_data() {
        QTest::addColumn<int>("shape");
        QTest::newRow("log-normal around 20 ms") << 0;
        QTest::newRow("exponential of 200 ms") << 1;
        QTest::newRow("uniform from 2 ms to 4 s") << 2;
    }
    void aQuantileOfTheBucketsIsThatOfTheHistogram() {
        QFETCH(const int, shape);
        std::mt19937_64 random(11); // NOLINT: the same each time
        std::lognormal_distribution<double> logNormal(std::log(0.02), 0.8);
        std::exponential_distribution<double> exponential(5);
        std::uniform_real_distribution<double> uniform(0.002, 4);
        Exposed exposed = everything();
        auto& values = core::of(exposed.snapshot.streams[1].latency, core::Metric::Processing);
        for (int i = 0; i < 200'000; ++i) {
            const double seconds = shape == 0 ? logNormal(random) : shape == 1 ? exponential(random) : uniform(random);
            values.record(std::chrono::microseconds(std::llround(seconds * 1e6)));
        }
        const auto all = exposed.snapshot.latency(core::Metric::Processing);
        const QList<Bucket> buckets = bucketsOf(linesOf(exposed), QStringLiteral("log_processing_time"));
        for (const double p : {50.0, 90.0, 95.0, 99.0, 99.9}) {
            const double own = static_cast<double>(*all.percentile(p)) / 1e6;
            const double theirs = quantileOf(buckets, p / 100);
            QVERIFY2(std::abs(theirs / own - 1) < 0.02,
                     qPrintable(QStringLiteral("p%1: %2 s, not %3 s").arg(p).arg(theirs).arg(own)));
        }
    }
};

TEST_CLASS(TestExposition)
#include "tst_exposition.moc"
