// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/latency_histogram.h"
#include "tests/test_class.h"

#include <QTest>
#include <atomic>
#include <chrono>
#include <random>
#include <thread>

using namespace std::chrono_literals;
using core::HistogramLane;
using core::LatencyBuckets;
using core::LatencyHistogram;

namespace {

LatencyHistogram of(std::initializer_list<std::int64_t> micros) {
    LatencyHistogram histogram;
    for (const auto value : micros) {
        histogram.record(std::chrono::microseconds(value));
    }
    return histogram;
}

LatencyHistogram upTo(std::int64_t micros) {
    LatencyHistogram histogram;
    for (std::int64_t value = 1; value <= micros; ++value) {
        histogram.record(std::chrono::microseconds(value));
    }
    return histogram;
}

LatencyHistogram random(std::uint64_t seed, int values) {
    std::mt19937_64 generator(seed);
    LatencyHistogram histogram;
    for (int i = 0; i < values; ++i) {
        histogram.record(std::chrono::microseconds(generator() >> (32 + generator() % 32)));
    }
    return histogram;
}

/// The deflated part of base64 of HdrHistogram's encoding.
QByteArray inflated(const QByteArray& text) {
    return qUncompress(QByteArray::fromHex("00001000") + QByteArray::fromBase64(text).mid(8));
}

/// The bytes in HdrHistogram's outer header, as base64.
QByteArray deflated(const QByteArray& plain) {
    const auto body = qCompress(plain).mid(4);
    return (QByteArray::fromHex("1c849314" + QByteArray::number(body.size(), 16).rightJustified(8, '0')) + body)
        .toBase64();
}

std::uint64_t valueAt(const LatencyHistogram& histogram, double percentile) {
    return histogram.percentile(percentile).value_or(0);
}

} // namespace

class TestLatencyHistogram : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void bucketsAreThoseOfHdrHistogram_data() {
        QTest::addColumn<quint64>("value");
        QTest::addColumn<quint64>("index");
        QTest::addColumn<quint64>("lowest");
        QTest::addColumn<quint64>("highest");
        QTest::addColumn<quint64>("middle");
        const auto row = [](const char* name, quint64 value, quint64 index, quint64 lowest, quint64 highest,
                            quint64 middle) { QTest::newRow(name) << value << index << lowest << highest << middle; };
        row("zero has a bucket of its own", 0, 0, 0, 0, 0);
        row("up to 2,047 µs each value has one", 2'047, 2'047, 2'047, 2'047, 2'047);
        row("from 2,048 µs two values share one", 2'048, 2'048, 2'048, 2'049, 2'049);
        row("the last pair", 4'095, 3'071, 4'094, 4'095, 4'095);
        row("from 4,096 µs four values share one", 4'097, 3'072, 4'096, 4'099, 4'098);
        row("45 ms is known to 32 µs", 45'000, 6'526, 44'992, 45'023, 45'008);
        row("a second is known to 512 µs", 1'000'000, 11'169, 999'936, 1'000'447, 1'000'192);
        row("an hour is the highest value", 3'600'000'000, 23'220, 3'598'712'832, 3'600'809'983, 3'599'761'408);
        row("what is longer counts as an hour", 9'000'000'000, 23'220, 3'598'712'832, 3'600'809'983, 3'599'761'408);
    }

    void bucketsAreThoseOfHdrHistogram() {
        QFETCH(quint64, value);
        QFETCH(quint64, index);
        QTEST(quint64{LatencyBuckets::indexOf(value)}, "index");
        QTEST(quint64{LatencyBuckets::lowest(index)}, "lowest");
        QTEST(quint64{LatencyBuckets::highest(index)}, "highest");
        QTEST(quint64{LatencyBuckets::middle(index)}, "middle");
    }

    void bucketsFollowEachOtherWithoutAGap() {
        for (std::size_t index = 0; index + 1 < LatencyBuckets::indexOf(LatencyBuckets::kHighest); ++index) {
            QCOMPARE(LatencyBuckets::highest(index) + 1, LatencyBuckets::lowest(index + 1));
            QCOMPARE(LatencyBuckets::indexOf(LatencyBuckets::lowest(index)), index);
            QCOMPARE(LatencyBuckets::indexOf(LatencyBuckets::highest(index)), index);
        }
    }

    void percentileIsTheValueAtItsRank_data() {
        QTest::addColumn<double>("percentile");
        QTest::addColumn<quint64>("value");
        QTest::newRow("p50 of 1 to 1,000 is the 500th") << 50.0 << quint64{500};
        QTest::newRow("p99 is the 990th") << 99.0 << quint64{990};
        QTest::newRow("p99.9 is the 999th, whatever binary makes of 99.9") << 99.9 << quint64{999};
        QTest::newRow("p99.99 rounds its rank up") << 99.99 << quint64{1'000};
        QTest::newRow("p0.01 is the first") << 0.01 << quint64{1};
        QTest::newRow("p0 is the first") << 0.0 << quint64{1};
        QTest::newRow("p100 is the last") << 100.0 << quint64{1'000};
    }

    void percentileIsTheValueAtItsRank() {
        QFETCH(double, percentile);
        QTEST(quint64{valueAt(upTo(1'000), percentile)}, "value");
    }

    void anEmptyHistogramKnowsNothing() {
        const LatencyHistogram empty;
        QCOMPARE(empty.count(), 0U);
        QVERIFY(!empty.percentile(50) && !empty.mean() && !empty.max() && !empty.min());
        QCOMPARE(empty.countAbove(0), 0U);
    }

    void figuresAreThoseOfTheBuckets() {
        const auto histogram = of({100, 200, 45'000});
        QCOMPARE(*histogram.mean(), (100.0 + 200.0 + 45'008.0) / 3);
        QCOMPARE(*histogram.max(), 45'023U);
        QCOMPARE(*histogram.min(), 100U);
        QCOMPARE(histogram.countAbove(99), 3U);
        QCOMPARE(histogram.countAbove(100), 2U);
        QCOMPARE(histogram.countAbove(45'000), 0U);
    }

    void onlyTheRangeInUseIsKept() {
        auto histogram = of({500, 700});
        QCOMPARE(histogram.firstIndex(), 500U);
        QCOMPARE(histogram.counts().size(), 201U);
        histogram.subtract(of({500}));
        QCOMPARE(histogram.firstIndex(), 700U);
        QCOMPARE(histogram.counts().size(), 1U);
        histogram.subtract(of({700}));
        QVERIFY(histogram == LatencyHistogram());
    }

    void mergingAndSubtractingAreExact() {
        for (std::uint64_t seed = 0; seed < 50; ++seed) {
            const auto first = random(seed, 2'000);
            const auto second = random(1'000 + seed, 3'000);
            auto sum = first;
            sum.add(second);
            auto otherWay = second;
            otherWay.add(first);
            QVERIFY(sum == otherWay);
            QCOMPARE(sum.count(), 5'000U);
            sum.subtract(first);
            QVERIFY(sum == second);
        }
    }

    void aTextHoldsAllCounts() {
        for (std::uint64_t seed = 0; seed < 50; ++seed) {
            const auto histogram = random(seed, static_cast<int>(seed * 40));
            const auto back = LatencyHistogram::decode(histogram.encode());
            QVERIFY(back.has_value());
            QVERIFY(*back == histogram);
        }
        LatencyHistogram large;
        large.record(1us, 1ULL << 62U);
        large.record(1h, (1ULL << 62U) - 1);
        QVERIFY(LatencyHistogram::decode(large.encode()) == large);
    }

    void theTextIsBase64OfNumbers() {
        QCOMPARE(LatencyHistogram().encode(), std::string());
        QCOMPARE(of({3}).encode(), std::string("AwE="));                    // 3, 1
        QCOMPARE(of({3, 3, 7, 300}).encode(), std::string("AwIAAwEApAIB")); // 3, 2, 0 ×3, 1, 0 ×292, 1
    }

    void anHdrTextHoldsAllCounts() {
        for (std::uint64_t seed = 0; seed < 50; ++seed) {
            const auto histogram = random(seed, static_cast<int>(seed * 40));
            QVERIFY(LatencyHistogram::fromHdrText(histogram.hdrText()) == histogram);
        }
        LatencyHistogram large;
        large.record(0us, (1ULL << 63U) - 1 - (1ULL << 55U));
        large.record(1h, 1ULL << 55U);
        QVERIFY(LatencyHistogram::fromHdrText(large.hdrText()) == large);
    }

    void aCountBeyondThoseOfHdrHistogramIsCut() {
        LatencyHistogram large;
        large.record(1us, 1ULL << 63U);
        QCOMPARE(LatencyHistogram::fromHdrText(large.hdrText())->count(), (1ULL << 63U) - 1);
    }

    void anHdrTextIsThatOfHdrHistogram_data() {
        QTest::addColumn<LatencyHistogram>("histogram");
        QTest::addColumn<QByteArray>("text"); // written by HdrHistogram 2.1.11
        QTest::addColumn<QByteArray>("payload");
        QTest::newRow("no values: a count of zero")
            << of({}) << QByteArray("HISTFAAAAB94nJNpmSzMwMDAyAABzFAazL82eQmD/QeoCABVgwSI") << QByteArray("00");
        QTest::newRow("runs of zeros are negative numbers")
            << of({3, 3, 7, 300}) << QByteArray("HISTFAAAACd4nJNpmSzMwMDAzgABzFCaEURcm7yEwf4DRICVhZXpOAsTAHReBWs=")
            << QByteArray("05040502c70402");
        QTest::newRow("from zero to the hour")
            << of({0, 1, 2'047, 2'048, 4'096, 3'600'000'000, 45'000, 13'100})
            << QByteArray("HISTFAAAADN4nJNpmSzMwMAAwiDADKUZQcS1yUsY7D9ABJiYfsozMf3lZzouybRehullCxMTAN7DCeg=")
            << QByteArray("0202f91f0202fd0f02c71902af1c02e9840202");
    }

    void anHdrTextIsThatOfHdrHistogram() {
        QFETCH(LatencyHistogram, histogram);
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, payload);
        QVERIFY(LatencyHistogram::fromHdrText(text.toStdString()) == histogram);
        // Compared before deflating, which libraries may do in different ways.
        const auto ours = QByteArray::fromStdString(histogram.hdrText());
        QCOMPARE(inflated(ours), inflated(text));
        QCOMPARE(inflated(ours).mid(40).toHex(), payload);
    }

    void aDamagedHdrTextIsRefused_data() {
        // Cookie, length, index offset, digits, lowest, highest, conversion ratio.
        const auto header = [](const QByteArray& length) {
            return "1c849313" + length + "00000000" + "00000003" + "0000000000000001" + "00000000d693a400" +
                   "3ff0000000000000";
        };
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("good");
        const auto row = [](const char* name, const QByteArray& plain, bool good = false) {
            QTest::newRow(name) << deflated(QByteArray::fromHex(plain)) << good;
        };
        row("this one is whole", header("00000002") + "0502", true);
        row("another length than is there", header("00000003") + "0502");
        row("a number that does not end", header("00000002") + "0582");
        row("zeros beyond the last bucket", header("00000003") + "81f002");     // 23,553
        row("a count beyond the last bucket", header("00000004") + "ffef0202"); // 23,552 zeros before it
        row("a sum over 63 bits", header("0000000a") + "fe" + QByteArray(16, 'f') + "02");
        row("as many zeros as a number can say", header("0000000b") + "02" + QByteArray(18, 'f') + "02");
        row("another precision", header("00000002").replace("00000003", "00000002") + "0502");
        row("another range", header("00000002").replace("d693a400", "d693a401") + "0502");
        row("half a header", header("00000000").left(60));
        const auto whole = deflated(QByteArray::fromHex(header("00000002") + "0502"));
        QTest::newRow("nothing") << QByteArray() << false;
        QTest::newRow("cut off") << whole.left(whole.size() - 4) << false;
        QTest::newRow("bytes after the end") << (QByteArray::fromBase64(whole) + "xyz").toBase64() << false;
        QTest::newRow("not deflated") << QByteArray("HISTFAAAAAMAAAA=") << false;
        QTest::newRow("longer than any histogram") << deflated(QByteArray(10'000'000, '\0')) << false;
        QTest::newRow("no base64") << QByteArray(whole).replace('H', '!') << false;
    }

    void aDamagedHdrTextIsRefused() {
        QFETCH(QByteArray, text);
        QTEST(LatencyHistogram::fromHdrText(text.toStdString()).has_value(), "good");
    }

    void aDamagedTextIsRefused_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("a length that base64 never has") << QByteArray("AwE");
        QTest::newRow("a character outside the alphabet") << QByteArray("Aw!=");
        QTest::newRow("padding in the middle") << QByteArray("A=EA");
        QTest::newRow("nothing but padding") << QByteArray("====");
        QTest::newRow("a first bucket without counts") << QByteArray("Aw==");
        QTest::newRow("a first count of zero") << QByteArray("AwABAQ==");
        QTest::newRow("zeros at the end") << QByteArray("AwEAAQ==");
        QTest::newRow("zeros without their number") << QByteArray("AwEA");
        QTest::newRow("a number that does not end") << QByteArray("A/8=");
        QTest::newRow("a number over 64 bits") << QByteArray("A/////////////8B");
        QTest::newRow("a bucket beyond the last") << QByteArray("gLgBAQ=="); // 23,552
        QTest::newRow("zeros beyond the last bucket") << QByteArray("AwEA////////AQE=");
        QTest::newRow("a sum over 63 bits") << QByteArray("A///////////fwE=");
        QTest::newRow("longer than any histogram") << QByteArray(1'000'000, 'A');
    }

    void aDamagedTextIsRefused() {
        QFETCH(QByteArray, text);
        QVERIFY(!LatencyHistogram::decode({text.constData(), static_cast<std::size_t>(text.size())}));
    }

    void whateverIsReadIsAHistogram() {
        std::mt19937_64 generator(7);
        constexpr std::string_view kCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\n";
        const auto whole = random(3, 400).encode();
        for (int round = 0; round < 20'000; ++round) {
            auto text = whole.substr(0, generator() % (whole.size() + 1));
            for (auto changes = generator() % 8; changes > 0 && !text.empty(); --changes) {
                text[generator() % text.size()] = kCharacters[generator() % kCharacters.size()];
            }
            if (const auto read = LatencyHistogram::decode(text)) {
                QVERIFY(LatencyHistogram::decode(read->encode()) == *read);
                QVERIFY(read->firstIndex() + read->counts().size() <= LatencyBuckets::kCount);
            }
        }
    }

    void theTableIsThatOfHdrHistogram() {
        // Written by HdrHistogram 2.1.11 for the same values.
        const std::string expected = R"(       Value     Percentile TotalCount 1/(1-Percentile)

       0.000 0.000000000000          1           1.00
       0.000 0.100000000000          1           1.11
       0.001 0.200000000000          2           1.25
       2.047 0.300000000000          3           1.43
       2.049 0.400000000000          4           1.67
       2.049 0.500000000000          4           2.00
       4.099 0.550000000000          5           2.22
       4.099 0.600000000000          5           2.50
      13.103 0.650000000000          6           2.86
      13.103 0.700000000000          6           3.33
      13.103 0.750000000000          6           4.00
      45.023 0.775000000000          7           4.44
      45.023 0.800000000000          7           5.00
      45.023 0.825000000000          7           5.71
      45.023 0.850000000000          7           6.67
      45.023 0.875000000000          7           8.00
 3600809.983 0.887500000000          8           8.89
 3600809.983 1.000000000000          8
#[Mean    =   449978.464, StdDeviation   =  1190506.051]
#[Max     =  3600809.983, Total count    =            8]
#[Buckets =           22, SubBuckets     =         2048]
)";
        QCOMPARE(of({0, 1, 2'047, 2'048, 4'096, 3'600'000'000, 45'000, 13'100}).hgrm(), expected);
    }

    void theTableOfNothingHasNoRows() {
        QVERIFY(LatencyHistogram().hgrm().find("\n\n#[Mean    =        0.000") != std::string::npos);
    }

    void aLaneCountsWholeMicroseconds_data() {
        QTest::addColumn<qint64>("nanoseconds");
        QTest::addColumn<quint64>("highest");
        QTest::newRow("rounded down") << qint64{1'999} << quint64{1};
        QTest::newRow("less than one is zero") << qint64{999} << quint64{0};
        QTest::newRow("an hour at most") << qint64{7'200'000'000'000} << quint64{3'600'809'983};
        QTest::newRow("the longest there is") << std::numeric_limits<qint64>::max() << quint64{3'600'809'983};
    }

    void aLaneCountsWholeMicroseconds() {
        QFETCH(qint64, nanoseconds);
        HistogramLane lane;
        lane.record(core::Nanoseconds(nanoseconds));
        LatencyHistogram sum;
        lane.addTo(sum);
        QCOMPARE(sum.count(), 1U);
        QTEST(quint64{*sum.max()}, "highest");
    }

    void aLaneCountsNegativeValuesApart() {
        HistogramLane lane;
        lane.record(-1ns);
        lane.record(core::Nanoseconds::min(), 3);
        lane.record(0ns);
        LatencyHistogram sum;
        lane.addTo(sum);
        QCOMPARE(lane.negative(), 4U);
        QCOMPARE(sum.count(), 1U);
    }

    void lanesAddUp() {
        HistogramLane first;
        HistogramLane second;
        first.record(5ms, 3);
        second.record(7us);
        LatencyHistogram sum;
        first.addTo(sum);
        second.addTo(sum);
        QVERIFY(sum == of({5'000, 5'000, 5'000, 7}));
    }

    void aReaderNeverSeesALaneShrink() {
        HistogramLane lane;
        std::atomic<bool> done = false;
        std::thread writer([&lane, &done] {
            std::mt19937_64 generator(1);
            for (int i = 0; i < 300'000; ++i) {
                lane.record(core::Nanoseconds(generator() >> (30 + generator() % 34)));
            }
            done = true;
        });
        LatencyHistogram earlier;
        std::uint64_t reads = 0;
        bool shrunk = false;
        while (!done) {
            LatencyHistogram now;
            lane.addTo(now);
            const auto shift = earlier.count() == 0 ? 0 : earlier.firstIndex() - now.firstIndex();
            for (std::size_t i = 0; i < earlier.counts().size(); ++i) {
                shrunk = shrunk || now.counts()[shift + i] < earlier.counts()[i];
            }
            earlier = std::move(now);
            ++reads;
        }
        writer.join();
        QVERIFY(!shrunk);
        QVERIFY(reads > 0);
        LatencyHistogram all;
        lane.addTo(all);
        QCOMPARE(all.count() + lane.negative(), 300'000U);
    }
};

TEST_CLASS(TestLatencyHistogram)
#include "tst_latency_histogram.moc"
