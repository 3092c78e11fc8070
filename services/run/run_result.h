// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/ledger.h"
#include "core/measure/snapshot.h"
#include "core/results/result_file.h"
#include "core/scenario/scenario.h"
#include "core/verdict/verdict.h"
#include "services/archive/run_head.h"

#include <optional>
#include <string>

/// Draws up the result of a run, from values.
namespace services {

/// The run's name tags.
core::RunResult resultOf(const RunHead& head, const core::Scenario& scenario);

/// Adds what a snapshot says. Rates are those of the events due in the measured part, whenever they were done.
void addFigures(core::RunResult& result, const core::Snapshot& snapshot);

/// The run is over: `ids` are the account's, in whose `lost` the undrained are still counted.
/// `undrained`: messages that the log still held, whoever sent them.
void closeLedger(core::Ledger& ledger, core::IdCounts ids, std::uint64_t undrained);
/// Of the closed ledger: what the broker had forgotten, as far as it can have been events of the run's.
std::uint64_t ownGap(const core::RunResult& result);

/// The first count in which ours and the store's differ, in words. The store's were counted in the transactions that
/// stored the rows: ours must agree.
std::optional<std::string> difference(const core::ConsumerCounts& ours, const core::ConsumerCounts& stored);

/// The facts, and what the result says of them.
core::RunFacts withFigures(core::RunFacts facts, const core::RunResult& result);

} // namespace services
