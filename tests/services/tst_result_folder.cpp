// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/archive/result_folder.h"
#include "tests/files.h"
#include "tests/test_class.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

class TestResultFolder : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void writesAllFiles() {
        const QTemporaryDir folder;
        core::RunResult result;
        result.name = "a run";
        of(result.latency, core::Metric::EndToEnd).record(std::chrono::milliseconds(5), 10);
        QVERIFY(services::writeResult(result, folder.path().toStdString()));
        const QStringList expected{QStringLiteral("ack.hgrm"),        QStringLiteral("ack_uncorrected.hgrm"),
                                   QStringLiteral("end_to_end.hgrm"), QStringLiteral("end_to_end_uncorrected.hgrm"),
                                   QStringLiteral("processing.hgrm"), QStringLiteral("result.json"),
                                   QStringLiteral("samples.csv"),     QStringLiteral("send_delay.hgrm")};
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden, QDir::Name), expected);
        QCOMPARE(contentOfFile(folder.filePath(QStringLiteral("result.json"))).toStdString(),
                 core::toJson(result, false));
        QVERIFY(contentOfFile(folder.filePath(QStringLiteral("end_to_end.hgrm")))
                    .contains("Total count    =           10]"));
    }

    void aFullDiskLeavesNothingHalfMade() {
        if (!QFile::exists(QStringLiteral("/dev/full"))) {
            QFAIL("this system has no /dev/full");
        }
        const QTemporaryDir folder;
        // What is written to the second file's temporary name runs into a full disk.
        QVERIFY(QFile::link(QStringLiteral("/dev/full"), folder.filePath(QStringLiteral("b.part"))));
        const std::vector<std::pair<std::string, std::string>> files{{"a", "text"}, {"b", "text"}, {"c", "text"}};
        const core::Status written = services::writeWhole(folder.path().toStdString(), files);
        QVERIFY(!written);
        QVERIFY(written.error().kind == core::ErrorKind::Fatal);
        QCOMPARE(QString::fromStdString(written.error().message),
                 QStringLiteral("The result could not be written: %1/b: the disk is full; free some space or choose "
                                "another folder.")
                     .arg(folder.path()));
        QVERIFY(QDir(folder.path()).isEmpty());
    }

    void aMissingFolderIsAnError() {
        const core::Status written = services::writeWhole("/nonexistent/folder", {{"a", "text"}});
        QVERIFY(!written);
        QCOMPARE(written.error().message, std::string("The result could not be written: /nonexistent/folder/a: No such "
                                                      "file or directory."));
    }
};

TEST_CLASS(TestResultFolder)
#include "tst_result_folder.moc"
