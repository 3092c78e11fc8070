// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/http/server.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

namespace services::http {

using TlsStream = boost::beast::ssl_stream<boost::beast::tcp_stream>;
template <typename T>
using Awaitable = boost::asio::awaitable<T>;

/// What an operation answers instead of throwing.
constexpr auto kTuple = boost::asio::as_tuple(boost::asio::use_awaitable);

struct Connection {
    boost::asio::ip::tcp::socket& socket;
    boost::asio::ip::address peer;
    bool reserve = false; ///< for vital routes only
    bool idle = true;     ///< no answer is under way
};

/// What all connections of a server share.
struct Service {
    ServerOptions options;
    Router router;
    boost::asio::io_context& io;   ///< of the server's thread, for connections
    boost::asio::io_context& pool; ///< of the workers, for handlers
    bool stopping = false;         ///< of the server's thread
};

/// Serves the connection until either side ends it. Of the server's thread. Instantiated for both kinds of stream.
template <typename Stream>
Awaitable<void> converse(Service& service, Stream& stream, Connection& connection);

} // namespace services::http
