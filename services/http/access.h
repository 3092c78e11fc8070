// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/target/secret.h"
#include "services/http/message.h"

#include <filesystem>

namespace services::http {

/// What a client must know to be served (RFC 6750).
class BearerToken {
public:
    /// At least 43 characters of base64 or hexadecimal digits: 256 bits. Errors (Invalid) do not quote it.
    static core::Result<BearerToken> create(core::Secret text);
    /// The first line of a file that only its owner can read (0600).
    static core::Result<BearerToken> fromFile(const std::filesystem::path& file);

    /// Takes as long for any wrong token of its length.
    bool equals(std::string_view given) const;
    const core::Secret& text() const { return m_text; } ///< for the client that sends it

private:
    explicit BearerToken(core::Secret text) : m_text(std::move(text)) {}
    core::Secret m_text;
};

/// Whom a server answers.
struct Access {
    std::vector<std::string> hosts{"127.0.0.1", "[::1]", "localhost"}; ///< what a Host header may name, without port
    std::optional<BearerToken> token;                                  ///< without one, nobody is asked for it

    /// Why the request is not answered: another Host (421), a foreign Origin (403), a body that is not JSON (415), no
    /// or a wrong token (401, unless the route is `open`). In this order, by the head alone; nothing: it is answered.
    std::optional<Response> refusal(const Request& request, bool open) const;
};

} // namespace services::http
