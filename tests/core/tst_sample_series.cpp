// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/results/result_file.h"
#include "tests/test_class.h"

#include <QTest>

using core::Metric;
using core::Sample;
using core::SampleSeries;

namespace {

/// Second number `second` of a run: so many events, one latency.
Sample at(int second) {
    Sample sample;
    sample.from = second;
    sample.until = second + 1;
    sample.producer.planned = static_cast<std::uint64_t>(second);
    sample.consumer.stored = 1;
    core::MetricHistograms latency;
    core::of(latency, Metric::Ack).record(std::chrono::microseconds(second));
    sample.latency = core::PackedHistograms(latency);
    sample.target = second;
    sample.backlog = static_cast<std::uint64_t>(second);
    sample.processCpu = second % 2;
    sample.residentSet = {static_cast<std::uint64_t>(1'000 - second % 10)};
    return sample;
}

/// Counts what is in use.
class MemorySpool : public core::TextSpool {
public:
    std::optional<Place> put(std::string_view text) override {
        if (full) {
            return std::nullopt;
        }
        const Place place{m_dropped + m_texts.size(), text.size()};
        m_texts += text;
        return place;
    }
    std::optional<std::string> get(Place place) const override {
        return place.from < m_dropped ? std::nullopt
                                      : std::optional(m_texts.substr(place.from - m_dropped, place.length));
    }
    void dropUntil(std::uint64_t end) override {
        m_texts.erase(0, end - m_dropped);
        m_dropped = end;
    }
    std::size_t inUse() const { return m_texts.size(); }
    bool full = false;

private:
    std::string m_texts;
    std::uint64_t m_dropped = 0;
};

SampleSeries seconds(int count, std::size_t capacity, core::TextSpool* spool = nullptr) {
    SampleSeries series(capacity, spool);
    for (int second = 0; second < count; ++second) {
        series.append(at(second));
    }
    return series;
}

} // namespace

class TestSampleSeries : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keepsEachIntervalWhileThereIsRoom() {
        const auto series = seconds(8, 8);
        QCOMPARE(series.samples().size(), 8U);
        for (int second = 0; second < 8; ++second) {
            QVERIFY(series.samples()[static_cast<std::size_t>(second)] == at(second));
        }
    }

    void addsNeighboursWhenFull_data() {
        QTest::addColumn<int>("intervals");
        QTest::addColumn<int>("capacity");
        QTest::addColumn<QList<double>>("until");
        QTest::newRow("one too many") << 5 << 4 << QList<double>{2, 4, 5};
        QTest::newRow("the new one fills up") << 6 << 4 << QList<double>{2, 4, 6};
        QTest::newRow("full again") << 8 << 4 << QList<double>{2, 4, 6, 8};
        QTest::newRow("four by four") << 9 << 4 << QList<double>{4, 8, 9};
        QTest::newRow("an odd capacity leaves one half full") << 6 << 5 << QList<double>{2, 4, 6};
        QTest::newRow("and goes on evenly") << 11 << 5 << QList<double>{4, 8, 11};
    }

    void addsNeighboursWhenFull() {
        QFETCH(int, intervals);
        QFETCH(int, capacity);
        QFETCH(QList<double>, until);
        const auto series = seconds(intervals, static_cast<std::size_t>(capacity));
        QList<double> found;
        double from = 0;
        for (const auto& sample : series.samples()) {
            QCOMPARE(sample.from, from);
            from = sample.until;
            found.append(sample.until);
        }
        QCOMPARE(found, until);
    }

    void sumsAreExactInConstantMemory() {
        constexpr int kDay = 86'400;
        const auto series = seconds(kDay, 1'800);
        QVERIFY(series.samples().size() <= 1'800 && series.samples().size() >= 900);
        Sample sum;
        for (const auto& sample : series.samples()) {
            sum.producer += sample.producer;
            sum.consumer += sample.consumer;
            sum.latency.add(sample.latency);
        }
        QCOMPARE(sum.producer.planned, 3'732'436'800U); // 0 + 1 + … + 86,399
        QCOMPARE(sum.consumer.stored, 86'400U);
        core::LatencyHistogram expected;
        for (int second = 0; second < kDay; ++second) {
            expected.record(std::chrono::microseconds(second));
        }
        const auto latency = sum.latency.unpack();
        QVERIFY(core::of(latency, Metric::Ack) == expected);
    }

    void histogramsWaitInTheSpool() {
        for (const int count : {1, 7, 8, 9, 12, 13, 16, 17, 100, 1'001}) {
            MemorySpool spool;
            const auto series = seconds(count, 8, &spool);
            QVERIFY(series.samples() == seconds(count, 8).samples());
            QCOMPARE(spool.inUse() > 0, count > 1);
        }
    }

    void aFullSpoolLosesNothing() {
        MemorySpool spool;
        SampleSeries series(8, &spool);
        for (int second = 0; second < 50; ++second) {
            spool.full = second % 3 == 1;
            series.append(at(second));
        }
        QVERIFY(series.samples() == seconds(50, 8).samples());
    }

    void levelsOfAnAddedInterval() {
        const auto series = seconds(5, 4); // the second sample is seconds 2 and 3
        const Sample sample = series.samples()[1];
        QCOMPARE(sample.target, 2.5);
        QCOMPARE(sample.processCpu, 0.5);
        QCOMPARE(sample.backlog, 3U);             // at the end
        QCOMPARE(sample.residentSet.count, 998U); // the highest
    }
};

TEST_CLASS(TestSampleSeries)
#include "tst_sample_series.moc"
