// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/yaml/yaml_change.h"
#include "core/yaml/yaml_edit.h"
#include "core/yaml/yaml_writing.h"
#include "tests/core/scenario_files.h"
#include "tests/test_class.h"

#include <QTest>

using core::YamlNode;

namespace {

std::string resultOf(const core::Result<std::string>& result) {
    return result ? *result : "refused: " + result.error().message;
}

YamlNode read(const std::string& yaml) {
    return core::readYaml(yaml).root;
}

/// Paths of all scalars below a node.
void collect(const YamlNode& node, const std::string& path, std::vector<std::string>& paths) {
    if (node.kind == YamlNode::Kind::Scalar) {
        paths.push_back(path);
    }
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        collect(node.items[i], path + '[' + std::to_string(i) + ']', paths);
    }
    for (const core::YamlEntry& entry : node.entries) {
        collect(entry.value, path.empty() ? entry.key.text : path + '.' + entry.key.text, paths);
    }
}

/// Paths of all sequences below a node.
void collectSequences(const YamlNode& node, const std::string& path, std::vector<std::string>& paths) {
    if (node.kind == YamlNode::Kind::Sequence) {
        paths.push_back(path);
    }
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        collectSequences(node.items[i], path + '[' + std::to_string(i) + ']', paths);
    }
    for (const core::YamlEntry& entry : node.entries) {
        collectSequences(entry.value, path.empty() ? entry.key.text : path + '.' + entry.key.text, paths);
    }
}

YamlNode nodeOf(const std::string& text, const std::string& path) {
    const YamlNode root = read(text);
    return *core::nodeAt(root, *core::parseYamlPath(path));
}

const char* const kOddBlock = "# head\tof the file\r\n"
                              "a:   'it''s'   # tab\there\r\n"
                              "größe: \"x\"\r\n"
                              "list:\r\n"
                              "# about the first\r\n"
                              "- {b: 1, c: [x, y]} # first\r\n"
                              "\r\n"
                              "# apart\r\n"
                              "\r\n"
                              "# about the second\r\n"
                              "- d: |  # kept\r\n"
                              "    many\r\n"
                              "    lines\r\n"
                              "  # within\r\n"
                              "  e:\r\n"
                              "- last";
const char* const kOddFlow = "{a: 1, # one\n"
                             " \"b\": [x, # ex\n"
                             "   y , {c: d}\n"
                             " ],\n"
                             " e: {},\n"
                             " f: 'z', }\n";

} // namespace

class YamlEditTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void setsAValue_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("path");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* rule, const char* text, const char* path, const char* value,
                            const char* expected) {
            QTest::newRow(rule) << QByteArray(text) << QString::fromUtf8(path) << QByteArray(value)
                                << QByteArray(expected);
        };
        row("a value in flow style", "s:\n  - {duration: 1s, rate: 1/s} # c\n", "s[0].rate", "5000/s",
            "s:\n  - {duration: 1s, rate: 5000/s} # c\n");
        row("a comment behind the value stays", "a: 1   # one\nb: 2\n", "a", "10", "a: 10   # one\nb: 2\n");
        row("single quotes stay", "a: 'x'\n", "a", "it's", "a: 'it''s'\n");
        row("double quotes stay", "a: \"x\"\n", "a", "y", "a: \"y\"\n");
        row("a number never gets the old value's quotes", "a: \"x\"\n", "a", "5", "a: 5\n");
        row("a text that looks like a number gets quotes", "a: x\n", "a", "'5'", "a: \"5\"\n");
        row("a text that holds a colon gets quotes", "a: x\n", "a", "'b: c'", "a: \"b: c\"\n");
        row("in flow style a brace needs quotes", "{a: x}", "a", "'b{c}'", "{a: \"b{c}\"}");
        row("in block style it does not", "a: x\n", "a", "'b{c} < d'", "a: b{c} < d\n");
        row("a block text becomes one line and keeps its comment", "a: |  # why\n  x\n  y\n\nb: 1\n", "a", "z",
            "a: z # why\n\nb: 1\n");
        row("a value for a key without one", "a: # none\nb: 1\n", "a", "5", "a: 5 # none\nb: 1\n");
        row("a value for an item without one", "a:\n  -\n  - x\n", "a[0]", "w", "a:\n  - w\n  - x\n");
        row("a value for a key without colon", "{a, b: 1}", "a", "5", "{a: 5, b: 1}");
        row("a missing key in its place", "version: 1\nname: x # n\n\nstreams: []\n", "warmup", "5s",
            "version: 1\nname: x # n\nwarmup: 5s\n\nstreams: []\n");
        row("a missing key of an item", "s:\n  - name: x\n    stages: []\n", "s[0].tier", "normal",
            "s:\n  - name: x\n    tier: normal\n    stages: []\n");
        row("a missing key at the end of a text without line end", "a: 1", "b", "2", "a: 1\nb: 2");
        row("a missing key with the text's line ends", "a: 1\r\n", "b", "2", "a: 1\r\nb: 2\r\n");
        row("a missing key in flow style", "{a: 1, # one\n}", "b", "2", "{a: 1, b: 2, # one\n}");
        row("a missing key in empty braces", "a: {}\n", "a.b", "2", "a: {b: 2}\n");
        row("a missing key below a key without value", "a:\nc: 1\n", "a.b", "2", "a: {b: 2}\nc: 1\n");
        row("a key that comes first", "name: x\n", "version", "1", "version: 1\nname: x\n");
        row("missing keys one below the other", "name: x\n", "event.size", "4B", "name: x\nevent: {size: 4B}\n");
        row("a collection in the place of a value", "event:\n  size: 1B # c\n  key: id\n", "event.size",
            "{min: 1B, max: 2B}", "event:\n  size: {min: 1B, max: 2B} # c\n  key: id\n");
        row("a value in the place of a block", "target:\n  broker: h:1\n# end\n", "target", "embedded",
            "target: embedded\n# end\n");
        row("an item in the place of an item", "- duration: 1s\n  rate: 1/s # c\n- x\n", "[0]", "{pause: 5s}",
            "- {pause: 5s} # c\n- x\n");
        row("a librdkafka setting is one key", "kafka: {client: {client.id: a}}\n", "kafka.client.client.id", "b",
            "kafka: {client: {client.id: b}}\n");
        row("Arabic stays as it is", "name: x\n", "name", "خط الأنابيب", "name: خط الأنابيب\n");
        row("a control character is escaped", "name: x\n", "name", "\"a\\u0007b\"", "name: \"a\\u0007b\"\n");
        row("an index beyond the end is refused", "a: [x]\n", "a[1]", "y",
            "refused: There is no item at this place any more.");
        row("a text that is no YAML is refused", "a: [\n", "a", "y",
            "refused: The text is no YAML at the moment; fix it first.");
        row("a path that is none is refused", "a: 1\n", "a[", "y",
            "refused: 'a[' is not a path; write it as streams[0].stages[1].rate");
        row("what is behind an anchor is refused", "a: &x\n  - 1\n", "a.b", "y",
            "refused: There is no mapping at this place any more.");
    }

    void setsAValue() {
        QFETCH(QByteArray, text);
        QFETCH(QString, path);
        QFETCH(QByteArray, value);
        QFETCH(QByteArray, expected);
        const auto result = core::setValue(text.toStdString(), path.toStdString(), read(value.toStdString()));
        QCOMPARE(QByteArray::fromStdString(resultOf(result)), expected);
    }

    void removes_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("path");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* rule, const char* text, const char* path, const char* expected) {
            QTest::newRow(rule) << QByteArray(text) << QString::fromUtf8(path) << QByteArray(expected);
        };
        row("a key with its line", "a: 1 # one\n# two\nb: 2\n", "a", "# two\nb: 2\n");
        row("the last key of a text without line end", "a: 1\nb: 2", "b", "a: 1");
        row("the first key of an item", "- a: 1\n  b: 2\n", "[0].a", "- b: 2\n");
        row("a key in flow style", "{a: 1, b: 2, c: 3}", "b", "{a: 1, c: 3}");
        row("the last key in flow style", "{a: 1, b: 2}", "b", "{a: 1}");
        row("comments of neighbours in flow style stay", "{a: 1, # one\n b: 2, # two\n c: 3}", "b",
            "{a: 1, # one\n # two\n c: 3}");
        row("a key whose mapping is empty without it", "n: x\nevent: {size: 1B}\n", "event.size", "n: x\n");
        row("an item with the comment above it", "s:\n  # a\n  - x # ax\n\n  # b\n  - y\n", "s[1]",
            "s:\n  # a\n  - x # ax\n");
        row("one of two blank lines goes with an item", "s:\n  - x\n\n  - y\n\n  - z\n", "s[1]",
            "s:\n  - x\n\n  - z\n");
        row("the only item leaves an empty list", "s: # list\n  # a\n  - x\nb: 1\n", "s[0]", "s: [] # list\nb: 1\n");
        row("an item in flow style", "[a, b, c]", "[0]", "[b, c]");
        row("an item in a line of its own", "[\n  a, # one\n  b,\n  c\n]\n", "[1]", "[\n  a, # one\n  c\n]\n");
        row("a key that does not exist is refused", "a: 1\n", "b", "refused: There is no key at this place any more.");
    }

    void removes() {
        QFETCH(QByteArray, text);
        QFETCH(QString, path);
        QFETCH(QByteArray, expected);
        const auto result = core::removeAt(text.toStdString(), path.toStdString());
        QCOMPARE(QByteArray::fromStdString(resultOf(result)), expected);
    }

    void insertsItems_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("path");
        QTest::addColumn<int>("index");
        QTest::addColumn<QByteArray>("item");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* rule, const char* text, const char* path, int index, const char* item,
                            const char* expected) {
            QTest::newRow(rule) << QByteArray(text) << QString::fromUtf8(path) << index << QByteArray(item)
                                << QByteArray(expected);
        };
        row("behind all, set apart like the others", "s:\n  - name: a\n\n  - name: b # bee\nk: 1\n", "s", 2,
            "{name: c, stages: [{duration: 1s, rate: 1/s}]}",
            "s:\n  - name: a\n\n  - name: b # bee\n\n  - name: c\n    stages:\n      - {duration: 1s, rate: "
            "1/s}\nk: 1\n");
        row("in front, above the comment of the first", "s:\n  # a\n  - x\n", "s", 0, "w", "s:\n  - w\n  # a\n  - x\n");
        row("into brackets", "[a, b]", "", 1, "{c: d}", "[a, {c: d}, b]");
        row("into empty brackets", "s: []\n", "s", 0, "a", "s: [a]\n");
        row("into a list that is missing", "name: a\n", "thresholds", 0, "lost == 0",
            "name: a\nthresholds:\n  - lost == 0\n");
        row("into a key without value", "thresholds:\nb: 1\n", "thresholds", 0, "lost == 0",
            "thresholds: [lost == 0]\nb: 1\n");
        row("a staircase reads as in the documentation", "- x\n", "", 1,
            "{staircase: {from: 1/s, to: 2/s, steps: 2, hold: 1s}}",
            "- x\n- staircase: {from: 1/s, to: 2/s, steps: 2, hold: 1s}\n");
    }

    void insertsItems() {
        QFETCH(QByteArray, text);
        QFETCH(QString, path);
        QFETCH(int, index);
        QFETCH(QByteArray, item);
        QFETCH(QByteArray, expected);
        const auto result = core::insertItem(text.toStdString(), path.toStdString(), static_cast<std::size_t>(index),
                                             read(item.toStdString()));
        QCOMPARE(QByteArray::fromStdString(resultOf(result)), expected);
    }

    void movesAnItemWithItsComments() {
        const std::string text = "s:\n  # one\n  - a # A\n\n  # apart\n\n  # two\n  - b\n  - c\n";
        const std::string moved = "s:\n  # two\n  - b\n\n  # apart\n\n  - c\n  # one\n  - a # A\n";
        QCOMPARE(resultOf(core::moveItem(text, "s", 0, 2)), moved);
        QCOMPARE(resultOf(core::moveItem(moved, "s", 2, 0)), text);
    }

    void copiesAnItemBehindItself() {
        QCOMPARE(resultOf(core::copyItem("s:\n  # one\n  - a: 1 # A\n    b: 2\n  - c: 3", "s", 0)),
                 std::string("s:\n  # one\n  - a: 1 # A\n    b: 2\n  - a: 1 # A\n    b: 2\n  - c: 3"));
        QCOMPARE(resultOf(core::copyItem("[a, b]", "", 1)), std::string("[a, b, b]"));
    }

    void editsOfEveryFileChangeOnlyTheirPath_data() {
        QTest::addColumn<QByteArray>("text");
        for (const QString& file : goodFiles()) {
            const QByteArray content = contentOfFile(file);
            QTest::addRow("%s", qPrintable(QFileInfo(file).fileName())) << content;
            QTest::addRow("%s with CRLF", qPrintable(QFileInfo(file).fileName()))
                << QByteArray(content).replace("\n", "\r\n");
            QTest::addRow("%s without final newline", qPrintable(QFileInfo(file).fileName())) << content.trimmed();
        }
        QTest::newRow("odd, by indentation") << QByteArray(kOddBlock);
        QTest::newRow("odd, in braces") << QByteArray(kOddFlow);
    }

    void editsOfEveryFileChangeOnlyTheirPath() {
        QFETCH(QByteArray, text);
        const std::string original = text.toStdString();
        setEveryScalar(original);
        moveEveryItem(original);
        copyAndRemoveEveryItem(original);
    }

private:
    static void setEveryScalar(const std::string& original) {
        std::vector<std::string> paths;
        collect(read(original), {}, paths);
        QVERIFY(!paths.empty());
        for (const std::string& path : paths) {
            const YamlNode old = nodeOf(original, path);
            const auto changed = core::setValue(original, path, core::yamlText("something: else"));
            QVERIFY2(changed, path.c_str());
            QCOMPARE(nodeOf(*changed, path).text, std::string("something: else"));
            const std::size_t tail = original.size() - old.end.offset;
            QCOMPARE(changed->substr(0, old.start.offset), original.substr(0, old.start.offset));
            QCOMPARE(changed->substr(changed->size() - tail), original.substr(old.end.offset));
            const auto back = core::setValue(*changed, path, old);
            QVERIFY2(back, path.c_str());
            QVERIFY2(core::sameContent(read(*back), read(original)), path.c_str());
        }
    }

    static void moveEveryItem(const std::string& original) {
        std::vector<std::string> paths;
        collectSequences(read(original), {}, paths);
        for (const std::string& path : paths) {
            const std::size_t last = nodeOf(original, path).items.size() - 1;
            const auto moved = core::moveItem(original, path, 0, last);
            QVERIFY2(moved, path.c_str());
            QCOMPARE(resultOf(core::moveItem(*moved, path, last, 0)), original);
        }
    }

    static void copyAndRemoveEveryItem(const std::string& original) {
        std::vector<std::string> paths;
        collectSequences(read(original), {}, paths);
        for (const std::string& path : paths) {
            const std::size_t last = nodeOf(original, path).items.size() - 1;
            const auto copied = core::copyItem(original, path, last);
            QVERIFY2(copied, path.c_str());
            QCOMPARE(resultOf(core::removeAt(*copied, path + '[' + std::to_string(last + 1) + ']')), original);
        }
    }
};

TEST_CLASS(YamlEditTest)
#include "tst_yaml_edit.moc"
