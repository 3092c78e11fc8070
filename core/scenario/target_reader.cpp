// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scenario/environment.h"
#include "core/scenario/fields.h"
#include "core/scenario/scalars.h"
#include "core/scenario/sections.h"

#include <algorithm>
#include <charconv>

namespace core {

namespace {

constexpr TextLimits kAddress{1, 2'000};

bool isPort(std::string_view text) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() && value <= 65'535 && text[0] != '0';
}

/// HOST:PORT, with an IPv6 address in brackets.
bool isServer(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0 || !isPort(text.substr(colon + 1))) {
        return false;
    }
    const std::string_view host = text.substr(0, colon);
    const bool isBracketed = host.starts_with('[') && host.ends_with(']') && host.size() > 2;
    return host.find_first_of(" /@,") == std::string_view::npos &&
           (isBracketed || host.find_first_of(":[]") == std::string_view::npos);
}

bool areServers(std::string_view text) {
    for (;;) {
        const std::size_t comma = text.find(',');
        if (!isServer(text.substr(0, comma))) {
            return false;
        }
        if (comma == std::string_view::npos) {
            return true;
        }
        text.remove_prefix(comma + 1);
    }
}

/// True if a parameter, of those that follow the '?' of a URL, is a password that is written out.
bool holdsClearParameter(std::string_view parameters) {
    constexpr std::string_view kKey = "password="; // sslpassword= too
    for (std::size_t at = parameters.find(kKey); at != std::string_view::npos; at = parameters.find(kKey)) {
        parameters.remove_prefix(at + kKey.size());
        const std::string_view value = parameters.substr(0, parameters.find('&'));
        if (!value.empty() && !isOnlyEnvironment(value)) {
            return true;
        }
    }
    return false;
}

/// True for a URL with a password that is written out: between ':' and '@', or as a parameter. Looks at what the file
/// says, not at what the environment adds.
bool holdsClearPassword(std::string_view written) {
    const std::size_t scheme = written.find("://");
    if (scheme == std::string_view::npos) {
        return false;
    }
    const std::string_view rest = written.substr(scheme + 3);
    const std::size_t query = rest.find('?');
    const std::string_view address = rest.substr(0, query);
    const std::size_t at = address.rfind('@');
    const std::string_view user = at == std::string_view::npos ? std::string_view() : address.substr(0, at);
    const std::size_t colon = user.find(':');
    if (colon != std::string_view::npos && colon + 1 < user.size() && !isOnlyEnvironment(user.substr(colon + 1))) {
        return true;
    }
    return query != std::string_view::npos && holdsClearParameter(rest.substr(query + 1));
}

// Messages do not quote an address: it may hold a password.
std::optional<std::string> readAddress(const Cursor& at, bool (*isGood)(std::string_view), std::string_view expected) {
    auto address = readText(at, kAddress);
    if (!address) {
        return std::nullopt;
    }
    if (holdsClearPassword(at.node->written)) {
        at.refuse("the password must not be written out; write ${NAME} in its place and set that environment variable");
        return std::nullopt;
    }
    if (isGood(*address)) {
        return address;
    }
    at.refuse(std::string(expected));
    return std::nullopt;
}

std::optional<std::string> readBroker(const Cursor& at) {
    return readAddress(
        at, [](std::string_view text) { return text == "embedded" || areServers(text); },
        "expected embedded or HOST:PORT, several with commas between them");
}

bool isUrl(std::string_view text, std::string_view scheme) {
    return text.starts_with(scheme) && text.size() > scheme.size() && text.find(' ') == std::string_view::npos;
}

std::optional<std::string> readStore(const Cursor& at) {
    const auto isGood = [](std::string_view text) {
        const bool isFile = text.starts_with("sqlite:") && text.size() > 7;
        return text == "embedded" || isFile || isUrl(text, "postgresql://") || isUrl(text, "postgres://");
    };
    return readAddress(at, isGood, "expected embedded, sqlite:FILE or postgresql://USER@HOST:PORT/DATABASE");
}

std::optional<std::string> readFilter(const Cursor& at) {
    const auto isGood = [](std::string_view text) {
        return text == "memory" || isUrl(text, "redis://") || isUrl(text, "rediss://");
    };
    return readAddress(at, isGood, "expected memory or redis://HOST:PORT");
}

} // namespace

Target readTarget(const Cursor& at) {
    if (at.isScalar() && at.node->text == "embedded") {
        return {"embedded", "embedded", "memory"};
    }
    Target target;
    if (!at.isMapping()) {
        if (!at.isBroken()) {
            at.refuse("expected embedded or {broker: …, store: …, dedupe: …}");
        }
        return target;
    }
    if (at.node->find("daemons") != nullptr) {
        at.refuse("daemons are not available in this version; write embedded or {broker: …, store: …, dedupe: …}");
        return target;
    }
    Fields fields(at);
    fields.take("broker", target.broker, readBroker);
    fields.take("store", target.store, readStore);
    fields.take("dedupe", target.dedupe, readFilter);
    fields.finish();
    return target;
}

} // namespace core
