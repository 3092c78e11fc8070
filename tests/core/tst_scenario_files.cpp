// SPDX-License-Identifier: GPL-3.0-or-later
#include "scenario_files.h"
#include "tests/test_class.h"

/// Reads every scenario file of the tests and of the resources, and holds the reader against the JSON Schema.
class TestScenarioFiles : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void goodFileIsReadWithoutAProblem_data();
    void goodFileIsReadWithoutAProblem();
    void goodFileIsAcceptedByTheSchema();
    void badFileHasExactlyItsProblems_data();
    void badFileHasExactlyItsProblems();
    void badFormIsRefusedByTheSchemaAndTheRestAccepted();
    void readyMadeScenarioNamesNoTarget_data();
    void readyMadeScenarioNamesNoTarget();
};

namespace {

QStringList badFiles() {
    return yamlFilesIn(QStringLiteral("tests/core/data/scenarios/bad"));
}

QString baseName(const QString& path) {
    return QFileInfo(path).fileName();
}

void makeRows(const QStringList& paths) {
    QTest::addColumn<QString>("path");
    for (const QString& path : paths) {
        QTest::addRow("%s", qPrintable(baseName(path))) << path;
    }
}

core::ScenarioReading read(const QString& path) {
    return core::readScenario(contentOfFile(path).toStdString(), baseName(path).toStdString(), testOptions());
}

} // namespace

void TestScenarioFiles::goodFileIsReadWithoutAProblem_data() {
    makeRows(goodFiles());
}

void TestScenarioFiles::goodFileIsReadWithoutAProblem() {
    QFETCH(QString, path);
    const core::ScenarioReading reading = read(path);
    QCOMPARE(textOf(reading), std::string());
    QVERIFY(reading.scenario.has_value());
    QCOMPARE(reading.scenario->text, contentOfFile(path).toStdString());
}

void TestScenarioFiles::goodFileIsAcceptedByTheSchema() {
    const QStringList paths = goodFiles();
    QVERIFY(paths.size() >= 16);
    const QStringList verdicts = schemaVerdicts(paths);
    QCOMPARE(verdicts.size(), paths.size());
    for (int i = 0; i < paths.size(); ++i) {
        QVERIFY2(verdicts[i] == u"accepted", qPrintable(paths[i] + u' ' + verdicts[i]));
    }
}

void TestScenarioFiles::badFileHasExactlyItsProblems_data() {
    makeRows(badFiles());
}

void TestScenarioFiles::badFileHasExactlyItsProblems() {
    QFETCH(QString, path);
    const core::ScenarioReading reading = read(path);
    QVERIFY(!reading.scenario.has_value());
    const QString expected = QString(path).replace(QStringLiteral(".yaml"), QStringLiteral(".txt"));
    QVERIFY2(QFile::exists(expected), qPrintable(expected));
    QCOMPARE(QString::fromStdString(textOf(reading)), QString::fromUtf8(contentOfFile(expected)));
}

void TestScenarioFiles::badFormIsRefusedByTheSchemaAndTheRestAccepted() {
    const QStringList paths = badFiles();
    QVERIFY(paths.size() >= 40);
    const QStringList verdicts = schemaVerdicts(paths);
    QCOMPARE(verdicts.size(), paths.size());
    for (int i = 0; i < paths.size(); ++i) {
        const QByteArray firstLine = contentOfFile(paths[i]).split('\n').first();
        QVERIFY2(firstLine == "# form" || firstLine == "# reader only", qPrintable(paths[i]));
        const bool isAccepted = verdicts[i] == u"accepted";
        QVERIFY2(isAccepted == (firstLine == "# reader only"), qPrintable(paths[i] + u' ' + verdicts[i]));
    }
}

void TestScenarioFiles::readyMadeScenarioNamesNoTarget_data() {
    makeRows(yamlFilesIn(QStringLiteral("resources/scenarios")));
}

void TestScenarioFiles::readyMadeScenarioNamesNoTarget() {
    QFETCH(QString, path);
    const core::ScenarioReading reading = read(path);
    QVERIFY(reading.scenario.has_value());
    QVERIFY(reading.scenario->target == core::PartialTarget());
    QVERIFY(!reading.scenario->thresholds.empty());
    QVERIFY(reading.scenario->text.starts_with("# ")); // it says what it is for
    QCOMPARE(QString::fromStdString(reading.scenario->name), QFileInfo(path).completeBaseName());
    for (const core::Stream& stream : reading.scenario->streams) {
        const QString lines =
            QString::fromStdString(stream.event.messageFile).replace(QStringLiteral("/folder"), QFileInfo(path).path());
        QVERIFY2(lines.isEmpty() || contentOfFile(lines).count('\n') > 200, qPrintable(lines));
    }
}

TEST_CLASS(TestScenarioFiles)
#include "tst_scenario_files.moc"
