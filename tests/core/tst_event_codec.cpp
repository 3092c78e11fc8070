// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/format/event_codec.h"
#include "core/load/random.h"
#include "tests/test_class.h"

#include <QTest>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using core::Event;
using core::EventDecoder;
using core::EventId;
using core::Level;
using core::Nanoseconds;
using core::Random;
using core::Unreadable;
using core::WallTime;

namespace {

constexpr const char* kGood =
    R"({"id":"017f22e2-79b0-7cc3-98c4-dc0c0c07398f","level":"WARN","message":"disk almost full","source":"api",)"
    R"("timestamp":"2026-01-31T23:59:59.123456Z","traceId":"0af7651916cd43dd8448eb211c80319c"})";
/// 2026-01-31T23:59:59.123456Z
constexpr std::int64_t kMicroseconds = 1'769'903'999'123'456;

WallTime now() {
    return WallTime(Nanoseconds(1'770'000'000'000'000'000));
} // 2026-02-02T02:40:00Z

std::string good() {
    return kGood;
}

/// The good payload with the first occurrence of a piece replaced.
std::string with(const std::string& piece, const std::string& replacement) {
    std::string payload = kGood;
    return payload.replace(payload.find(piece), piece.size(), replacement);
}

QByteArray bytes(const std::string& text) {
    return QByteArray::fromStdString(text);
}

QString reasonOf(EventDecoder& decoder, std::string_view payload) {
    const auto result = decoder.decode(payload, now());
    const auto* const fault = std::get_if<Unreadable>(&result);
    return fault == nullptr ? QStringLiteral("none") : QString::fromStdString(fault->reason);
}

std::string randomText(Random& random, std::uint32_t maxLength) {
    static const std::vector<std::string> kPieces{"a",
                                                  "Z",
                                                  " ",
                                                  "\"",
                                                  "\\",
                                                  "/",
                                                  "\n",
                                                  "\t",
                                                  "\r",
                                                  "\b",
                                                  "\f",
                                                  "\x01",
                                                  "\x1f",
                                                  "\x7f",
                                                  "é",
                                                  "ß",
                                                  "€",
                                                  "語",
                                                  "\xf0\x9f\x9a\x80",
                                                  "\xef\xbf\xbf",
                                                  "{",
                                                  "}",
                                                  ",\"id\":\"",
                                                  "plain text of some length",
                                                  "\\u0041"};
    std::string text;
    const std::uint32_t pieces = random.below(maxLength + 1);
    for (std::uint32_t i = 0; i < pieces; ++i) {
        text += kPieces[random.below(static_cast<std::uint32_t>(kPieces.size()))];
    }
    return text;
}

} // namespace

class TestEventCodec : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void writesTheSixFieldsInOrder() {
        Event event;
        event.id = *EventId::parse("017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
        event.level = Level::Warn;
        event.message = "disk almost full";
        event.source = "api";
        event.timestamp = WallTime(std::chrono::microseconds(kMicroseconds)) + 999ns; // cut to a microsecond
        event.traceId = "0af7651916cd43dd8448eb211c80319c";
        std::string out = "before ";
        appendJson(event, out);
        QCOMPARE(bytes(out), bytes("before " + good()));
    }

    void escapes_data() {
        QTest::addColumn<QByteArray>("message");
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("nothing") << QByteArray() << QByteArray();
        QTest::newRow("quote and backslash") << QByteArray("a\"b\\c") << QByteArray(R"(a\"b\\c)");
        QTest::newRow("the five short forms") << QByteArray("\b\f\n\r\t") << QByteArray(R"(\b\f\n\r\t)");
        QTest::newRow("other control characters in the long form")
            << QByteArray("\x01\x1f") << QByteArray(R"(\u0001\u001f)");
        QTest::newRow("a slash and DEL stay") << QByteArray("/\x7f") << QByteArray("/\x7f");
        QTest::newRow("Unicode stays as it is") << QByteArray("Zürich 東京 🚀") << QByteArray("Zürich 東京 🚀");
        QTest::newRow("after eight plain bytes") << QByteArray("12345678\"") << QByteArray(R"(12345678\")");
        QTest::newRow("as the last byte of eight") << QByteArray("1234567\n") << QByteArray(R"(1234567\n)");
    }
    void escapes() {
        QFETCH(QByteArray, message);
        QFETCH(QByteArray, json);
        Event event;
        event.message = std::string_view(message.data(), static_cast<std::size_t>(message.size()));
        std::string out;
        appendJson(event, out);
        const QByteArray all = bytes(out);
        const auto from = all.indexOf("\"message\":\"") + 11;
        QCOMPARE(all.mid(from, all.indexOf("\",\"source\"") - from), json);
    }

    void reads() {
        EventDecoder decoder;
        const auto result = decoder.decode(kGood, now());
        const auto* const event = std::get_if<Event>(&result);
        QVERIFY(event != nullptr);
        QCOMPARE(event->id.text(), std::string("017f22e2-79b0-7cc3-98c4-dc0c0c07398f"));
        QVERIFY(event->level == Level::Warn);
        QVERIFY(event->message == "disk almost full");
        QVERIFY(event->source == "api");
        QVERIFY(event->traceId == "0af7651916cd43dd8448eb211c80319c");
        QVERIFY(event->timestamp == WallTime(std::chrono::microseconds(kMicroseconds)));
    }

    void accepts_data() {
        QTest::addColumn<QByteArray>("payload");
        QTest::newRow("fields in any order") << QByteArray(
            R"({"traceId":"t","timestamp":"2026-01-31T23:59:59Z","source":"s","message":"m","level":"INFO",)"
            R"("id":"017f22e2-79b0-7cc3-98c4-dc0c0c07398f"})");
        QTest::newRow("white space between everything") << QByteArray(
            " {\n\"id\" : \"017f22e2-79b0-7cc3-98c4-dc0c0c07398f\" ,\t\"level\":\"INFO\" , \"message\":\"m\" ,"
            "\"source\":\"s\",\"timestamp\" : \"2026-01-31T23:59:59Z\"\r\n,\"traceId\":\"t\" } \n");
        QTest::newRow("unknown fields of every kind")
            << bytes(with("{", R"({"a":null,"b":true,"c":-1.5e+10,"d":[1,{"x":[]},"y\n"],"e":{"id":"no"},)"));
        QTest::newRow("an unknown number beyond 64 bits")
            << bytes(with("{", R"({"n":123456789012345678901234567890,)"));
        QTest::newRow("names with escapes") << bytes(with("\"level\"", R"("\u006cevel")"));
        QTest::newRow("an upper-case id") << bytes(with("017f22e2-79b0-7cc3", "017F22E2-79B0-7CC3"));
        QTest::newRow("an id of another version") << bytes(with("7cc3", "4cc3"));
        QTest::newRow("empty texts") << bytes(with("disk almost full", ""));
        QTest::newRow("a source of 255 characters") << bytes(with("\"api\"", '"' + std::string(255, 's') + '"'));
        QString wide(255, QChar(0x20ac));
        QTest::newRow("a source of 255 wide characters") << bytes(with("\"api\"", '"' + wide.toStdString() + '"'));
        QTest::newRow("a time up to a day ahead") << bytes(with("2026-01-31T23:59:59.123456Z", "2026-02-03T02:40:00Z"));
        QTest::newRow("the first instant of 2000")
            << bytes(with("2026-01-31T23:59:59.123456Z", "2000-01-01T00:00:00Z"));
        const std::string deep(30, '[');
        QTest::newRow("32 levels of nesting") << bytes(with("{", "{\"x\":" + deep + "[]" + std::string(30, ']') + ","));
    }
    void accepts() {
        QFETCH(QByteArray, payload);
        EventDecoder decoder;
        QCOMPARE(reasonOf(decoder, payload.toStdString()), QStringLiteral("none"));
    }

    void timestamps_data() {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<qint64>("microseconds");
        QTest::newRow("microseconds") << QByteArray(R"("2026-01-31T23:59:59.123456Z")") << qint64{kMicroseconds};
        QTest::newRow("nanoseconds are cut")
            << QByteArray(R"("2026-01-31T23:59:59.123456789Z")") << qint64{kMicroseconds};
        QTest::newRow("tenths") << QByteArray(R"("2026-01-31T23:59:59.1Z")") << qint64{1'769'903'999'100'000};
        QTest::newRow("no fraction") << QByteArray(R"("2026-01-31T23:59:59Z")") << qint64{1'769'903'999'000'000};
        QTest::newRow("an offset to the east")
            << QByteArray(R"("2026-02-01T01:59:59.123456+02:00")") << qint64{kMicroseconds};
        QTest::newRow("an offset to the west")
            << QByteArray(R"("2026-01-31T18:29:59.123456-05:30")") << qint64{kMicroseconds};
        QTest::newRow("an offset without a colon")
            << QByteArray(R"("2026-02-01T01:59:59.123456+0200")") << qint64{kMicroseconds};
        QTest::newRow("an offset in hours")
            << QByteArray(R"("2026-02-01T01:59:59.123456+02")") << qint64{kMicroseconds};
        QTest::newRow("no offset is UTC") << QByteArray(R"("2026-01-31T23:59:59.123456")") << qint64{kMicroseconds};
        QTest::newRow("lower case") << QByteArray(R"("2026-01-31t23:59:59.123456z")") << qint64{kMicroseconds};
        QTest::newRow("a space instead of the T")
            << QByteArray(R"("2026-01-31 23:59:59.123456Z")") << qint64{kMicroseconds};
        QTest::newRow("a leap second is the next minute's first")
            << QByteArray(R"("2016-12-31T23:59:60Z")") << qint64{1'483'228'800'000'000};
        QTest::newRow("29 February of a leap year")
            << QByteArray(R"("2024-02-29T00:00:00Z")") << qint64{1'709'164'800'000'000};
        QTest::newRow("milliseconds since 1970") << QByteArray("1769903999123") << qint64{1'769'903'999'123'000};
        QTest::newRow("an escape within the text")
            << QByteArray(R"("2026-01-31T23:59:59.123456\u005a")") << qint64{kMicroseconds};
    }
    void timestamps() {
        QFETCH(QByteArray, json);
        QFETCH(qint64, microseconds);
        EventDecoder decoder;
        const std::string payload = with("\"2026-01-31T23:59:59.123456Z\"", json.toStdString());
        const auto result = decoder.decode(payload, now());
        QVERIFY(std::holds_alternative<Event>(result));
        QVERIFY(std::get<Event>(result).timestamp == WallTime(std::chrono::microseconds(microseconds)));
    }

    void refuses_data() {
        QTest::addColumn<QByteArray>("payload");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* name, const std::string& payload, const char* reason) {
            QTest::newRow(name) << bytes(payload) << QString::fromUtf8(reason);
        };
        const std::string time = "\"2026-01-31T23:59:59.123456Z\"";
        row("nothing", "", "the payload is empty");
        row("white space", "  \n ", "the payload is empty");
        row("over 1 MiB", with("disk", std::string(1024 * 1024, 'x')), "the payload is over 1 MiB");
        row("plain text", "Jan 31 host kernel: up", "not a JSON object");
        row("an array", "[" + good() + "]", "not a JSON object");
        row("a text", "\"id\"", "not a JSON object");
        row("a number", "7", "not a JSON object");
        row("an empty object", "{}", "the field 'id' is missing");
        row("cut within a text", good().substr(0, 100), "not JSON: it ends within a text");
        row("cut before the closing brace", good().substr(0, good().size() - 1),
            "not JSON: it does not end where its object ends");
        row("two objects", good() + good(), "not JSON: something follows the object");
        row("text after the object", good() + " x", "not JSON: it does not end where its object ends");
        row("a comma too many", with("\"level\"", ",\"level\""), "not JSON: a syntax error");
        row("a missing colon", with("\"level\":", "\"level\" "), "not JSON: a syntax error");
        row("a name without quotes", with("\"level\"", "level"), "not JSON: a syntax error");
        row("a wrong escape", with("disk", "\\x"), "not JSON: a syntax error");
        row("half a surrogate", with("disk", "\\ud83d"), "not JSON: a syntax error");
        row("a raw control character", with("disk", "\n"), "not JSON: a control character within a text");
        row("a raw NUL", with("disk", std::string(1, '\0')), "not JSON: a control character within a text");
        row("not UTF-8", with("disk", "\xff"), "not valid UTF-8");
        row("an over-long form", with("disk", "\xc0\xaf"), "not valid UTF-8");
        row("a surrogate in UTF-8", with("disk", "\xed\xa0\x80"), "not valid UTF-8");
        row("an escaped NUL", with("disk", "\\u0000"), "the field 'message' holds a NUL");
        row("an escaped NUL in the source", with("api", "\\u0000"), "the field 'source' holds a NUL");
        row("an unknown level", with("WARN", "LOUD"), "the field 'level' is not a known level");
        row("a level in lower case", with("WARN", "warn"), "the field 'level' is not a known level");
        row("an id that is no UUID", with("017f22e2", "017f22e"), "the field 'id' is not a UUID");
        row("no level", with("\"level\":\"WARN\",", ""), "the field 'level' is missing");
        row("no message", with("\"message\":\"disk almost full\",", ""), "the field 'message' is missing");
        row("no trace id", with(",\"traceId\":\"0af7651916cd43dd8448eb211c80319c\"", ""),
            "the field 'traceId' is missing");
        row("a number as level", with("\"WARN\"", "4"), "the field 'level' is not a text");
        row("null as message", with("\"disk almost full\"", "null"), "the field 'message' is not a text");
        row("an object as source", with("\"api\"", "{\"a\":1}"), "the field 'source' is not a text");
        row("a broken object as source", with("\"api\"", "{\"a\":x}"), "not JSON: a syntax error");
        row("true as time", with(time, "true"), "the field 'timestamp' is neither a text nor whole milliseconds");
        row("a fraction as time", with(time, "1769903999123.5"),
            "the field 'timestamp' is neither a text nor whole milliseconds");
        row("a leading zero as time", with(time, "01769903999123"), "not JSON: a syntax error");
        row("milliseconds of 1970", with(time, "7"), "the field 'timestamp' is before the year 2000");
        row("milliseconds of the far future", with(time, "9223372036854775807"),
            "the field 'timestamp' is more than a day ahead");
        row("the year 1999", with(time, "\"1999-12-31T23:59:59Z\""), "the field 'timestamp' is before the year 2000");
        row("more than a day ahead", with(time, "\"2026-02-03T02:40:00.000001Z\""),
            "the field 'timestamp' is more than a day ahead");
        row("the year 9999", with(time, "\"9999-12-31T23:59:59Z\""),
            "the field 'timestamp' is not a time as in RFC 3339");
        row("29 February of another year", with(time, "\"2025-02-29T00:00:00Z\""),
            "the field 'timestamp' is not a time as in RFC 3339");
        row("a time without seconds", with(time, "\"2026-01-31T23:59Z\""),
            "the field 'timestamp' is not a time as in RFC 3339");
        row("24 o'clock", with(time, "\"2026-01-31T24:00:00Z\""), "the field 'timestamp' is not a time as in RFC 3339");
        row("a date alone", with(time, "\"2026-01-31\""), "the field 'timestamp' is not a time as in RFC 3339");
        row("a point without digits", with(time, "\"2026-01-31T23:59:59.Z\""),
            "the field 'timestamp' is not a time as in RFC 3339");
        row("an offset of one digit", with(time, "\"2026-01-31T23:59:59+2\""),
            "the field 'timestamp' is not a time as in RFC 3339");
        row("letters after the time", with(time, "\"2026-01-31T23:59:59Zulu\""),
            "the field 'timestamp' is not a time as in RFC 3339");
        row("a source of 256 characters", with("api", std::string(256, 's')),
            "the field 'source' is longer than 255 characters");
        row("a trace id of 256 characters", with("0af7651916cd43dd8448eb211c80319c", std::string(256, 't')),
            "the field 'traceId' is longer than 255 characters");
        row("33 levels of nesting", with("{", "{\"x\":" + std::string(32, '[') + std::string(32, ']') + ","),
            "nested deeper than 32 levels");
        row("33 levels in a field of ours", with("\"api\"", std::string(32, '[') + std::string(32, ']')),
            "nested deeper than 32 levels");
        row("a hundred thousand brackets", "{\"x\":" + std::string(100'000, '['),
            "not JSON: it does not end where its object ends");
        row("nonsense in an unknown field", with("{", "{\"x\":nul,"), "not JSON: a syntax error");
        row("a wrong number in an unknown field", with("{", "{\"x\":[1.],"), "not JSON: a syntax error");
        row("a wrong escape in an unknown field", with("{", "{\"x\":\"\\q\","), "not JSON: a syntax error");
    }
    void refuses() {
        QFETCH(QByteArray, payload);
        QFETCH(QString, reason);
        EventDecoder decoder;
        QCOMPARE(reasonOf(decoder, payload.toStdString()), reason);
        QCOMPARE(reasonOf(decoder, kGood), QStringLiteral("none")); // the next event does not suffer
    }

    void ofAFieldThatComesTwiceTheFirstCounts() {
        EventDecoder decoder;
        const std::string payload = with("\"source\"", R"("message":"second","source")");
        const auto result = decoder.decode(payload, now());
        QVERIFY(std::get<Event>(result).message == "disk almost full");
    }

    void tellsTheIdOfAnUnreadableEventIfItCameBeforeTheFault() {
        EventDecoder decoder;
        const auto late = decoder.decode(with("WARN", "LOUD"), now());
        QVERIFY(std::get<Unreadable>(late).id == EventId::parse("017f22e2-79b0-7cc3-98c4-dc0c0c07398f"));
        const auto early = decoder.decode(with("017f22e2", "nonsense"), now());
        QVERIFY(!std::get<Unreadable>(early).id);
        const auto none = decoder.decode("nonsense", now());
        QVERIFY(!std::get<Unreadable>(none).id);
    }

    void readsWhatItWrites() {
        Random random(11);
        EventDecoder decoder;
        for (int i = 0; i < 20'000; ++i) {
            const std::string message = randomText(random, 40);
            const std::string source = randomText(random, 6);
            const std::string traceId = randomText(random, 3);
            Event event;
            for (auto& byte : event.id.bytes) {
                byte = static_cast<std::uint8_t>(random.next());
            }
            event.level = core::kLevels[random.below(6)];
            event.message = message;
            event.source = source;
            event.traceId = traceId;
            event.timestamp = WallTime(std::chrono::microseconds(
                946'684'800'000'000 + static_cast<std::int64_t>(random.next() % 820'000'000'000'000ULL)));
            std::string json;
            appendJson(event, json);
            const auto result = decoder.decode(json, now());
            QVERIFY2(std::holds_alternative<Event>(result), json.c_str());
            const Event& read = std::get<Event>(result);
            QVERIFY(read.id == event.id && read.level == event.level && read.message == event.message);
            QVERIFY(read.source == event.source && read.traceId == event.traceId && read.timestamp == event.timestamp);
        }
    }

    /// Whatever the bytes, the decoder answers; and what it accepts, a database would take.
    void survivesMutations() {
        Random random(12);
        EventDecoder decoder;
        const std::vector<std::string> seeds{good(), with("{", R"({"a":[1,2,{"b":"\u00e9\n"}],"c":-1.5e3,)"),
                                             with("\"2026-01-31T23:59:59.123456Z\"", "1769903999123"),
                                             R"([{"a":[[[[]]]]},"\ud83d\ude80",tru])"};
        int accepted = 0;
        for (int i = 0; i < 50'000; ++i) {
            std::string payload = seeds[random.below(static_cast<std::uint32_t>(seeds.size()))];
            mutate(payload, random);
            const auto result = decoder.decode(payload, now());
            if (const auto* const event = std::get_if<Event>(&result)) {
                ++accepted;
                QVERIFY(event->message.find('\0') == std::string_view::npos);
                QVERIFY(event->timestamp <= now() + 24h);
                std::string again;
                appendJson(*event, again);
                EventDecoder second;
                QVERIFY(std::holds_alternative<Event>(second.decode(again, now())));
            } else {
                QVERIFY(!std::get<Unreadable>(result).reason.empty());
            }
        }
        QVERIFY(accepted > 1000); // mutations within the message do no harm
        QCOMPARE(reasonOf(decoder, kGood), QStringLiteral("none"));
    }

private:
    static void mutate(std::string& payload, Random& random) {
        static constexpr std::string_view kBytes = "{}[]\",:\\ \n\0u0-.eE+tfn\x80\xff\xc3\xed";
        for (std::uint32_t n = random.below(4); n < 4; ++n) {
            const std::size_t at = random.below(static_cast<std::uint32_t>(payload.size()) + 1);
            const char byte = random.below(2) == 0 ? kBytes[random.below(static_cast<std::uint32_t>(kBytes.size()))]
                                                   : static_cast<char>(random.next());
            switch (random.below(5)) {
            case 0:
                payload.insert(at, 1, byte);
                break;
            case 1:
                payload.resize(at);
                break;
            case 2:
                payload.insert(at, payload.substr(at / 2, random.below(40)));
                break;
            case 3:
                payload.erase(at, random.below(10));
                break;
            default:
                if (at < payload.size()) {
                    payload[at] = byte;
                }
            }
        }
    }
};

TEST_CLASS(TestEventCodec)
#include "tst_event_codec.moc"
