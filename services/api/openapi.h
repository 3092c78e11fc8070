// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace services {

/// resources/docs/openapi.json: every path of every role, in OpenAPI 3.1.
std::string_view openApiDocument();

} // namespace services
