// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/results/result_file.h"

#include <filesystem>
#include <string>

namespace app {

struct SummaryStyle {
    std::size_t width = 80;
    bool coloured = false;
    std::size_t rows = 0; ///< of a terminal, from which a long summary's verdict would scroll off; 0: of none
};

/// What became of a run, for everyone: the verdict in a sentence, the rules, the ledger, rates, latencies, on what it
/// ran, and where its files are (`directory` empty: nowhere).
std::string summaryText(const core::RunResult& result, const std::filesystem::path& directory,
                        const SummaryStyle& style);

} // namespace app
