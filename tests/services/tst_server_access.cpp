// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/archive/result_folder.h"
#include "services/run/run.h"
#include "services/target/target_address.h"
#include "tests/test_class.h"

#include <QDirIterator>
#include <QTemporaryDir>
#include <QtTest>
#include <cstdlib>
#include <random>

namespace {

/// The password that tests/stack/up gives the broker's user 'writer'.
constexpr const char* kKafkaPassword = "writer-secret";
constexpr const char* kStorePassword = "marker-store-secret"; // the stack's PostgreSQL lets us in with any

core::Scenario shortScenario() {
    core::Scenario scenario;
    scenario.name = "secrets";
    scenario.text = "name: secrets";
    core::Stream stream;
    stream.name = "only";
    stream.stages = {core::ConstantStage{std::chrono::seconds(2), {200}}};
    scenario.streams = {stream};
    // Of its own: other tests use the same servers.
    scenario.kafka.group = "server-access-" + std::to_string(std::random_device()());
    scenario.kafka.tiers[static_cast<std::size_t>(stream.tier)].topic = scenario.kafka.group;
    return scenario;
}

} // namespace

/// A run that gets its passwords in memory, on real servers: it works, and no file of it holds one.
class ServerAccessTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aRunLogsInAndLeavesNoPasswordInItsFiles() {
        const char* broker = std::getenv("MILLRACE_STACK_LOGIN_BROKER");
        const char* store = std::getenv("MILLRACE_STORE");
        if (broker == nullptr || store == nullptr) {
            QFAIL("start the servers with tests/stack/up");
        }
        const QTemporaryDir folder;
        services::RunOptions options;
        options.scenario = shortScenario();
        options.directory = folder.path().toStdString();
        std::string url = store;
        url.insert(url.find('@'), std::string(":").append(kStorePassword));
        services::apply({.target = *services::readTarget({broker, url, "memory"}),
                         .kafkaClient = {{"security.protocol", "sasl_plaintext"},
                                         {"sasl.mechanism", "PLAIN"},
                                         {"sasl.username", "writer"},
                                         {"sasl.password", kKafkaPassword}}},
                        options.scenario, options.target);
        auto run = services::Run::start(std::move(options));
        QVERIFY2(run, run ? "" : run.error().message.c_str());
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(folder.filePath(QStringLiteral("run.journal"))), 30'000);
        QVERIFY(filesWithSecrets(folder.path()).isEmpty());
        const core::RunResult result = (*run)->wait();
        QCOMPARE(result.ledger.ids.lost, std::uint64_t{0});
        QCOMPARE(result.ledger.consumer.stored, std::uint64_t{400});
        QVERIFY(services::writeResult(result, folder.path().toStdString()));
        QCOMPARE(filesWithSecrets(folder.path()), QStringList());
        QVERIFY(QFile::exists(folder.filePath(QStringLiteral("result.json"))));
    }

private:
    static QStringList filesWithSecrets(const QString& folder) {
        QStringList found;
        for (QDirIterator walk(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories); walk.hasNext();) {
            QFile file(walk.next());
            const QByteArray content = file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
            if (content.contains(kKafkaPassword) || content.contains(kStorePassword)) {
                found += file.fileName();
            }
        }
        return found;
    }
};

TEST_CLASS(ServerAccessTest)
#include "tst_server_access.moc"
