// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/snapshot.h"
#include "core/results/result_file.h"
#include "core/verdict/generator_watch.h"
#include "core/verdict/threshold.h"
#include "services/archive/spool_file.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace services {

/// Looks at a run's snapshots as they come: keeps the time line, follows the rules, and watches whether the generator
/// itself was late. Constant memory. One thread.
class RunMonitor {
public:
    /// The time line's histograms wait in a file in `directory`.
    RunMonitor(std::vector<core::Threshold> rules, const std::filesystem::path& directory);

    struct Finding {
        std::size_t rule = 0; ///< its place among the rules
        std::string text;     ///< as written
        bool abort = false;
    };
    /// Several times a second. Answers the rules that have just become broken for good.
    std::vector<Finding> observe(const core::Snapshot& snapshot);
    /// How the rules stand at the last look.
    std::vector<core::RuleOutcome> standings() const;
    /// Once a second: closes an interval of the time line.
    void sample(const core::Snapshot& snapshot);

    std::vector<core::RuleOutcome> judge(const core::Snapshot& last, const core::Ledger& ledger,
                                         core::Nanoseconds drain) const;
    std::vector<core::Sample> samples() const { return m_series.samples(); }
    /// The process did not run from `from` to `until`, since the run's origin.
    void stoodStill(core::Nanoseconds from, core::Nanoseconds until);
    /// At the end: why the figures say nothing about the target, as a clause.
    std::optional<std::string> generatorFault();

private:
    struct Rule {
        core::ThresholdWatch watch;
        bool reported = false;
    };
    std::vector<Rule> m_rules;
    SpoolFile m_spool;
    core::SampleSeries m_series{1'800, &m_spool};
    std::optional<core::Snapshot> m_lastSampled;
    core::GeneratorWatch m_generator;
    bool m_eventsWaited = false; // at the last look: sent or acknowledged, and not stored
};

} // namespace services
