// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fleet/share_plan.h"
#include "core/measure/recorder.h"
#include "core/result.h"
#include "core/units.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What travels between the process that leads a run and the daemons that send and consume for it: plain values, and
/// their JSON. Instants are nanoseconds since the run's clock pair was taken, so that they mean the same everywhere.
namespace core {

/// Daemons of another number do not take part: what travels has another meaning there.
inline constexpr int kFleetProtocol = 1;

/// What a daemon does when nobody leads the run any more.
enum class ControllerLoss { Finish, Stop };
std::string_view nameOf(ControllerLoss loss); ///< "finish", "stop"
std::optional<ControllerLoss> controllerLossOf(std::string_view name);

/// What a daemon is told of a run before it begins.
struct RunOrder {
    int protocol = kFleetProtocol;
    std::string version; ///< of the program that leads the run, for people
    std::string id;
    std::string started; ///< RFC 3339
    std::uint32_t runTag = 0;
    std::uint32_t streams = 0;                                  ///< of the whole run, the live burst included
    WallTime from, until;                                       ///< as RunIdentity
    WallTime wall;                                              ///< of the run's clock pair
    Instant monotonic;                                          ///< of the same, on the daemon's own monotonic clock
    std::string scenario;                                       ///< the text, without a target
    std::vector<std::pair<std::string, std::string>> overrides; ///< of --set
    std::vector<StreamShare> shares;                            ///< of a producer
    ControllerLoss onControllerLoss = ControllerLoss::Finish;
    Nanoseconds lease{}; ///< nobody leads the run any more once nothing was heard for this long

    bool operator==(const RunOrder&) const = default;
};

/// Where the parts of a run lie, as far as it is known: what RunTimes holds.
struct PartTimes {
    Nanoseconds origin{};
    std::pair<Nanoseconds, Nanoseconds> measured;
    std::vector<std::pair<Nanoseconds, Nanoseconds>> spans;

    bool operator==(const PartTimes&) const = default;
};
PartTimes partTimesOf(const RunTimes& times, Instant base);
/// Spans beyond those that `times` has are left out.
void apply(const PartTimes& parts, Instant base, RunTimes& times);

/// All that a daemon was told of a run, for somebody else who leads it from now on.
struct RunTold {
    RunOrder order;
    std::optional<PartTimes> begun; ///< where its parts lie; nothing: it has not begun
    struct Command {
        std::uint64_t number = 0;
        Nanoseconds at{};
        std::string text; ///< as commandFromJson() reads it

        bool operator==(const Command&) const = default;
    };
    std::vector<Command> commands;

    bool operator==(const RunTold&) const = default;
};

std::string toJson(const RunOrder& order);
std::string toJson(const PartTimes& parts);
std::string toJson(const RunTold& told);
/// Invalid: it is none, or one of another protocol, which is named.
Result<RunOrder> runOrderFromJson(std::string_view text);
Result<PartTimes> partTimesFromJson(std::string_view text);
Result<RunTold> runToldFromJson(std::string_view text);

} // namespace core
