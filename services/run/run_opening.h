// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/run/run.h"

#include <atomic>
#include <optional>
#include <stop_token>
#include <thread>

namespace services {

/// Run::start() on a thread of its own, for callers that have other things to look after meanwhile, such as Ctrl-C.
class RunOpening {
public:
    explicit RunOpening(RunOptions options);
    ~RunOpening(); ///< gives up, unless the run was taken, and joins

    bool done() const { return m_done.load(std::memory_order_acquire); }
    /// Begins no further step and cuts off what waits for a server: within 100 ms for PostgreSQL, a second for Kafka,
    /// 2 s for Redis. A run that was about to start may start all the same.
    void giveUp() { m_giveUp.request_stop(); }
    /// Waits for the end of the start, and hands over what came of it; once. Errors as Run::start().
    core::Result<std::unique_ptr<core::RunControl>> release();

private:
    std::stop_source m_giveUp; // not the thread's own, which would be asked to stop when a started run is joined
    std::atomic<bool> m_done{false};
    std::optional<core::Result<std::unique_ptr<core::RunControl>>> m_result; // the thread's until m_done
    std::jthread m_thread;
};

} // namespace services
