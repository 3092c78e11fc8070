// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scenario/quantities.h"
#include "core/text/wording.h"
#include "tests/test_class.h"

#include <QTest>
#include <array>

class TestScenarioQuantities : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void duration_data();
    void duration();
    void rate_data();
    void rate();
    void bytes_data();
    void bytes();
    void percent_data();
    void percent();
    void nearestName_data();
    void nearestName();
};

namespace {

const QString kNoUnitOfTime = QStringLiteral("has no unit; add a unit: ns, us, ms, s, m or h, as in 60s");
const QString kNoDuration =
    QStringLiteral("is not a duration; write a number with ns, us, ms, s, m or h, for example 60s or 1m30s");
const QString kNoRate =
    QStringLiteral("is not a rate; write events per second, minute or hour, for example 1000/s, 10k/s, 90/m or 1/h");
const QString kNoSize =
    QStringLiteral("is not a size; write a number with B, KiB, MiB, GiB, kB or MB, for example 64KiB");
const QString kNoShare = QStringLiteral("is not a share; write a percentage, for example 1% or 0.1%");

void makeColumns(bool isWhole) {
    QTest::addColumn<QString>("text");
    if (isWhole) {
        QTest::addColumn<qint64>("value");
    } else {
        QTest::addColumn<double>("value");
    }
    QTest::addColumn<QString>("error");
}

} // namespace

void TestScenarioQuantities::duration_data() {
    makeColumns(true);
    const auto good = [](const char* name, const char* text, qint64 value) {
        QTest::newRow(name) << QString::fromUtf8(text) << value << QString();
    };
    const auto bad = [](const char* name, const char* text, const QString& error) {
        QTest::newRow(name) << QString::fromUtf8(text) << qint64(0) << error;
    };
    good("seconds", "60s", 60'000'000'000);
    good("nothing is a duration too", "0s", 0);
    good("a nanosecond is the smallest", "1ns", 1);
    good("microseconds by an ASCII letter", "2us", 2'000);
    good("microseconds by the micro sign", "2µs", 2'000);
    good("microseconds by the Greek letter", "2μs", 2'000);
    good("a fraction", "0.5ms", 500'000);
    good("milliseconds are no minutes", "5ms", 5'000'000);
    good("minutes and seconds", "1m30s", 90'000'000'000);
    good("all units from large to small", "1h1m1s1ms1us1ns", 3'661'001'001'001);
    good("a leap year is the longest", "8784h", 31'622'400'000'000'000);
    bad("a bare number lacks its unit", "60", kNoUnitOfTime);
    bad("a unit lacks its number", "s", kNoDuration);
    bad("nothing at all", "", kNoDuration);
    bad("small before large", "1s1m", kNoDuration);
    bad("the same unit twice", "1s1s", kNoDuration);
    bad("microseconds twice by two spellings", "1us1µs", kNoDuration);
    bad("a sign", "-5s", kNoDuration);
    bad("a space", "5 s", kNoDuration);
    bad("an exponent", "1e3s", kNoDuration);
    bad("a leading zero", "05s", kNoDuration);
    bad("a point without fraction", "5.s", kNoDuration);
    bad("a fraction without whole", ".5s", kNoDuration);
    bad("an unknown unit", "5sec", kNoDuration);
    bad("days are not a unit", "1d", kNoDuration);
    bad("a number at the end", "1m30", kNoDuration);
    bad("more digits than a double holds", "1000000000000s", kNoDuration);
    bad("more than a leap year", "8785h", QStringLiteral("is too long; at most 8784h (366 days)"));
    bad("less than a nanosecond", "0.1ns", QStringLiteral("is shorter than a nanosecond"));
}

void TestScenarioQuantities::duration() {
    QFETCH(QString, text);
    QFETCH(qint64, value);
    QFETCH(QString, error);
    const auto parsed = core::parseDuration(text.toStdString());
    QCOMPARE(parsed ? QString() : QString::fromStdString(parsed.error().message), error);
    if (parsed) {
        QCOMPARE(qint64(parsed->count()), value);
    }
}

void TestScenarioQuantities::rate_data() {
    makeColumns(false);
    QTest::newRow("per second") << QStringLiteral("1000/s") << 1000.0 << QString();
    QTest::newRow("thousands") << QStringLiteral("10k/s") << 10'000.0 << QString();
    QTest::newRow("per minute") << QStringLiteral("90/m") << 1.5 << QString();
    QTest::newRow("per hour") << QStringLiteral("900/h") << 0.25 << QString();
    QTest::newRow("thousands per minute") << QStringLiteral("1.2k/m") << 20.0 << QString();
    QTest::newRow("the highest") << QStringLiteral("10000k/s") << 1e7 << QString();
    QTest::newRow("none") << QStringLiteral("0/s") << 0.0 << QString();
    QTest::newRow("a bare number lacks its unit")
        << QStringLiteral("1000") << 0.0 << QStringLiteral("has no unit; add a unit: /s, /m or /h, as in 1000/s");
    QTest::newRow("per day is not known") << QStringLiteral("5/d") << 0.0 << kNoRate;
    QTest::newRow("a capital K") << QStringLiteral("5K/s") << 0.0 << kNoRate;
    QTest::newRow("a sign") << QStringLiteral("-5/s") << 0.0 << kNoRate;
    QTest::newRow("a rest") << QStringLiteral("5/s!") << 0.0 << kNoRate;
    QTest::newRow("above the highest") << QStringLiteral("10001k/s") << 0.0
                                       << QStringLiteral("is too high; at most 10000k/s");
}

void TestScenarioQuantities::rate() {
    QFETCH(QString, text);
    QFETCH(double, value);
    QFETCH(QString, error);
    const auto parsed = core::parseRate(text.toStdString());
    QCOMPARE(parsed ? QString() : QString::fromStdString(parsed.error().message), error);
    if (parsed) {
        QCOMPARE(parsed->perSecond, value);
    }
}

void TestScenarioQuantities::bytes_data() {
    makeColumns(true);
    QTest::newRow("bytes") << QStringLiteral("285B") << qint64(285) << QString();
    QTest::newRow("kB is a power of ten") << QStringLiteral("1kB") << qint64(1'000) << QString();
    QTest::newRow("MB is a power of ten") << QStringLiteral("1MB") << qint64(1'000'000) << QString();
    QTest::newRow("KiB is a power of two") << QStringLiteral("64KiB") << qint64(65'536) << QString();
    QTest::newRow("MiB is a power of two") << QStringLiteral("1.5MiB") << qint64(1'572'864) << QString();
    QTest::newRow("GiB is a power of two") << QStringLiteral("2GiB") << qint64(2'147'483'648) << QString();
    QTest::newRow("a bare number lacks its unit")
        << QStringLiteral("64") << qint64(0)
        << QStringLiteral("has no unit; add a unit: B, KiB, MiB, GiB, kB or MB, as in 64KiB");
    QTest::newRow("KB is neither") << QStringLiteral("1KB") << qint64(0) << kNoSize;
    QTest::newRow("a fraction of a byte")
        << QStringLiteral("1.5B") << qint64(0) << QStringLiteral("is not a whole number of bytes");
    QTest::newRow("too large") << QStringLiteral("1025GiB") << qint64(0)
                               << QStringLiteral("is too large; at most 1024GiB");
}

void TestScenarioQuantities::bytes() {
    QFETCH(QString, text);
    QFETCH(qint64, value);
    QFETCH(QString, error);
    const auto parsed = core::parseBytes(text.toStdString());
    QCOMPARE(parsed ? QString() : QString::fromStdString(parsed.error().message), error);
    if (parsed) {
        QCOMPARE(qint64(parsed->count), value);
    }
}

void TestScenarioQuantities::percent_data() {
    makeColumns(false);
    QTest::newRow("whole") << QStringLiteral("1%") << 0.01 << QString();
    QTest::newRow("a fraction") << QStringLiteral("0.1%") << 0.001 << QString();
    QTest::newRow("all") << QStringLiteral("100%") << 1.0 << QString();
    QTest::newRow("a bare number lacks its unit")
        << QStringLiteral("0.01") << 0.0 << QStringLiteral("has no unit; add %, as in 1%");
    QTest::newRow("more than all") << QStringLiteral("100.1%") << 0.0 << QStringLiteral("is more than 100%");
    QTest::newRow("a word") << QStringLiteral("1 percent") << 0.0 << kNoShare;
}

void TestScenarioQuantities::percent() {
    QFETCH(QString, text);
    QFETCH(double, value);
    QFETCH(QString, error);
    const auto parsed = core::parsePercent(text.toStdString());
    QCOMPARE(parsed ? QString() : QString::fromStdString(parsed.error().message), error);
    if (parsed) {
        QCOMPARE(parsed->value, value);
    }
}

void TestScenarioQuantities::nearestName_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("meant");
    QTest::newRow("a missing letter") << QStringLiteral("lingr") << QStringLiteral("linger");
    QTest::newRow("exchanged letters") << QStringLiteral("bathc") << QStringLiteral("batch");
    QTest::newRow("other case") << QStringLiteral("LINGER") << QStringLiteral("linger");
    QTest::newRow("a longer form") << QStringLiteral("batch_size") << QStringLiteral("batch");
    QTest::newRow("a shorter form") << QStringLiteral("compress") << QStringLiteral("compression");
    QTest::newRow("one wrong letter of two") << QStringLiteral("tp") << QStringLiteral("to");
    QTest::newRow("something else") << QStringLiteral("flavour") << QString();
    QTest::newRow("nothing") << QString() << QString();
    QTest::newRow("far too long a name") << QString(10'000, u'a') << QString();
}

void TestScenarioQuantities::nearestName() {
    QFETCH(QString, name);
    QFETCH(QString, meant);
    constexpr std::array<std::string_view, 4> kNames{"linger", "batch", "compression", "to"};
    const auto found = core::nearest(name.toStdString(), kNames);
    QCOMPARE(QString::fromStdString(std::string(found.value_or(""))), meant);
}

TEST_CLASS(TestScenarioQuantities)
#include "tst_scenario_quantities.moc"
