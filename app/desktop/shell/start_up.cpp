// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/shell/start_up.h"

#include <filesystem>

namespace app {

bool opensWindow(std::span<const std::string_view> arguments) {
    if (arguments.empty()) {
        return true;
    }
    const std::string_view only = arguments.front();
    if (arguments.size() != 1 || only.starts_with('-')) {
        return false;
    }
    std::error_code failed;
    return only.ends_with(".yaml") || only.ends_with(".yml") || only.ends_with(".json") ||
           std::filesystem::exists(std::filesystem::path(only) / "result.json", failed);
}

} // namespace app
