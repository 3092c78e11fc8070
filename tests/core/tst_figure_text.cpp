// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/figure_text.h"
#include "tests/test_class.h"

#include <QTest>
#include <limits>

using core::Nanoseconds;

class TestFigureText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void durations_data() {
        QTest::addColumn<qint64>("nanoseconds");
        QTest::addColumn<QString>("text");
        const auto row = [](qint64 nanoseconds, const char* text) {
            QTest::newRow(text) << nanoseconds << QString::fromUtf8(text);
        };
        row(0, "0 µs");
        row(850, "850 ns");
        row(999, "999 ns");
        row(1'000, "1 µs");
        row(852'000, "852 µs");
        row(999'499, "999 µs");
        row(999'500, "1 ms");
        row(13'103'000, "13.1 ms");
        row(13'050'000, "13.1 ms");
        row(45'000'000, "45 ms");
        row(1'254'000'000, "1.25 s");
        row(60'000'000'000, "60 s");
        row(119'400'000'000, "119 s");
        row(125'000'000'000, "2 min 5 s");
        row(725'000'000'000, "12 min 5 s");
        row(3'720'000'000'000, "1 h 2 min");
        row(93'600'000'000'000, "26 h 0 min");
        row(-31'900'000, "-31.9 ms");
        row(-125'000'000'000, "-2 min 5 s");
    }

    void durations() {
        QFETCH(qint64, nanoseconds);
        QTEST(QString::fromStdString(core::durationText(Nanoseconds(nanoseconds))), "text");
    }

    void rates_data() {
        QTest::addColumn<double>("perSecond");
        QTest::addColumn<QString>("text");
        const auto row = [](double perSecond, const char* text) {
            QTest::newRow(text) << perSecond << QString::fromUtf8(text);
        };
        row(0, "0/s");
        row(0.254, "0.254/s");
        row(12.5, "12.5/s");
        row(333.33, "333/s");
        row(999.6, "1,000/s");
        row(9'998.4, "9,998/s");
        row(150'000, "150,000/s");
        row(std::numeric_limits<double>::infinity(), "–/s");
    }

    void rates() {
        QFETCH(double, perSecond);
        QTEST(QString::fromStdString(core::rateText({perSecond})), "text");
    }

    void shares_data() {
        QTest::addColumn<double>("share");
        QTest::addColumn<QString>("text");
        const auto row = [](const char* name, double share, const char* text) {
            QTest::newRow(name) << share << QString::fromUtf8(text);
        };
        row("nothing", 0, "0 %");
        row("a small share keeps three digits", 0.001049, "0.105 %");
        row("a few percent", 0.0123, "1.23 %");
        row("an eighth", 0.125, "12.5 %");
        row("hundredths near the whole", 0.99984, "99.98 %");
        row("exactly 99 %", 0.99, "99 %");
        row("the whole", 1, "100 %");
        row("not quite the whole is not shown as the whole", 0.9999999, "99.99 %");
        row("just under a limit is not shown as the limit", 0.98999, "98.99 %");
        row("more than the whole", 1.0123, "101.23 %");
    }

    void shares() {
        QFETCH(double, share);
        QTEST(QString::fromStdString(core::percentText(share)), "text");
    }

    void sizes_data() {
        QTest::addColumn<quint64>("bytes");
        QTest::addColumn<QString>("text");
        const auto row = [](quint64 bytes, const char* text) {
            QTest::newRow(text) << bytes << QString::fromUtf8(text);
        };
        row(0, "0 B");
        row(285, "285 B");
        row(1'023, "1,023 B");
        row(65'536, "64 KiB");
        row(1'310'720, "1.25 MiB");
        row(1'048'575, "1 MiB");
        row(3'435'973'836, "3.2 GiB");
        row(std::numeric_limits<quint64>::max(), "16,777,216 TiB");
    }

    void sizes() {
        QFETCH(quint64, bytes);
        QTEST(QString::fromStdString(core::bytesText({bytes})), "text");
    }

    void counts_data() {
        QTest::addColumn<quint64>("count");
        QTest::addColumn<QString>("text");
        QTest::newRow("none") << quint64{0} << QStringLiteral("0");
        QTest::newRow("three digits") << quint64{999} << QStringLiteral("999");
        QTest::newRow("four digits") << quint64{1'000} << QStringLiteral("1,000");
        QTest::newRow("six digits") << quint64{600'000} << QStringLiteral("600,000");
        QTest::newRow("the most") << std::numeric_limits<quint64>::max()
                                  << QStringLiteral("18,446,744,073,709,551,615");
    }

    void counts() {
        QFETCH(quint64, count);
        QTEST(QString::fromStdString(core::countText(count)), "text");
    }
};

TEST_CLASS(TestFigureText)
#include "tst_figure_text.moc"
