// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/http/event_feed.h"
#include "services/http/server.h"
#include "tests/test_class.h"

#include <QElapsedTimer>
#include <QTcpServer>
#include <QTcpSocket>
#include <thread>

using namespace services::http;
using namespace std::chrono_literals;

namespace {

/// One connection to a server.
class RawClient {
public:
    explicit RawClient(const Server& server) {
        m_socket.connectToHost(QStringLiteral("127.0.0.1"), server.port());
        m_socket.waitForConnected(kPatienceMs);
    }

    void send(const QByteArray& bytes) {
        m_socket.write(bytes);
        m_socket.flush();
    }
    /// Until the text has arrived, or the server closes.
    QByteArray readUntil(const QByteArray& text) {
        while (!m_read.contains(text) && m_socket.waitForReadyRead(kPatienceMs)) {
            m_read += m_socket.readAll();
        }
        return std::exchange(m_read, {});
    }
    QByteArray readToTheEnd() {
        while (m_socket.waitForReadyRead(kPatienceMs)) {
        }
        return m_read + m_socket.readAll();
    }
    QTcpSocket& socket() { return m_socket; }

private:
    QTcpSocket m_socket;
    QByteArray m_read;
};

QByteArray get(const char* path, const char* more = "") {
    return QByteArray("GET ") + path + " HTTP/1.1\r\nHost: localhost\r\n" + more + "\r\n";
}

QByteArray ask(const Server& server, const QByteArray& request) {
    RawClient client(server);
    client.send(request);
    return client.readToTheEnd();
}

int statusOf(const QByteArray& answer) {
    return answer.startsWith("HTTP/1.1 ") ? answer.mid(9, 3).toInt() : 0;
}

class Fixture {
public:
    EventFeed feed;
    std::unique_ptr<Server> server;

    explicit Fixture(Limits limits = {}) {
        Router router;
        Router::Route health{Method::Get, "/health", [](const Request&) { return Response{200, "text/plain", "UP"}; }};
        health.vital = true;
        router.add(health);
        router.add({Method::Get, "/slow", [](const Request&) {
                        std::this_thread::sleep_for(300ms); // what a database may take
                        return Response{200, "text/plain", "slow"};
                    }});
        router.add(
            {Method::Post, "/echo", [](const Request& request) { return Response{200, "text/plain", request.body}; }});
        router.add({Method::Get, "/fault", [](const Request&) -> Response { throw std::runtime_error("a fault"); }});
        router.add({Method::Get, "/stream", &feed});
        ServerOptions options;
        options.limits = limits;
        auto created = Server::create(std::move(options), std::move(router));
        if (created) {
            server = std::move(*created);
        }
    }
};

} // namespace

class TestHttpServer : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void requestsAreAnswered_data() {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("end");
        const QByteArray post =
            "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n";
        const char* const close = "Connection: close\r\n";
        QTest::newRow("a page") << get("/health", close) << 200 << QByteArray("UP");
        QTest::newRow("by a worker") << get("/slow", close) << 200 << QByteArray("slow");
        QTest::newRow("a body") << post + "Content-Length: 4\r\n\r\n[12]" << 200 << QByteArray("[12]");
        QTest::newRow("a body in chunks") << post + "Transfer-Encoding: chunked\r\n\r\n2\r\n[1\r\n2\r\n2]\r\n0\r\n\r\n"
                                          << 200 << QByteArray("[12]");
        QTest::newRow("nothing of HEAD's body")
            << get("/health", close).replace("GET", "HEAD") << 200 << QByteArray("\r\n\r\n");
        QTest::newRow("nothing of an event stream to HEAD")
            << get("/stream", close).replace("GET", "HEAD") << 200 << QByteArray("\r\n\r\n");
        QTest::newRow("no such path") << get("/else", close) << 404 << QByteArray("\"There is no /else here.\"}");
        QTest::newRow("a fault of ours") << get("/fault", close) << 500 << QByteArray("says why.\"}");
        QTest::newRow("another method") << get("/health", close).replace("GET", "PUT") << 405 << QByteArray("POST.\"}");
        QTest::newRow("not HTTP") << QByteArray("hello\r\n\r\n") << 400 << QByteArray("}");
        QTest::newRow("a body that announces too much") << post + "Content-Length: 65537\r\n\r\n"
                                                        << 413 << QByteArray("65536 bytes.\"}");
        QTest::newRow("a chunk that is too long")
            << post + "Transfer-Encoding: chunked\r\n\r\n10001\r\n" + QByteArray(65537, 'x') << 413
            << QByteArray("65536 bytes.\"}");
        QTest::newRow("a long path") << get(("/" + QByteArray(9000, 'x')).constData()) << 414 << QByteArray("}");
        QTest::newRow("a long header") << get("/health", ("X: " + QByteArray(17000, 'x') + "\r\n").constData()) << 431
                                       << QByteArray("}");
        QTest::newRow("many headers") << get("/health", QByteArray("X: y\r\n").repeated(65).constData()) << 431
                                      << QByteArray("}");
        QTest::newRow("two lengths") << post + "Content-Length: 4\r\nContent-Length: 5\r\n\r\n[12]" << 400
                                     << QByteArray("}");
        QTest::newRow("a foreign host") << QByteArray("GET /health HTTP/1.1\r\nHost: evil.example\r\n\r\n") << 421
                                        << QByteArray("}");
    }
    void requestsAreAnswered() {
        QFETCH(const QByteArray, request);
        QFETCH(const QByteArray, end);
        const Fixture fixture;
        QVERIFY(fixture.server);
        const QByteArray answer = ask(*fixture.server, request);
        QTEST(statusOf(answer), "status");
        QVERIFY2(answer.endsWith(end), answer.constData());
    }

    void aConnectionServesManyRequests() {
        const Fixture fixture;
        RawClient client(*fixture.server);
        client.send(get("/health") + get("/slow")); // at once
        QVERIFY(client.readUntil("slow").contains("UP"));
        client.send(get("/health"));
        QCOMPARE(statusOf(client.readUntil("UP")), 200);
    }

    void aLongBodyIsAskedFor() {
        const Fixture fixture;
        RawClient client(*fixture.server);
        client.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
                    "Expect: 100-continue\r\n\r\n");
        QCOMPARE(client.readUntil("\r\n\r\n"), QByteArray("HTTP/1.1 100 Continue\r\n\r\n"));
        client.send("42");
        QCOMPARE(statusOf(client.readUntil("42")), 200);
    }

    void whoeverIsSlowIsToldSo() {
        Limits limits;
        limits.head = limits.body = limits.idle = 200ms;
        const Fixture fixture(limits);
        QCOMPARE(statusOf(ask(*fixture.server, "GET /health HTTP/1.1\r\n")), 408);
        QCOMPARE(
            statusOf(ask(*fixture.server, "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                          "Content-Length: 9\r\n\r\n")),
            408);
        QCOMPARE(ask(*fixture.server, ""), QByteArray()); // who says nothing is told nothing
    }

    void healthAnswersWhileAllConnectionsAreInUse() {
        Limits limits;
        limits.connections = 3;
        limits.connectionsPerPeer = 100;
        limits.reserve = 2;
        const Fixture fixture(limits);
        std::vector<std::unique_ptr<RawClient>> silent;
        for (int i = 0; i < 20; ++i) {
            silent.push_back(std::make_unique<RawClient>(*fixture.server));
        }
        QCOMPARE(statusOf(ask(*fixture.server, get("/slow"))), 503);
        QCOMPARE(statusOf(ask(*fixture.server, get("/health", "Connection: close\r\n"))), 200);
        silent.clear();
        QTRY_COMPARE(statusOf(ask(*fixture.server, get("/slow", "Connection: close\r\n"))), 200);
    }

    void oneAddressDoesNotTakeAllConnections() {
        Limits limits;
        limits.connectionsPerPeer = 1;
        const Fixture fixture(limits);
        RawClient first(*fixture.server);
        first.send(get("/health"));
        QCOMPARE(statusOf(first.readUntil("UP")), 200);
        QCOMPARE(statusOf(ask(*fixture.server, get("/slow"))), 503);
    }

    void eventStreamsFollowAndResume() {
        Fixture fixture;
        fixture.feed.publish("1");
        RawClient client(*fixture.server);
        client.send(get("/stream"));
        QVERIFY(client.readUntil("data: 1\n\n").contains("Content-Type: text/event-stream"));
        fixture.feed.publish("2");
        QCOMPARE(client.readUntil("data: 2\n\n"), QByteArray("id: 2\ndata: 2\n\n"));
        fixture.feed.publish("3");
        client.readUntil("data: 3\n\n");
        RawClient again(*fixture.server);
        again.send(get("/stream", "Last-Event-ID: 1\r\n"));
        QVERIFY(again.readUntil("data: 3\n\n").endsWith("id: 2\ndata: 2\n\nid: 3\ndata: 3\n\n"));
    }

    void aServerThatEndsAnswersWhatWasAsked() {
        Fixture fixture;
        RawClient idle(*fixture.server), busy(*fixture.server), following(*fixture.server);
        following.send(get("/stream"));
        following.readUntil("\r\n\r\n");
        busy.send(get("/slow"));
        std::this_thread::sleep_for(100ms); // until it is being answered
        std::thread ending([&fixture] { fixture.server.reset(); });
        const QByteArray answer = busy.readToTheEnd();
        ending.join();
        QCOMPARE(statusOf(answer), 200);
        QVERIFY(answer.contains("Connection: close"));
        QCOMPARE(idle.readToTheEnd(), QByteArray());
    }

    void addressesAreRefusedWithAReason() {
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        ServerOptions options;
        options.port = other.serverPort();
        const auto taken = Server::create(options, {});
        QVERIFY(!taken);
        QCOMPARE(taken.error().kind, core::ErrorKind::Refused);
        options.port = 0;
        options.address = "0.0.0.0";
        const auto open = Server::create(options, {});
        QVERIFY(!open);
        QCOMPARE(open.error().hint, std::string("Name a token file or listen on 127.0.0.1"));
        options.address = "localhost";
        QVERIFY(!Server::create(options, {}));
        options.address = "127.0.0.1";
        options.tls = TlsFiles{"/nowhere/certificate.pem", "/nowhere/key.pem"};
        const auto tls = Server::create(options, {});
        QVERIFY(!tls);
        QVERIFY(tls.error().message.find("/nowhere/certificate.pem") != std::string::npos);
    }
};

TEST_CLASS(TestHttpServer)
#include "tst_http_server.moc"
