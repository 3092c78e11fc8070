// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/archive/run_head.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <random>
#include <utility>

namespace services {

constexpr std::chrono::hours kMostPauses{400 * 24};

RunHead newRunHead(core::ClockPair now, std::uint32_t streams, core::Nanoseconds longest) {
    using namespace std::chrono;
    RunHead head;
    head.clocks = std::move(now);
    std::random_device random;
    head.identity.runTag = random() % core::EventId::kRunTags;
    head.identity.streams = streams;
    head.identity.from = head.clocks.wall - 1ms;
    head.identity.until = head.clocks.wall + longest + kMostPauses;
    const std::uint64_t tail = (static_cast<std::uint64_t>(random()) << 32U | random()) % core::EventId::kSequences;
    head.id = core::EventId::compose({head.clocks.wall, head.identity.runTag, 0, tail}).text();
    const auto millis = duration_cast<milliseconds>(head.clocks.wall.time_since_epoch());
    head.started =
        fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                    fmt::gmtime(system_clock::to_time_t(time_point_cast<system_clock::duration>(head.clocks.wall))),
                    millis.count() % 1'000);
    return head;
}

RunHead headOf(const core::RunOrder& order) {
    RunHead head;
    head.id = order.id;
    head.started = order.started;
    head.clocks = {order.wall, order.monotonic, {}};
    head.identity.runTag = order.runTag;
    head.identity.streams = order.streams;
    head.identity.from = order.from;
    head.identity.until = order.until;
    return head;
}

} // namespace services
