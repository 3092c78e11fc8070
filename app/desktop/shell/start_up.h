// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>

namespace app {

/// Whether `millrace` with these arguments (without its own name) opens a window: with none, or with one scenario, one
/// result.json or its folder.
/// Everything else is for the command line, which also says what is wrong with it.
bool opensWindow(std::span<const std::string_view> arguments);

} // namespace app
