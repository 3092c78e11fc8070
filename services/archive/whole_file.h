// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace services {

/// Writes a file that appears whole or not at all: what was there before stays until the new text is on the disk, and
/// for good if it cannot be written. Fatal: what went wrong and what to do; nothing is left behind.
core::Status writeWholeFile(const std::filesystem::path& file, std::string_view text);

/// The text on the disk under this very name. Answers errno's value; 0 if all went well.
int writeAndSync(const std::filesystem::path& file, std::string_view text);
/// What to do about it.
std::string adviceOn(int error);

/// The whole file; Invalid with the reason if it cannot be read.
core::Result<std::string> readWholeFile(const std::filesystem::path& file);

} // namespace services
