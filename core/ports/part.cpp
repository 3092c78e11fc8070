// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ports/part.h"

namespace core {

std::string_view nameOf(LoadState::Activity activity) {
    switch (activity) {
    case LoadState::Activity::Idle:
        return "idle";
    case LoadState::Activity::Running:
        return "running";
    case LoadState::Activity::Bursting:
        return "bursting";
    case LoadState::Activity::Paused:
        return "paused";
    }
    return {};
}

} // namespace core
