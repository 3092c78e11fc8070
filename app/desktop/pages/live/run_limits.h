// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/snapshot.h"

#include <optional>

namespace app {

/// The limit of the scenario's rule on the end-to-end p99 of the whole run; nothing: it has none.
std::optional<core::Nanoseconds> endToEndP99Limit(const core::Scenario& scenario);

/// What is nearest to its limit, and how near: 1 is at the limit.
struct NearestLimit {
    enum class What { Nothing, MachineCpu, Generator };
    What what = What::Nothing;
    double share = 0;
};
NearestLimit nearestLimit(const core::HostSample& host, const std::optional<core::Window>& recent);

} // namespace app
