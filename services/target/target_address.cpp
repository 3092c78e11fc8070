// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/target/target_address.h"

#include <algorithm>

namespace services {

namespace {

/// Cuts 'password=…' out of a URL's query.
std::string withoutQueryPassword(std::string url) {
    constexpr std::string_view kKey = "password=";
    const std::size_t query = url.find('?');
    const std::size_t key = query == std::string::npos ? query : url.find(kKey, query);
    if (key == std::string::npos) {
        return url;
    }
    const std::size_t end = std::min(url.find('&', key), url.size());
    const std::size_t from = end == url.size() ? key - 1 : key; // with the '?' or '&' before it, where it is the last
    const std::size_t until = end == url.size() ? end : end + 1;
    return url.erase(from, until - from);
}

} // namespace

std::string withoutPassword(const std::string& url) {
    const std::size_t scheme = url.find("://");
    if (scheme == std::string::npos) {
        return url;
    }
    const std::size_t host = scheme + 3;
    const std::size_t path = std::min(url.find('/', host), url.size());
    const std::size_t at = url.rfind('@', path);
    const std::size_t colon = url.find(':', host);
    if (at == std::string::npos || at < host || colon == std::string::npos || colon > at) {
        return withoutQueryPassword(url);
    }
    return withoutQueryPassword(url.substr(0, colon) + url.substr(at));
}

} // namespace services
