// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/target/target.h"

namespace services {

/// Reads a target that was shown, as a journal keeps it. Invalid: a part that is no address.
core::Result<core::Target> readTarget(const core::ShownTarget& shown);

} // namespace services
