// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/millraced.h"
#include "tests/files.h"
#include "tests/test_class.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QDirIterator>
#include <QTest>
#include <memory>

namespace {

// Both halves of every password here, with a sign between them that a URL gives a meaning of its own.
constexpr const char* kFirstHalf = "Zm4rk";
constexpr const char* kSecondHalf = "Qx7wSecret";

/// A port on loopback that refuses everybody, as long as this lives.
class ClosedPort {
public:
    ClosedPort() : m_socket(socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        bind(m_socket, reinterpret_cast<sockaddr*>(&address), length);
        getsockname(m_socket, reinterpret_cast<sockaddr*>(&address), &length);
        m_server = QStringLiteral("127.0.0.1:%1").arg(ntohs(address.sin_port));
    }
    ~ClosedPort() { close(m_socket); }
    const QString& server() const { return m_server; }

private:
    int m_socket;
    QString m_server;
};

bool holdsMarker(const QByteArray& text) {
    return text.contains(kFirstHalf) || text.contains(kSecondHalf);
}

QStringList filesWithMarkers(const QString& folder) {
    QStringList found;
    for (QDirIterator walk(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories); walk.hasNext();) {
        QFile file(walk.next());
        if (file.open(QIODevice::ReadOnly) && holdsMarker(file.readAll())) {
            found += file.fileName();
        }
    }
    return found;
}

} // namespace

/// Passwords of every kind in every place that takes one, and the real program: no output and no file repeats them.
class SecretsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;

    void write(const QString& target) const {
        QFile file(m_folder->filePath(QStringLiteral("tiny.yaml")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("version: 1\nname: tiny\nstreams:\n  - name: a\n    stages: [{duration: 1s, rate: 20/s}]\n");
        file.write(target.toUtf8());
    }

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void noPasswordIsRepeated_data() {
        QTest::addColumn<QString>("part");
        QTest::addColumn<QString>("url"); // with PASSWORD and SERVER to be filled in
        QTest::addColumn<QString>("sign");
        QTest::addColumn<bool>("isCut"); // as its user means it
        const std::pair<const char*, const char*> forms[] = {
            {"store", "postgresql://me:PASSWORD@SERVER/db"},
            {"store", "postgresql://me@SERVER/db?password=PASSWORD"},
            {"store", "postgresql://me:PASSWORD@SERVER/db?sslpassword=PASSWORD&password=PASSWORD"},
            {"dedupe", "redis://:PASSWORD@SERVER"},
            {"dedupe", "redis://me:PASSWORD@SERVER/1"},
        };
        for (const auto& [part, form] : forms) {
            const QByteArray url(form);
            for (const char* sign : {"/", "#", "?", "@", "%", ":", "%2F", "%25%40", "+=&"}) {
                const bool isQuery = url.contains("password=");
                const QByteArray text(sign);
                const bool isQuerySign = text == "/" || text == "?";
                if (isQuery && (isQuerySign || text == "+=&")) {
                    continue; // RFC 3986 allows the first two there, and '&' ends the value
                }
                QTest::newRow((text + " in " + url).constData())
                    << QString::fromLatin1(part) << QString::fromLatin1(form) << QString::fromLatin1(sign)
                    << (text.size() > 1 || text == ":");
            }
        }
    }
    void noPasswordIsRepeated() {
        QFETCH(const QString, part);
        QFETCH(const QString, url);
        QFETCH(const QString, sign);
        QFETCH(const bool, isCut);
        const ClosedPort port;
        const QString password = QString::fromLatin1(kFirstHalf) + sign + QString::fromLatin1(kSecondHalf);
        const auto filledIn = [&](const QString& secret) {
            return QString(url)
                .replace(QStringLiteral("SERVER"), port.server())
                .replace(QStringLiteral("PASSWORD"), secret);
        };
        const QByteArray variable = "MILLRACE_" + part.toUpper().toLatin1();
        for (const bool inFile : {false, true}) {
            write(inFile ? QStringLiteral("target: {%1: '%2'}\n").arg(part, filledIn(QStringLiteral("${WORD}")))
                         : QString());
            for (const char* verb : {"run", "doctor"}) {
                Millraced program(m_folder->path());
                program.setVariable(inFile ? "WORD" : variable.constData(), inFile ? password : filledIn(password));
                program.setVariable("SPDLOG_LEVEL", QStringLiteral("trace"));
                QStringList arguments{QString::fromLatin1(verb), QStringLiteral("tiny.yaml")};
                if (arguments.first() == QStringLiteral("run")) {
                    arguments += {QStringLiteral("--out"), QStringLiteral("out")};
                }
                QVERIFY2(program.run(arguments) == (isCut ? 6 : 2), qPrintable(program.all()));
                QVERIFY2(!holdsMarker(program.all().toUtf8()), qPrintable(program.all()));
                QVERIFY2(isCut || program.complaints().contains(QStringLiteral("write / as %2F")),
                         qPrintable(program.all()));
            }
        }
        QCOMPARE(filesWithMarkers(m_folder->path()), QStringList());
    }

    void noFlagIsRepeated_data() {
        QTest::addColumn<QString>("flag");
        QTest::addColumn<QString>("value");
        const auto row = [](const char* flag, const char* value) {
            QTest::newRow(value) << QString::fromLatin1(flag) << QString::fromLatin1(value);
        };
        row("--store", "postgresql://me:Zm4rk@127.0.0.1:1/db");
        row("--store", "postgresql://me:Zm4rk/Qx7wSecret@127.0.0.1:1/db");
        row("--store", "postgresql://127.0.0.1:1/db?sslpassword=Zm4rk");
        row("--dedupe", "redis://:Zm4rk@127.0.0.1:1");
        row("--dedupe", "redis://:Zm4rk/Qx7wSecret@127.0.0.1:1");
        row("--broker", "me:Zm4rk@127.0.0.1:1");
        row("--set", "target.dedupe=redis://:Zm4rk@127.0.0.1:1");
        row("--set", "target.dedupe=redis://:Zm4rk/Qx7wSecret@127.0.0.1:1");
        row("--set", "target={store: 'postgresql://me:Zm4rk@127.0.0.1:1/db'}");
        row("--set", "kafka.client.sasl.password=Zm4rk");
    }
    void noFlagIsRepeated() {
        QFETCH(const QString, flag);
        QFETCH(const QString, value);
        write({});
        Millraced program(m_folder->path());
        QCOMPARE(program.run({QStringLiteral("run"), QStringLiteral("tiny.yaml"), flag, value, QStringLiteral("--out"),
                              QStringLiteral("out")}),
                 2);
        QVERIFY2(!holdsMarker(program.all().toUtf8()), qPrintable(program.all()));
        QCOMPARE(filesWithMarkers(m_folder->path()), QStringList());
    }
};

TEST_CLASS(SecretsTest)
#include "tst_secrets.moc"
