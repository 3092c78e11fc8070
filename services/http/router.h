// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/http/message.h"

#include <functional>
#include <variant>

namespace services::http {

class EventFeed;

/// Which paths exist, and who answers them.
class Router {
public:
    using Handler = std::function<Response(const Request&)>; ///< called on a server's worker, several at a time

    struct Route {
        Method method = Method::Get;
        std::string pattern; ///< "/actuator/metrics/{name}": a {name} stands for one segment
        std::variant<Handler, EventFeed*> answer;
        std::size_t bodyLimit = 64 * 1024;
        bool vital = false; ///< health: answered at once, by the server's own thread, also when all else is in use
        bool open = false;  ///< needs no token
    };

    void add(Route route); ///< of routes that fit alike the first counts

    struct Found {
        const Route* route = nullptr;
        std::vector<std::pair<std::string, std::string>> variables;
    };
    /// HEAD goes where GET goes. Otherwise the refusal: 404, or 405 with Allow.
    std::variant<Found, Response> find(Method method, std::string_view path) const;

    const std::vector<Route>& routes() const { return m_routes; }

private:
    std::vector<Route> m_routes;
};

} // namespace services::http
