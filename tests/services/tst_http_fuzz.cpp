// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/snapshot_json.h"
#include "services/http/event_reader.h"
#include "services/http/server.h"
#include "tests/test_class.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QtTest>
#include <random>
#include <set>

namespace http = services::http;

/// Damages requests, targets, event streams and snapshots, with a fixed seed: nothing crashes or hangs, the server
/// answers with a status that it knows or closes, and whatever is accepted is in order.
class HttpFuzzTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void damagedRequestsAreAnsweredOrClosed() {
        constexpr int kRounds = 10'000;
        const auto server = serve();
        const std::vector<std::string> good = goodRequests();
        static const std::set<std::string> known{"200", "400", "403", "404", "405", "408",
                                                 "413", "414", "415", "421", "431", "505"};
        int answers = 0;
        for (int round = 0; round < kRounds; ++round) {
            const std::string request = damaged(good[below(good.size())]);
            const std::string answer = exchange(server->port(), request);
            const bool told =
                answer.starts_with("HTTP/1.") && answer.size() > 12 && known.contains(answer.substr(9, 3));
            answers += told ? 1 : 0;
            QVERIFY2(answer.empty() || told,
                     qPrintable(QString::fromLatin1(QByteArray::fromStdString(request).append("\n=>\n").append(
                         QByteArray::fromStdString(answer)))));
        }
        QVERIFY(answers > kRounds / 4); // it does not just close
        QVERIFY(exchange(server->port(), good[0]).starts_with("HTTP/1.1 200"));
    }

    void damagedTargetsAreInOrderOrRefused() {
        const std::vector<std::string> good{"/actuator/metrics/log.processing.time?tag=tier:normal",
                                            "/api/logs?from=2026-01-31T23:59:59Z&text=%C3%A4+b", "/a/%2e%2e/b", "/%zz",
                                            "/x?=&&y"};
        for (int round = 0; round < 50'000; ++round) {
            const auto target = http::readTarget(damaged(good[below(good.size())]));
            if (!target) {
                continue;
            }
            QVERIFY(target->path.starts_with('/'));
            QVERIFY(target->path.find("/../") == std::string::npos && !target->path.ends_with("/.."));
            QVERIFY(std::ranges::none_of(target->path, [](unsigned char c) { return c < 0x20 || c == 0x7F; }));
        }
    }

    void damagedEventStreamsYieldEventsOrNothing() {
        const std::string good =
            ": hello\nid: 1\ndata: {\"a\":1}\n\nid:2\r\ndata: x\r\ndata: y\r\n\r\nid: 18446744073709551616\ndata:\n\n";
        for (int round = 0; round < 20'000; ++round) {
            const std::string text = damaged(good);
            std::size_t bytes = 0;
            const auto each = [&bytes](std::uint64_t, std::string_view data) {
                bytes += data.size();
                return true;
            };
            http::EventReader reader(200);
            auto outcome = http::EventReader::Outcome::Hungry;
            for (std::size_t at = 0; at < text.size() && outcome == http::EventReader::Outcome::Hungry;) {
                const std::size_t piece = std::min(1 + below(7), text.size() - at);
                outcome = reader.read(std::string_view(text).substr(at, piece), each);
                at += piece;
            }
            QVERIFY(outcome != http::EventReader::Outcome::Ended);
            QVERIFY(bytes <= text.size());
        }
    }

    void damagedSnapshotsAreReadOrNothing() {
        core::Snapshot snapshot = core::tierTotals();
        snapshot.consumer.stored = 7;
        of(snapshot.streams[1].latency, core::Metric::EndToEnd).record(std::chrono::microseconds(1'234), 5);
        const std::string good = core::toJson(snapshot);
        QVERIFY(core::snapshotFromJson(good));
        for (int round = 0; round < 3'000; ++round) {
            if (const auto read = core::snapshotFromJson(damaged(good))) { // a damaged digit is another number
                core::Snapshot sum = core::tierTotals();
                addTo(sum, *read);
                QVERIFY(sum.streams.size() == core::kTiers.size());
            }
        }
    }

private:
    std::mt19937 m_random{20'261'129};

    std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(m_random); }

    /// One to four small damages.
    std::string damaged(std::string text) {
        for (std::size_t times = 1 + below(4); times > 0 && !text.empty(); --times) {
            const std::size_t at = below(text.size());
            switch (below(5)) {
            case 0:
                text[at] = static_cast<char>(below(256));
                break;
            case 1:
                text.erase(at, 1 + below(8));
                break;
            case 2:
                text.insert(at, text.substr(below(text.size()), 1 + below(40)));
                break;
            case 3:
                text.insert(at, 1 + below(300), static_cast<char>(below(256)));
                break;
            default:
                text.resize(at);
            }
        }
        return text;
    }

    static std::vector<std::string> goodRequests() {
        const std::string close = "Connection: close\r\n\r\n";
        const std::string json = "POST /known HTTP/1.1\r\nHost: [::1]\r\nContent-Type: application/json\r\n";
        std::string twice =
            "GET /known HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nRange: bytes=0-1\r\n\r\n";
        twice.append("GET /known HTTP/1.1\r\nHost: localhost\r\n").append(close);
        std::string chunked = json;
        chunked.append("Transfer-Encoding: chunked\r\n\r\n2;x=y\r\n{}\r\n0\r\nTrailer: 1\r\n\r\n");
        return {"GET /known?a=%20b HTTP/1.1\r\nHost: localhost\r\n" + close, json + "Content-Length: 2\r\n\r\n{}",
                chunked, "HEAD /known/x HTTP/1.0\r\nHost: localhost\r\nOrigin: http://localhost\r\n\r\n", twice};
    }

    static std::unique_ptr<http::Server> serve() {
        http::Router router;
        const auto echo = [](const http::Request& request) {
            return http::Response{.status = 200, .type = "text/plain", .body = request.path + request.body};
        };
        for (const http::Method method : {http::Method::Get, http::Method::Post}) {
            router.add({method, "/known", echo});
            router.add({method, "/known/{name}", echo});
        }
        http::ServerOptions options;
        options.limits.connectionsPerPeer = options.limits.connections;
        options.limits.head = options.limits.body = options.limits.idle = std::chrono::milliseconds(500);
        return std::move(*http::Server::create(std::move(options), std::move(router)));
    }

    /// What comes back until the other side closes.
    static std::string exchange(std::uint16_t port, const std::string& request) {
        const int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        std::string answer;
        if (::connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
            (void)send(client, request.data(), request.size(), MSG_NOSIGNAL);
            shutdown(client, SHUT_WR);
            std::array<char, 4096> piece{};
            for (ssize_t got = 0; (got = recv(client, piece.data(), piece.size(), 0)) > 0;) {
                answer.append(piece.data(), static_cast<std::size_t>(got));
            }
        }
        close(client);
        return answer;
    }
};

TEST_CLASS(HttpFuzzTest)
#include "tst_http_fuzz.moc"
