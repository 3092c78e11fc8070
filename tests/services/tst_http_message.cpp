// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/http/access.h"
#include "services/http/event_feed.h"
#include "services/http/router.h"
#include "tests/test_class.h"

#include <QTemporaryDir>
#include <fstream>

using namespace services::http;

namespace {

const std::string kToken(64, 'a');

Request requestWith(Method method, std::vector<Header> headers) {
    return {method, "/", {}, {}, std::move(headers), {}};
}

} // namespace

class TestHttpMessage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void targetsAreDecodedOrRefused_data() {
        QTest::addColumn<QString>("target");
        QTest::addColumn<QString>("read"); // path?name=value&…, or nothing
        QTest::newRow("a path") << "/actuator/health" << "/actuator/health";
        QTest::newRow("percent-encoding") << "/a%20b?x=%2F&y=1+2" << "/a b?x=/&y=1 2";
        QTest::newRow("a plus in a path is a plus") << "/a+b" << "/a+b";
        QTest::newRow("a name without a value") << "/a?x" << "/a?x=";
        QTest::newRow("an encoding that is cut off at its second digit") << "/a%4" << "";
        QTest::newRow("an encoding that is cut off at its first digit") << "/a%" << "";
        QTest::newRow("an encoding with another letter") << "/a%4g" << "";
        QTest::newRow("an encoding at the very end") << "/a%41" << "/aA";
        QTest::newRow("a control character") << "/a%00b" << "";
        QTest::newRow("a way up") << "/a/../b" << "";
        QTest::newRow("a way up, encoded") << "/a/%2e%2e" << "";
        QTest::newRow("not from the root") << "http://else/a" << "";
        QTest::newRow("asterisk form") << "*" << "";
        QTest::newRow("bad encoding in the query") << "/a?x=%zz" << "";
        QTest::newRow("empty pairs") << "/a?&&x=1&" << "/a?x=1";
    }
    void targetsAreDecodedOrRefused() {
        QFETCH(const QString, target);
        QFETCH(const QString, read);
        std::string shown;
        if (const auto found = readTarget(target.toStdString())) {
            shown = found->path;
            for (const auto& [name, value] : found->query) {
                shown.append(shown.find('?') == std::string::npos ? "?" : "&").append(name).append("=").append(value);
            }
        }
        QCOMPARE(QString::fromStdString(shown), read);
    }

    void routesAreFoundByMethodAndPath_data() {
        QTest::addColumn<int>("method");
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("found"); // pattern and variables, or status and Allow
        const auto row = [](const char* name, Method method, const char* path, const char* found) {
            QTest::newRow(name) << int(method) << path << found;
        };
        row("by its name", Method::Get, "/metrics", "/metrics");
        row("HEAD goes where GET goes", Method::Head, "/metrics", "/metrics");
        row("with a variable", Method::Get, "/actuator/metrics/log.time", "/actuator/metrics/{name} name=log.time");
        row("a variable is not empty", Method::Get, "/actuator/metrics/", "404");
        row("a variable is one segment", Method::Get, "/actuator/metrics/a/b", "404");
        row("one segment too few", Method::Get, "/actuator", "404");
        row("a slash at the end is another path", Method::Get, "/metrics/", "404");
        row("another method", Method::Post, "/metrics", "405 GET, HEAD");
        row("a command is posted", Method::Get, "/api/load/stop", "405 POST");
        row("the root", Method::Get, "/", "/");
    }
    void routesAreFoundByMethodAndPath() {
        Router router;
        const auto nothing = [](const Request&) { return Response{}; };
        router.add({Method::Get, "/", nothing});
        router.add({Method::Get, "/metrics", nothing});
        router.add({Method::Get, "/actuator/metrics/{name}", nothing});
        router.add({Method::Post, "/api/load/stop", nothing});
        QFETCH(const int, method);
        QFETCH(const QString, path);
        const auto found = router.find(Method(method), path.toStdString());
        std::string shown;
        if (const auto* const route = std::get_if<Router::Found>(&found)) {
            shown = route->route->pattern;
            for (const auto& [name, value] : route->variables) {
                shown.append(" ").append(name).append("=").append(value);
            }
        } else {
            const auto& refusal = std::get<Response>(found);
            shown = std::to_string(refusal.status);
            for (const Header& header : refusal.headers) {
                shown += " " + header.value;
            }
        }
        QTEST(QString::fromStdString(shown), "found");
    }

    void requestsAreRefusedByTheirHead_data() {
        QTest::addColumn<int>("method");
        QTest::addColumn<QByteArrayList>("headers"); // name, value, name, value …
        QTest::addColumn<int>("status");             // 0: answered
        const auto row = [](const char* name, Method method, const QByteArrayList& headers, int status) {
            QTest::newRow(name) << int(method) << headers << status;
        };
        const QByteArray bearer = "Bearer " + QByteArray::fromStdString(kToken);
        const QByteArrayList known{"Host", "localhost:8080", "Authorization", bearer};
        row("the token", Method::Get, known, 0);
        row("the scheme in small letters", Method::Get,
            {"host", "[::1]:8080", "authorization", "bearer " + bearer.mid(7)}, 0);
        row("no token", Method::Get, {"Host", "localhost"}, 401);
        row("a token with one letter changed", Method::Get,
            {"Host", "localhost", "Authorization", bearer.chopped(1) + "b"}, 401);
        row("a token that is one letter short", Method::Get, {"Host", "localhost", "Authorization", bearer.chopped(1)},
            401);
        row("another scheme", Method::Get, {"Host", "localhost", "Authorization", "Basic " + bearer.mid(7)}, 401);
        row("no Host", Method::Get, {"Authorization", bearer}, 421);
        row("the Host of somebody else", Method::Get, {"Host", "evil.example", "Authorization", bearer}, 421);
        row("a Host that only begins like ours", Method::Get, {"Host", "localhost.evil.example"}, 421);
        row("our own Origin", Method::Get, known + QByteArrayList{"Origin", "http://localhost:8080"}, 0);
        row("a foreign Origin", Method::Get, known + QByteArrayList{"Origin", "http://evil.example"}, 403);
        row("the Origin of a file", Method::Get, known + QByteArrayList{"Origin", "null"}, 403);
        row("a POST without a body", Method::Post, known, 0);
        row("a POST of JSON", Method::Post, known + QByteArrayList{"Content-Type", "application/json; charset=utf-8"},
            0);
        row("a POST of a form", Method::Post,
            known + QByteArrayList{"Content-Type", "application/x-www-form-urlencoded"}, 415);
        row("a body of no type", Method::Post, known + QByteArrayList{"Content-Length", "3"}, 415);
    }
    void requestsAreRefusedByTheirHead() {
        QFETCH(const int, method);
        QFETCH(const QByteArrayList, headers);
        Access access;
        access.token = *BearerToken::create(core::Secret(kToken));
        std::vector<Header> given;
        for (qsizetype i = 0; i + 1 < headers.size(); i += 2) {
            given.push_back({headers[i].toStdString(), headers[i + 1].toStdString()});
        }
        const auto refusal = access.refusal(requestWith(Method(method), given), false);
        QTEST(refusal ? refusal->status : 0, "status");
        QVERIFY(!refusal || refusal->body.find(kToken) == std::string::npos);
    }

    void anOpenRouteNeedsNoToken() {
        Access access;
        access.token = *BearerToken::create(core::Secret(kToken));
        QVERIFY(!access.refusal(requestWith(Method::Get, {{"Host", "127.0.0.1"}}), true));
    }

    void weakTokensAreRefusedWithoutQuotingThem() {
        const auto token = BearerToken::create(core::Secret("marker-of-40-characters-marker-of-40-cha"));
        QVERIFY(!token);
        QVERIFY(token.error().text().find("marker") == std::string::npos);
    }

    void aTokenFileIsItsOwnersAlone() {
        const QTemporaryDir folder;
        const std::filesystem::path file = folder.filePath(QStringLiteral("token")).toStdString();
        std::ofstream(file) << kToken << '\n';
        std::filesystem::permissions(file, std::filesystem::perms(0640));
        const auto refused = BearerToken::fromFile(file);
        QVERIFY(!refused);
        QCOMPARE(refused.error().hint, "Fix it with: chmod 600 " + file.string());
        std::filesystem::permissions(file, std::filesystem::perms(0600));
        const auto token = BearerToken::fromFile(file);
        QVERIFY(token);
        QVERIFY(token->equals(kToken));
    }

    void aProblemIsJsonWhateverItQuotes() {
        QCOMPARE(
            problem(404, "There is no '\xFF' here.").body,
            std::string("{\"title\":\"Not Found\",\"status\":404,\"detail\":\"There is no '\xEF\xBF\xBD' here.\"}"));
    }

    void aSlowClientGetsTheNewestStateAndOneThatComesBackAllThatIsRetained() {
        EventFeed feed(3);
        QVERIFY(feed.newestAfter(0).text->empty());
        for (int i = 1; i <= 5; ++i) {
            feed.publish(std::to_string(i * 10));
        }
        QCOMPARE(*feed.newestAfter(2).text, std::string("id: 5\ndata: 50\n\n"));
        QVERIFY(feed.newestAfter(5).text->empty());
        QCOMPARE(*feed.everythingAfter(3).text, std::string("id: 4\ndata: 40\n\nid: 5\ndata: 50\n\n"));
        QCOMPARE(*feed.everythingAfter(1).text,
                 std::string("id: 3\ndata: 30\n\nid: 4\ndata: 40\n\nid: 5\ndata: 50\n\n"));
        QCOMPARE(*feed.everythingAfter(99).text, *feed.everythingAfter(0).text); // of a server that was started anew
    }
};

TEST_CLASS(TestHttpMessage)
#include "tst_http_message.moc"
