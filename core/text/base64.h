// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace core {

/// Any bytes as base64 (RFC 4648, section 4), padded.
std::string toBase64(std::string_view bytes);

/// The bytes again; nothing where the text is not such base64.
std::optional<std::string> fromBase64(std::string_view text);

} // namespace core
