// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <mutex>
#include <string>
#include <utility>

namespace services {

/// The fault that one thread is retrying, in words, for any thread to read; empty: all is well.
class Trouble {
public:
    void set(std::string text) {
        const std::scoped_lock lock(m_mutex);
        m_text = std::move(text);
    }
    void clear() { set({}); }
    std::string text() const {
        const std::scoped_lock lock(m_mutex);
        return m_text;
    }

private:
    mutable std::mutex m_mutex;
    std::string m_text; // guarded by m_mutex
};

} // namespace services
