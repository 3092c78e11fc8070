// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/http/access.h"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <fstream>
#include <system_error>

namespace services::http {
namespace {

constexpr std::size_t kLeast = 43; // base64 of 256 bits

bool isTokenCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~+/=").find(c) != std::string_view::npos;
}

std::string lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c | 0x20) : c; });
    return result;
}

bool announcesBody(const Request& request) {
    return request.header("Transfer-Encoding") || request.header("Content-Length").value_or("0") != "0";
}

/// Without the port.
std::string_view hostOf(std::string_view authority) {
    const std::size_t end = authority.starts_with('[') ? authority.find(']') + 1 : authority.find(':');
    return authority.substr(0, end);
}

bool isJson(std::string_view type) {
    const std::string essence = lower(type.substr(0, type.find(';')));
    return std::string_view(essence).substr(0, essence.find_last_not_of(" \t") + 1) == "application/json";
}

} // namespace

core::Result<BearerToken> BearerToken::create(core::Secret text) {
    if (text.reveal().size() < kLeast || !std::ranges::all_of(text.reveal(), isTokenCharacter)) {
        return core::invalid(
            fmt::format("a token has at least {} characters of base64 or hexadecimal digits, and this one does not",
                        kLeast),
            "Create one with: openssl rand -hex 32");
    }
    return BearerToken(std::move(text));
}

core::Result<BearerToken> BearerToken::fromFile(const std::filesystem::path& file) {
    using std::filesystem::perms;
    std::error_code error;
    const auto status = std::filesystem::status(file, error);
    if (error || !std::filesystem::is_regular_file(status)) {
        return core::invalid(fmt::format("the token file {} cannot be read: {}", file.string(),
                                         error ? error.message() : "it is not a file"));
    }
    if ((status.permissions() & (perms::group_all | perms::others_all)) != perms::none) {
        return core::invalid(fmt::format("the token file {} can be read by others", file.string()),
                             fmt::format("Fix it with: chmod 600 {}", file.string()));
    }
    std::ifstream stream(file);
    std::string line;
    if (!std::getline(stream, line)) {
        return core::invalid(fmt::format("the token file {} is empty or cannot be read", file.string()));
    }
    auto token = create(core::Secret(std::move(line)));
    if (!token) {
        return core::invalid(fmt::format("the token file {}: {}", file.string(), token.error().message),
                             token.error().hint);
    }
    return token;
}

bool BearerToken::equals(std::string_view given) const {
    const std::string& own = m_text.reveal();
    return given.size() == own.size() && CRYPTO_memcmp(given.data(), own.data(), own.size()) == 0;
}

std::optional<Response> Access::refusal(const Request& request, bool open) const {
    const auto host = request.header("Host");
    const std::string name = host ? lower(hostOf(*host)) : std::string();
    if (std::ranges::find(hosts, name) == hosts.end()) {
        return problem(421, host ? fmt::format("{} is not a name of this server.", *host)
                                 : std::string("The request has no Host header."));
    }
    if (const auto origin = request.header("Origin")) {
        const std::size_t scheme = origin->find("://");
        if (scheme == std::string_view::npos || lower(origin->substr(scheme + 3)) != lower(*host)) {
            return problem(403, fmt::format("A page of {} may not use this server.", *origin));
        }
    }
    const auto type = request.header("Content-Type");
    if (request.method == Method::Post && (type ? !isJson(*type) : announcesBody(request))) {
        return problem(415, "The body must be JSON, with Content-Type: application/json.");
    }
    if (token && !open) {
        constexpr std::string_view kScheme = "bearer ";
        const auto given = request.header("Authorization");
        if (!given || lower(given->substr(0, kScheme.size())) != kScheme ||
            !token->equals(given->substr(kScheme.size()))) {
            Response refusal = problem(401, "This needs the server's token, as Authorization: Bearer <token>.");
            refusal.headers.push_back({"WWW-Authenticate", "Bearer"});
            return refusal;
        }
    }
    return std::nullopt;
}

} // namespace services::http
