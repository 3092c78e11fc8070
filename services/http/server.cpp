// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/http/server.h"

#include "services/http/connection.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>

namespace services::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::seconds kPatience{2}; // at the end, for answers under way

} // namespace

struct Server::State {
    std::optional<asio::ssl::context> tls;
    std::list<Connection> connections; // of the server's thread

    std::mutex mutex; // guards what follows
    std::condition_variable left;
    bool empty = true;

    std::uint16_t port = 0;
    asio::io_context io{1}, pool; // after what their coroutines use when they end
    Service service;
    asio::executor_work_guard<asio::io_context::executor_type> work{pool.get_executor()};
    tcp::acceptor acceptor{io};
    std::vector<std::jthread> workers;
    std::jthread thread;

    struct Seat;

    State(ServerOptions given, Router routes) : service{std::move(given), std::move(routes), io, pool} {}

    Awaitable<void> accept();
    Awaitable<void> serve(tcp::socket socket);
    bool mayOnlyAskForHealth(const asio::ip::address& peer);
    void stop();
};

/// A place among the connections. Of the server's thread, as its coroutines.
struct Server::State::Seat {
    State& state;
    std::list<Connection>::iterator place;

    Seat(State& owner, tcp::socket& socket, const asio::ip::address& peer, bool reserve)
        : state(owner), place(owner.connections.insert(owner.connections.end(), {socket, peer, reserve})) {
        const std::scoped_lock lock(state.mutex);
        state.empty = false;
    }
    ~Seat() {
        state.connections.erase(place);
        const std::scoped_lock lock(state.mutex);
        state.empty = state.connections.empty();
        state.left.notify_all();
    }
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;
};

Awaitable<void> Server::State::accept() {
    while (acceptor.is_open()) {
        auto [error, socket] = co_await acceptor.async_accept(kTuple);
        if (!error) {
            asio::co_spawn(io, serve(std::move(socket)), asio::detached);
        } else if (error != asio::error::operation_aborted) { // no file descriptors left, say
            asio::steady_timer pause(io, std::chrono::milliseconds(100));
            co_await pause.async_wait(kTuple);
        }
    }
}

bool Server::State::mayOnlyAskForHealth(const asio::ip::address& peer) {
    const auto inReserve = [](const Connection& connection) { return connection.reserve; };
    const auto reserved = static_cast<std::size_t>(std::ranges::count_if(connections, inReserve));
    const auto ofPeer = static_cast<std::size_t>(std::ranges::count(connections, peer, &Connection::peer));
    const bool full = connections.size() - reserved >= service.options.limits.connections ||
                      ofPeer >= service.options.limits.connectionsPerPeer;
    if (full && reserved >= service.options.limits.reserve) {
        const auto oldest = std::ranges::find_if(connections, inReserve);
        error_code ignored;
        (void)oldest->socket.close(ignored); // its coroutine ends by itself
        oldest->reserve = false;
    }
    return full;
}

Awaitable<void> Server::State::serve(tcp::socket accepted) {
    error_code error;
    const asio::ip::address peer = accepted.remote_endpoint(error).address();
    (void)accepted.set_option(tcp::no_delay(true), error);
    if (error) { // gone already
        co_return;
    }
    const bool reserve = mayOnlyAskForHealth(peer);
    if (tls) {
        TlsStream stream(std::move(accepted), *tls);
        const Seat seat(*this, beast::get_lowest_layer(stream).socket(), peer, reserve);
        beast::get_lowest_layer(stream).expires_after(service.options.limits.head);
        const auto [failure] = co_await stream.async_handshake(asio::ssl::stream_base::server, kTuple);
        if (!failure) {
            co_await converse(service, stream, *seat.place);
        }
    } else {
        beast::tcp_stream stream(std::move(accepted));
        const Seat seat(*this, stream.socket(), peer, reserve);
        co_await converse(service, stream, *seat.place);
    }
}

void Server::State::stop() {
    service.stopping = true;
    error_code ignored;
    (void)acceptor.close(ignored);
    for (Connection& connection : connections) {
        if (connection.idle) {
            (void)connection.socket.close(ignored);
        }
    }
}

namespace {

core::Result<asio::ssl::context> contextOf(const TlsFiles& files) {
    asio::ssl::context context(asio::ssl::context::tls_server);
    context.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                        asio::ssl::context::no_tlsv1_1);
    error_code error;
    (void)context.use_certificate_chain_file(files.certificate.string(), error);
    if (error) {
        return core::invalid(
            fmt::format("the certificate {} cannot be used: {}", files.certificate.string(), error.message()));
    }
    (void)context.use_private_key_file(files.key.string(), asio::ssl::context::pem, error);
    if (error) {
        return core::invalid(fmt::format("the key {} cannot be used: {}", files.key.string(), error.message()));
    }
    return context;
}

} // namespace

core::Result<std::unique_ptr<Server>> Server::create(ServerOptions options, Router router) {
    error_code error;
    const asio::ip::address address = asio::ip::make_address(options.address, error);
    if (error) {
        return core::invalid(fmt::format("'{}' is not an IP address", options.address),
                             "Such as 127.0.0.1, 0.0.0.0 or ::1");
    }
    if (!address.is_loopback() && !options.access.token) {
        return core::invalid(fmt::format("{} can be reached by others, and no token keeps them out", options.address),
                             "Name a token file or listen on 127.0.0.1");
    }
    auto state = std::make_unique<State>(std::move(options), std::move(router));
    if (state->service.options.tls) {
        auto context = contextOf(*state->service.options.tls);
        if (!context) {
            return context.error();
        }
        state->tls.emplace(std::move(*context));
    } else if (!address.is_loopback()) {
        spdlog::warn("{} is served without TLS: token and data can be read on the way", state->service.options.address);
    }
    const tcp::endpoint endpoint(address, state->service.options.port);
    (void)state->acceptor.open(endpoint.protocol(), error);
    if (!error) {
        (void)state->acceptor.set_option(tcp::acceptor::reuse_address(true), error);
        (void)state->acceptor.bind(endpoint, error);
    }
    if (!error) {
        (void)state->acceptor.listen(asio::socket_base::max_listen_connections, error);
    }
    if (error) {
        return core::refused(fmt::format("port {} of {} cannot be served: {}", state->service.options.port,
                                         state->service.options.address, error.message()));
    }
    state->port = state->acceptor.local_endpoint().port();
    asio::co_spawn(state->io, state->accept(), asio::detached);
    for (std::size_t i = 0; i < state->service.options.workers; ++i) {
        state->workers.emplace_back([&pool = state->pool] { pool.run(); });
    }
    state->thread = std::jthread([&io = state->io] { io.run(); });
    return std::unique_ptr<Server>(new Server(std::move(state)));
}

Server::Server(std::unique_ptr<State> state) : m_state(std::move(state)) {}

// Asio throws where memory is out, and then the program ends.
// NOLINTNEXTLINE(bugprone-exception-escape)
Server::~Server() {
    asio::post(m_state->io, [state = m_state.get()] { state->stop(); });
    {
        std::unique_lock lock(m_state->mutex);
        m_state->left.wait_for(lock, kPatience, [this] { return m_state->empty; });
    }
    m_state->work.reset();
    m_state->pool.stop(); // a handler under way still ends; no other begins
    m_state->workers.clear();
    m_state->io.stop();
    m_state->thread.join();
}

std::uint16_t Server::port() const {
    return m_state->port;
}

} // namespace services::http
