// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/snapshot.h"
#include "core/ports/control.h"
#include "core/result.h"

#include <string>
#include <string_view>
#include <vector>

/// The door to a process that is served over HTTP: a producer, a consumer, a gateway, a local run.
namespace core {

/// Something outside that a process works with.
struct Component {
    std::string name; ///< "kafka", "postgresql", "redis"
    bool up = true;
    bool vital = true;    ///< without it the process is down
    std::string reason{}; ///< why it is not up, in a sentence
};

/// Any thread may call the members; none waits for a server.
class Part {
public:
    virtual ~Part() = default;
    virtual Snapshot snapshot() const = 0; ///< since the process' start; streams as in tierTotals(); without the host's
    virtual std::vector<Component> components() const = 0;
    virtual bool ready() const = 0; ///< it has begun its work
};

struct LoadState {
    enum class Activity { Idle, Running, Bursting, Paused } activity = Activity::Idle;
    std::string scenario;  ///< the name of what was started last
    std::string id;        ///< of its run
    ProducerCounts counts; ///< since the start or the last reset
    double seconds = 0;    ///< that these counts cover
    Rate target;           ///< as planned now
    bool started = false;  ///< what start() began is still on
};
std::string_view nameOf(LoadState::Activity activity); ///< "idle", "running", "bursting", "paused"

/// The load of a producer, which others start and steer. Any thread, several at a time.
class LoadControl {
public:
    virtual ~LoadControl() = default;
    virtual LoadState state() const = 0;
    /// Errors: Invalid: not a scenario, or one that asks for what only this machine's own configuration may name, or
    /// what was started before is still on; Transient: the broker does not answer.
    virtual Status start(std::string_view scenario) = 0;
    virtual Status command(const Command& command) = 0; ///< as RunControl's
    virtual void reset() = 0;                           ///< the counts of state() begin anew
};

} // namespace core
