// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/filter.h"
#include "core/scenario/scenario.h"
#include "core/target/dedupe_address.h"

#include <memory>
#include <optional>
#include <string>

namespace services {

class MemoryFilter;

/// A run's duplicate filter: in this process or in Redis, which the workers connect to themselves.
class FilterEnd {
public:
    /// `storeTag`: what an entry must hold to count.
    FilterEnd(core::DedupeAddress address, core::DedupeSettings settings, std::string storeTag);
    ~FilterEnd();

    /// For one worker; any thread. `storeTag`: as the store says now; empty: as at the start.
    std::unique_ptr<core::DuplicateFilter> filter(const std::string& storeTag) const;
    /// What is wrong with the server's memory for that load; empty: nothing. Asks it.
    std::optional<std::string> memoryWarning(core::Rate peak) const;
    std::string describe() const; ///< the address, without secrets

private:
    core::DedupeAddress m_address;
    core::DedupeSettings m_settings;
    std::string m_storeTag;
    std::unique_ptr<MemoryFilter> m_memory; // shared by the workers' handles
};

} // namespace services
