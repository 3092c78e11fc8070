// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <istream>
#include <optional>
#include <string>
#include <string_view>

namespace services {

/// The beginning of a JSON object, up to but not including its member `key`, closed with a brace: a smaller object.
/// Reads no further than that. Nothing if the text ends before, or grows beyond `most` bytes.
std::optional<std::string> objectUpTo(std::istream& in, std::string_view key, std::size_t most);

} // namespace services
