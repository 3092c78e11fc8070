// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/results/result_file.h"

#include <string>

namespace core {

bool onEmbeddedBroker(const RunResult& result);
/// " (embedded broker)" for such a run, wherever a latency stands; else empty.
std::string latencyPlace(const RunResult& result);

} // namespace core
