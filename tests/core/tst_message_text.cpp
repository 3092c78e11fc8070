// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/browse/message_merge.h"
#include "core/browse/message_text.h"
#include "core/browse/reading_start.h"
#include "core/format/json_walk.h"
#include "tests/test_class.h"

#include <QTest>

using core::TopicMessage;

namespace {

TopicMessage messageAt(int partition, int offset, int millis) {
    TopicMessage message;
    message.topic = "t";
    message.partition = {partition};
    message.offset = {offset};
    message.timeKind = TopicMessage::TimeKind::Created;
    message.time = core::WallTime(std::chrono::milliseconds(millis));
    return message;
}

std::string nested(int levels) {
    const auto count = static_cast<std::size_t>(levels);
    return std::string(count, '[') + std::string(count, ']');
}

} // namespace

/// How messages are laid out, dumped, written as lines and put in order.
class TestMessageText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void jsonIsLaidOut_data();
    void jsonIsLaidOut();
    void whatIsNoJsonIsRefused_data();
    void whatIsNoJsonIsRefused();
    void payloadsAreShown_data();
    void payloadsAreShown();
    void dumpsAreCut();
    void oneLineStaysOne_data();
    void oneLineStaysOne();
    void aMessageIsALineOfJson();
    void aMessageOfBytesIsALineOfJson();
    void messagesAreMergedByTime();
    void startsAreRead_data();
    void startsAreRead();
};

void TestMessageText::jsonIsLaidOut_data() {
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QByteArray>("laidOut");
    const auto row = [](const char* rule, const char* json, const char* laidOut) {
        QTest::newRow(rule) << QByteArray(json) << QByteArray(laidOut);
    };
    row("entries have lines", R"({"a":1,"b":[true,null]})", "{\n  \"a\": 1,\n  \"b\": [\n    true,\n    null\n  ]\n}");
    row("what is empty stays short", R"({ "a" : { } , "b":[ ] })", "{\n  \"a\": {},\n  \"b\": []\n}");
    row("numbers keep their digits", R"([1.50,100000000000000000001,1E5,-0])",
        "[\n  1.50,\n  100000000000000000001,\n  1E5,\n  -0\n]");
    row("texts keep their escapes", R"(["\u00e9\"\\ { , ]"])", "[\n  \"\\u00e9\\\"\\\\ { , ]\"\n]");
    row("names keep theirs", R"({"a\"b":1})", "{\n  \"a\\\"b\": 1\n}");
    row("repeated names stay", R"({"a":1,"a":2})", "{\n  \"a\": 1,\n  \"a\": 2\n}");
    row("a number alone", " 5 ", "5");
    row("a word alone", "null", "null");
    row("a text alone", " \"a b\"\n", "\"a b\"");
    row("letters beyond ASCII", "[\"äöü\"]", "[\n  \"äöü\"\n]");
}

void TestMessageText::jsonIsLaidOut() {
    QFETCH(QByteArray, json);
    QFETCH(QByteArray, laidOut);
    const auto text = core::laidOutJson(json.toStdString());
    QVERIFY2(text, text ? "" : text.error().message.c_str());
    QCOMPARE(QByteArray::fromStdString(*text), laidOut);
    const auto again = core::laidOutJson(*text);
    QVERIFY(again);
    QCOMPARE(*again, *text);
}

void TestMessageText::whatIsNoJsonIsRefused_data() {
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char* rule, const QByteArray& json, const char* reason) {
        QTest::newRow(rule) << json << QString::fromLatin1(reason);
    };
    row("nothing", "", "This is no JSON: it is empty.");
    row("words", "payment failed", "This is no JSON: its syntax is not that of JSON.");
    row("an end within a text", R"({"a":"b)", "This is no JSON: it ends within a text.");
    row("no UTF-8", "[\"\xff\"]", "This is no JSON: it is not valid UTF-8.");
    row("something behind it", R"({"a":1} x)", "This is no JSON: its syntax is not that of JSON.");
    row("two texts", R"("a" "b")", "This is no JSON: its syntax is not that of JSON.");
    row("a missing comma", "[1 2]", "This is no JSON: its syntax is not that of JSON.");
    row("a leading zero", "[01]", "This is no JSON: its syntax is not that of JSON.");
    row("a bad escape", R"(["\x"])", "This is no JSON: its syntax is not that of JSON.");
    row("a bracket too few", R"({"a":[1)", "This is no JSON: its syntax is not that of JSON.");
    row("levels beyond 32", QByteArray::fromStdString(nested(33)),
        "This is no JSON: it is nested deeper than 32 levels.");
    row("a hundred thousand levels", QByteArray::fromStdString(nested(100'000)),
        "This is no JSON: it is nested deeper than 32 levels.");
    row("over a mebibyte", '"' + QByteArray(1 << 20, 'x') + '"',
        "This is longer than 1 MiB and is not parsed as JSON.");
}

void TestMessageText::whatIsNoJsonIsRefused() {
    QFETCH(QByteArray, json);
    QFETCH(QString, reason);
    const auto text = core::laidOutJson(json.toStdString());
    QVERIFY(!text);
    QCOMPARE(QString::fromStdString(text.error().message), reason);
    QVERIFY(core::laidOutJson(nested(32)));
}

void TestMessageText::payloadsAreShown_data() {
    QTest::addColumn<QByteArray>("payload");
    QTest::addColumn<QByteArray>("shown");
    QTest::newRow("JSON is laid out") << QByteArray("[1]") << QByteArray("[\n  1\n]");
    QTest::newRow("text is text") << QByteArray("GET /\n200 ä") << QByteArray("GET /\n200 ä");
    QTest::newRow("bytes are dumped")
        << QByteArray("\x00\x01protobuf\xff"
                      "ABCDEFG",
                      18)
        << QByteArray("00000000  00 01 70 72 6f 74 6f 62  75 66 ff 41 42 43 44 45  |..protobuf.ABCDE|\n"
                      "00000010  46 47                                             |FG|\n");
    QTest::newRow("control characters are bytes")
        << QByteArray("a\x1b[2J")
        << QByteArray("00000000  61 1b 5b 32 4a                                    |a.[2J|\n");
}

void TestMessageText::payloadsAreShown() {
    QFETCH(QByteArray, payload);
    QFETCH(QByteArray, shown);
    QCOMPARE(QByteArray::fromStdString(core::formattedPayload(payload.toStdString())), shown);
}

void TestMessageText::dumpsAreCut() {
    const std::string dump = core::byteDump(std::string(100'000, 'x'), 32);
    QCOMPARE(std::ranges::count(dump, '\n'), 3);
    QVERIFY(dump.ends_with("… 99,968 bytes more\n"));
}

void TestMessageText::oneLineStaysOne_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("line ends are shown") << QByteArray("a\nb\r\nc") << QByteArray("a⏎b⏎c");
    QTest::newRow("other controls are spaces") << QByteArray("a\tb\x1b") << QByteArray("a b ");
    QTest::newRow("what is no text is marked") << QByteArray("a\xff\x00z", 4) << QByteArray("a��z");
    QTest::newRow("it is cut at a character") << QByteArray("aaaaaaaaaä") << QByteArray("aaaaaaaaa");
}

void TestMessageText::oneLineStaysOne() {
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, line);
    QCOMPARE(QByteArray::fromStdString(core::oneLineOf(bytes.toStdString(), 10)), line);
}

void TestMessageText::aMessageIsALineOfJson() {
    TopicMessage message = messageAt(2, 17, 1'500);
    message.key = "k\"1";
    message.headers = {{"a", "b"}, {"n", std::nullopt}};
    message.payload = "{\"x\":1}\n";
    message.payloadSize = 8;
    QCOMPARE(core::jsonLineOf(message),
             std::string(R"({"topic":"t","partition":2,"offset":17,"timestamp":"1970-01-01T00:00:01.500000Z",)"
                         R"("timestamp_type":"create","key":"k\"1","headers":[{"name":"a","value":"b"},)"
                         R"({"name":"n","value":null}],"payload":"{\"x\":1}\n","payload_size":8})"));
}

void TestMessageText::aMessageOfBytesIsALineOfJson() {
    TopicMessage message;
    message.topic = "t";
    message.headers = {{"h", std::string("\xff")}};
    message.payload = std::string("\x80\x00", 2);
    message.payloadSize = 5;
    QCOMPARE(
        core::jsonLineOf(message),
        std::string(R"({"topic":"t","partition":0,"offset":0,"timestamp":null,"timestamp_type":null,"key":null,)"
                    R"("headers":[{"name":"h","value_base64":"/w=="}],"payload_base64":"gAA=","payload_size":5})"));
}

/// Offsets rule within a partition, even where its producer's clock went backwards.
void TestMessageText::messagesAreMergedByTime() {
    const auto filled = [] {
        core::MessageMerge merge;
        for (const auto& [partition, offset, millis] :
             {std::tuple{0, 0, 10}, {1, 0, 20}, {0, 1, 30}, {0, 2, 15}, {1, 1, 25}}) {
            merge.add(messageAt(partition, offset, millis));
        }
        return merge;
    };
    const auto popAll = [&](auto pop) {
        core::MessageMerge merge = filled();
        std::vector<std::pair<int, int>> order;
        while (!merge.isEmpty()) {
            const TopicMessage message = (merge.*pop)();
            order.emplace_back(message.partition.id, static_cast<int>(message.offset.value));
        }
        return order;
    };
    using Order = std::vector<std::pair<int, int>>;
    QCOMPARE(popAll(&core::MessageMerge::popOldest), (Order{{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 2}}));
    QCOMPARE(popAll(&core::MessageMerge::popNewest), (Order{{1, 1}, {1, 0}, {0, 2}, {0, 1}, {0, 0}}));
    core::MessageMerge merge = filled();
    QCOMPARE(merge.count(), std::size_t{5});
    while (!merge.isEmpty()) {
        merge.popOldest();
    }
    QCOMPARE(merge.bytes(), std::size_t{0});
}

void TestMessageText::startsAreRead_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("known");
    QTest::newRow("end") << "end" << true;
    QTest::newRow("beginning") << "beginning" << true;
    QTest::newRow("the last hundred") << "-100" << true;
    QTest::newRow("an offset") << "17" << true;
    QTest::newRow("a time") << "2027-01-15T09:00:00+01:00" << true;
    QTest::newRow("a word") << "newest" << false;
    QTest::newRow("nothing") << "" << false;
    QTest::newRow("a number too large") << "99999999999999999999" << false;
    QTest::newRow("a date alone") << "2027-01-15" << false;
}

void TestMessageText::startsAreRead() {
    QFETCH(QString, text);
    QFETCH(bool, known);
    QCOMPARE(static_cast<bool>(core::readingStartFrom(text.toStdString())), known);
    QVERIFY(*core::readingStartFrom("-100") == core::ReadingStart(core::FromLast{100}));
    QVERIFY(*core::readingStartFrom("17") == core::ReadingStart(core::FromOffset{{17}}));
    QVERIFY(*core::readingStartFrom("1970-01-01T01:00:01.5+01:00") ==
            core::ReadingStart(core::FromTime{core::WallTime(std::chrono::milliseconds(1'500))}));
}

TEST_CLASS(TestMessageText)
#include "tst_message_text.moc"
