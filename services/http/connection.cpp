// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/http/connection.h"

#include "services/http/event_feed.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <charconv>

namespace services::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;
using Parser = beast::http::request_parser<beast::http::string_body>;

constexpr std::string_view kEventStream = "text/event-stream";
constexpr std::chrono::seconds kHeartbeat{15}; // of event streams, for whoever lies between
constexpr std::size_t kLargestBody = 1024 * 1024;

/// What becomes of a request.
struct Outcome {
    std::optional<Response> response{};
    EventFeed* feed = nullptr; ///< instead of a response
    std::uint64_t lastSeen = 0;
    bool resumes = false;
    bool keepAlive = false;
    bool headOnly = false;
    unsigned version = 11;
};

Outcome refused(Response response) {
    Outcome outcome;
    outcome.response = std::move(response);
    return outcome;
}

std::optional<Method> methodOf(beast::http::verb verb) {
    switch (verb) {
    case beast::http::verb::get:
        return Method::Get;
    case beast::http::verb::head:
        return Method::Head;
    case beast::http::verb::post:
        return Method::Post;
    default:
        return std::nullopt;
    }
}

/// What a client is told whose request could not be read; nothing where nobody waits for it.
Outcome unreadable(error_code error, std::size_t bodyLimit) {
    namespace failed = beast::http;
    if (error == failed::error::end_of_stream || error == asio::error::operation_aborted ||
        error == asio::error::connection_reset || error == asio::error::eof) {
        return {};
    }
    if (error == beast::error::timeout) {
        return refused(problem(408, "The request did not arrive in time."));
    }
    if (error == failed::error::header_limit || error == failed::error::buffer_overflow) {
        return refused(problem(431, "The request's headers are too long."));
    }
    if (error == failed::error::body_limit) {
        return refused(problem(413, fmt::format("The body is longer than {} bytes.", bodyLimit)));
    }
    return refused(problem(400, fmt::format("The request is not HTTP/1.1: {}.", error.message())));
}

Response run(const Router::Handler& handler, const Request& request) {
    try {
        return handler(request);
    } catch (const std::exception& error) { // a fault of ours, which must not end the server
        spdlog::error("answering {} {} failed: {}", nameOf(request.method), request.path, error.what());
        return problem(500, "Answering failed; the log of this server says why.");
    }
}

Awaitable<Response> runHere(const Router::Handler& handler, const Request& request) {
    co_return run(handler, request);
}

template <typename Body>
void fill(beast::http::response<Body>& message, const Response& response, bool keepAlive) {
    message.reason(reasonOf(response.status));
    message.set(beast::http::field::content_type, response.type);
    message.set(beast::http::field::cache_control, "no-store");
    message.set("X-Content-Type-Options", "nosniff");
    for (const Header& header : response.headers) {
        message.set(header.name, header.value);
    }
    message.keep_alive(keepAlive);
    if (response.type != kEventStream) { // to HEAD; what GET would answer has no end
        message.content_length(response.body.size());
    }
}

/// Unlike the stream's own limit it leaves the connection open, so that the client can be told.
Awaitable<error_code> within(Service& service, std::chrono::milliseconds limit,
                             Awaitable<std::tuple<error_code, std::size_t>> reading) {
    using namespace asio::experimental::awaitable_operators;
    asio::steady_timer timer(service.io, limit);
    const auto first = co_await (std::move(reading) || timer.async_wait(kTuple));
    co_return first.index() == 0 ? std::get<0>(std::get<0>(first)) : error_code(beast::error::timeout);
}

template <typename Stream>
Awaitable<Outcome> read(Service& service, Stream& stream, beast::flat_buffer& buffer, const Connection& connection) {
    beast::tcp_stream& lowest = beast::get_lowest_layer(stream);
    const Limits& limits = service.options.limits;
    Parser parser;
    parser.header_limit(static_cast<std::uint32_t>(limits.headBytes));
    parser.body_limit(kLargestBody);
    lowest.expires_never();
    if (const error_code error =
            co_await within(service, limits.head, beast::http::async_read_header(stream, buffer, parser, kTuple))) {
        co_return unreadable(error, kLargestBody);
    }
    const auto& head = parser.get();
    if (head.target().size() > limits.requestTarget) {
        co_return refused(problem(414, fmt::format("The path is longer than {} bytes.", limits.requestTarget)));
    }
    if (static_cast<std::size_t>(std::distance(head.begin(), head.end())) > limits.headers) {
        co_return refused(problem(431, fmt::format("The request has more than {} headers.", limits.headers)));
    }
    const std::optional<Method> method = methodOf(head.method());
    if (!method) {
        co_return refused(problem(405, "This server takes GET, HEAD and POST."));
    }
    std::optional<Target> target = readTarget({head.target().data(), head.target().size()});
    if (!target) {
        co_return refused(problem(400, "The path or the query is badly encoded."));
    }
    Request request{*method, std::move(target->path), std::move(target->query), {}, {}, {}};
    for (const auto& field : head) {
        request.headers.push_back({std::string(field.name_string()), std::string(field.value())});
    }
    auto found = service.router.find(*method, request.path);
    const Router::Route* const route = found.index() == 0 ? std::get<0>(found).route : nullptr;
    if (auto refusal = service.options.access.refusal(request, route != nullptr && route->open)) {
        co_return refused(std::move(*refusal));
    }
    if (route == nullptr) {
        co_return refused(std::get<1>(std::move(found)));
    }
    if (connection.reserve && !route->vital) {
        Response busy = problem(503, "All connections are in use.");
        busy.headers.push_back({"Retry-After", "5"});
        co_return refused(std::move(busy));
    }
    request.variables = std::move(std::get<0>(found).variables);
    if (parser.content_length().value_or(0) > route->bodyLimit) {
        co_return unreadable(beast::http::error::body_limit, route->bodyLimit);
    }
    parser.body_limit(route->bodyLimit);
    if (request.header("Expect") && !parser.is_done()) {
        static constexpr std::string_view kGoOn = "HTTP/1.1 100 Continue\r\n\r\n";
        co_await asio::async_write(stream, asio::buffer(kGoOn), kTuple);
    }
    if (const error_code error =
            co_await within(service, limits.body, beast::http::async_read(stream, buffer, parser, kTuple))) {
        co_return unreadable(error, route->bodyLimit);
    }
    request.body = std::move(parser.get().body());

    Outcome outcome;
    outcome.keepAlive = parser.get().keep_alive();
    outcome.headOnly = *method == Method::Head;
    outcome.version = parser.get().version();
    if (EventFeed* const* const feed = std::get_if<EventFeed*>(&route->answer)) {
        if (outcome.headOnly) {
            outcome.response = Response{.status = 200, .type = std::string(kEventStream)};
            co_return outcome;
        }
        outcome.feed = *feed;
        const std::string_view last = request.header("Last-Event-ID").value_or(std::string_view());
        outcome.resumes = !last.empty() &&
                          std::from_chars(last.data(), last.data() + last.size(), outcome.lastSeen).ec == std::errc();
        co_return outcome;
    }
    const auto& handler = std::get<Router::Handler>(route->answer);
    if (route->vital) {
        outcome.response = run(handler, request);
    } else {
        outcome.response = co_await asio::co_spawn(service.pool, runHere(handler, request), asio::use_awaitable);
    }
    co_return outcome;
}

template <typename Stream>
Awaitable<bool> write(Service& service, Stream& stream, const Outcome& outcome) {
    beast::get_lowest_layer(stream).expires_after(service.options.limits.write);
    const Response& response = *outcome.response;
    const auto status = static_cast<beast::http::status>(response.status);
    error_code failure;
    if (outcome.headOnly) {
        beast::http::response<beast::http::empty_body> message(status, outcome.version);
        fill(message, response, outcome.keepAlive);
        const auto [error, bytes] = co_await beast::http::async_write(stream, message, kTuple);
        failure = error;
    } else {
        beast::http::response<beast::http::string_body> message(status, outcome.version);
        fill(message, response, outcome.keepAlive);
        message.body() = response.body;
        const auto [error, bytes] = co_await beast::http::async_write(stream, message, kTuple);
        failure = error;
    }
    co_return !failure;
}

template <typename Stream>
Awaitable<void> follow(Service& service, Stream& stream, EventFeed& feed, const Outcome& outcome) {
    using namespace asio::experimental::awaitable_operators;
    beast::tcp_stream& lowest = beast::get_lowest_layer(stream);
    // Shared with what publish() posts, which may outlive this client.
    const auto news = std::make_shared<asio::steady_timer>(service.io);
    const EventFeed::Subscription subscription(
        feed, [&service, news] { asio::post(service.io, [news] { news->cancel(); }); });

    static constexpr std::string_view kHead =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n"
        "X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n";
    static constexpr std::string_view kSignOfLife = ":\n\n";
    EventFeed::Events events = outcome.resumes ? feed.everythingAfter(outcome.lastSeen) : feed.newestAfter(0);
    for (std::string_view head = kHead;; head = {}) {
        const std::string_view text =
            events.text->empty() && head.empty() ? kSignOfLife : std::string_view(*events.text);
        const std::array parts{asio::buffer(head), asio::buffer(text)};
        lowest.expires_after(service.options.limits.write);
        const auto [error, bytes] = co_await asio::async_write(stream, parts, kTuple);
        if (error) { // gone, or too slow even for one state
            co_return;
        }
        events = feed.newestAfter(events.last);
        if (events.text->empty()) {
            lowest.expires_never();
            news->expires_after(kHeartbeat);
            const auto woken =
                co_await (news->async_wait(kTuple) || lowest.socket().async_wait(tcp::socket::wait_read, kTuple));
            if (woken.index() == 1) { // it left: these clients have nothing to say
                co_return;
            }
            events = feed.newestAfter(events.last);
        }
    }
}

} // namespace

template <typename Stream>
Awaitable<void> converse(Service& service, Stream& stream, Connection& connection) {
    beast::tcp_stream& lowest = beast::get_lowest_layer(stream);
    beast::flat_buffer buffer(service.options.limits.headBytes + kLargestBody);
    for (auto patience = service.options.limits.head;; patience = service.options.limits.idle) {
        if (buffer.size() == 0) {
            lowest.expires_after(patience);
            const auto [error, bytes] = co_await stream.async_read_some(buffer.prepare(4096), kTuple);
            if (error) {
                co_return;
            }
            buffer.commit(bytes);
        }
        connection.idle = false;
        Outcome outcome = co_await read(service, stream, buffer, connection);
        if (outcome.feed != nullptr) {
            connection.idle = true;
            co_await follow(service, stream, *outcome.feed, outcome);
            co_return;
        }
        outcome.keepAlive = outcome.keepAlive && !service.stopping;
        if (!outcome.response || !co_await write(service, stream, outcome)) {
            co_return;
        }
        if (!outcome.keepAlive) {
            // The rest of what the client sends, for a while: closing over it would reset the connection, answer and
            // all.
            error_code ignored;
            (void)lowest.socket().shutdown(tcp::socket::shutdown_send, ignored);
            lowest.expires_after(std::chrono::seconds(1));
            for (std::size_t drained = 0; drained < kLargestBody;) {
                buffer.clear();
                const auto [error, bytes] = co_await lowest.async_read_some(buffer.prepare(16 * 1024), kTuple);
                if (error) {
                    co_return;
                }
                drained += bytes;
            }
            co_return;
        }
        connection.idle = true;
    }
}

template Awaitable<void> converse(Service&, beast::tcp_stream&, Connection&);
template Awaitable<void> converse(Service&, TlsStream&, Connection&);

} // namespace services::http
