#include "app/desktop/start_up.h"

namespace app {

bool opensWindow(std::span<const std::string_view> arguments) {
    if (arguments.empty()) {
        return true;
    }
    const std::string_view only = arguments.front();
    return arguments.size() == 1 && !only.starts_with('-') && (only.ends_with(".yaml") || only.ends_with(".yml"));
}

} // namespace app
