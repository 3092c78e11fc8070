// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/results/result_file.h"
#include "tests/app/millraced.h"
#include "tests/files.h"
#include "tests/test_class.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sqlite3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <algorithm>
#include <memory>

namespace {

/// A port on loopback that nobody listens on, as long as this lives.
class DeadPort {
public:
    DeadPort() : m_socket(socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        if (bind(m_socket, reinterpret_cast<sockaddr*>(&address), length) != 0 ||
            getsockname(m_socket, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
            qFatal("no port on loopback");
        }
        m_port = ntohs(address.sin_port);
    }
    ~DeadPort() { close(m_socket); }
    QString server() const { return QStringLiteral("127.0.0.1:%1").arg(m_port); }

protected:
    int m_socket;

private:
    int m_port = 0;
};

/// A server that takes connections and never answers.
class SilentServer : public DeadPort {
public:
    SilentServer() { listen(m_socket, 8); }
    bool hasCaller(std::chrono::milliseconds patience) const {
        pollfd waited{m_socket, POLLIN, 0};
        return poll(&waited, 1, static_cast<int>(patience.count())) > 0;
    }
};

/// A terminal of so many columns, in which a program can run.
class PseudoTerminal {
public:
    explicit PseudoTerminal(unsigned short columns) {
        const winsize size{24, columns, 0, 0};
        if (openpty(&m_ours, &m_programs, nullptr, nullptr, &size) != 0) {
            qFatal("there is no pseudo-terminal");
        }
        fcntl(m_ours, F_SETFL, O_NONBLOCK);
    }
    ~PseudoTerminal() {
        close(m_ours);
        close(m_programs);
    }
    int programsEnd() const { return m_programs; }
    QByteArray read() const {
        QByteArray bytes(65'536, '\0');
        const ssize_t count = ::read(m_ours, bytes.data(), static_cast<std::size_t>(bytes.size()));
        return bytes.left(static_cast<int>(std::max<ssize_t>(count, 0)));
    }

private:
    int m_ours = -1;
    int m_programs = -1;
};

/// Runs statements on an SQLite file that another process writes to.
bool execute(const QString& file, const char* statements) {
    sqlite3* database = nullptr;
    const bool opened = sqlite3_open(file.toUtf8().constData(), &database) == SQLITE_OK;
    sqlite3_busy_timeout(database, 10'000);
    const bool done = opened && sqlite3_exec(database, statements, nullptr, nullptr, nullptr) == SQLITE_OK;
    sqlite3_close(database);
    return done;
}

} // namespace

/// Each exit code of the real program, its output, and what it leaves behind.
class TestCommandLine : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;

    QString path(const char* name) const { return m_folder->filePath(QString::fromLatin1(name)); }

    /// scenario.yaml in the test's folder.
    void write(const QString& stages, const QString& rules, const QString& more = {}) const {
        QFile file(path("scenario.yaml"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QStringLiteral("version: 1\nname: small\nseed: 1\nstreams:\n  - name: baseline\n    stages:\n"
                                  "      - %1\nthresholds: [%2]\n%3")
                       .arg(stages, rules, more)
                       .toUtf8());
    }
    static QStringList runScenario(const QStringList& more = {}) {
        return QStringList{QStringLiteral("run"), QStringLiteral("scenario.yaml"), QStringLiteral("--out"),
                           QStringLiteral("out")} +
               more;
    }
    /// The result that a run left, and nothing half-written beside it.
    void readResult(core::RunResult& result) const {
        const auto read = core::resultFromJson(contentOfFile(path("out/result.json")).toStdString(), "result.json");
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        result = *read;
        const QDir folder(path("out"));
        QCOMPARE(folder.entryList({QStringLiteral("*.part"), QStringLiteral("run.journal")}), QStringList());
        QCOMPARE(folder.entryList({QStringLiteral("*.hgrm")}).size(), 6);
        QVERIFY(folder.exists(QStringLiteral("samples.csv")));
    }

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
    }

    void aPassedRunEndsWith0() {
        write(QStringLiteral("{duration: 2s, rate: 500/s}"), QStringLiteral("lost == 0, doubled == 0"));
        Millraced program(m_folder->path());
        QCOMPARE(program.run(runScenario()), 0);
        QVERIFY2(program.output().contains(QStringLiteral("Passed: ")), qPrintable(program.all()));
        QVERIFY2(!program.output().contains(QChar(0x1B)), "colours or cursor movements without a terminal");
        core::RunResult result;
        readResult(result);
        QCOMPARE(result.verdict.exit, core::ExitCode::Passed);
        QCOMPARE(result.ledger.producer.acked, std::uint64_t{1'000});
        QCOMPARE(result.ledger.consumer.stored, std::uint64_t{1'000});
        QVERIFY(!result.ledger.violation(true));
    }

    void jsonIsTheHeadAndNothingElse() {
        write(QStringLiteral("{duration: 2s, rate: 500/s}"), QStringLiteral("lost == 0"));
        Millraced program(m_folder->path());
        QCOMPARE(program.run(runScenario({QStringLiteral("--json")})), 0);
        core::RunResult result;
        readResult(result);
        QCOMPARE(program.output().toStdString(), core::toJson(result, true) + "\n");
        const QJsonObject head = QJsonDocument::fromJson(program.output().toUtf8()).object();
        QCOMPARE(head.value(QStringLiteral("schema")).toString(), QStringLiteral("millrace.result/2"));
        QVERIFY(!head.contains(QStringLiteral("streams")));
        QCOMPARE(program.complaints(), QString());
    }

    void aTerminalSeesABlockThatIsDrawnAnew() {
        write(QStringLiteral("{duration: 2s, rate: 500/s}"), QStringLiteral("lost == 0"));
        PseudoTerminal terminal(60);
        Millraced program(m_folder->path());
        program.setVariable("TERM", QStringLiteral("xterm"));
        program.setVariable("NO_COLOR", QStringLiteral("1"));
        program.useAsOutput(terminal.programsEnd());
        QVERIFY(program.start(runScenario()));
        QByteArray shown;
        const auto ended = [&] { return shown.append(terminal.read()).contains("Files: out"); };
        QTRY_VERIFY_WITH_TIMEOUT(ended(), 60'000);
        QCOMPARE(program.finish(), 0);
        QVERIFY2(shown.contains("small  on  the embedded broker and store\r\n"), shown.constData());
        QVERIFY2(shown.contains("\033[2Kstages    [#"), shown.constData());
        QVERIFY2(shown.contains("A\033[2Ksmall  on"), "the block is never drawn anew over itself");
        // The block is gone before the summary, and the cursor was never hidden.
        QVERIFY2(shown.contains("A\033[J✓ Passed: "), shown.constData());
        QVERIFY(!shown.contains("\033[?25l"));
    }

    void quietSaysNothingOfAPassedRun() {
        write(QStringLiteral("{duration: 1s, rate: 100/s}"), QStringLiteral("lost == 0"));
        Millraced program(m_folder->path());
        QCOMPARE(program.run({QStringLiteral("run"), QStringLiteral("scenario.yaml"), QStringLiteral("--quiet")}), 0);
        QCOMPARE(program.all(), QStringLiteral("\n--- standard error\n"));
        QCOMPARE(QDir(path("runs")).entryList({QStringLiteral("small-20??????T??????Z")}).size(), 1);
    }

    void aMissedRuleEndsWith3() {
        write(QStringLiteral("{duration: 2s, rate: 500/s}"), QStringLiteral("end_to_end p50 < 1us"));
        Millraced program(m_folder->path());
        QCOMPARE(program.run(runScenario({QStringLiteral("--quiet")})), 3);
        QVERIFY2(
            program.complaints().startsWith(QStringLiteral("millraced: Failed: 'end_to_end p50 < 1us' was missed")),
            qPrintable(program.all()));
        core::RunResult result;
        readResult(result);
        QCOMPARE(result.verdict.exit, core::ExitCode::ThresholdMissed);
    }

    void aStoreThatDisagreesEndsWith4() {
        write(QStringLiteral("{duration: 4s, rate: 500/s}"), QStringLiteral("lost == 0"));
        Millraced program(m_folder->path());
        QVERIFY(program.start(runScenario({QStringLiteral("--store"), QStringLiteral("sqlite:events.sqlite")})));
        QVERIFY2(program.says(QStringLiteral("phase: stages")), qPrintable(program.all()));
        // The rows' own count says that fewer were stored than the consumers committed.
        QTRY_VERIFY_WITH_TIMEOUT(
            execute(path("events.sqlite"),
                    "CREATE TRIGGER IF NOT EXISTS forget AFTER UPDATE ON run_counts WHEN NEW.stored > 0 BEGIN "
                    "UPDATE run_counts SET stored = 0 WHERE run_id = NEW.run_id AND worker = NEW.worker; END"),
            5'000);
        QCOMPARE(program.finish(), 4);
    }

    void aStarvedGeneratorEndsWith5() {
        write(QStringLiteral("{duration: 9s, rate: 200/s}"), QStringLiteral("lost == 0"));
        Millraced program(m_folder->path());
        QVERIFY(program.start(runScenario()));
        QVERIFY2(program.says(QStringLiteral("phase: stages")), qPrintable(program.all()));
        // Half of the time the process does not run at all, so half of the events are turned to late.
        for (int i = 0; i < 10; ++i) {
            program.signal(SIGSTOP);
            QTest::qWait(300);
            program.signal(SIGCONT);
            QTest::qWait(300);
        }
        QCOMPARE(program.finish(), 5);
        QVERIFY2(program.output().contains(QStringLiteral("generator")), qPrintable(program.all()));
        core::RunResult result;
        readResult(result);
        QCOMPARE(result.ledger.consumer.stored, std::uint64_t{1'800});
    }

    void anAbsentServerEndsWith6_data() {
        QTest::addColumn<QString>("option");
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("message");
        QTest::newRow("broker") << QStringLiteral("--broker") << QStringLiteral("%1")
                                << QStringLiteral("millraced: Kafka at %1 cannot be reached: ");
        QTest::newRow("store") << QStringLiteral("--store") << QStringLiteral("postgresql://me@%1/logs")
                               << QStringLiteral("PostgreSQL at %1/logs: ");
    }
    void anAbsentServerEndsWith6() {
        QFETCH(const QString, option);
        QFETCH(const QString, url);
        QFETCH(const QString, message);
        write(QStringLiteral("{duration: 1s, rate: 100/s}"), QStringLiteral("lost == 0"));
        const DeadPort port;
        Millraced program(m_folder->path());
        QCOMPARE(program.run(runScenario({option, url.arg(port.server())})), 6);
        QVERIFY2(program.complaints().contains(message.arg(port.server())), qPrintable(program.all()));
        QVERIFY2(program.complaints().contains(QStringLiteral(" Check the address")), qPrintable(program.all()));
        QCOMPARE(program.complaints().count(QLatin1Char('\n')), 1);
        QCOMPARE(QDir(m_folder->path()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot),
                 QStringList{QStringLiteral("scenario.yaml")});
    }

    void anInterruptedStartEndsWith130_data() {
        QTest::addColumn<QString>("option");
        QTest::addColumn<QString>("url");
        QTest::newRow("a broker that does not answer") << QStringLiteral("--broker") << QStringLiteral("%1");
        QTest::newRow("a store that does not answer")
            << QStringLiteral("--store") << QStringLiteral("postgresql://me@%1/logs");
        QTest::newRow("a filter that does not answer") << QStringLiteral("--dedupe") << QStringLiteral("redis://%1");
    }
    void anInterruptedStartEndsWith130() {
        QFETCH(const QString, option);
        QFETCH(const QString, url);
        write(QStringLiteral("{duration: 1s, rate: 100/s}"), QStringLiteral("lost == 0"));
        const SilentServer silent;
        Millraced program(m_folder->path());
        QVERIFY(program.start(runScenario({option, url.arg(silent.server())})));
        QVERIFY(silent.hasCaller(std::chrono::seconds(30)));
        program.signal(SIGINT);
        QCOMPARE(program.finish(std::chrono::seconds(4)), 130); // PostgreSQL's own time-out is 30 s, Kafka's 5 s
        QVERIFY2(program.complaints().contains(QStringLiteral("Interrupted before the load began: nothing was sent.")),
                 qPrintable(program.all()));
        QVERIFY(!QDir(path("out")).exists());
    }

    void aFullDiskAtTheEndEndsWith1() {
        write(QStringLiteral("{duration: 2s, rate: 100/s}"), QStringLiteral("lost == 0"));
        Millraced program(m_folder->path());
        QVERIFY(program.start(runScenario()));
        QVERIFY2(program.says(QStringLiteral("phase: stages")), qPrintable(program.all()));
        QVERIFY(QFile::link(QStringLiteral("/dev/full"), path("out/samples.csv.part")));
        QCOMPARE(program.finish(), 1);
        QVERIFY2(program.complaints().contains(QStringLiteral(
                     "millraced: The result could not be written: out/samples.csv: the disk is full; free "
                     "some space or choose another folder.")),
                 qPrintable(program.all()));
        QCOMPARE(QDir(path("out"))
                     .entryList({QStringLiteral("*.hgrm"), QStringLiteral("*.part"), QStringLiteral("*.csv"),
                                 QStringLiteral("*.json")}),
                 QStringList());
    }

    void anInterruptedRunEndsWith130_data() {
        QTest::addColumn<int>("signal");
        QTest::addColumn<int>("times");
        QTest::newRow("Ctrl-C stops the load and stores what was sent") << SIGINT << 1;
        QTest::newRow("SIGTERM does the same") << SIGTERM << 1;
        QTest::newRow("twice Ctrl-C ends at once, still with the counts") << SIGINT << 2;
    }
    void anInterruptedRunEndsWith130() {
        QFETCH(const int, signal);
        QFETCH(const int, times);
        write(QStringLiteral("{duration: 60s, rate: 500/s}"), QStringLiteral("lost == 0"));
        Millraced program(m_folder->path());
        QVERIFY(program.start(runScenario()));
        QVERIFY2(program.says(QStringLiteral("phase: stages")), qPrintable(program.all()));
        QTest::qWait(500); // some events
        program.signal(signal);
        QVERIFY(program.says(QStringLiteral("Stopping: what was sent is being stored.")));
        if (times == 2) {
            program.signal(signal);
        }
        QCOMPARE(program.finish(std::chrono::seconds(30)), 130);
        core::RunResult result;
        readResult(result);
        QCOMPARE(result.verdict.status, core::VerdictStatus::Interrupted);
        QVERIFY(result.ledger.producer.sent > 0 && result.ledger.producer.sent < 30'000);
        QCOMPARE(result.ledger.producer.queued(), std::uint64_t{0});
        QVERIFY(!result.ledger.violation(true));
        if (times == 1) {
            QCOMPARE(result.ledger.consumer.stored, result.ledger.producer.acked);
        }
    }

    void aKilledEmbeddedRunSaysWhyItCannotBeResumed() {
        write(QStringLiteral("{duration: 60s, rate: 100/s}"), QStringLiteral("lost == 0"));
        {
            Millraced program(m_folder->path());
            QVERIFY(program.start(runScenario()));
            QVERIFY2(program.says(QStringLiteral("phase: stages")), qPrintable(program.all()));
            QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(path("out/run.journal")), 10'000);
            program.signal(SIGKILL);
            QCOMPARE(program.finish(), -1);
        }
        Millraced again(m_folder->path());
        QCOMPARE(again.run(runScenario()), 2);
        QVERIFY2(again.complaints().contains(QStringLiteral("'run --resume-drain out' closes it.")),
                 qPrintable(again.all()));
        Millraced resumed(m_folder->path());
        QCOMPARE(resumed.run({QStringLiteral("run"), QStringLiteral("--resume-drain"), QStringLiteral("out")}), 1);
        QVERIFY2(resumed.complaints().contains(QStringLiteral("embedded")), qPrintable(resumed.all()));
    }

    void badUsageEndsWith2_data() {
        QTest::addColumn<QString>("arguments");
        QTest::addColumn<QString>("complaint");
        const auto row = [](const char* name, const char* arguments, const char* complaint) {
            QTest::newRow(name) << QString::fromUtf8(arguments) << QString::fromUtf8(complaint);
        };
        row("no verb", "", "millraced: a verb is missing. See 'millraced --help'.\n");
        row("a misspelt verb", "rnu", "millraced: there is no verb 'rnu'. Did you mean run?\n");
        row("no file", "run", "millraced: 'run' needs FILE, a scenario or the name of a ready-made one.\n");
        row("a misspelt ready-made scenario", "run quikstart",
            "millraced: There is no scenario file 'quikstart'. Did you mean the ready-made scenario 'quickstart'?\n");
        row("a password", "run scenario.yaml --store postgresql://me:secret@host/db",
            "millraced: --store holds a password, and everyone on this machine can read a command line. Leave it out "
            "and "
            "put it into PGPASSWORD, into ~/.pgpass, or into the whole URL in MILLRACE_STORE.\n");
        row("a password in the file's place", "run postgresql://me:secret@host/db",
            "millraced: 'run' was given a password in an address, and everyone on this machine can read a command "
            "line. "
            "See 'run --help' for where an address belongs.\n");
        row("a password in the verb's place", "redis://:secret@host", "");
        row("a secret behind a colon", "run scenario.yaml --set kafka.client.sasl.password:secret",
            "millraced: --set expects PATH=VALUE, as --set streams[0].stages[0].rate=500/s, not "
            "'kafka.client.sasl.password'.\n");
        row("a folder in use", "run scenario.yaml --out .",
            "millraced: The folder . cannot take this run: it is not empty; name a new folder with --out.\n");
        row("two ways to print", "run scenario.yaml --json --quiet",
            "millraced: --json prints the result and --quiet prints nothing: choose one.\n");
        row("a change of nothing", "run scenario.yaml --set streams[7].tier=normal", "");
        row("a drain of no run", "run --resume-drain nowhere", "");
        row("an unknown index", "init --index colour",
            "millraced: --index takes source, level and text, with commas between them.\n");
    }
    void badUsageEndsWith2() {
        QFETCH(const QString, arguments);
        QFETCH(const QString, complaint);
        write(QStringLiteral("{duration: 1s, rate: 100/s}"), QStringLiteral("lost == 0"));
        Millraced program(m_folder->path());
        QCOMPARE(program.run(arguments.split(QLatin1Char(' '), Qt::SkipEmptyParts)), 2);
        QCOMPARE(program.output(), QString());
        if (complaint.isEmpty()) {
            QCOMPARE(program.complaints().count(QLatin1Char('\n')), 1);
            QVERIFY(!program.complaints().contains(QStringLiteral("secret")));
        } else {
            QCOMPARE(program.complaints(), complaint);
        }
        QVERIFY(!QDir(path("out")).exists() && !QDir(path("runs")).exists());
    }

    void moreThanTheEmbeddedBrokerHoldsEndsWith2() {
        write(QStringLiteral("{duration: 10s, rate: 1000000/s}"), QStringLiteral("lost == 0"),
              QStringLiteral("kafka: {partitions: 1}\n"));
        Millraced program(m_folder->path());
        QCOMPARE(program.run(runScenario()), 2);
        QVERIFY2(program.complaints().contains(QStringLiteral("embedded broker")), qPrintable(program.all()));
        QVERIFY(!QDir(path("out")).exists());
    }

    void validateNamesEveryProblemWithItsPlace() {
        QFile file(path("bad.yaml"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("version: 1\nname: bad\nstraems: []\nstreams:\n  - name: a\n    stages:\n"
                   "      - {duration: 60, rate: 10/s}\nthresholds:\n  - end_to_end p99 <\n");
        file.close();
        Millraced program(m_folder->path());
        QCOMPARE(program.run({QStringLiteral("validate"), QStringLiteral("bad.yaml")}), 2);
        const QStringList lines = program.output().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 3);
        QVERIFY2(lines[0].startsWith(QStringLiteral("bad.yaml:3:1: ")), qPrintable(lines[0]));
        QVERIFY2(lines[1].startsWith(QStringLiteral("bad.yaml:7:20: streams[0].stages[0].duration: ")),
                 qPrintable(lines[1]));
        QVERIFY2(lines[2].startsWith(QStringLiteral("bad.yaml:9:5: thresholds[0]: ")), qPrintable(lines[2]));
    }

    void validateSaysWhatAScenarioAsksFor() {
        write(QStringLiteral("{duration: 60s, rate: 10000/s}"), QStringLiteral("lost == 0"),
              QStringLiteral("warmup: 10s\n"));
        Millraced program(m_folder->path());
        QCOMPARE(program.run({QStringLiteral("validate"), QStringLiteral("scenario.yaml")}), 0);
        QCOMPARE(program.output(),
                 QStringLiteral("scenario.yaml: ok: 700,000 events (100,000 of them in the warm-up) in "
                                "70 s, peak 10,000/s, about 190 MiB\n"));
    }

    void validateNamesRulesThatGetTooFewValues() {
        write(QStringLiteral("{duration: 9s, rate: 100/s}"),
              QStringLiteral("end_to_end p99 < 45ms, ack p99.9 < 1s, end_to_end p99 over 5s < 45ms"),
              QStringLiteral("warmup: 60s\n"));
        Millraced program(m_folder->path());
        QCOMPARE(program.run({QStringLiteral("validate"), QStringLiteral("scenario.yaml")}), 0);
        const QStringList lines = program.output().split(QLatin1Char('\n'), Qt::SkipEmptyParts).mid(1);
        QCOMPARE(lines, (QStringList{
                            QStringLiteral("scenario.yaml: the rule 'end_to_end p99 < 45ms' cannot be evaluated: p99 "
                                           "takes 1,000 events and it gets 900"),
                            QStringLiteral("scenario.yaml: the rule 'ack p99.9 < 1s' cannot be evaluated: p99.9 takes "
                                           "10,000 events and it gets 900"),
                            QStringLiteral("scenario.yaml: the rule 'end_to_end p99 over 5s < 45ms' cannot be "
                                           "evaluated: p99 takes 1,000 events and it gets 500"),
                        }));
    }

    void validateKnowsFilesOfMessages() {
        QFile file(path("lines.yaml"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("version: 1\nname: lines\nstreams:\n  - name: a\n    stages:\n      - {duration: 6s, rate: 10/s}\n"
                   "    event: {messages: {file: missing.log}}\n");
        file.close();
        Millraced program(m_folder->path());
        QCOMPARE(program.run({QStringLiteral("validate"), QStringLiteral("lines.yaml")}), 2);
        QVERIFY2(program.output().contains(QStringLiteral("missing.log' cannot be read: No such file or directory")),
                 qPrintable(program.all()));
    }

    void everyVerbHasHelpWithAnExample_data() {
        QTest::addColumn<QString>("verb");
        for (const char* verb : {"run", "validate", "init", "doctor"}) {
            QTest::newRow(verb) << QString::fromLatin1(verb);
        }
    }
    void everyVerbHasHelpWithAnExample() {
        QFETCH(const QString, verb);
        Millraced program(m_folder->path());
        QCOMPARE(program.run({verb, QStringLiteral("--help")}), 0);
        QVERIFY2(program.output().contains(QStringLiteral("\nExample\n  millraced %1").arg(verb)),
                 qPrintable(program.output()));
        QCOMPARE(program.complaints(), QString());
    }

    void theProgramTellsItsVersion() {
        Millraced program(m_folder->path());
        QCOMPARE(program.run({QStringLiteral("--version")}), 0);
        QVERIFY(program.output().startsWith(QStringLiteral("millrace ")));
    }

    void theDoctorNeedsNoServer() {
        Millraced program(m_folder->path());
        QCOMPARE(program.run({QStringLiteral("doctor")}), 0);
        QCOMPARE(program.output(), QStringLiteral("broker  ok    Embedded: a run brings its own.\n"
                                                  "store   ok    Embedded: a run creates events.sqlite in its folder.\n"
                                                  "dedupe  ok    In memory: nothing to check.\n"));
    }

    void theDoctorEndsWith6WhereServersAreAbsent() {
        const DeadPort port;
        Millraced program(m_folder->path());
        QCOMPARE(program.run({QStringLiteral("doctor"), QStringLiteral("--broker"), port.server(),
                              QStringLiteral("--store"), QStringLiteral("postgresql://me@%1/logs").arg(port.server()),
                              QStringLiteral("--dedupe"), QStringLiteral("redis://%1").arg(port.server())}),
                 6);
        const QStringList lines = program.output().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 3);
        const QStringList programs{QStringLiteral("Kafka"), QStringLiteral("PostgreSQL"), QStringLiteral("Redis")};
        for (const QString& line : lines) {
            const bool named = std::ranges::any_of(programs, [&line](const QString& name) {
                return line.endsWith(QStringLiteral("Check the address, and that %1 is running there.").arg(name));
            });
            QVERIFY2(line.mid(8, 4) == QStringLiteral("fail") && named, qPrintable(line));
        }
        QCOMPARE(program.complaints(), QString());
    }
};

TEST_CLASS(TestCommandLine)
#include "tst_command_line.moc"
