// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/snapshot.h"
#include "core/results/result_file.h"
#include "core/verdict/threshold.h"
#include "services/archive/spool_file.h"

#include <deque>
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
    /// Once a second: closes an interval of the time line.
    void sample(const core::Snapshot& snapshot);

    std::vector<core::RuleOutcome> judge(const core::Snapshot& last, const core::Ledger& ledger,
                                         core::Nanoseconds drain) const;
    std::vector<core::Sample> samples() const { return m_series.samples(); }
    /// The first 5 s in which the generator's wake delay had a p99 over 10 ms, in words.
    const std::optional<std::string>& generatorSaturated() const { return m_saturated; }

private:
    void watchGenerator(const core::Snapshot& snapshot);

    struct Rule {
        core::ThresholdWatch watch;
        bool reported = false;
    };
    struct Wake {
        core::Nanoseconds at{};
        core::LatencyHistogram delay;
    };
    std::vector<Rule> m_rules;
    SpoolFile m_spool;
    core::SampleSeries m_series{1'800, &m_spool};
    std::optional<core::Snapshot> m_lastSampled;
    std::deque<Wake> m_wakes; // of the last 5 s
    std::optional<std::string> m_saturated;
};

} // namespace services
