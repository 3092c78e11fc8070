// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/http/router.h"

#include <fmt/format.h>

namespace services::http {
namespace {

using Variables = std::vector<std::pair<std::string, std::string>>;

std::string_view firstSegment(std::string_view& path) {
    path.remove_prefix(1); // the '/'
    const std::string_view segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    return segment;
}

std::optional<Variables> match(std::string_view pattern, std::string_view path) {
    Variables variables;
    while (!pattern.empty() && !path.empty()) {
        const std::string_view wanted = firstSegment(pattern);
        const std::string_view segment = firstSegment(path);
        if (wanted.starts_with('{') && !segment.empty()) {
            variables.emplace_back(wanted.substr(1, wanted.size() - 2), segment);
        } else if (wanted != segment) {
            return std::nullopt;
        }
    }
    return pattern.empty() && path.empty() ? std::optional(std::move(variables)) : std::nullopt;
}

} // namespace

void Router::add(Route route) {
    m_routes.push_back(std::move(route));
}

std::variant<Router::Found, Response> Router::find(Method method, std::string_view path) const {
    std::string allowed;
    for (const Route& route : m_routes) {
        auto variables = match(route.pattern, path);
        if (!variables) {
            continue;
        }
        if (route.method == method || (route.method == Method::Get && method == Method::Head)) {
            return Found{&route, std::move(*variables)};
        }
        allowed += fmt::format("{}{}", allowed.empty() ? "" : ", ", route.method == Method::Get ? "GET, HEAD" : "POST");
    }
    if (allowed.empty()) {
        return problem(404, fmt::format("There is no {} here.", path));
    }
    Response refusal = problem(405, fmt::format("{} does not take {}; it takes {}.", path, nameOf(method), allowed));
    refusal.headers.push_back({"Allow", allowed});
    return refusal;
}

} // namespace services::http
