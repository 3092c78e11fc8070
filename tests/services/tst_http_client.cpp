// SPDX-License-Identifier: GPL-3.0-or-later
#include "certificate.h"
#include "services/http/base_url.h"
#include "services/http/client.h"
#include "services/http/event_feed.h"
#include "services/http/server.h"
#include "tests/test_class.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QElapsedTimer>
#include <QScopeGuard>
#include <QTcpServer>
#include <QTemporaryDir>
#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

namespace http = services::http;
using namespace std::chrono_literals;

namespace {

const std::string kClientToken(64, 'a');

http::BearerToken tokenOf(const std::string& text) {
    return *http::BearerToken::create(core::Secret(text));
}

/// Gives each connection these answers, one per request, and closes it.
class CannedServer {
public:
    explicit CannedServer(std::vector<std::string> answers) : m_answers(std::move(answers)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        auto* const generic = reinterpret_cast<sockaddr*>(&address);
        (void)bind(m_listener, generic, length);
        listen(m_listener, 8);
        getsockname(m_listener, generic, &length);
        m_port = ntohs(address.sin_port);
        m_thread = std::jthread([this] { serve(); });
    }
    ~CannedServer() {
        shutdown(m_listener, SHUT_RDWR);
        m_thread.join();
        close(m_listener);
    }
    std::uint16_t port() const { return m_port; }
    std::vector<std::string> seen() {
        const std::scoped_lock lock(m_mutex);
        return m_seen;
    }

private:
    void serve() {
        std::vector<std::jthread> conversations;
        for (int socket = 0; (socket = accept(m_listener, nullptr, nullptr)) >= 0;) {
            conversations.emplace_back([this, socket] {
                converse(socket);
                close(socket);
            });
        }
    }
    void converse(int socket) {
        for (const std::string& answer : m_answers) {
            std::string request;
            for (char byte = 0; !request.ends_with(request.starts_with("POST") ? "}" : "\r\n\r\n"); request += byte) {
                if (read(socket, &byte, 1) != 1) {
                    return;
                }
            }
            const std::scoped_lock lock(m_mutex);
            m_seen.push_back(request);
            send(socket, answer.data(), answer.size(), MSG_NOSIGNAL);
        }
    }

    std::vector<std::string> m_answers;
    int m_listener = ::socket(AF_INET, SOCK_STREAM, 0);
    std::uint16_t m_port = 0;
    std::mutex m_mutex; // guards what follows
    std::vector<std::string> m_seen;
    std::jthread m_thread;
};

/// A server of ours with what a client may meet.
class Counterpart {
public:
    http::EventFeed feed;
    std::atomic<int> elsewhere = 0; ///< requests for where the redirect leads
    std::unique_ptr<http::Server> server;

    explicit Counterpart(http::ServerOptions options = {}) {
        using http::Method;
        http::Router router;
        const auto text = [](const std::string& body) {
            return [body](const http::Request&) { return http::Response{200, "text/plain", body}; };
        };
        router.add({Method::Get, "/health", text("UP")});
        router.add({Method::Get, "/long", text(std::string(1001, 'x'))});
        router.add({Method::Get, "/redirect", [](const http::Request&) {
                        return http::Response{302, "text/plain", {}, {{"Location", "/elsewhere"}}};
                    }});
        router.add({Method::Get, "/elsewhere", [this](const http::Request&) {
                        ++elsewhere;
                        return http::Response{};
                    }});
        router.add({Method::Get, "/busy", [](const http::Request&) { return http::problem(503, "Later."); }});
        router.add({Method::Get, "/query", [](const http::Request& request) {
                        return http::Response{200, "text/plain", std::string(*request.parameter("x"))};
                    }});
        router.add({Method::Post, "/echo", [](const http::Request& request) {
                        return http::Response{202, "application/json", request.body, {{"X-Part", "one"}}};
                    }});
        router.add({Method::Get, "/stream", &feed});
        auto created = http::Server::create(std::move(options), std::move(router));
        if (created) {
            server = std::move(*created);
        }
    }
    std::uint16_t port() const { return server->port(); }
};

http::ClientOptions optionsFor(std::uint16_t port, const std::string& scheme = "http") {
    http::ClientOptions options;
    options.base = fmt::format("{}://127.0.0.1:{}", scheme, port);
    options.connect = options.limit = std::chrono::milliseconds(kPatienceMs);
    return options;
}

std::unique_ptr<http::Client> clientFor(http::ClientOptions options) {
    return *http::Client::create(std::move(options));
}

/// Status and body, or the error's kind and text.
QString shownOf(const core::Result<http::Response>& answer) {
    return QString::fromStdString(answer ? fmt::format("{} {}", answer->status, answer->body)
                                         : fmt::format("{} {}", int(answer.error().kind), answer.error().message));
}

} // namespace

class TestHttpClient : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void addressesAreReadOrRefused_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("read"); // empty: refused
        QTest::newRow("a name and a port") << "http://millrace.example:8080" << "http://millrace.example:8080";
        QTest::newRow("without a port") << "https://millrace.example" << "https://millrace.example";
        QTest::newRow("a slash at the end is nothing") << "http://127.0.0.1:80/" << "http://127.0.0.1:80";
        QTest::newRow("an IPv6 address in brackets") << "http://[::1]:80" << "http://[::1]:80";
        QTest::newRow("an IPv6 address needs its brackets") << "http://::1:80" << "";
        QTest::newRow("a scheme is needed") << "127.0.0.1:8080" << "";
        QTest::newRow("files are not read") << "file:///etc/passwd" << "";
        QTest::newRow("other protocols are not spoken") << "gopher://127.0.0.1:70" << "";
        QTest::newRow("a path is none of a server's") << "http://127.0.0.1/api" << "";
        QTest::newRow("nor is a query") << "http://127.0.0.1?x=1" << "";
        QTest::newRow("nor a login") << "http://user:secret@127.0.0.1" << "";
        QTest::newRow("a port is at most 65535") << "http://127.0.0.1:65536" << "";
        QTest::newRow("a host is needed") << "http://:80" << "";
        QTest::newRow("lines do not end in it") << "http://127.0.0.1\r\nX: y" << "";
        QTest::newRow("it is not empty") << "" << "";
    }
    void addressesAreReadOrRefused() {
        QFETCH(const QString, text);
        const auto base = http::readBaseUrl(text.toStdString());
        QTEST(QString::fromStdString(base ? base->shown() : std::string()), "read");
        http::ClientOptions options;
        options.base = text.toStdString();
        const auto client = http::Client::create(options);
        QCOMPARE(bool(client), bool(base));
        if (!client) {
            QCOMPARE(client.error().kind, core::ErrorKind::Invalid);
            QVERIFY(client.error().text().find("secret") == std::string::npos);
        }
    }

    void loopbackIsKnown_data() {
        QTest::addColumn<QString>("base");
        QTest::addColumn<bool>("loopback");
        QTest::newRow("127.0.0.1") << "http://127.0.0.1:1" << true;
        QTest::newRow("all of 127") << "http://127.1.2.3" << true;
        QTest::newRow("its name") << "http://localhost:1" << true;
        QTest::newRow("the IPv6 one") << "http://[::1]:1" << true;
        QTest::newRow("another address") << "http://10.0.0.1" << false;
        QTest::newRow("a name that begins like it") << "http://127.0.0.1.example" << false;
    }
    void loopbackIsKnown() {
        QFETCH(const QString, base);
        QTEST(http::readBaseUrl(base.toStdString())->server.isLoopback(), "loopback");
    }

    void whatAServerAnswersComesBack_data() {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("answer");
        QTest::newRow("a page") << "/health" << "200 UP";
        QTest::newRow("a query arrives as it is written") << "/query?x=a%26b" << "200 a&b";
        QTest::newRow("a refusal is an answer") << "/nowhere"
                                                << "404 {'title':'Not Found','status':404,'detail':"
                                                   "'There is no /nowhere here.'}";
        QTest::newRow("a redirect is not followed") << "/redirect" << "302 ";
        QTest::newRow("a path is sent as it is written") << "/health/../health"
                                                         << "400 {'title':'Bad Request','status':400,'detail':"
                                                            "'The path or the query is badly encoded.'}";
    }
    void whatAServerAnswersComesBack() {
        QFETCH(const QString, path);
        Counterpart counterpart;
        const auto client = clientFor(optionsFor(counterpart.port()));
        QTEST(shownOf(client->get(path.toStdString())).replace(QLatin1Char('"'), QLatin1Char('\'')), "answer");
        QCOMPARE(counterpart.elsewhere.load(), 0);
    }

    void bodiesGoBothWays() {
        const Counterpart counterpart;
        const auto client = clientFor(optionsFor(counterpart.port()));
        const auto answer = client->post("/echo", "[1,2]");
        QCOMPARE(shownOf(answer), QStringLiteral("202 [1,2]"));
        QCOMPARE(answer->type, std::string("application/json"));
        QVERIFY(std::ranges::count(answer->headers, http::Header{"X-Part", "one"}) == 1);
        QCOMPARE(shownOf(client->post("/echo", "")), QStringLiteral("202 "));
        QCOMPARE(shownOf(client->post("/echo", {})), QStringLiteral("202 "));
        const std::string large(60'000, '1');
        QCOMPARE(client->post("/echo", large)->body, large);
        QCOMPARE(shownOf(client->get("/health")), QStringLiteral("200 UP"));
    }

    void aRequestHoldsNothingElse() {
        qputenv("http_proxy", "http://127.0.0.1:9"); // nobody there
        const auto restore = qScopeGuard([] { qunsetenv("http_proxy"); });
        CannedServer canned({"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nSet-Cookie: a=b\r\n\r\nUP"});
        http::ClientOptions options = optionsFor(canned.port());
        options.token = tokenOf(kClientToken);
        const auto client = clientFor(options);
        const std::string request = fmt::format("GET /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nUser-Agent: millrace\r\n"
                                                "Accept: */*\r\nAuthorization: Bearer {}\r\n\r\n",
                                                canned.port(), kClientToken);
        QCOMPARE(shownOf(client->get("/a?b=c")), QStringLiteral("200 UP"));
        QCOMPARE(shownOf(client->get("/a?b=c")), QStringLiteral("200 UP"));
        QCOMPARE(canned.seen(), (std::vector<std::string>{request, request}));
    }

    void tokensAreSent() {
        http::ServerOptions guarded;
        guarded.access.token = tokenOf(kClientToken);
        const Counterpart counterpart(guarded);
        http::ClientOptions options = optionsFor(counterpart.port());
        QCOMPARE(clientFor(options)->get("/health")->status, 401);
        options.token = tokenOf(std::string(64, 'b'));
        QCOMPARE(clientFor(options)->get("/health")->status, 401);
        options.token = tokenOf(kClientToken);
        QCOMPARE(clientFor(options)->get("/health")->status, 200);
        QCOMPARE(clientFor(options)->post("/echo", "1")->status, 202);
    }

    void theConnectionIsKept() {
        http::ServerOptions options;
        options.limits.connectionsPerPeer = 1;
        const Counterpart counterpart(options);
        const auto client = clientFor(optionsFor(counterpart.port()));
        for (int i = 0; i < 3; ++i) {
            QCOMPARE(client->get("/health")->status, 200);
        }
        QCOMPARE(clientFor(optionsFor(counterpart.port()))->get("/health")->status, 503);
        QCOMPARE(client->get("/health")->status, 200);
    }

    void aConnectionThatTheServerClosedIsOpenedAgain() {
        Counterpart counterpart;
        http::ServerOptions same;
        same.port = counterpart.port();
        const auto client = clientFor(optionsFor(same.port));
        QCOMPARE(client->get("/health")->status, 200);
        counterpart.server.reset();
        QVERIFY(!client->get("/health"));
        const Counterpart restarted(same);
        QVERIFY(restarted.server);
        QCOMPARE(client->get("/health")->status, 200);
    }

    void aPostIsSentOnce() {
        CannedServer canned({"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", ""}); // the second request is lost
        const auto client = clientFor(optionsFor(canned.port()));
        QCOMPARE(shownOf(client->get("/")), QStringLiteral("200 "));
        QCOMPARE(shownOf(client->post("/", "{}")), QStringLiteral("200 "));
        const std::vector<std::string> seen = canned.seen();
        QCOMPARE(std::ranges::count_if(seen, [](const std::string& text) { return text.starts_with("POST"); }), 1);
    }

    void failuresNameTheAddressAndWhatCameBack_data() {
        QTest::addColumn<QString>("answer"); // of a server that closes then
        QTest::addColumn<QString>("failure");
        QTest::newRow("no answer") << "" << "the connection was closed without an answer";
        QTest::newRow("no HTTP") << "hello\r\n\r\n" << "the answer is not HTTP/1.1";
        QTest::newRow("a body that ends early") << "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"
                                                << "the connection was closed in the middle of the answer";
        QTest::newRow("a body that is too long")
            << QStringLiteral("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n") + QString(1001, QLatin1Char('x'))
            << "the answer is longer than 1000 bytes";
        QTest::newRow("a body without an end")
            << QStringLiteral("HTTP/1.1 200 OK\r\n\r\n") + QString(100'000, QLatin1Char('x'))
            << "the answer is longer than 1000 bytes";
    }
    void failuresNameTheAddressAndWhatCameBack() {
        QFETCH(const QString, answer);
        QFETCH(const QString, failure);
        const CannedServer canned({answer.toStdString()});
        http::ClientOptions options = optionsFor(canned.port());
        options.token = tokenOf(kClientToken);
        options.mostBytes = 1000;
        const QString shown = shownOf(clientFor(options)->get("/a?b"));
        QVERIFY2(shown.startsWith(
                     QStringLiteral("1 GET http://127.0.0.1:%1/a?b failed: %2").arg(canned.port()).arg(failure)),
                 qPrintable(shown));
        QVERIFY(!shown.contains(QString::fromStdString(kClientToken)));
    }

    void whoeverSpeaksNoTlsIsNamed() {
        const Counterpart counterpart;
        const QString shown = shownOf(clientFor(optionsFor(counterpart.port(), "https"))->get("/health"));
        QVERIFY2(
            shown.startsWith(QStringLiteral("1 GET https://127.0.0.1:%1/health failed: TLS: ").arg(counterpart.port())),
            qPrintable(shown));
    }

    void whoeverIsNotThereIsNamed() {
        std::uint16_t port = 0;
        {
            QTcpServer gone;
            QVERIFY(gone.listen(QHostAddress::LocalHost));
            port = gone.serverPort();
        }
        QCOMPARE(shownOf(clientFor(optionsFor(port))->get("/")),
                 QStringLiteral("1 GET http://127.0.0.1:%1/ failed: Connection refused").arg(port));
    }

    void whoeverDoesNotAnswerIsGivenUp_data() {
        QTest::addColumn<QString>("scheme");
        QTest::addColumn<QString>("failure");
        QTest::newRow("an answer") << "http" << "timed out, no complete answer within 200 ms";
        QTest::newRow("a connection, which is TLS as well") << "https" << "timed out, no connection within 100 ms";
    }
    void whoeverDoesNotAnswerIsGivenUp() {
        QFETCH(const QString, scheme);
        QFETCH(const QString, failure);
        QTcpServer silent; // the kernel accepts for it
        QVERIFY(silent.listen(QHostAddress::LocalHost));
        http::ClientOptions options = optionsFor(silent.serverPort(), scheme.toStdString());
        options.connect = 100ms;
        options.limit = 200ms;
        QCOMPARE(
            shownOf(clientFor(options)->get("/")),
            QStringLiteral("1 GET %1://127.0.0.1:%2/ failed: %3").arg(scheme).arg(silent.serverPort()).arg(failure));
    }

    void pathsThatAreNoneAreRefused_data() {
        QTest::addColumn<QString>("path");
        QTest::newRow("it begins with a slash") << "health";
        QTest::newRow("it is not empty") << "";
        QTest::newRow("it leads to no other host") << "@evil.example/";
        QTest::newRow("it has no space") << "/a b";
        QTest::newRow("it has no end of line") << "/a\r\nX: y";
        QTest::newRow("it has no fragment") << "/a#b";
        QTest::newRow("it is ASCII") << QString(QStringLiteral("/") + QChar(0xE4));
        QTest::newRow("it has no NUL") << QString(QStringLiteral("/a") + QChar(0) + QStringLiteral("b"));
    }
    void pathsThatAreNoneAreRefused() {
        QFETCH(const QString, path);
        const auto client = clientFor(optionsFor(1));
        const auto answer = client->get(path.toStdString());
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, core::ErrorKind::Invalid);
        QCOMPARE(client->follow(path.toStdString(), {}, [](auto, auto) { return true; }, {}).error().kind,
                 core::ErrorKind::Invalid);
    }

    void aStopEndsACallSoon() {
        QTcpServer silent;
        QVERIFY(silent.listen(QHostAddress::LocalHost));
        const auto client = clientFor(optionsFor(silent.serverPort()));
        std::vector<std::int64_t> took;
        for (int i = 0; i < 9; ++i) {
            std::stop_source source;
            QElapsedTimer timer;
            std::jthread stopping([&] {
                std::this_thread::sleep_for(20ms); // until it waits
                timer.start();
                source.request_stop();
            });
            const QString shown = shownOf(client->get("/", source.get_token()));
            stopping.join();
            took.push_back(timer.elapsed());
            QCOMPARE(shown, QStringLiteral("1 GET http://127.0.0.1:%1/ failed: stopped").arg(silent.serverPort()));
        }
        std::ranges::sort(took);
        QVERIFY2(took[4] < 100, qPrintable(QString::number(took[4]))); // single ones may be the machine's
    }

    void aCallThatWasStoppedBeforeAsksNobody() {
        Counterpart counterpart;
        const auto client = clientFor(optionsFor(counterpart.port()));
        std::stop_source source;
        source.request_stop();
        QVERIFY(!client->get("/elsewhere", source.get_token()));
        QVERIFY(!client->post("/echo", "1", source.get_token()));
        QVERIFY(client->follow("/stream", {}, [](auto, auto) { return true; }, source.get_token()));
        QCOMPARE(counterpart.elsewhere.load(), 0);
    }

    void certificatesAreVerified() {
        const QTemporaryDir folder;
        QVERIFY(createCertificate(folder));
        const std::filesystem::path path = folder.path().toStdString();
        http::ServerOptions secured;
        secured.tls = http::TlsFiles{path / "cert", path / "key"};
        Counterpart counterpart(secured);
        QVERIFY(counterpart.server);
        http::ClientOptions options = optionsFor(counterpart.port(), "https");
        const QString unknown = shownOf(clientFor(options)->get("/health"));
        QVERIFY2(unknown.contains(QStringLiteral("failed: TLS: SSL certificate problem: self")), qPrintable(unknown));
        options.certificateAuthority = path / "cert";
        const auto client = clientFor(options);
        QCOMPARE(shownOf(client->get("/health")), QStringLiteral("200 UP"));
        counterpart.feed.publish("1");
        QVERIFY(client->follow("/stream", {}, [](auto, auto) { return false; }, {}));
        options.base = fmt::format("https://localhost:{}", counterpart.port());
        const QString other = shownOf(clientFor(options)->get("/health"));
        QVERIFY2(other.contains(QStringLiteral("failed: TLS: SSL: no alternative certificate subject name matches")),
                 qPrintable(other));
        options.certificateAuthority = path / "none";
        const auto none = http::Client::create(options);
        QVERIFY(!none);
        QCOMPARE(none.error().kind, core::ErrorKind::Invalid);
    }

    void eventsAreFollowedAndResumed() {
        Counterpart counterpart;
        const auto client = clientFor(optionsFor(counterpart.port()));
        counterpart.feed.publish("a");
        QStringList events;
        const auto each = [&](std::uint64_t id, std::string_view data) {
            events += QString::fromStdString(fmt::format("{}={}", id, data));
            counterpart.feed.publish("b");
            return events.size() < 3;
        };
        QVERIFY(client->follow("/stream", {}, each, {}));
        QCOMPARE(events, (QStringList{QStringLiteral("1=a"), QStringLiteral("2=b"), QStringLiteral("3=b")}));
        events.clear();
        QVERIFY(client->follow("/stream", 2, each, {}));
        QCOMPARE(events.front(), QStringLiteral("3=b"));
        QCOMPARE(shownOf(client->get("/health")), QStringLiteral("200 UP"));
    }

    void aStopEndsAStream() {
        Counterpart counterpart;
        counterpart.feed.publish("a");
        const auto client = clientFor(optionsFor(counterpart.port()));
        std::stop_source source;
        int events = 0;
        std::jthread stopping;
        const auto each = [&](auto, auto) {
            ++events;
            stopping = std::jthread([&source] { source.request_stop(); });
            return true;
        };
        QElapsedTimer timer;
        timer.start();
        QVERIFY(client->follow("/stream", {}, each, source.get_token()));
        QCOMPARE(events, 1);
        QVERIFY(timer.elapsed() < 10'000); // the server's heartbeat comes after 15 s
    }

    void streamsThatEndSayWhy_data() {
        QTest::addColumn<QString>("answer");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("failure");
        QTest::addColumn<int>("events");
        const QString head = QStringLiteral("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n");
        const auto row = [](const char* rule, const QString& answer, core::ErrorKind kind, const char* failure,
                            int events) {
            QTest::newRow(rule) << answer << int(kind) << QString::fromUtf8(failure) << events;
        };
        using enum core::ErrorKind;
        row("the server ends it", head + QStringLiteral("\r\ndata: 1\n\ndata: 2\n\ndata"), Transient,
            "the server ended the stream", 2);
        row("the server ends it at once", head + QStringLiteral("Content-Length: 0\r\n\r\n"), Transient,
            "the server ended the stream", 0);
        row("the connection is closed without an answer", QString(), Transient,
            "the connection was closed without an answer", 0);
        row("the connection breaks", head + QStringLiteral("Transfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n"),
            Transient, "the connection was closed in the middle of the answer", 1);
        row("an event is too long", head + QStringLiteral("\r\ndata: ") + QString(1000, QLatin1Char('x')), Transient,
            "an event is longer than 1000 bytes", 0);
        row("it is none", QStringLiteral("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\ndata: 1\n\n"), Invalid,
            "the answer is no event stream", 0);
        row("it is refused", QStringLiteral("HTTP/1.1 401 x\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n"),
            Invalid, "the server answered 401 Unauthorized", 0);
        row("it is elsewhere", QStringLiteral("HTTP/1.1 302 x\r\nLocation: /else\r\nContent-Length: 0\r\n\r\n"),
            Invalid, "the server answered 302 Found", 0);
        row("the server is not ready", QStringLiteral("HTTP/1.1 503 x\r\nContent-Length: 0\r\n\r\n"), Transient,
            "the server answered 503 Service Unavailable", 0);
        row("there are too many requests", QStringLiteral("HTTP/1.1 429 x\r\nContent-Length: 0\r\n\r\n"), Transient,
            "the server answered 429 Too Many Requests", 0);
    }
    void streamsThatEndSayWhy() {
        QFETCH(const QString, answer);
        QFETCH(const QString, failure);
        QFETCH(const int, kind);
        CannedServer canned({answer.toStdString()});
        http::ClientOptions options = optionsFor(canned.port());
        options.mostBytes = 1000;
        int events = 0;
        const auto each = [&](auto, auto) { return ++events > 0; };
        const core::Status status = clientFor(options)->follow("/stream", 7, each, {});
        QVERIFY(!status);
        const QString shown = QString::fromStdString(status.error().message);
        QVERIFY2(shown.startsWith(
                     QStringLiteral("GET http://127.0.0.1:%1/stream failed: %2").arg(canned.port()).arg(failure)),
                 qPrintable(shown));
        QCOMPARE(int(status.error().kind), kind);
        QTEST(events, "events");
        QVERIFY(canned.seen().at(0).find("\r\nLast-Event-ID: 7\r\n") != std::string::npos);
    }

    void aStreamThatFallsSilentIsGivenUp() {
        Counterpart counterpart;
        counterpart.feed.publish("a");
        http::ClientOptions options = optionsFor(counterpart.port());
        options.silence = 200ms;
        options.limit = 100ms; // does not count for streams
        int events = 0;
        const auto each = [&](auto, auto) { return ++events > 0; };
        const core::Status status = clientFor(options)->follow("/stream", {}, each, {});
        QVERIFY(!status);
        QCOMPARE(status.error().kind, core::ErrorKind::Transient);
        QVERIFY(status.error().message.ends_with("failed: not a byte in 200 ms"));
        QCOMPARE(events, 1);
    }
};

TEST_CLASS(TestHttpClient)
#include "tst_http_client.moc"
