// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/browse/message_filter.h"
#include "tests/test_class.h"

#include <QTest>
#include <map>

using core::MessageFilter;

namespace {

struct Judged final : core::PolledMessage {
    std::string keyText, payloadText;
    std::map<std::string, std::string, std::less<>> headers;

    std::string_view topic() const override { return "t"; }
    core::Partition partition() const override { return {0}; }
    core::Offset offset() const override { return {0}; }
    std::string_view key() const override { return keyText; }
    std::string_view payload() const override { return payloadText; }
    std::string_view header(const char* name) const override {
        const auto found = headers.find(name);
        return found == headers.end() ? std::string_view() : std::string_view(found->second);
    }
    std::optional<core::WallTime> timestamp() const override { return {}; }
};

std::string deep(int levels) {
    std::string json;
    for (int i = 0; i < levels; ++i) {
        json += "{\"a\":";
    }
    return json + "1" + std::string(static_cast<std::size_t>(levels), '}');
}

} // namespace

/// The grammar of filters, what their errors say, and which messages they let through.
class TestMessageFilter : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void errorsNameTheColumn_data();
    void errorsNameTheColumn();
    void judges_data();
    void judges();
    void hostilePayloadsFulfilNothing_data();
    void hostilePayloadsFulfilNothing();
    void readsItsParts();
    void limitsHold();
};

void TestMessageFilter::errorsNameTheColumn_data() {
    QTest::addColumn<QString>("filter");
    QTest::addColumn<QString>("error");
    const auto row = [](const char* rule, const char* filter, const char* error) {
        QTest::newRow(rule) << QString::fromUtf8(filter) << QString::fromUtf8(error);
    };
    row("a word alone is no condition", "payment",
        "column 1: expected key, header, json or text, found 'payment'. To look for words anywhere in a message, "
        "write: "
        "text contains \"…\"");
    row("a key needs a comparison", "key order-1", "column 5: expected =, != or contains, found 'order-1'");
    row("a key has no order", "key > 5", "column 5: expected =, != or contains, found '> 5'");
    row("text is searched only", "text = x", "column 6: expected contains, found '= x'");
    row("a comparison needs a value", "key =", "column 6: expected a value, found the end");
    row("a header has a name", "header = x", "column 8: expected the name of a header, found '= x'");
    row("a field has a path", "json > 5", "column 6: expected the path of a field, as user.name, found '> 5'");
    row("a path has no empty name", "json a..b = 5",
        "column 6: expected the path of a field, as user.name, found 'a..b = 5'");
    row("a path does not end with a point", "json a. = 5",
        "column 6: expected the path of a field, as user.name, found 'a. = 5'");
    row("two words want quotes", "text contains payment failed",
        "column 23: expected 'and' or the end, found 'failed'. Put quotes around a value of several words.");
    row("and leads to a condition", "key = a and",
        "column 12: expected key, header, json or text, found the end. To look for words anywhere in a message, write: "
        "text contains \"…\"");
    row("or is not known", "key = a or key = b",
        "column 9: expected 'and' or the end, found 'or key = b'. Put quotes around a value of several words.");
    row("a quote ends", "key = \"a", "column 7: the quote that begins here has no end");
    row("columns count characters", "key = \"ü\" x",
        "column 11: expected 'and' or the end, found 'x'. Put quotes around a value of several words.");
    row("a sign is one of ours", "json a == 5", "column 8: expected =, !=, <, <=, >, >= or contains, found '== 5'");
}

void TestMessageFilter::errorsNameTheColumn() {
    QFETCH(QString, filter);
    QFETCH(QString, error);
    const auto parsed = MessageFilter::parse(filter.toStdString());
    QVERIFY(!parsed);
    QCOMPARE(QString::fromStdString(parsed.error().text()), error);
}

void TestMessageFilter::judges_data() {
    QTest::addColumn<QString>("filter");
    QTest::addColumn<bool>("fits");
    const auto row = [](const char* rule, const char* filter, bool fits) {
        QTest::newRow(rule) << QString::fromUtf8(filter) << fits;
    };
    row("an empty filter wants everything", "", true);
    row("spaces are none", "  \t", true);
    row("a key is equal", "key = order-17", true);
    row("a key is compared byte by byte", "key = Order-17", false);
    row("our own words in capitals", "KEY CONTAINS order AND Text Contains level", true);
    row("a key is unequal", "key != order-18", true);
    row("a key contains, in any case", "key contains ORDER", true);
    row("a header is equal", "header source = api-gateway", true);
    row("a header's name tells upper from lower case", "header Source = api-gateway", false);
    row("a header that is missing is empty", "header absent = \"\"", true);
    row("a header that is missing is unequal", "header absent != x", true);
    row("text is found in any case", "text contains \"PAYMENT FAILED\"", true);
    row("beyond ASCII each letter counts as it is", "text contains Ä", false);
    row("text that is missing", "text contains timeout", false);
    row("all conditions must hold", "key = order-17 and text contains timeout", false);
    row("a field's text", "json level = ERROR", true);
    row("a field's text is exact", "json level = error", false);
    row("a field's text contains, in any case", "json message contains FAILED", true);
    row("a nested field", "json user.name = Ada", true);
    row("a field of a list", "json items.1.price = 7", true);
    row("beyond the list's end", "json items.2.price = 7", false);
    row("a quoted name of a field", "json \"odd.name\" = yes", true);
    row("quoted names within a path", "json user.\"first name\".short = A", true);
    row("a number is compared as one", "json items.0.price = 12.50", true);
    row("a number is more", "json items.0.price > 12", true);
    row("a number is not more than itself", "json items.0.price > 12.5", false);
    row("or equal", "json items.0.price >= 12.5", true);
    row("less", "json items.0.price < 100", true);
    row("a large number to the last digit", "json big = 9007199254740993", true);
    row("and no nearer one", "json big = 9007199254740992", false);
    row("a quoted number is a text", "json big = \"9007199254740993\"", false);
    row("a text that is a number", "json zip = 01234", true);
    row("a time is ordered as text", "json at >= 2027-01-15T09:00:00Z", true);
    row("a time that is later", "json at > 2027-01-15T10:00:00Z", false);
    row("true is a word", "json ok = true", true);
    row("null is a word", "json none = null", true);
    row("a word is no text", "json ok = \"true\"", false);
    row("words have no order", "json ok > false", false);
    row("a list contains", "json items contains \"price\"", true);
    row("a list is equal to nothing", "json items = x", false);
    row("a field that is missing equals nothing", "json absent = null", false);
    row("a field that is missing is unequal", "json absent != null", true);
    row("a field that is missing has no order", "json absent < 5", false);
    row("an escape is resolved", "json quote = \"say \\\"hi\\\"\"", true);
    row("and is a value too", "key != and and json level = ERROR", true);
}

void TestMessageFilter::judges() {
    QFETCH(QString, filter);
    QFETCH(bool, fits);
    Judged message;
    message.keyText = "order-17";
    message.headers["source"] = "api-gateway";
    message.payloadText =
        R"({"level": "ERROR", "message": "payment failed, ä", "user": {"name": "Ada", "first name": {"short": "A"}},)"
        R"( "items": [{"price": 12.5}, {"price": 7}], "odd.name": "yes", "big": 9007199254740993, "zip": "01234",)"
        R"( "at": "2027-01-15T09:30:00Z", "ok": true, "none": null, "quote": "say \"hi\""})";
    const auto parsed = MessageFilter::parse(filter.toStdString());
    QVERIFY2(parsed, parsed ? "" : parsed.error().message.c_str());
    core::MessageMatcher matcher(*parsed);
    QCOMPARE(matcher.matches(message), fits);
    QCOMPARE(matcher.matches(message), fits); // the parser keeps nothing
}

void TestMessageFilter::hostilePayloadsFulfilNothing_data() {
    QTest::addColumn<QByteArray>("payload");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("a NUL") << QByteArray("\0", 1);
    QTest::newRow("no JSON") << QByteArray("a = 1");
    QTest::newRow("it ends within a text") << QByteArray(R"({"b":"a)");
    QTest::newRow("it ends within a name") << QByteArray(R"({"a)");
    QTest::newRow("no UTF-8") << QByteArray("{\"a\":\"\xff\"}");
    QTest::newRow("a number alone") << QByteArray("1");
    QTest::newRow("a list alone") << QByteArray("[1,2]");
    QTest::newRow("a broken number") << QByteArray(R"({"a":1e})");
    QTest::newRow("a broken word") << QByteArray(R"({"a":trve})");
    QTest::newRow("brackets of the wrong kind") << QByteArray(R"({"a":{]})");
    QTest::newRow("ten thousand brackets") << QByteArray(10'000, '[');
    QTest::newRow("over a mebibyte") << (R"({"a":")" + QByteArray(1'100'000, 'x') + R"("})");
}

void TestMessageFilter::hostilePayloadsFulfilNothing() {
    QFETCH(QByteArray, payload);
    Judged message;
    message.payloadText = payload.toStdString();
    for (const char* filter : {"json a = 1", "json a contains x", "json a > 0", "json a.b.c = 1"}) {
        core::MessageMatcher matcher(*MessageFilter::parse(filter));
        QVERIFY2(!matcher.matches(message), filter);
    }
    core::MessageMatcher unequal(*MessageFilter::parse("json a != 1"));
    QVERIFY(unequal.matches(message));
}

void TestMessageFilter::readsItsParts() {
    using Condition = core::MessageCondition;
    const auto filter = MessageFilter::parse(R"(header content-type = "a \"b\" \\ c" and json a."b.c".0 >= -5)");
    QVERIFY2(filter, filter ? "" : filter.error().message.c_str());
    const std::vector<Condition> expected{
        {Condition::Part::Header, {"content-type"}, Condition::Compare::Equal, R"(a "b" \ c)", true},
        {Condition::Part::Json, {"a", "b.c", "0"}, Condition::Compare::GreaterOrEqual, "-5", false}};
    QVERIFY(filter->conditions() == expected);
}

void TestMessageFilter::limitsHold() {
    std::string many = "key = a";
    for (int i = 1; i < 16; ++i) {
        many += " and key = a";
    }
    QVERIFY(MessageFilter::parse(many));
    QVERIFY(!MessageFilter::parse(many + " and key = a"));
    QVERIFY(!MessageFilter::parse("key = " + std::string(4'096, 'a')));
    Judged message;
    message.payloadText = deep(40); // looking into it is no recursion
    core::MessageMatcher matcher(*MessageFilter::parse("json a.a != 1"));
    QVERIFY(matcher.matches(message));
}

TEST_CLASS(TestMessageFilter)
#include "tst_message_filter.moc"
