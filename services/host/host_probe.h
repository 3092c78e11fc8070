// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/snapshot.h"
#include "core/units.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace services {

/// Watches this process and this machine. One owning thread.
class HostProbe {
public:
    /// `proc` is another folder only in tests.
    explicit HostProbe(std::filesystem::path proc = "/proc");

    /// What is in use now; CPU since the previous sample (since construction for the first). A figure that the system
    /// does not say is 0.
    core::HostSample sample();

private:
    struct MachineTicks {
        std::uint64_t busy = 0;
        std::uint64_t all = 0;
        int cores = 0;
    };
    MachineTicks machineTicks() const;
    std::string read(const char* name) const;

    std::filesystem::path m_proc;
    MachineTicks m_ticks;
    core::Instant m_at;
    core::Nanoseconds m_processCpu{};
    double m_lastMachineCpu = 0;
};

/// What this machine is, for the head of a report: cpu, cores, cpu limit (of this process, by its control groups or its
/// affinity, where there is one), memory, kernel, os, host. The folders are others only in tests.
std::map<std::string, std::string> hostFacts(const std::filesystem::path& proc = "/proc",
                                             const std::filesystem::path& root = "/");

/// The wall clock, the monotonic clock and the boot id, read together.
core::ClockPair clockPair();

} // namespace services
