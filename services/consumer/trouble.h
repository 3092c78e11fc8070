// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <mutex>
#include <string>
#include <utility>

namespace services {

/// What is wrong, in words, for any thread to read; empty: all is well.
class Trouble {
public:
    void set(std::string text) {
        const std::scoped_lock lock(m_mutex);
        m_text = std::move(text);
    }
    /// True: it is the first.
    bool setFirst(const std::string& text) {
        const std::scoped_lock lock(m_mutex);
        const bool first = m_text.empty();
        m_text = first ? text : m_text;
        return first;
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
