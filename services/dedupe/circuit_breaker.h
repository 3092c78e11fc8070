// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/units.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace services {

/// Keeps a service that fails from being asked for a while: 1 s after the first failure, doubling to 10 s while it goes
/// on failing. Says so once when it opens and once when it closes.
class CircuitBreaker {
public:
    enum class Operation { Read, Write };

    bool allows(core::Instant now) const { return !m_open || now >= m_retryAt; }

    void failed(Operation operation, core::Instant now, const std::string& reason) {
        using namespace std::chrono_literals;
        m_pause = m_open ? std::min<core::Nanoseconds>(m_pause * 2, 10s) : core::Nanoseconds(1s);
        m_retryAt = now + m_pause;
        if (!m_open) {
            m_notice = "going on without the duplicate filter: " + reason;
        }
        m_open = true;
        m_writeFailed = operation == Operation::Write;
    }

    /// A service that reads but does not write (out of memory, a replica) is not well before it has written again.
    void succeeded(Operation operation) {
        if (!m_open || (m_writeFailed && operation == Operation::Read)) {
            return;
        }
        m_open = false;
        m_notice = "the duplicate filter is back";
    }

    bool open() const { return m_open; }
    std::optional<std::string> popNotice() { return std::exchange(m_notice, std::nullopt); }

private:
    bool m_open = false;
    bool m_writeFailed = false;
    core::Nanoseconds m_pause{};
    core::Instant m_retryAt;
    std::optional<std::string> m_notice;
};

} // namespace services
