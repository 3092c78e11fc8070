// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/results/result_file.h"
#include "services/archive/run_head.h"
#include "services/consumer/consumer_pool.h"
#include "services/producer/message_files.h"
#include "services/producer/run_account.h"
#include "services/producer/stream_pool.h"
#include "services/run/pipeline.h"

#include <memory>

namespace services {

/// What a run consists of, connected and known to the store. The streams wait for their start; the consumers join their
/// group at once. Destroyed from the last to the first.
struct RunParts {
    RunHead head;
    core::RunResult known; ///< of the result, from the start
    MessageFiles files;
    RunAccount account;
    std::unique_ptr<Pipeline> pipeline;
    std::unique_ptr<StreamPool> streams{};
    std::unique_ptr<ConsumerPool> consumers{};
};

} // namespace services
