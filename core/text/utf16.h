// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace core {

enum class ByteOrder { LittleEndian, BigEndian };

/// UTF-16 (RFC 2781), without its byte order mark, as UTF-8. What is no character becomes a byte 0xFF, which is none
/// there either, for the caller to find.
std::string utf8OfUtf16(std::string_view bytes, ByteOrder order);

} // namespace core
