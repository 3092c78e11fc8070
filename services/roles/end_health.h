// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/mark.h"
#include "core/ports/part.h"

#include <initializer_list>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace services {

/// Whether a role's servers answer, by what its threads met there and by what the role itself asks them. What comes
/// goes to the log as well. Any thread.
class EndHealth {
public:
    /// `unknown`: those that count as down until something is found.
    explicit EndHealth(std::initializer_list<core::End> unknown = {});

    /// Faults count until the same worker's recovery.
    void note(const core::Mark& mark);
    /// A finding of the role itself; nothing: all is well.
    void found(core::End end, std::optional<std::string> reason);
    /// Workers that have gone recover nothing.
    void forgetWorkers();

    std::optional<std::string> reason(core::End end) const; ///< why it is down; nothing: it is up

private:
    mutable std::mutex m_mutex;                                        // guards what follows
    std::map<core::End, std::map<std::string, std::string>> m_reasons; // by worker; the role's own: ""
};

} // namespace services
