// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace core {

/// Text for HTML, SVG and XML, as content or within double quotes: & < > " ' are written as entities; what XML 1.0
/// cannot hold (control characters, bytes that are not UTF-8) becomes U+FFFD.
std::string markupText(std::string_view text);

/// At most `characters` code points of it; what was cut shows as '…'.
std::string shortened(std::string_view text, std::size_t characters);

} // namespace core
