// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/yaml/yaml_tree.h"
#include "tests/test_class.h"

#include <QTest>

using core::YamlMark;
using core::YamlNode;

class TestScenarioYamlTree : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyNodeSpansItsOwnText();
    void blockCollectionEndsWithItsLastChild();
    void placesCountBytesAndCharacters();
    void byteOrderMarkIsSkippedAndCounted();
    void quotesAreToldFromPlainText();
    void problem_data();
    void problem();
    void readingGoesOnAfterAProblem();
    void hostileTextEndsQuickly_data();
    void hostileTextEndsQuickly();
};

namespace {

std::string spanOf(const YamlNode& node, const std::string& text) {
    return text.substr(node.start.offset, node.end.offset - node.start.offset);
}

std::string textOf(const core::YamlReading& reading) {
    std::string out;
    for (const core::YamlProblem& problem : reading.problems) {
        out += std::to_string(problem.at.line) + ":" + std::to_string(problem.at.column) + " " + problem.message + "\n";
    }
    return out;
}

std::string repeated(const std::string& part, std::size_t bytes) {
    std::string out;
    while (out.size() + part.size() <= bytes) {
        out += part;
    }
    return out;
}

} // namespace

void TestScenarioYamlTree::everyNodeSpansItsOwnText() {
    const std::string text = "a: {b: [1, 'x y'], c: \"z\"} # why\n"
                             "d:\n"
                             "  - plain text # why not\n"
                             "  - e: 5s\n"
                             "    f: g\n";
    const core::YamlReading reading = core::readYaml(text);
    QCOMPARE(textOf(reading), std::string());
    const YamlNode& a = reading.root.find("a")->value;
    QCOMPARE(spanOf(a, text), std::string("{b: [1, 'x y'], c: \"z\"}"));
    QCOMPARE(spanOf(a.find("b")->value, text), std::string("[1, 'x y']"));
    QCOMPARE(spanOf(a.find("b")->value.items[1], text), std::string("'x y'"));
    QCOMPARE(spanOf(a.find("c")->key, text), std::string("c"));
    const YamlNode& d = reading.root.find("d")->value;
    QCOMPARE(spanOf(d.items[0], text), std::string("plain text"));
    QCOMPARE(spanOf(d.items[1], text), std::string("e: 5s\n    f: g"));
    QCOMPARE(d.items[1].find("f")->value.start, (YamlMark{5, 8, text.size() - 2}));
}

void TestScenarioYamlTree::blockCollectionEndsWithItsLastChild() {
    const std::string text = "a:\n  b: 1\n  c: 2   # comment\n\n# another\n\nd: 3\n";
    const core::YamlReading reading = core::readYaml(text);
    QCOMPARE(spanOf(reading.root.find("a")->value, text), std::string("b: 1\n  c: 2"));
    QCOMPARE(spanOf(reading.root, text), text.substr(0, text.size() - 1));
}

void TestScenarioYamlTree::placesCountBytesAndCharacters() {
    const std::string text = "größe: ü # ä\r\nb: [日本, c]\r\n";
    const core::YamlReading reading = core::readYaml(text);
    QCOMPARE(textOf(reading), std::string());
    const YamlNode& b = reading.root.find("b")->value;
    QCOMPARE(spanOf(reading.root.find("größe")->value, text), std::string("ü"));
    QCOMPARE(spanOf(b.items[1], text), std::string("c"));
    QCOMPARE(b.items[1].start.line, 2);
    QCOMPARE(b.items[1].start.column, 9);
}

void TestScenarioYamlTree::byteOrderMarkIsSkippedAndCounted() {
    const std::string text = "\xEF\xBB\xBF"
                             "a: b\n";
    const core::YamlReading reading = core::readYaml(text);
    QCOMPARE(textOf(reading), std::string());
    QCOMPARE(reading.root.find("a")->key.start, (YamlMark{1, 1, 3}));
    QCOMPARE(reading.root.find("a")->value.start, (YamlMark{1, 4, 6}));
}

void TestScenarioYamlTree::quotesAreToldFromPlainText() {
    const core::YamlReading reading = core::readYaml("[5, '5', \"5\", |\n]");
    QVERIFY(reading.root.kind == YamlNode::Kind::Broken); // a block text cannot stand between brackets
    const core::YamlReading block = core::readYaml("- 5\n- '5'\n- \"5\"\n- |-\n  5\n");
    QCOMPARE(block.root.items[0].quoted, false);
    QCOMPARE(block.root.items[1].quoted, true);
    QCOMPARE(block.root.items[2].quoted, true);
    QCOMPARE(block.root.items[3].quoted, true);
    for (const YamlNode& item : block.root.items) {
        QCOMPARE(item.text, std::string("5"));
    }
}

void TestScenarioYamlTree::problem_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("problems");
    const auto row = [](const char* name, const QByteArray& text, const char* problems) {
        QTest::newRow(name) << text << QString::fromUtf8(problems) + u'\n';
    };
    row("nothing", "", "1:1 the text is empty");
    row("only a comment", "# hello\n", "1:1 the text is empty");
    row("bytes that are not UTF-8", "a: b\nc: \xFF\n",
        "2:4 the text is not readable as UTF-8: a byte or character here is not allowed");
    row("UTF-16 is not UTF-8",
        QByteArray("\xFF\xFE"
                   "a\0",
                   4),
        "1:1 the text is not readable as UTF-8: a byte or character here is not allowed");
    row("a control character", "a: \x01\n",
        "1:4 the text is not readable as UTF-8: a byte or character here is not allowed");
    row("an anchor", "a: &x 1\n", "1:4 anchors (&name) are not allowed");
    row("an alias", "a: *x\n", "1:4 aliases (*name) are not allowed; write the value out");
    row("an alias as a key", "*x : 1\n", "1:1 aliases (*name) are not allowed; write the value out");
    row("a tag", "a: !!int 1\n", "1:4 tags (!name) are not allowed");
    row("a mapping as a key", "{a: b}: c\n", "1:1 a key must be a plain word");
    row("a key twice", "a: 1\nb: 2\n'a': 3\n", "3:1 the key 'a' is given twice; the first is in line 1");
    row("a second document", "a: 1\n---\nb: 2\n", "2:1 a second document begins here; a file holds one");
    row("a bracket too many", "a: ]\n",
        "1:4 not YAML: did not find expected node content while parsing a block node, which begins in line 1");
    row("a list that does not end is named where the text does", "a: 1\nb: [1,\n\n",
        "2:7 not YAML: did not find expected node content while parsing a flow node, which begins in line 4");
    row("more than a mebibyte", QByteArray(1024 * 1024 + 1, 'a'), "1:1 the file is larger than 1 MiB");
    row("32 levels are the most", QByteArray(33, '[') + QByteArray(33, ']'), "1:33 nested deeper than 32 levels");
    row("a hundred thousand values are the most", "[" + QByteArray("a,").repeated(100'000) + "]",
        "1:200000 more than 100000 values");
}

void TestScenarioYamlTree::problem() {
    QFETCH(QByteArray, text);
    QFETCH(QString, problems);
    QCOMPARE(QString::fromStdString(textOf(core::readYaml(text.toStdString()))), problems);
}

void TestScenarioYamlTree::readingGoesOnAfterAProblem() {
    const core::YamlReading reading = core::readYaml("a: &x 1\nb: *x\na: 2\nc: !t 3\n");
    QCOMPARE(reading.problems.size(), std::size_t(4));
    QCOMPARE(reading.root.entries.size(), std::size_t(3));
    QCOMPARE(reading.root.find("a")->value.text, std::string("1"));
    QVERIFY(reading.root.find("b")->value.kind == YamlNode::Kind::Broken);
}

void TestScenarioYamlTree::hostileTextEndsQuickly_data() {
    QTest::addColumn<QByteArray>("part");
    for (const char* part :
         {"[", "{",   "- ",  "? ", "a: ",   "{a: ", "[a, ",  "\n- a", "\na:", "'",        "\"",  "|\n",
          "!", "&a ", "*a ", "%",  "---\n", "\t",   "# a\n", "a",     "\\",   "\xC3\xA4", "<<: "}) {
        QTest::addRow("a mebibyte of %s", QByteArray(part).toPercentEncoding(" []{}?:,-").constData())
            << QByteArray(part);
    }
}

void TestScenarioYamlTree::hostileTextEndsQuickly() {
    QFETCH(QByteArray, part);
    core::readYaml(repeated(part.toStdString(), core::kMaxYamlBytes)); // the test's time limit is the judge
    core::readYaml("a: " + repeated(part.toStdString(), core::kMaxYamlBytes - 3));
}

TEST_CLASS(TestScenarioYamlTree)
#include "tst_scenario_yaml_tree.moc"
