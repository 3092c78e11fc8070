// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/bridge/run_preparation.h"
#include "services/target/target_address.h"
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

    void theDaemonsOfAConnectionTakePart() {
        m_request.access =
            services::ServerAccess{.target = *services::readTarget({"k:9092", "postgresql://me@db/logs", "memory"}),
                                   .kafkaClient = {},
                                   .daemons = {"a:1"}};
        const auto prepared = app::prepareRun(m_request);
        QVERIFY2(prepared, prepared ? "" : prepared.error().message.c_str());
        QVERIFY(prepared->options.fleet != nullptr);
        m_request.access->daemons.clear();
        const auto without = app::prepareRun(m_request);
        QVERIFY(without && without->options.fleet == nullptr);
    }

    void daemonsThatCannotTakePartAreASentence_data() {
        QTest::addColumn<QString>("broker");
        QTest::addColumn<QString>("store");
        QTest::addColumn<QString>("token");
        QTest::addColumn<QString>("message");
        const QString meet = QStringLiteral("Daemons meet at real servers: ");
        const QString postgres = QStringLiteral("postgresql://me@db/logs");
        QTest::newRow("an embedded broker") << QStringLiteral("embedded") << postgres << QString() << meet;
        QTest::newRow("an embedded store")
            << QStringLiteral("k:9092") << QStringLiteral("embedded") << QString() << meet;
        QTest::newRow("a token that is too short")
            << QStringLiteral("k:9092") << postgres << QStringLiteral("marker")
            << QStringLiteral("The token of the daemons: a token has at least 43 characters");
    }
    void daemonsThatCannotTakePartAreASentence() {
        QFETCH(const QString, broker);
        QFETCH(const QString, store);
        QFETCH(const QString, token);
        QFETCH(const QString, message);
        m_request.access = services::ServerAccess{
            .target = *services::readTarget({broker.toStdString(), store.toStdString(), "memory"}),
            .kafkaClient = {},
            .daemons = {"a:1"},
            .daemonToken = core::Secret(token.toStdString())};
        const auto prepared = app::prepareRun(m_request);
        QVERIFY(!prepared);
        const QString said = QString::fromStdString(prepared.error().text());
        QVERIFY2(said.startsWith(message) && !said.contains(QStringLiteral("marker")), qPrintable(said));
        QVERIFY(QDir(m_folder->filePath(QStringLiteral("results"))).isEmpty()); // no run began
    }

    void theDaemonsOfTheScenarioTakePartUnlessATargetIsChosen() {
        m_request.text->replace(m_request.text->find("target:"), std::string::npos,
                                "target: {broker: 'k:9092', store: 'postgresql://me@db/logs', daemons: ['a:1']}\n");
        const auto prepared = app::prepareRun(m_request);
        QVERIFY2(prepared, prepared ? "" : prepared.error().message.c_str());
        QVERIFY(prepared->options.fleet != nullptr);
        m_request.target = core::Target();
        const auto without = app::prepareRun(m_request);
        QVERIFY(without && without->options.fleet == nullptr);
    }

private:
    std::string path(const char* name) const { return m_folder->filePath(QString::fromLatin1(name)).toStdString(); }

    std::unique_ptr<QTemporaryDir> m_folder;
    app::RunRequest m_request;
};

TEST_CLASS(ScenarioRunTest)
#include "tst_scenario_run.moc"
