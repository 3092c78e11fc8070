// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/http/access.h"
#include "services/http/router.h"

#include <cstdint>
#include <filesystem>
#include <memory>

namespace services::http {

/// What one client may ask of a server.
struct Limits {
    std::size_t requestTarget = 8 * 1024, headBytes = 16 * 1024, headers = 64;
    std::chrono::milliseconds head{5'000}, body{10'000}, idle{15'000}, write{10'000};
    std::size_t connections = 64, connectionsPerPeer = 8;
    /// Beyond `connections`, for vital routes only; of those that came too many the oldest has to go.
    std::size_t reserve = 8;
};

struct TlsFiles {
    std::filesystem::path certificate, key; ///< PEM; the certificate with its chain
};

struct ServerOptions {
    std::string address = "127.0.0.1"; ///< an IP address
    std::uint16_t port = 0;            ///< 0: any that is free
    Access access{};
    std::optional<TlsFiles> tls{};
    Limits limits{};
    std::size_t workers = 4; ///< threads that handlers run on
};

/// An HTTP/1.1 server. One thread serves all connections and vital routes; the workers run the other handlers, which
/// may block. All members may be called by any thread.
class Server {
public:
    /// Listens at once. Invalid: no such address, or one beyond loopback without a token; a certificate that cannot be
    /// used. Refused: the port is in use, or may not be used.
    static core::Result<std::unique_ptr<Server>> create(ServerOptions options, Router router);

    /// Answers what was asked already, for up to two seconds, then closes all connections and waits for its handlers.
    ~Server();

    std::uint16_t port() const;

private:
    struct State;
    explicit Server(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace services::http
