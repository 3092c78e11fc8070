// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

namespace app {

/// Values on their way to another thread, in order. The reader waits for them here; where it is the GUI thread, a
/// queued signal without arguments says that there are some: what travels inside Qt's own events is invisible to
/// ThreadSanitizer, and this is not.
template <typename T>
class Mailbox {
public:
    using Clock = std::chrono::steady_clock;

    void put(T value) {
        const std::scoped_lock lock(m_mutex);
        m_values.push_back(std::move(value));
        m_came.notify_one();
    }
    /// As put(), but in place of the last value where that is out of date now.
    template <typename IsOutOfDate>
    void putInPlaceOf(T value, IsOutOfDate isOutOfDate) {
        const std::scoped_lock lock(m_mutex);
        if (!m_values.empty() && isOutOfDate(m_values.back())) {
            m_values.pop_back();
        }
        m_values.push_back(std::move(value));
        m_came.notify_one();
    }
    /// All that came since the last call.
    std::vector<T> popAll() {
        const std::scoped_lock lock(m_mutex);
        return std::exchange(m_values, {});
    }
    /// The same; waits until there is something, `stop` is requested, or it is `until` (nothing: without an end).
    std::vector<T> wait(const std::stop_token& stop, std::optional<Clock::time_point> until = {}) {
        std::unique_lock lock(m_mutex);
        const auto hasSome = [this] { return !m_values.empty(); };
        if (until) {
            m_came.wait_until(lock, stop, *until, hasSome);
        } else {
            m_came.wait(lock, stop, hasSome);
        }
        return std::exchange(m_values, {});
    }

private:
    std::mutex m_mutex;
    std::condition_variable_any m_came;
    std::vector<T> m_values;
};

} // namespace app
