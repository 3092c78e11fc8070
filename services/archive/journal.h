// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/results/result_file.h"
#include "core/target/target.h"
#include "core/target/topic_partition.h"
#include "services/archive/run_head.h"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace services {

using SequenceRuns = std::vector<std::pair<std::uint64_t, std::uint64_t>>; ///< half-open

/// All that a later process needs to close the ledger of a run that was killed.
struct JournalEntry {
    RunHead head;
    core::ShownTarget target;                                   ///< as resolved
    std::vector<std::pair<std::string, std::string>> overrides; ///< of --set
    std::vector<SequenceRuns> acked;                            ///< by stream
    std::vector<std::pair<core::TopicPartition, core::Offset>> positions;
    core::RunResult soFar; ///< what is to be said if the process is killed now; without samples
};

/// DIR/run.journal, until writeResult() (services/report) puts result.json in its place: the newest entry, replaced as
/// a whole, so that a kill at any moment leaves a readable one. Its first line is a JSON object (schema
/// millrace.journal/1), the rest a result document (schema millrace.result/2).
class Journal {
public:
    explicit Journal(std::filesystem::path directory);

    core::Status write(const JournalEntry& entry);

    static core::Result<JournalEntry> read(const std::filesystem::path& directory);

private:
    std::filesystem::path m_path;
};

} // namespace services
