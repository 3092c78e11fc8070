// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/fleet.h"
#include "core/ports/producers.h"
#include "core/results/result_file.h"
#include "services/archive/run_head.h"
#include "services/producer/message_files.h"
#include "services/producer/run_account.h"
#include "services/run/consumption.h"
#include "services/run/pipeline.h"

#include <memory>

namespace services {

/// What a run consists of, connected and known to the store. The streams wait for their start; whoever
/// consumes begins at once. Destroyed from the last to the first.
struct RunParts {
    RunHead head;
    core::RunResult known; ///< of the result, from the start
    MessageFiles files;
    RunAccount account;
    std::unique_ptr<Pipeline> pipeline;
    std::shared_ptr<core::Fleet> fleet{}; ///< that both of the following belong to; null: they are of this process
    std::unique_ptr<core::Producers> streams{};
    std::unique_ptr<Consumption> consumers{};

    ~RunParts() {
        if (fleet) {
            streams.reset();
            consumers.reset();
            fleet->release();
        }
    }
};

} // namespace services
