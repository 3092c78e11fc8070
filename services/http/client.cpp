// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/http/client.h"

#include "services/http/base_url.h"
#include "services/http/transfer.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <mutex>
#include <system_error>

namespace services::http {
namespace {

void warnOfPlainText(const BaseUrl& base) {
    static std::once_flag once; // a gateway has a client per part
    std::call_once(once, [&base] {
        spdlog::warn("{} is asked without TLS: token and data can be read on the way", base.shown());
    });
}

bool isEventStream(const Transfer& transfer) {
    return transfer.status() == 200 && transfer.type().starts_with("text/event-stream");
}

} // namespace

core::Result<std::unique_ptr<Client>> Client::create(ClientOptions options) {
    assert(options.connect.count() > 0 && options.limit.count() > 0 && options.silence.count() > 0);
    const auto base = readBaseUrl(options.base);
    if (!base) {
        return base.error();
    }
    if (options.certificateAuthority && access(options.certificateAuthority->c_str(), R_OK) != 0) {
        return core::invalid(fmt::format("the certificate authority {} cannot be read: {}",
                                         options.certificateAuthority->string(),
                                         std::generic_category().message(errno)));
    }
    if (options.token && base->scheme == "http" && !base->server.isLoopback()) {
        warnOfPlainText(*base);
    }
    const std::size_t mostBytes = options.mostBytes;
    auto transfer = Transfer::create(std::move(options), base->shown());
    if (!transfer) {
        return transfer.error();
    }
    return std::unique_ptr<Client>(new Client(std::move(*transfer), mostBytes));
}

Client::Client(std::unique_ptr<Transfer> transfer, std::size_t mostBytes)
    : m_transfer(std::move(transfer)), m_mostBytes(mostBytes) {}
Client::~Client() = default;

core::Result<Response> Client::get(std::string_view pathAndQuery, const std::stop_token& stop) {
    return ask({Method::Get, pathAndQuery}, stop);
}

core::Result<Response> Client::post(std::string_view pathAndQuery, std::string_view jsonBody,
                                    const std::stop_token& stop) {
    return ask({Method::Post, pathAndQuery, jsonBody, {"Content-Type: application/json"}}, stop);
}

core::Result<Response> Client::ask(Exchange exchange, const std::stop_token& stop) {
    Response response;
    bool tooLong = false;
    exchange.take = [&](std::string_view bytes) {
        tooLong = bytes.size() > m_mostBytes - response.body.size();
        response.body += tooLong ? std::string_view() : bytes;
        return !tooLong;
    };
    if (const core::Status done = m_transfer->perform(exchange, stop); !done) {
        return done.error();
    }
    if (tooLong) {
        return m_transfer->failed(exchange, fmt::format("the answer is longer than {} bytes", m_mostBytes));
    }
    response.status = m_transfer->status();
    response.type = m_transfer->type();
    response.headers = m_transfer->headers();
    return response;
}

core::Status Client::follow(std::string_view path, std::optional<std::uint64_t> lastEventId,
                            const EventReader::Each& each, const std::stop_token& stop) {
    Exchange exchange{Method::Get, path, {}, {"Accept: text/event-stream"}, true};
    if (lastEventId) {
        exchange.headers.push_back(fmt::format("Last-Event-ID: {}", *lastEventId));
    }
    using Outcome = EventReader::Outcome;
    EventReader reader(m_mostBytes);
    Outcome outcome = Outcome::Hungry;
    const EventReader::Each unlessStopped = [&](std::uint64_t id, std::string_view data) {
        return !stop.stop_requested() && each(id, data);
    };
    exchange.take = [&](std::string_view bytes) {
        outcome = isEventStream(*m_transfer) ? reader.read(bytes, unlessStopped) : outcome;
        return isEventStream(*m_transfer) && outcome == Outcome::Hungry;
    };
    core::Status done = m_transfer->perform(exchange, stop);
    if (stop.stop_requested() || outcome == Outcome::Ended) {
        return {};
    }
    if (!done) {
        return done;
    }
    if (outcome == Outcome::TooLong) {
        return m_transfer->failed(exchange, fmt::format("an event is longer than {} bytes", m_mostBytes));
    }
    if (isEventStream(*m_transfer)) {
        return m_transfer->failed(exchange, "the server ended the stream");
    }
    const int status = m_transfer->status();
    core::Error refused = m_transfer->failed(
        exchange, status == 200 ? "the answer is no event stream"
                                : fmt::format("the server answered {} {}", status, reasonOf(status)));
    refused.kind =
        status >= 500 || status == 408 || status == 429 ? core::ErrorKind::Transient : core::ErrorKind::Invalid;
    return refused;
}

} // namespace services::http
