// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/target/server_name.h"

#include <string>
#include <string_view>

namespace services::http {

/// Where a server is: http or https, its name, and nothing else.
struct BaseUrl {
    std::string scheme;
    core::ServerName server;

    std::string shown() const; ///< written anew from the parts
    bool operator==(const BaseUrl&) const = default;
};

/// Reads http://HOST[:PORT] or https://HOST[:PORT], with or without a '/' at the end. Errors (Invalid) do not repeat a
/// login.
core::Result<BaseUrl> readBaseUrl(std::string_view text);

} // namespace services::http
