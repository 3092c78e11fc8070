// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/results/run_place.h"

namespace core {

bool onEmbeddedBroker(const RunResult& result) {
    const auto broker = result.target.find("broker");
    return broker != result.target.end() && broker->second == "embedded";
}

std::string latencyPlace(const RunResult& result) {
    return onEmbeddedBroker(result) ? " (embedded broker)" : "";
}

} // namespace core
