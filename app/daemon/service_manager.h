// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/units.h"

#include <optional>
#include <string_view>

namespace app {

/// Tells the service manager that started this process, if one did, how it is. Source: sd_notify(3) and
/// sd_watchdog_enabled(3) of systemd, which describe the protocol so that programs can do without its library.
class ServiceManager {
public:
    /// Lines such as "READY=1", "STOPPING=1", "RELOADING=1", "WATCHDOG=1", "STATUS=…". Does nothing without
    /// NOTIFY_SOCKET.
    static void tell(std::string_view state);
    /// How often it wants to hear "WATCHDOG=1": half of its limit. Nothing: never.
    static std::optional<core::Nanoseconds> watchdogPeriod();
};

} // namespace app
