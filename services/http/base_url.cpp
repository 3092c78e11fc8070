// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/http/base_url.h"

#include "core/target/url_parts.h"
#include "core/text/wording.h"

#include <arpa/inet.h>
#include <netinet/in.h>

namespace services::http {

std::string BaseUrl::shown() const {
    return scheme + "://" + server.shown();
}

core::Result<BaseUrl> readBaseUrl(std::string_view text) {
    const std::string quoted = text.find('@') == std::string_view::npos ? core::inQuotes(text) : "the address";
    const core::Error refused = core::invalid(quoted + " is not the address of an HTTP server",
                                              "Such as http://127.0.0.1:8080 or https://millrace.example");
    const auto parts = core::cutUrl(text);
    if (!parts || (parts->scheme != "http" && parts->scheme != "https") || parts->login || !parts->path.empty() ||
        text.find('?') != std::string_view::npos) {
        return refused;
    }
    const auto server = core::readServerName(parts->servers);
    if (!server) {
        return refused;
    }
    return BaseUrl{std::string(parts->scheme), *server};
}

} // namespace services::http
