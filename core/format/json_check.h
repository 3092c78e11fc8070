// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace core {

/// A number as in RFC 8259, section 6, of any size.
bool isJsonNumber(std::string_view token);

/// The token without the white space that follows it.
std::string_view trimmedToken(std::string_view token);

} // namespace core
