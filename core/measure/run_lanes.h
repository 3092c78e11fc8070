// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/recorder.h"
#include "core/measure/snapshot.h"

#include <memory>
#include <string>
#include <vector>

namespace core {

/// All lanes of a run: created before its threads, read by whoever wants a snapshot, alive until they are joined.
class RunLanes {
public:
    struct StreamName {
        std::string name;
        Tier tier = Tier::Normal;
    };

    RunLanes(std::vector<StreamName> streams, std::size_t workers, std::vector<std::string> spans);

    RunTimes& times() { return m_times; }
    const RunTimes& times() const { return m_times; }
    StreamLanes& stream(std::size_t i) { return *m_streams[i]; }
    WorkerLane& worker(std::size_t i) { return *m_workers[i]; }

    /// Everything since the start but for the parts' lengths, which the run's clock knows. Any thread. Counters that
    /// the deliveries write are read before the ones that the streams write, so that no event seems to be acked before
    /// it was sent.
    Snapshot snapshot(Instant at) const;

private:
    void readStream(std::size_t i, StreamSnapshot& into) const;
    void readWorker(const WorkerLane& lane, Snapshot& into) const;
    void readSpan(std::size_t i, SpanSnapshot& into) const;
    void readOverruns(Snapshot& into) const;

    std::vector<StreamName> m_names;
    RunTimes m_times;
    std::vector<std::unique_ptr<StreamLanes>> m_streams;
    std::vector<std::unique_ptr<WorkerLane>> m_workers;
};

} // namespace core
