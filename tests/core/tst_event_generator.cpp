// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/format/event_codec.h"
#include "core/load/breakage.h"
#include "core/load/event_generator.h"
#include "core/load/zipf.h"
#include "core/text/utf8.h"
#include "tests/test_class.h"

#include <QTest>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using core::Bytes;
using core::Event;
using core::EventGenerator;
using core::EventShape;
using core::GeneratedEvent;
using core::Level;
using core::MessageLines;
using core::Nanoseconds;
using core::Ratio;
using core::SizeDistribution;
using core::Unreadable;
using core::WallTime;

namespace {

constexpr WallTime kStart{Nanoseconds(1'769'904'000'000'000'000)}; // 2026-02-01T00:00:00Z

WallTime dueOf(int n) {
    return kStart + n * 1ms;
}

/// A generated event with texts of its own.
struct Kept {
    GeneratedEvent event;
    std::string payload;
    std::string key;
};

std::vector<Kept> generate(const EventShape& shape, int count, std::uint64_t seed = 42,
                           const MessageLines* lines = nullptr) {
    EventGenerator generator(shape, seed, 3, 77, lines);
    std::vector<Kept> events;
    for (int n = 0; n < count; ++n) {
        const GeneratedEvent& event = generator.next(dueOf(n));
        events.push_back({event, std::string(event.payload), std::string(event.key)});
    }
    return events;
}

/// The payload without what may differ between two runs of one seed: id and timestamp.
std::string masked(std::string payload) {
    payload.replace(payload.find("\"id\":\"") + 6, 36, 36, '#');
    payload.replace(payload.find("\"timestamp\":\"") + 13, 27, 27, '#');
    return payload;
}

QByteArray bytesOf(const std::string& text) {
    return QByteArray::fromStdString(text);
}

} // namespace

class TestEventGenerator : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void makesReadableEventsWithTheirIds() {
        core::EventDecoder decoder;
        std::uint64_t sequence = 0;
        for (const Kept& kept : generate({}, 1000)) {
            const auto result = decoder.decode(kept.payload, kStart);
            QVERIFY(std::holds_alternative<Event>(result));
            const Event& event = std::get<Event>(result);
            const WallTime due = dueOf(static_cast<int>(sequence));
            QVERIFY(event.id == kept.event.id);
            QVERIFY(event.id == core::EventId::compose({due, 77, 3, sequence}));
            QVERIFY(event.timestamp == due && kept.event.due == due);
            QCOMPARE(event.traceId.size(), std::size_t{32});
            QCOMPARE(event.traceId.find_first_not_of("0123456789abcdef"), std::string_view::npos);
            QCOMPARE(kept.event.sequence, sequence);
            QVERIFY(!kept.event.duplicate && !kept.event.unreadable);
            QCOMPARE(kept.key, event.id.text());
            std::string again;
            appendJson(event, again);
            QCOMPARE(bytesOf(again), bytesOf(kept.payload));
            ++sequence;
        }
    }

    void oneSeedGivesTheSameBytesButForOriginAndTag() {
        EventShape shape;
        shape.size = {Bytes{200}, Bytes{900}, SizeDistribution::Normal};
        shape.duplicates = {Ratio{0.05}, 500ms};
        shape.unreadable = Ratio{0.01};
        EventGenerator one(shape, 42, 3, 77, nullptr);
        EventGenerator other(shape, 42, 3, 1234, nullptr);
        int duplicates = 0;
        for (int n = 0; n < 20'000; ++n) {
            const GeneratedEvent& first = one.next(dueOf(n));
            const GeneratedEvent& second = other.next(dueOf(n) + 100h);
            QVERIFY(first.sequence == second.sequence && first.duplicate == second.duplicate);
            QCOMPARE(first.unreadable, second.unreadable);
            if (first.unreadable) {
                QCOMPARE(first.payload.size(), second.payload.size());
            } else {
                QCOMPARE(bytesOf(masked(std::string(first.payload))), bytesOf(masked(std::string(second.payload))));
            }
            duplicates += first.duplicate ? 1 : 0;
        }
        QVERIFY(duplicates > 800);
    }

    void anotherSeedOrStreamGivesOtherEvents() {
        const auto one = generate({}, 100, 42);
        const auto other = generate({}, 100, 43);
        EventGenerator stream({}, 42, 4, 77, nullptr);
        for (int n = 0; n < 100; ++n) {
            const auto at = static_cast<std::size_t>(n);
            QVERIFY(masked(one[at].payload) != masked(other[at].payload));
            QVERIFY(masked(one[at].payload) != masked(std::string(stream.next(dueOf(n)).payload)));
        }
    }

    void sizesAreExact_data() {
        QTest::addColumn<quint64>("size");
        QTest::addColumn<quint64>("expected");
        QTest::newRow("the default") << quint64{285} << quint64{285};
        QTest::newRow("barely over the fixed fields") << quint64{180} << quint64{180};
        QTest::newRow("large") << quint64{100'000} << quint64{100'000};
        QTest::newRow("never smaller than the fixed fields") << quint64{1} << quint64{175}; // INFO, 'api'
    }
    void sizesAreExact() {
        QFETCH(quint64, size);
        QFETCH(quint64, expected);
        EventShape shape;
        shape.size = {Bytes{size}, Bytes{size}, SizeDistribution::Uniform};
        shape.levels = {{Level::Info, 1}};
        shape.sources = {"api"};
        for (const Kept& kept : generate(shape, 50)) {
            QCOMPARE(std::uint64_t{kept.payload.size()}, std::uint64_t{expected});
        }
    }

    void sizesAreDistributed_data() {
        QTest::addColumn<int>("distribution");
        QTest::addColumn<double>("mean");
        QTest::addColumn<double>("deviation");
        QTest::newRow("uniform") << static_cast<int>(SizeDistribution::Uniform) << 800.0 << 173.5; // 600 / √12
        QTest::newRow("normal") << static_cast<int>(SizeDistribution::Normal) << 800.0 << 100.0;
        QTest::newRow("exponential, cut at five means") // 500 + 120 (1 − 5 e⁻⁵ / (1 − e⁻⁵))
            << static_cast<int>(SizeDistribution::Exponential) << 615.9 << 109.5;
    }
    void sizesAreDistributed() {
        QFETCH(int, distribution);
        QFETCH(double, mean);
        QFETCH(double, deviation);
        EventShape shape;
        shape.size = {Bytes{500}, Bytes{1100}, static_cast<SizeDistribution>(distribution)};
        double sum = 0;
        double squares = 0;
        constexpr int kCount = 50'000;
        for (const Kept& kept : generate(shape, kCount)) {
            const auto size = static_cast<double>(kept.payload.size());
            QVERIFY(size >= 500 && size <= 1100);
            sum += size;
            squares += size * size;
        }
        const double found = sum / kCount;
        QVERIFY2(std::abs(found - mean) < 3, qPrintable(QString::number(found)));
        const double spread = std::sqrt(squares / kCount - found * found);
        QVERIFY2(std::abs(spread - deviation) < 3, qPrintable(QString::number(spread)));
    }

    void levelsFollowTheirWeightsAndSourcesAreEven() {
        core::EventDecoder decoder;
        std::map<std::string, int> counts;
        for (const Kept& kept : generate({}, 100'000)) {
            const auto result = decoder.decode(kept.payload, kStart);
            const Event& event = std::get<Event>(result);
            ++counts[std::string(nameOf(event.level))];
            ++counts[std::string(event.source)];
        }
        const std::map<std::string, int> expected{{"INFO", 70'000},
                                                  {"WARN", 20'000},
                                                  {"ERROR", 8'000},
                                                  {"DEBUG", 2'000},
                                                  {"api-gateway", 25'000},
                                                  {"auth-service", 25'000},
                                                  {"payment-service", 25'000},
                                                  {"user-service", 25'000}};
        QCOMPARE(counts.size(), expected.size());
        for (const auto& [name, count] : expected) {
            const double tolerance = 5 * std::sqrt(count); // five standard deviations
            QVERIFY2(std::abs(counts[name] - count) < tolerance, qPrintable(QString::number(counts[name])));
        }
    }

    void messagesVary() {
        std::set<std::string> messages;
        for (const Kept& kept : generate({}, 10'000)) {
            const auto from = kept.payload.find("\"message\":\"") + 11;
            messages.insert(kept.payload.substr(from, kept.payload.find("\",\"source\"") - from));
        }
        QVERIFY(messages.size() > 9'900);
    }

    void batchesCompressLikeLogs() {
        QByteArray batch;
        for (const Kept& kept : generate({}, 1000)) {
            batch += bytesOf(kept.payload);
        }
        const double ratio = static_cast<double>(batch.size()) / static_cast<double>(qCompress(batch, 1).size());
        QVERIFY2(ratio > 3 && ratio < 5, qPrintable(QString::number(ratio)));
    }

    void keys() {
        EventShape shape;
        shape.key = core::NoKey{};
        QCOMPARE(generate(shape, 1)[0].key, std::string());
        shape.key = core::KeyBySource{};
        for (const Kept& kept : generate(shape, 100)) {
            QVERIFY(kept.payload.find("\"source\":\"" + kept.key + '"') != std::string::npos);
        }
        shape.key = core::ZipfKey{1.1, 1000};
        std::map<std::string, int> counts;
        for (const Kept& kept : generate(shape, 100'000)) {
            ++counts[kept.key];
        }
        QVERIFY(counts.size() > 900 && counts.size() <= 1000);
        QVERIFY(counts["key-1"] > counts["key-2"] && counts["key-2"] > counts["key-4"]);
    }

    void zipfRanksHaveTheirProbabilities_data() {
        QTest::addColumn<double>("exponent");
        QTest::addColumn<quint64>("ranks");
        QTest::newRow("exponent 1.1") << 1.1 << quint64{100};
        QTest::newRow("exponent 1: the harmonic series") << 1.0 << quint64{50};
        QTest::newRow("exponent 0: all alike") << 0.0 << quint64{20};
        QTest::newRow("a steep one") << 3.0 << quint64{30};
        QTest::newRow("two ranks") << 0.5 << quint64{2};
        QTest::newRow("a single rank") << 1.1 << quint64{1};
    }
    void zipfRanksHaveTheirProbabilities() {
        QFETCH(double, exponent);
        QFETCH(quint64, ranks);
        const core::Zipf zipf(exponent, ranks);
        core::Random random(5);
        constexpr int kDraws = 400'000;
        std::vector<int> counts(ranks + 1);
        for (int i = 0; i < kDraws; ++i) {
            const std::uint64_t rank = zipf.draw(random);
            QVERIFY(rank >= 1 && rank <= ranks);
            ++counts[rank];
        }
        double sum = 0;
        for (std::uint64_t rank = 1; rank <= ranks; ++rank) {
            sum += std::pow(static_cast<double>(rank), -exponent);
        }
        for (std::uint64_t rank = 1; rank <= ranks; ++rank) {
            const double expected = kDraws * std::pow(static_cast<double>(rank), -exponent) / sum;
            QVERIFY(std::abs(counts[rank] - expected) < 5 * std::sqrt(expected) + 5);
        }
    }

    void duplicatesRepeatEarlierEventsByteForByte() {
        EventShape shape;
        shape.duplicates = {Ratio{0.1}, 200ms};
        std::map<std::uint64_t, Kept> originals;
        int duplicates = 0;
        Nanoseconds sum{};
        for (const Kept& kept : generate(shape, 100'000)) {
            if (!kept.event.duplicate) {
                QCOMPARE(kept.event.sequence, std::uint64_t{originals.size()}); // no gap
                originals[kept.event.sequence] = kept;
                continue;
            }
            ++duplicates;
            const auto original = originals.find(kept.event.sequence);
            QVERIFY(original != originals.end());
            QVERIFY(original->second.event.id == kept.event.id);
            QCOMPARE(bytesOf(kept.payload), bytesOf(original->second.payload));
            QCOMPARE(kept.key, original->second.key);
            const Nanoseconds distance = kept.event.due - original->second.event.due;
            QVERIFY(distance > 0ns && distance <= 200ms + 10ms); // some slots may be taken by other copies
            sum += distance;
        }
        QVERIFY2(std::abs(duplicates - 10'000) < 500, qPrintable(QString::number(duplicates)));
        const Nanoseconds mean = sum / duplicates;
        QVERIFY(mean > 95ms && mean < 106ms);
    }

    void mostEventsMayBeDuplicates() {
        EventShape shape;
        shape.duplicates = {Ratio{0.8}, 50ms};
        int duplicates = 0;
        for (const Kept& kept : generate(shape, 50'000)) {
            duplicates += kept.event.duplicate ? 1 : 0;
        }
        QVERIFY2(std::abs(duplicates - 40'000) < 500, qPrintable(QString::number(duplicates)));
    }

    void unreadableEventsAreRefusedInManyWays() {
        EventShape shape;
        shape.unreadable = Ratio{0.02};
        shape.duplicates = {Ratio{0.3}, 20ms};
        core::EventDecoder decoder;
        int unreadable = 0;
        int duplicates = 0;
        std::set<std::string> reasons;
        std::set<std::uint64_t> broken;
        for (const Kept& kept : generate(shape, 100'000)) {
            const auto result = decoder.decode(kept.payload, kStart);
            QCOMPARE(std::holds_alternative<Unreadable>(result), kept.event.unreadable);
            duplicates += kept.event.duplicate ? 1 : 0;
            if (kept.event.unreadable) {
                ++unreadable;
                QVERIFY(!kept.event.duplicate);
                QVERIFY(kept.event.id.parts()->sequence == kept.event.sequence);
                reasons.insert(std::get<Unreadable>(result).reason);
                broken.insert(kept.event.sequence);
            } else {
                QVERIFY(!kept.event.duplicate || !broken.contains(kept.event.sequence)); // no copy of a broken one
            }
        }
        QVERIFY2(std::abs(unreadable - 2'000) < 250, qPrintable(QString::number(unreadable)));
        QVERIFY2(std::abs(duplicates - 30'000) < 800, qPrintable(QString::number(duplicates)));
        QVERIFY(reasons.size() > 15);
        QVERIFY(reasons.contains("not valid UTF-8") && reasons.contains("the field 'message' holds a NUL"));
        QVERIFY(reasons.contains("the field 'level' is missing") && reasons.contains("not a JSON object"));
    }

    void everyBreakageIsRefused_data() {
        QTest::addColumn<int>("breakage");
        QTest::newRow("truncated") << static_cast<int>(core::Breakage::Truncated);
        QTest::newRow("not UTF-8") << static_cast<int>(core::Breakage::NotUtf8);
        QTest::newRow("NUL") << static_cast<int>(core::Breakage::Nul);
        QTest::newRow("wrong level") << static_cast<int>(core::Breakage::WrongLevel);
        QTest::newRow("missing field") << static_cast<int>(core::Breakage::MissingField);
        QTest::newRow("wrong type") << static_cast<int>(core::Breakage::WrongType);
        QTest::newRow("not JSON") << static_cast<int>(core::Breakage::NotJson);
    }
    void everyBreakageIsRefused() {
        QFETCH(int, breakage);
        const auto lines = MessageLines::create("Ein \"Zitat\", ä,\"source\":\"x\" \\ und 東京\n", "sample");
        core::EventDecoder decoder;
        core::Draws draws(9);
        for (const auto* source : {static_cast<const MessageLines*>(nullptr), &*lines}) {
            for (const Kept& kept : generate({}, 500, 42, source)) {
                const auto payload = brokenPayload(kept.payload, static_cast<core::Breakage>(breakage), draws);
                QVERIFY2(std::holds_alternative<Unreadable>(decoder.decode(payload, kStart)), payload.c_str());
            }
        }
    }

    void linesBecomeMessagesInOrderRoundAndRound() {
        const auto lines = MessageLines::create("first\r\n\n\"second\"\t\n\nthird ü without end", "app.log");
        QVERIFY(lines);
        QCOMPARE(lines->count(), std::size_t{3});
        core::EventDecoder decoder;
        const std::vector<std::string> expected{"first", "\"second\"\t", "third ü without end", "first"};
        const auto events = generate({}, 4, 42, &*lines);
        for (std::size_t i = 0; i < expected.size(); ++i) {
            const auto result = decoder.decode(events[i].payload, kStart);
            QCOMPARE(bytesOf(std::string(std::get<Event>(result).message)), bytesOf(expected[i]));
        }
    }

    void linesAreRepaired_data() {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArray>("line");
        QTest::newRow("valid UTF-8 stays") << QByteArray("ä 東 🚀") << QByteArray("ä 東 🚀");
        QTest::newRow("Latin-1") << QByteArray("Z\xfcrich") << QByteArray("Z\xef\xbf\xbdrich");
        QTest::newRow("a character cut short") << QByteArray("a\xe6\x9d") << QByteArray("a\xef\xbf\xbd\xef\xbf\xbd");
        QTest::newRow("an over-long form") << QByteArray("\xc0\xaf") << QByteArray("\xef\xbf\xbd\xef\xbf\xbd");
        QTest::newRow("a surrogate") << QByteArray("\xed\xa0\x80")
                                     << QByteArray("\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
        QTest::newRow("beyond U+10FFFF") << QByteArray("\xf4\x90\x80\x80")
                                         << QByteArray("\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
        QTest::newRow("a NUL, which no database takes") << QByteArray("a\0b", 3)
                                                        << QByteArray("a\xef\xbf\xbd"
                                                                      "b");
        QTest::newRow("65,536 bytes stay") << QByteArray(65'536, 'x') << QByteArray(65'536, 'x');
        QTest::newRow("a line over 64 KiB is cut") << QByteArray(70'000, 'x') << QByteArray(65'536, 'x');
        QTest::newRow("a cut falls at a character's end")
            << QByteArray(65'535, 'x') + QByteArray("ä and more") << QByteArray(65'535, 'x');
    }
    void linesAreRepaired() {
        QFETCH(QByteArray, content);
        QFETCH(QByteArray, line);
        const auto lines = MessageLines::create(content.toStdString(), "app.log");
        QVERIFY(lines);
        QCOMPARE(bytesOf(std::string(lines->line(0))), line);
    }

    void filesAreReadAsTheyAre_data() {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArrayList>("lines");
        QTest::addColumn<QString>("conversion");
        QTest::addColumn<QString>("changes");
        const auto row = [](const char* name, const QByteArray& content, const QByteArrayList& lines,
                            const char* conversion, const char* changes) {
            QTest::newRow(name) << content << lines << QString::fromUtf8(conversion) << QString::fromUtf8(changes);
        };
        const QByteArray replaced("\xef\xbf\xbd");
        row("plain UTF-8 stays", "first\nsecond \xc3\xbc\n", {"first", "second \xc3\xbc"}, "", "");
        row("a byte order mark is no text",
            "\xef\xbb\xbf"
            "first\n",
            {"first"}, "a UTF-8 byte order mark, dropped", "");
        row("UTF-16 of Windows",
            QByteArray("\xff\xfe"
                       "a\0\xfc\0\r\0\n\0=\xd8\0\xde",
                       14),
            {"a\xc3\xbc", "\xf0\x9f\x98\x80"}, "UTF-16 (little-endian)", "");
        row("UTF-16, big-endian", QByteArray("\xfe\xff\0a\0\n\xac\x20", 8), {"a", "\xea\xb0\xa0"},
            "UTF-16 (big-endian)", "");
        row("half a pair and half a unit of UTF-16",
            QByteArray("\xff\xfe\0\xd8"
                       "a\0b",
                       7),
            {replaced + "a" + replaced}, "UTF-16 (little-endian)",
            "1 line holds bytes that are no text (line 1 is the first), each replaced by U+FFFD");
        row("CRLF", "first\r\nsecond\r\n", {"first", "second"}, "", "");
        row("CR alone", "first\rsecond\r", {"first", "second"}, "lines that end with CR", "");
        row("Latin-1 is counted",
            "gr\xfc\xdf"
            "e\nplain\n\xe4\n",
            {"gr" + replaced + replaced + "e", "plain", replaced}, "",
            "2 lines hold bytes that are no text (line 1 is the first), each replaced by U+FFFD");
        row("one line in Latin-1", "plain\n\xe4\n", {"plain", replaced}, "",
            "1 line holds bytes that are no text (line 2 is the first), each replaced by U+FFFD");
        row("empty lines are counted", "\n\nfirst\n\n", {"first"}, "", "3 empty lines are left out");
        row("a long line is counted", "short\n" + QByteArray(200'000, 'x') + "\n", {"short", QByteArray(65'536, 'x')},
            "", "1 line is longer than 64 KiB (line 2 is the first) and cut there");
        // printf 'first\nsecond\n' | gzip -n; two members, as a rotation that appends leaves them
        const QByteArray member =
            QByteArray::fromHex("1f8b08000000000000034bcb2c2a2ee12a4e4dcecf4be10200205145080d000000");
        row("gzip", member, {"first", "second"}, "gzip", "");
        row("gzip of two members", member + member, {"first", "second", "first", "second"}, "gzip", "");
        row("gzip from a tape", member + QByteArray(512, '\0'), {"first", "second"}, "gzip", "");
    }
    void filesAreReadAsTheyAre() {
        QFETCH(QByteArray, content);
        QFETCH(QByteArrayList, lines);
        const auto read = MessageLines::create(content.toStdString(), "app.log");
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QByteArrayList found;
        for (std::size_t i = 0; i < read->count(); ++i) {
            found += bytesOf(std::string(read->line(i)));
        }
        QCOMPARE(found, lines);
        QTEST(QString::fromStdString(read->conversion()), "conversion");
        QTEST(QString::fromStdString(read->changes()), "changes");
    }

    void whatHoldsNoLinesIsRefusedByName_data() {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char* name, const QByteArray& content, const char* sentence) {
            QTest::newRow(name) << content << QStringLiteral("The file app.log ") + QString::fromUtf8(sentence);
        };
        row("zstd", QByteArray::fromHex("28b52ffd0400"), "is compressed with zstd: unpack it first.");
        row("zip", "PK\x03\x04rest", "is a zip archive: take the log out of it first.");
        row("UTF-32", QByteArray("\xff\xfe\0\0a\0\0\0", 8),
            "is UTF-32: convert it first, as with 'iconv -f UTF-32 -t UTF-8'.");
        row("UTF-16 without a mark", QByteArray("a\0b\0c\0\n\0", 8),
            "seems to be UTF-16, but has no byte order mark: convert it first, as with 'iconv -f UTF-16LE -t UTF-8'.");
        row("half of a gzip file", QByteArray::fromHex("1f8b08000000000000034bcb2c2a2ee1"),
            "is compressed with gzip and ends too early.");
        row("a damaged gzip file",
            QByteArray::fromHex("1f8b08000000000000034bcb2c2a2ee12a4e4dcecf4be10200205146080d000000"),
            "is compressed with gzip and damaged.");
        // printf 'first\nsecond\n' | gzip -n; then the same through gzip -n once more
        const QByteArray member =
            QByteArray::fromHex("1f8b08000000000000034bcb2c2a2ee12a4e4dcecf4be10200205145080d000000");
        row("gzip with plain text behind it", member + "third\n",
            "holds something else behind its gzip data: take it apart first.");
        row("gzip in gzip",
            QByteArray::fromHex("1f8b080000000000000393efe660000366efd33a5a7a0fb5fc7ccf9df77ec8c4a010e8cac10b94020066bb"
                                "e57a21000000"),
            "is compressed with gzip twice: unpack it first.");
        row("7z", QByteArray::fromHex("377abcaf271c0004"), "is a 7z archive: take the log out of it first.");
        row("PNG", "\x89PNG\r\n\x1a\n", "is a PNG picture: name a file of text lines.");
        row("PDF", "%PDF-1.7\n", "is a PDF: name a file of text lines.");
        row("a program", QByteArray::fromHex("7f454c46020101"), "is a program (ELF): name a file of text lines.");
        row("SQLite", QByteArray("SQLite format 3\0", 16), "is an SQLite database: write its texts to a file first.");
        row("Parquet", QByteArray::fromHex("5041523115041500"), "is a Parquet file: write its texts to a file first.");
    }
    void whatHoldsNoLinesIsRefusedByName() {
        QFETCH(QByteArray, content);
        const auto read = MessageLines::create(content.toStdString(), "app.log");
        QVERIFY(!read);
        QTEST(QString::fromStdString(read.error().message), "sentence");
    }

    void aFileWithoutLinesIsRefused() {
        const auto lines = MessageLines::create("\n\r\n\n", "empty.log");
        QVERIFY(!lines);
        QCOMPARE(lines.error().message, std::string("The file empty.log holds no line that could become a message."));
    }

    void sourcesAreEscaped() {
        EventShape shape;
        shape.sources = {"a \"quoted\" source \\ ü"};
        shape.key = core::KeyBySource{};
        core::EventDecoder decoder;
        const auto events = generate(shape, 1);
        const auto result = decoder.decode(events[0].payload, kStart);
        QCOMPARE(bytesOf(std::string(std::get<Event>(result).source)), QByteArray("a \"quoted\" source \\ ü"));
        QCOMPARE(bytesOf(events[0].key), QByteArray("a \"quoted\" source \\ ü"));
        QCOMPARE(events[0].payload.size(), std::size_t{285});
    }
};

TEST_CLASS(TestEventGenerator)
#include "tst_event_generator.moc"
