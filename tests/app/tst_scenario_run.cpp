// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/bridge/run_preparation.h"
#include "tests/app/scenario_page_fixture.h"
#include "tests/test_class.h"

namespace {

const char* const kText = R"(version: 1
name: from the editor
streams:
  - name: lines
    stages:
      - {duration: 1s, rate: 1/s}
    event:
      messages: {file: app.log}
target: {broker: "file:1", dedupe: memory}
)";

} // namespace

/// A run of the text in an editor, saved or not.
class ScenarioRunTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_request = {path("edited.yaml"), std::string(kText)};
        m_request.results = path("results");
        writeFile(m_folder->filePath(QStringLiteral("app.log")), "one line\n");
    }

    void theTextTakesThePlaceOfTheFile() {
        const auto prepared = app::prepareRun(m_request);
        QVERIFY2(prepared, prepared ? "" : prepared.error().message.c_str());
        QCOMPARE(prepared->options.scenario.name, std::string("from the editor"));
        QCOMPARE(prepared->options.scenario.streams[0].event.messageFile, path("app.log"));
        QCOMPARE(prepared->options.target.broker.shown(), std::string("file:1"));
    }

    void problemsNameTheFile() {
        m_request.text = "version: 1\nname: x\n";
        const auto prepared = app::prepareRun(m_request);
        QVERIFY(!prepared);
        QVERIFY(
            QString::fromStdString(prepared.error().message).startsWith(QString::fromStdString(path("edited.yaml:"))));
    }

    void aMessageFileThatIsMissingIsAProblem() {
        QFile::remove(m_folder->filePath(QStringLiteral("app.log")));
        const auto prepared = app::prepareRun(m_request);
        QVERIFY(!prepared);
        QVERIFY(QString::fromStdString(prepared.error().message).contains(QStringLiteral("cannot be read")));
    }

    void aChosenTargetWins() {
        m_request.target = core::Target{*core::BrokerAddress::create("chosen:2"), {}, {}};
        const auto prepared = app::prepareRun(m_request);
        QVERIFY(prepared);
        QVERIFY(prepared->options.target == *m_request.target);
    }

private:
    std::string path(const char* name) const { return m_folder->filePath(QString::fromLatin1(name)).toStdString(); }

    std::unique_ptr<QTemporaryDir> m_folder;
    app::RunRequest m_request;
};

TEST_CLASS(ScenarioRunTest)
#include "tst_scenario_run.moc"
