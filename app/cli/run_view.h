// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/backlog_trend.h"
#include "core/measure/snapshot.h"
#include "core/ports/control.h"

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace app {

/// The text of a run that is on, from the statuses seen so far. Pure: no terminal, no clock.
class RunView {
public:
    RunView(std::string title, std::string place);

    /// Takes a newer status.
    void observe(core::RunStatus status);

    /// The block that a terminal shows: lines of at most `width` columns.
    std::vector<std::string> block(std::size_t width) const;
    /// One line for where no terminal is.
    std::string line() const;
    /// Marks of the time line that no call has returned before, for where no terminal is.
    std::vector<std::string> newMarks();

private:
    struct Recent {
        core::Window window;
        core::BacklogTrend trend;
    };
    std::optional<Recent> recent() const; ///< of the last seconds; nothing before there are two statuses
    std::vector<std::string> progressLines(std::size_t width) const;
    std::vector<std::string> healthLines(std::size_t width) const;
    std::vector<std::string> fleetItems() const; ///< of daemons that are not well
    std::vector<std::string> ruleLines(std::size_t width) const;

    std::string m_title, m_place;
    core::RunStatus m_status;
    std::deque<core::Snapshot> m_snapshots; // of the last seconds, as if of one stream
    std::size_t m_marksShown = 0;
};

} // namespace app
