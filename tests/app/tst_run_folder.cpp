// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/run_folder.h"
#include "tests/test_class.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

namespace {

void write(const QString& path, const char* text) {
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
}

} // namespace

class TestRunFolder : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void nameIsFitForAnyFileSystem_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("folder");
        const auto row = [](const char* title, const char* name, const char* folder) {
            QTest::newRow(title) << QString::fromUtf8(name) << QString::fromUtf8(folder);
        };
        row("words", "Baseline with a burst", "runs/baseline-with-a-burst-20260102T030405Z");
        row("signs", "../a:b/../c!", "runs/a-b-c-20260102T030405Z");
        row("other alphabets", "тест 10k", "runs/10k-20260102T030405Z");
        row("nothing left", "***", "runs/run-20260102T030405Z");
    }
    void nameIsFitForAnyFileSystem() {
        QFETCH(const QString, name);
        QFETCH(const QString, folder);
        const auto now = std::chrono::system_clock::from_time_t(1'767'323'045);
        QCOMPARE(QString::fromStdString(app::defaultRunFolder(name.toStdString(), now).string()), folder);
    }

    void anAttemptLeavesNothingBehind() {
        const QTemporaryDir parent;
        {
            const auto folder = app::RunFolder::create(parent.filePath(QStringLiteral("runs/new/deep")).toStdString());
            QVERIFY(folder);
            write(parent.filePath(QStringLiteral("runs/new/deep/events.sqlite")), "x");
        }
        QVERIFY(QDir(parent.path()).isEmpty());
    }

    void anAttemptEmptiesButKeepsAFolderThatWasThere() {
        const QTemporaryDir folder;
        {
            const auto attempt = app::RunFolder::create(folder.path().toStdString());
            QVERIFY(attempt);
            write(folder.filePath(QStringLiteral("events.sqlite")), "x");
        }
        QVERIFY(QDir(folder.path()).exists() && QDir(folder.path()).isEmpty());
    }

    void aKeptFolderStays() {
        const QTemporaryDir parent;
        {
            auto folder = app::RunFolder::create(parent.filePath(QStringLiteral("run/")).toStdString());
            QVERIFY(folder);
            folder->keep();
        }
        QVERIFY(QDir(parent.filePath(QStringLiteral("run"))).exists());
    }

    void refusesAFolderInUse_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("message");
        QTest::newRow("a result") << QStringLiteral("result.json")
                                  << QStringLiteral(
                                         "The folder %1 cannot take this run: it holds the result of another "
                                         "run; name a new folder with --out.");
        QTest::newRow("an unfinished run")
            << QStringLiteral("run.journal")
            << QStringLiteral("The folder %1 cannot take this run: it holds a run that was not finished; 'run "
                              "--resume-drain %1' closes it.");
        QTest::newRow("anything else") << QStringLiteral("notes.txt")
                                       << QStringLiteral("The folder %1 cannot take this run: it is not empty; name a "
                                                         "new folder with --out.");
    }
    void refusesAFolderInUse() {
        QFETCH(const QString, file);
        QFETCH(const QString, message);
        const QTemporaryDir folder;
        write(folder.filePath(file), "x");
        const auto refused = app::RunFolder::create(folder.path().toStdString());
        QVERIFY(!refused);
        QCOMPARE(QString::fromStdString(refused.error().message),
                 QString(message).replace(QStringLiteral("%1"), folder.path()));
        QVERIFY(QFile::exists(folder.filePath(file)));
    }

    void refusesAFile() {
        const QTemporaryDir parent;
        const QString file = parent.filePath(QStringLiteral("file"));
        write(file, "x");
        const auto refused = app::RunFolder::create(file.toStdString());
        QVERIFY(!refused);
        QVERIFY(refused.error().kind == core::ErrorKind::Invalid);
        QVERIFY(QFile::exists(file));
    }
};

TEST_CLASS(TestRunFolder)
#include "tst_run_folder.moc"
