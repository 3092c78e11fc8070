// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <optional>
#include <string>
#include <string_view>

namespace core {

/// What to do about a URL that cannot be cut, to be put behind the form that is expected.
inline constexpr std::string_view kReservedHint =
    "in a user, password or database write / as %2F, # as %23, ? as %3F, @ as %40 and % as %25";

/// A URL cut where RFC 3986 (section 3) cuts it; the parts are still percent-encoded and live as long as the text.
struct UrlParts {
    std::string_view scheme;
    std::optional<std::string_view> login; ///< in front of the '@'; nothing: there is none
    std::string_view servers;
    std::string_view path;  ///< behind the first '/'
    std::string_view query; ///< behind the '?'
};

/// Cuts SCHEME://[LOGIN@]SERVERS[/PATH][?QUERY]. Strict where a program that reads it otherwise would take a part of a
/// password for something else: '@' stands once and only in front of the servers, there is no '#', no space and no
/// control character, and every '%' begins a pair of hexadecimal digits other than 00. The error is the hint above and
/// never repeats the text.
Result<UrlParts> cutUrl(std::string_view text);

/// The character that the escape at the front of the text stands for; nothing if it is none.
std::optional<char> percentEscape(std::string_view text);
std::string percentDecoded(std::string_view text);
std::string percentEncoded(std::string_view text); ///< all but RFC 3986's unreserved characters

} // namespace core
