// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/scenario/scenario.h"
#include "core/verdict/verdict.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace services {

/// A run's folder as a list shows it.
struct CatalogueEntry {
    enum class State {
        Readable,
        Damaged, ///< `problem` says where
        Newer,   ///< written by a Millrace that this one does not understand
        Killed,  ///< only a journal: the figures are those of its last second, and there is no verdict
        Running, ///< a journal that grows: some Millrace is at work on it
        Stored,  ///< known from a store's list of runs only: no folder, no figures; if not finished, `problem` says so
    };

    std::filesystem::path folder;
    State state = State::Damaged;
    std::string problem; ///< a sentence; empty if readable

    // What is below is known if the run is readable, was killed or is running.
    std::string id, name, started; ///< started: RFC 3339
    double seconds = 0;            ///< of the measured part
    core::VerdictStatus status = core::VerdictStatus::Internal;
    std::string summary;
    double storedRate = 0;               ///< events/s
    std::optional<double> endToEndP99Ms; ///< nothing: too few values
    bool onEmbeddedBroker = false;       ///< whose latencies are not Kafka's
    core::ShownTarget target;            ///< of a killed run only

    std::uint64_t bytes = 0; ///< of all files in the folder
    std::vector<std::string> tags;
    bool baseline = false; ///< what other runs of this name are compared with
};

/// The runs that lie in the folder, the newest first. Of each it reads only the head of result.json, so that a folder
/// of a gigabyte is listed in well under a second. What can't be read is listed with the reason; folders that hold
/// neither result nor journal are left out. A folder that does not exist holds no runs.
std::vector<CatalogueEntry> listRuns(const std::filesystem::path& results, const std::function<bool()>& stopped = {});

/// The tags lie beside the result, in tags.json; written whole or not at all.
core::Status setTags(const std::filesystem::path& run, const std::vector<std::string>& tags);
/// Makes the run the baseline of its name, or, without a run, leaves the name without one; in `results`/baselines.json.
core::Status setBaseline(const std::filesystem::path& results, const std::string& name,
                         const std::optional<std::filesystem::path>& run);

/// Deletes a run's folder. Refuses whatever does not look like one: it must be a folder itself (no link), hold a result
/// or a journal, not be at work, and hold nothing that a run or its exports do not leave. Invalid: why not; then
/// nothing was deleted.
core::Status removeRun(const std::filesystem::path& run);

} // namespace services
