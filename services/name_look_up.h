// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/units.h"

#include <functional>
#include <string>
#include <vector>

namespace services {

/// The addresses of a host's name, numeric and in the resolver's order, or why there are none.
struct FoundAddresses {
    std::vector<std::string> addresses;
    std::string failure; ///< a sentence's end
};

/// Looks a name up; gives up at the deadline or as soon as `over` says so. An address is its own. The system's resolver
/// knows no such limit, so a name that it is slow with leaves a thread behind until it answers.
FoundAddresses lookUpName(const std::string& host, core::Instant deadline, const std::function<bool()>& over);

} // namespace services
