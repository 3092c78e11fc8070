// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/http/access.h"
#include "services/http/event_reader.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace services::http {

class Transfer;
struct Exchange;

struct ClientOptions {
    std::string base;                                            ///< http://HOST[:PORT] or https://HOST[:PORT]
    std::optional<BearerToken> token{};                          ///< sent with every request
    std::optional<std::filesystem::path> certificateAuthority{}; ///< PEM; trusted instead of the system's
    std::chrono::milliseconds connect{1'000};                    ///< name and TLS included
    std::chrono::milliseconds limit{3'000};                      ///< of a whole get() or post()
    std::chrono::milliseconds silence{20'000}; ///< of an event stream; a server of ours is heard of each 15 s
    std::size_t mostBytes = 8 * 1024 * 1024;   ///< of a body, or of one event
};

/// An HTTP/1.1 client of one server; it blocks. It keeps its connection, follows no redirect, and takes no proxy, login
/// or cookie from its surroundings. Everything that comes back is the other side's word. Its members are called by the
/// thread that owns it; a stop, which any thread may request, ends them within 100 ms. Their errors name the address
/// and what came back, never the token. Transient: no connection, no TLS, no complete answer in time, too long an
/// answer, or a stop. Invalid: a path that is none.
class Client {
public:
    /// Connects to nobody yet. Invalid: no such address; a certificate authority that cannot be read.
    static core::Result<std::unique_ptr<Client>> create(ClientOptions options);
    ~Client();

    /// The answer, whatever its status.
    core::Result<Response> get(std::string_view pathAndQuery, const std::stop_token& stop = {});

    /// On a connection of its own, so that it is sent once: on a kept one that the server has just closed nobody can
    /// tell whether it arrived, and libcurl would send it again.
    core::Result<Response> post(std::string_view pathAndQuery, std::string_view jsonBody,
                                const std::stop_token& stop = {});

    /// Hands on the events of a stream, those after `lastEventId` first. Ok: `each` answered false, or a stop.
    /// Transient, to be followed again from the last id: the stream ended or fell silent, or the server is not ready.
    /// Invalid: the server refused (4xx), or this is no event stream. `each` does not throw, nor call this client.
    core::Status follow(std::string_view path, std::optional<std::uint64_t> lastEventId, const EventReader::Each& each,
                        const std::stop_token& stop);

private:
    Client(std::unique_ptr<Transfer> transfer, std::size_t mostBytes);
    core::Result<Response> ask(Exchange exchange, const std::stop_token& stop);

    std::unique_ptr<Transfer> m_transfer;
    const std::size_t m_mostBytes;
};

} // namespace services::http
