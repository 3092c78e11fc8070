#pragma once

#include <simdjson.h>

#include <string_view>

/// Checks of the decoder that concern JSON alone. Included by the codec's own files only.
namespace core {

inline constexpr int kMaxJsonDepth = 32;

/// A fixed sentence for what the parser says, so that dead letters can be counted by their reason.
const char* jsonFaultOf(simdjson::error_code error);

/// What is wrong with a value at `depth` (the event itself is 1), all it holds included; null: nothing. For values that
/// nobody asks for: the parser alone skips them unread.
const char* jsonFaultOf(simdjson::ondemand::value& value, int depth);

/// A number as in RFC 8259, section 6, of any size.
bool isJsonNumber(std::string_view token);

/// The token without the white space that follows it.
std::string_view trimmedToken(std::string_view token);

} // namespace core
