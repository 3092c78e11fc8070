// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/scenario/scenario.h"

#include <stop_token>

namespace services {

/// Asks the broker and the duplicate filter of a resolved target whether they take us, before anything is created on
/// them. The sentence says what to do: a run that begins without its filter goes on without it, and one whose password
/// is wrong would hear only that nobody answers. (The store says all this itself when it is opened.) Takes some
/// milliseconds, or up to 5 s where a server is absent. Errors as Run::start(), which asks first of all.
/// `giveUp` ends it early.
core::Status checkServers(const core::Scenario& scenario, const core::Target& target,
                          const std::stop_token& giveUp = {});

} // namespace services
