// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <optional>
#include <string>

/// Why a text is no result that this program reads.
namespace core {

/// It is JSON up to `position`, counted from 1.
Error damaged(const std::string& text, const std::string& fileName, std::size_t position);
/// Nothing for a schema that is read; empty: the file names none.
std::optional<Error> schemaProblem(const std::string& schema, const std::string& fileName);

} // namespace core
