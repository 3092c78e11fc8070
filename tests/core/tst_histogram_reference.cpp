// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/latency_histogram.h"
#include "core/results/result_file.h"
#include "tests/test_class.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMap>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <numbers>
#include <random>
#include <ranges>
#include <tuple>

using core::LatencyBuckets;
using core::LatencyHistogram;

namespace {

constexpr int kValues = 10'000'000;
constexpr double kHour = 3.6e9; // µs

using Values = std::vector<std::uint32_t>;
using Generator = std::mt19937_64;

double share(Generator& generator) {
    return static_cast<double>((generator() >> 11U) + 1) * 0x1p-53;
} // 0 < x ≤ 1

double normal(Generator& generator) {
    return std::sqrt(-2 * std::log(share(generator))) * std::cos(2 * std::numbers::pi * share(generator));
}

Values tenMillion(std::uint64_t seed, const std::function<double(Generator&)>& draw) {
    Generator generator(seed);
    Values values(kValues);
    std::ranges::generate(values, [&] { return static_cast<std::uint32_t>(std::clamp(draw(generator), 0.0, kHour)); });
    return values;
}

double uniform(Generator& generator) {
    return share(generator) * 5e6;
}
double exponential(Generator& generator) {
    return -std::log(share(generator)) * 12e3;
}
double logNormal(Generator& generator) {
    return std::exp(9 + 1.5 * normal(generator));
}
double bimodal(Generator& generator) {
    return share(generator) < 0.97 ? 8e3 + 900 * normal(generator) : 1.2e6 + 3e5 * normal(generator);
}
double heavyTail(Generator& generator) {
    return 50 / std::pow(share(generator), 2.0);
} // reaches the hour

/// What HdrHistogram said.
struct Reference {
    std::map<std::string, double> figures;
    std::map<std::uint64_t, std::uint64_t> buckets; // highest value, count
    QList<QByteArray> table;
};

Reference read(const QByteArray& output) {
    Reference reference;
    QByteArray part;
    for (const auto& line : output.split('\n')) {
        if (part == "table") {
            reference.table.append(line);
            continue;
        }
        const auto words = line.split(' ');
        if (words.size() == 1) {
            part = line;
        } else if (part == "buckets") {
            reference.buckets[words[0].toULongLong()] = words[1].toULongLong();
        } else {
            reference.figures[words[0].toStdString()] = words[1].toDouble();
        }
    }
    return reference;
}

LatencyHistogram histogramOf(std::size_t values, std::uint64_t seed, double (*draw)(Generator&)) {
    Generator generator(seed);
    LatencyHistogram histogram;
    for (std::size_t i = 0; i < values; ++i) {
        histogram.record(std::chrono::microseconds(static_cast<std::int64_t>(std::clamp(draw(generator), 0.0, kHour))));
    }
    return histogram;
}

LatencyHistogram only(std::chrono::microseconds value, std::uint64_t times = 1) {
    LatencyHistogram histogram;
    histogram.record(value, times);
    return histogram;
}

/// A result with a histogram of every kind: none, one value, the least and the largest one, the largest count,
/// millions.
core::RunResult resultOfEveryKind() {
    using namespace std::chrono_literals;
    constexpr auto kMostCounted = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    core::RunResult result;
    result.latency = {histogramOf(3'000'000, 1, uniform),   histogramOf(3'000'000, 2, exponential),
                      histogramOf(3'000'000, 3, logNormal), histogramOf(3'000'000, 4, bimodal),
                      histogramOf(3'000'000, 5, heavyTail), {}};
    result.streams.resize(1);
    result.streams[0].latency = {only(0us), only(1us), only(1h), only(2h), only(45ms, kMostCounted), {}};
    result.streams[0].wakeDelay = only(17us, 5'000'000);
    result.spans.resize(1);
    result.spans[0].latency = {histogramOf(1, 6, uniform),      histogramOf(2, 7, heavyTail),
                               histogramOf(10, 8, uniform),     histogramOf(100, 9, logNormal),
                               histogramOf(1'000, 10, bimodal), {}};
    result.samples.resize(2);
    for (std::uint64_t i = 0; i < 2; ++i) {
        result.samples[i].latency = core::PackedHistograms({histogramOf(20'000, 11 + i, uniform),
                                                            histogramOf(20'000, 21 + i, exponential),
                                                            histogramOf(20'000, 31 + i, logNormal),
                                                            histogramOf(20'000, 41 + i, bimodal),
                                                            histogramOf(20'000, 51 + i, heavyTail),
                                                            {}});
    }
    return result;
}

/// The texts of the objects called "histograms", by their path.
QMap<QString, QString> textsIn(const QJsonValue& value, const QString& path) {
    QMap<QString, QString> texts;
    const auto collect = [&texts, &path](const QString& key, const QJsonValue& inner) {
        const QString place = path + QLatin1Char('/') + key;
        if (inner.isString() && path.endsWith(QStringLiteral("/histograms"))) {
            texts[place] = inner.toString();
        }
        texts.insert(textsIn(inner, place));
    };
    const auto object = value.toObject();
    for (auto entry = object.begin(); entry != object.end(); ++entry) {
        collect(entry.key(), entry.value());
    }
    const auto array = value.toArray();
    for (qsizetype i = 0; i < array.size(); ++i) {
        collect(QString::number(i), array[i]);
    }
    return texts;
}

/// A line of what HdrHistogram says of a text: figures, buckets, and its own encoding of it.
std::tuple<QByteArray, QByteArray, std::string> partsOf(const QByteArray& line) {
    const auto parts = line.trimmed().split('|');
    return parts.size() == 3 ? std::tuple(parts[0].trimmed(), parts[1].trimmed(), parts[2].trimmed().toStdString())
                             : std::tuple(QByteArray("not three parts: ") + line, QByteArray(), std::string());
}

/// Count, maximum and percentiles.
QByteArray figuresOf(const LatencyHistogram& histogram) {
    auto text = QByteArray::number(quint64{histogram.count()}) + ' ' + QByteArray::number(quint64{*histogram.max()});
    for (const double percentile : {50.0, 90.0, 95.0, 99.0, 99.9, 99.99}) {
        text += ' ' + QByteArray::number(quint64{*histogram.percentile(percentile)});
    }
    return text;
}

/// Highest value and count of each bucket in use.
QByteArray bucketsOf(const LatencyHistogram& histogram) {
    QByteArray text;
    for (std::size_t i = 0; i < histogram.counts().size(); ++i) {
        if (histogram.counts()[i] > 0) {
            text += QByteArray::number(quint64{LatencyBuckets::highest(histogram.firstIndex() + i)}) + ':' +
                    QByteArray::number(quint64{histogram.counts()[i]}) + ' ';
        }
    }
    return text.trimmed();
}

/// The lines' numbers; "Infinity" and such do not occur.
std::vector<double> numbers(QByteArray line) {
    for (auto& c : line) {
        c = (c >= '0' && c <= '9') || c == '.' || c == '-' ? c : ' ';
    }
    std::vector<double> found;
    for (const auto& word : line.simplified().split(' ')) {
        bool good = false;
        const auto number = word.toDouble(&good);
        if (good) {
            found.push_back(number);
        }
    }
    return found;
}

} // namespace

/// Agreement with HdrHistogram itself (Debian: libhdrhistogram-java), on ten million values of each distribution.
class TestHistogramReference : public QObject {
    Q_OBJECT

    QTemporaryDir m_classes;
    QString m_jar;

    /// What the program there answers; empty where it fails.
    QByteArray ask(const QByteArray& input, const QString& argument = {}) {
        QProcess java;
        java.start(QStringLiteral("java"), {QStringLiteral("-cp"), m_jar + QLatin1Char(':') + m_classes.path(),
                                            QStringLiteral("Reference"), argument});
        java.write(input);
        java.closeWriteChannel();
        if (!java.waitForFinished(60'000) || java.exitCode() != 0) {
            qWarning() << java.readAllStandardError();
            return {};
        }
        return java.readAllStandardOutput();
    }

    Reference ask(const Values& values) {
        return read(ask(QByteArray::fromRawData(reinterpret_cast<const char*>(values.data()),
                                                static_cast<qsizetype>(values.size() * sizeof(values[0])))));
    }

    static void compareTable(const LatencyHistogram& histogram, const Reference& reference) {
        const auto lines = QByteArray::fromStdString(histogram.hgrm()).split('\n');
        QCOMPARE(lines.size(), reference.table.size());
        QCOMPARE(lines[0].simplified(), reference.table[0].simplified());
        for (qsizetype i = 1; i < lines.size(); ++i) {
            const auto ours = numbers(lines[i]);
            const auto theirs = numbers(reference.table[i]);
            QCOMPARE(ours.size(), theirs.size());
            for (std::size_t k = 0; k < ours.size(); ++k) {
                QVERIFY2(std::abs(ours[k] - theirs[k]) <= 0.0011 + 1e-9 * std::abs(theirs[k]),
                         lines[i] + " instead of " + reference.table[i]);
            }
        }
    }

    static void compareWithSorted(const LatencyHistogram& histogram, Values values) {
        for (const double percentile : {50.0, 90.0, 95.0, 99.0, 99.9, 99.99}) {
            const auto rank = static_cast<std::ptrdiff_t>(std::llround(kValues / 100.0 * percentile)) - 1;
            std::ranges::nth_element(values, values.begin() + rank);
            const auto exact = static_cast<double>(values[static_cast<std::size_t>(rank)]);
            const auto shown = static_cast<double>(*histogram.percentile(percentile));
            QVERIFY(shown >= exact);
            QVERIFY(shown - exact <= exact / 1'000);
        }
        const auto highest = static_cast<double>(*std::ranges::max_element(values));
        QVERIFY(std::abs(static_cast<double>(*histogram.max()) - highest) <= highest / 1'000);
    }

private Q_SLOTS:
    void initTestCase() {
        for (const auto* const jar : {"/usr/share/java/hdrhistogram.jar", "/usr/share/java/HdrHistogram.jar"}) {
            m_jar = QFile::exists(QString::fromLatin1(jar)) && m_jar.isEmpty() ? QString::fromLatin1(jar) : m_jar;
        }
        const auto* const advice =
            "install the packages libhdrhistogram-java and default-jre-headless (./check.sh does)";
        QVERIFY2(!m_jar.isEmpty(), advice);
        // The compiler comes with Debian's runtime; only its command is in a package of its own.
        QProcess compiler;
        compiler.start(QStringLiteral("java"),
                       {QStringLiteral("-m"), QStringLiteral("jdk.compiler/com.sun.tools.javac.Main"),
                        QStringLiteral("-cp"), m_jar, QStringLiteral("-d"), m_classes.path(),
                        QStringLiteral(MILLRACE_REFERENCE)});
        QVERIFY2(compiler.waitForFinished(60'000) && compiler.exitCode() == 0, advice);
    }

    void agrees_data() {
        using Draw = double (*)(Generator&);
        QTest::addColumn<Draw>("draw");
        QTest::newRow("uniform to 5 s") << Draw{uniform};
        QTest::newRow("exponential around 12 ms") << Draw{exponential};
        QTest::newRow("log-normal") << Draw{logNormal};
        QTest::newRow("bimodal: 8 ms, and 3 % around 1.2 s") << Draw{bimodal};
        QTest::newRow("heavy tail, from 50 µs to the hour") << Draw{heavyTail};
    }

    void agrees() {
        using Draw = double (*)(Generator&);
        QFETCH(Draw, draw);
        auto values = tenMillion(42, draw);
        // The ends and the bucket limits are in each set.
        const Values limits{
            0, 1, 2'047, 2'048, 4'095, 4'096, 3'598'712'831, 3'598'712'832, 3'599'999'999, 3'600'000'000};
        std::ranges::copy(limits, values.begin());

        LatencyHistogram whole;
        LatencyHistogram firstHalf;
        LatencyHistogram secondHalf;
        for (std::size_t i = 0; i < values.size(); ++i) {
            const std::chrono::microseconds value(values[i]);
            whole.record(value);
            (i < values.size() / 2 ? firstHalf : secondHalf).record(value);
        }
        const auto reference = ask(values);
        QCOMPARE(reference.figures.size(), 9U);

        QCOMPARE(static_cast<double>(whole.count()), reference.figures.at("count"));
        QVERIFY(std::abs(*whole.mean() / reference.figures.at("mean") - 1) < 1e-12);
        QCOMPARE(static_cast<double>(*whole.max()), reference.figures.at("max"));
        for (const auto& [name, percentile] : std::map<std::string, double>{
                 {"p50.0", 50}, {"p90.0", 90}, {"p95.0", 95}, {"p99.0", 99}, {"p99.9", 99.9}, {"p99.99", 99.99}}) {
            QCOMPARE(static_cast<double>(*whole.percentile(percentile)), reference.figures.at(name));
        }
        std::map<std::uint64_t, std::uint64_t> buckets;
        for (std::size_t i = 0; i < whole.counts().size(); ++i) {
            if (whole.counts()[i] > 0) {
                buckets[LatencyBuckets::highest(whole.firstIndex() + i)] = whole.counts()[i];
            }
        }
        QVERIFY(buckets == reference.buckets);
        compareTable(whole, reference);
        if (QTest::currentTestFailed()) {
            return;
        }
        compareWithSorted(whole, std::move(values));

        auto sum = firstHalf;
        sum.add(secondHalf);
        QVERIFY(sum == whole);
        sum.subtract(firstHalf);
        QVERIFY(sum == secondHalf);
    }

    void decodesEveryHistogramOfAResult() {
        const auto result = resultOfEveryKind();
        const auto json = QByteArray::fromStdString(core::toJson(result, false));
        const auto written = textsIn(QJsonDocument::fromJson(json).object(), {});
        std::map<QString, LatencyHistogram> expected;
        const auto expect = [&expected](const QString& part, const core::MetricHistograms& histograms) {
            for (const auto metric : core::kMetrics) {
                if (const auto& histogram = core::of(histograms, metric); histogram.count() > 0) {
                    expected[part + QStringLiteral("/histograms/") +
                             QString::fromStdString(std::string(nameOf(metric)))] = histogram;
                }
            }
        };
        expect({}, result.latency);
        expect(QStringLiteral("/streams/0"), result.streams[0].latency);
        expected[QStringLiteral("/streams/0/histograms/wake_delay")] = result.streams[0].wakeDelay;
        expect(QStringLiteral("/spans/0"), result.spans[0].latency);
        expect(QStringLiteral("/samples/0"), result.samples[0].latency.unpack());
        expect(QStringLiteral("/samples/1"), result.samples[1].latency.unpack());
        QCOMPARE(expected.size(), 26U); // of 31; those without values are left out
        QCOMPARE(written.keys(), QStringList(std::views::keys(expected).begin(), std::views::keys(expected).end()));

        const auto answers =
            ask(written.values().join(QLatin1Char('\n')).toLatin1(), QStringLiteral("decode")).trimmed().split('\n');
        QCOMPARE(answers.size(), qsizetype{26});
        qsizetype line = 0;
        for (const auto& [name, histogram] : expected) {
            const auto [figures, buckets, theirText] = partsOf(answers[line++]);
            QCOMPARE(figures, figuresOf(histogram));
            QCOMPARE(buckets, bucketsOf(histogram));
            // What HdrHistogram writes of it is what we read.
            QVERIFY(LatencyHistogram::fromHdrText(theirText) == histogram);
        }
    }

    void decodesAHistogramWithoutValues() {
        const auto [figures, buckets, theirText] =
            partsOf(ask(QByteArray::fromStdString(LatencyHistogram().hdrText()), QStringLiteral("decode")));
        QCOMPARE(figures, QByteArray("0 0 0 0 0 0 0 0"));
        QCOMPARE(buckets, QByteArray());
        QVERIFY(LatencyHistogram::fromHdrText(theirText) == LatencyHistogram());
    }
};

TEST_CLASS(TestHistogramReference)
#include "tst_histogram_reference.moc"
