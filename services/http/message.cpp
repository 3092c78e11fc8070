// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/http/message.h"

#include "core/target/url_parts.h"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/status.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace services::http {
namespace {

std::optional<std::string> decoded(std::string_view text, bool plusIsSpace) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            const auto escaped = core::percentEscape(text.substr(i));
            if (!escaped) {
                return std::nullopt;
            }
            c = *escaped;
            i += 2;
        } else if (c == '+' && plusIsSpace) {
            c = ' ';
        }
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
            return std::nullopt;
        }
        result += c;
    }
    return result;
}

bool climbs(std::string_view path) {
    return path.find("/../") != std::string_view::npos || path.ends_with("/..");
}

} // namespace

std::string_view nameOf(Method method) {
    constexpr std::array<std::string_view, 3> kNames{"GET", "HEAD", "POST"};
    return kNames[static_cast<std::size_t>(method)];
}

std::optional<std::string_view> Request::header(std::string_view name) const {
    const auto found = std::ranges::find_if(headers, [name](const Header& header) {
        return boost::beast::iequals({header.name.data(), header.name.size()}, {name.data(), name.size()});
    });
    return found != headers.end() ? std::optional<std::string_view>(found->value) : std::nullopt;
}

std::optional<std::string_view> Request::parameter(std::string_view name) const {
    const auto found = std::ranges::find(query, name, &std::pair<std::string, std::string>::first);
    return found != query.end() ? std::optional<std::string_view>(found->second) : std::nullopt;
}

std::string_view Request::variable(std::string_view name) const {
    const auto found = std::ranges::find(variables, name, &std::pair<std::string, std::string>::first);
    return found != variables.end() ? std::string_view(found->second) : std::string_view();
}

std::string_view reasonOf(int status) {
    const auto known = boost::beast::http::int_to_status(static_cast<unsigned>(status));
    const auto reason = boost::beast::http::obsolete_reason(known);
    return known == boost::beast::http::status::unknown ? "Unknown" : std::string_view(reason.data(), reason.size());
}

Response problem(int status, std::string_view detail) {
    const nlohmann::ordered_json body{{"title", reasonOf(status)}, {"status", status}, {"detail", detail}};
    constexpr auto kReplace = nlohmann::ordered_json::error_handler_t::replace; // of bytes that are not UTF-8
    return {status, "application/problem+json", body.dump(-1, ' ', false, kReplace), {}};
}

std::optional<Target> readTarget(std::string_view target) {
    if (!target.starts_with('/')) {
        return std::nullopt;
    }
    const std::size_t question = target.find('?');
    auto path = decoded(target.substr(0, question), false);
    if (!path || climbs(*path)) {
        return std::nullopt;
    }
    Target result{std::move(*path), {}};
    std::string_view rest = question == std::string_view::npos ? std::string_view() : target.substr(question + 1);
    while (!rest.empty()) {
        const std::string_view pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
        const std::size_t equals = pair.find('=');
        auto name = decoded(pair.substr(0, equals), true);
        auto value = equals == std::string_view::npos ? std::optional<std::string>(std::in_place)
                                                      : decoded(pair.substr(equals + 1), true);
        if (!name || !value) {
            return std::nullopt;
        }
        if (!name->empty()) {
            result.query.emplace_back(std::move(*name), std::move(*value));
        }
    }
    return result;
}

} // namespace services::http
