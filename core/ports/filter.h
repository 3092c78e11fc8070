// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/event_id.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace core {

/// A worker's connection to the duplicate filter, which is a hint: it never fails, it only knows nothing.
/// One owning thread.
class DuplicateFilter {
public:
    virtual ~DuplicateFilter() = default;
    /// known[i] is set to 1 where ids[i] is proved to be committed in this very store. Answers how many ids could not
    /// be asked because the filter was unavailable.
    virtual std::uint64_t lookUp(std::span<const EventId> ids, std::vector<std::uint8_t>& known) = 0;
    /// Called after the commit.
    virtual void remember(std::span<const EventId> ids) = 0;
    virtual std::optional<std::string> popNotice() = 0;
};

} // namespace core
