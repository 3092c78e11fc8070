// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/archive/baseline.h"

#include "core/analysis/comparison.h"
#include "services/archive/result_source.h"
#include "services/archive/run_notes.h"

namespace services {

std::string againstBaseline(const core::RunResult& run, const std::filesystem::path& folder) {
    std::error_code none;
    const std::filesystem::path own = std::filesystem::weakly_canonical(folder.empty() ? "." : folder, none);
    const std::filesystem::path results = own.parent_path();
    const auto baselines = readBaselines(results);
    const auto found = baselines.find(run.name);
    if (found == baselines.end() || results / found->second == own ||
        !std::filesystem::exists(results / found->second, none)) {
        return {};
    }
    const auto baseline = readResult(results / found->second);
    return baseline ? core::againstBaseline(*baseline, run) : "Against the baseline: " + baseline.error().text();
}

} // namespace services
