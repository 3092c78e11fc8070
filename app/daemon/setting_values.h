// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/launch/arguments.h"
#include "app/launch/target_choice.h"
#include "core/result.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace app {

/// What `serve` is told, as text, and by whom. In rising order: the default, the configuration file, the environment,
/// the command line.
struct SettingValue {
    std::string text;
    std::string origin; ///< "default", "FILE:LINE", "MILLRACE_LISTEN", "--listen"
};
using SettingValues = std::map<std::string, SettingValue, std::less<>>; ///< by the setting's name, as "listen"

std::vector<Option> serveOptions(); ///< of the settings, and --config and --show-config

/// Reads all places. Invalid: an unknown or repeated key in the file, or one that is no text.
core::Result<SettingValues> readSettingValues(const Arguments& arguments, const Environment& environment);

inline constexpr std::string_view kToken = "token"; ///< set by the environment only, and never kept here

std::string variableOf(std::string_view name); ///< "MILLRACE_LISTEN" of "listen"

/// A line per setting: its name, its value without secrets, and where that comes from.
std::string settingsText(const SettingValues& values);

} // namespace app
