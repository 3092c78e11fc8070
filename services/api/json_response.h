// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/http/message.h"

#include <nlohmann/json.hpp>

namespace services {

/// Bytes that are no UTF-8 (of a broker's error, say) are replaced.
inline http::Response jsonResponse(const nlohmann::ordered_json& body, int status = 200) {
    using Json = nlohmann::ordered_json;
    return {.status = status,
            .type = "application/json",
            .body = body.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

} // namespace services
