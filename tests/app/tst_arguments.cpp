// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/arguments.h"
#include "tests/test_class.h"

#include <QTest>

namespace {

const app::VerbSyntax kVerb{.name = "run",
                            .operands = "FILE",
                            .minOperands = 1,
                            .maxOperands = 1,
                            .summary = "generate load",
                            .explanation = "\nMore words.",
                            .options = {{"--out", "DIR", "where the result goes"},
                                        {"--set", "PATH=VALUE", "change the scenario", true},
                                        {"--json", "", "print JSON"}},
                            .example = "run quickstart\nrun other --json"};

core::Result<app::Arguments> parse(const QStringList& words) {
    std::vector<std::string> list;
    for (const QString& word : words) {
        list.push_back(word.toStdString());
    }
    return app::Arguments::parse(kVerb, list);
}

} // namespace

class TestArguments : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsOptionsWhereverTheyStand() {
        const auto found =
            parse({QStringLiteral("--out"), QStringLiteral("a b"), QStringLiteral("file"), QStringLiteral("--set"),
                   QStringLiteral("seed=1"), QStringLiteral("--set=name=x=y"), QStringLiteral("--json")});
        QVERIFY(found);
        QCOMPARE(found->value("--out"), std::optional<std::string>("a b"));
        QCOMPARE(found->values("--set"), (std::vector<std::string>{"seed=1", "name=x=y"}));
        QCOMPARE(found->operands(), std::vector<std::string>{"file"});
        QVERIFY(found->has("--json"));
    }

    void afterTwoDashesAllIsOperand() {
        const auto found = parse({QStringLiteral("--"), QStringLiteral("--json")});
        QVERIFY(found);
        QCOMPARE(found->operands(), std::vector<std::string>{"--json"});
        QVERIFY(!found->has("--json"));
    }

    void helpWinsOverMistakes() {
        const auto found = parse({QStringLiteral("--help"), QStringLiteral("--nonsense")});
        QVERIFY(found && found->helpWanted());
    }

    void refusesInOneSentence_data() {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* name, const QStringList& words, const char* message) {
            QTest::newRow(name) << words << QString::fromUtf8(message);
        };
        row("a misspelt option is guessed", {QStringLiteral("f"), QStringLiteral("--jsn")},
            "'run' has no option '--jsn'. Did you mean --json?");
        row("an unknown option points to the help", {QStringLiteral("f"), QStringLiteral("--frobnicate=3")},
            "'run' has no option '--frobnicate'. See 'run --help'.");
        row("a value may not be missing", {QStringLiteral("f"), QStringLiteral("--out")},
            "--out needs a value: --out DIR.");
        row("a value may not be empty", {QStringLiteral("f"), QStringLiteral("--out=")},
            "--out needs a value: --out DIR.");
        row("a switch takes no value", {QStringLiteral("f"), QStringLiteral("--json=yes")}, "--json takes no value.");
        row("an option that is not a list stands once",
            {QStringLiteral("f"), QStringLiteral("--out=a"), QStringLiteral("--out=b")}, "--out is given twice.");
        row("an operand may not be missing", {QStringLiteral("--json")}, "'run' needs FILE. See 'run --help'.");
        row("an operand too much is named", {QStringLiteral("a"), QStringLiteral("b")},
            "'run' takes one FILE; 'b' is too much.");
    }
    void refusesInOneSentence() {
        QFETCH(const QStringList, words);
        QFETCH(const QString, message);
        const auto found = parse(words);
        QVERIFY(!found);
        QCOMPARE(QString::fromStdString(found.error().message), message);
    }

    void helpShowsOptionsAndExamples() {
        QCOMPARE(app::helpText(kVerb, "millraced"), std::string(R"(millraced run FILE [options]

generate load

More words.

Options
  --out DIR         where the result goes
  --set PATH=VALUE  change the scenario
  --json            print JSON
  --help            this text

Example
  millraced run quickstart
  millraced run other --json
)"));
    }
};

TEST_CLASS(TestArguments)
#include "tst_arguments.moc"
