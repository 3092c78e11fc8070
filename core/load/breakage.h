// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/message_text.h"

#include <array>
#include <string>
#include <string_view>

namespace core {

/// The ways in which a payload is broken on purpose. No reader of events accepts any of them.
enum class Breakage { Truncated, NotUtf8, Nul, WrongLevel, MissingField, WrongType, NotJson };
inline constexpr std::array kBreakages{Breakage::Truncated,  Breakage::NotUtf8,      Breakage::Nul,
                                       Breakage::WrongLevel, Breakage::MissingField, Breakage::WrongType,
                                       Breakage::NotJson};

/// A broken copy of a payload that the generator created. Of about the same size.
std::string brokenPayload(std::string_view payload, Breakage breakage, Draws& draws);

} // namespace core
