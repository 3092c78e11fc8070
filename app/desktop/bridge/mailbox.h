#pragma once

#include <mutex>
#include <utility>
#include <vector>

namespace app {

/// Values on their way to another thread, in order. A queued signal without arguments says that there are some: what
/// travels inside Qt's own events is invisible to ThreadSanitizer, and this is not.
template <typename T>
class Mailbox {
public:
    void put(T value) {
        const std::scoped_lock lock(m_mutex);
        m_values.push_back(std::move(value));
    }
    /// As put(), but in place of the last value where that is out of date now.
    template <typename IsOutOfDate>
    void putInPlaceOf(T value, IsOutOfDate isOutOfDate) {
        const std::scoped_lock lock(m_mutex);
        if (!m_values.empty() && isOutOfDate(m_values.back())) {
            m_values.pop_back();
        }
        m_values.push_back(std::move(value));
    }
    /// All that came since the last call.
    std::vector<T> take() {
        const std::scoped_lock lock(m_mutex);
        return std::exchange(m_values, {});
    }

private:
    std::mutex m_mutex;
    std::vector<T> m_values;
};

} // namespace app
