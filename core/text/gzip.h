// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace core {

/// True if the bytes begin as a gzip file does (RFC 1952, section 2.3.1).
bool isGzip(std::string_view bytes);

/// What a gzip file of any number of members holds. Invalid: it is damaged, ends too early, goes on with something
/// else or holds more than `most` bytes; the sentence goes on after the file's name.
Result<std::string> unpackedGzip(std::string_view bytes, std::size_t most);

} // namespace core
