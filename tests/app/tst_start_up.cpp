// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/shell/start_up.h"
#include "tests/test_class.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>
#include <vector>

class StartUpTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void choosesBetweenWindowAndCommandLine_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<bool>("window");
        const auto row = [](const char* rule, const char* arguments, bool window) {
            QTest::newRow(rule) << QString::fromLatin1(arguments).split(QLatin1Char(' '), Qt::SkipEmptyParts) << window;
        };
        row("no argument opens the window", "", true);
        row("a scenario opens the window", "load.yaml", true);
        row("a result opens the window", "runs/today/result.json", true);
        row("a verb does not", "run load.yaml", false);
        row("--help does not", "--help", false);
        row("--version does not", "--version", false);
        row("--headless does not", "--headless load.yaml", false);
        row("two files are the command line's to refuse", "a.yaml b.yaml", false);
        row("an unknown word is the command line's to refuse", "rnu", false);
    }
    void choosesBetweenWindowAndCommandLine() {
        QFETCH(QStringList, arguments);
        QFETCH(bool, window);
        QCOMPARE(opens(arguments), window);
    }

    void aFolderOpensTheWindowIfItHoldsAResult() {
        const QTemporaryDir folder;
        QVERIFY(!opens({folder.path()}));
        QFile result(folder.filePath(QStringLiteral("result.json")));
        QVERIFY(result.open(QIODevice::WriteOnly));
        QVERIFY(opens({folder.path()}));
    }

private:
    static bool opens(const QStringList& arguments) {
        std::vector<std::string> texts;
        for (const QString& argument : arguments) {
            texts.push_back(argument.toStdString());
        }
        const std::vector<std::string_view> views(texts.begin(), texts.end());
        return app::opensWindow(views);
    }
};

TEST_CLASS(StartUpTest)
#include "tst_start_up.moc"
