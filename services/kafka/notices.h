// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>

namespace services {

/// Sentences about faults, from the threads that meet them to the one that asks. Any thread.
class Notices {
public:
    void post(std::string sentence) {
        const std::scoped_lock lock(m_mutex);
        if (m_sentences.size() < kMost) {
            m_sentences.push_back(std::move(sentence));
        }
    }

    /// Only the first of each kind.
    void postOnce(const std::string& kind, const std::function<std::string()>& sentence) {
        {
            const std::scoped_lock lock(m_mutex);
            if (!m_kinds.insert(kind).second) {
                return;
            }
        }
        post(sentence());
    }

    /// The oldest that has not been taken yet.
    std::optional<std::string> pop() {
        const std::scoped_lock lock(m_mutex);
        if (m_sentences.empty()) {
            return std::nullopt;
        }
        std::optional<std::string> first(std::move(m_sentences.front()));
        m_sentences.pop_front();
        return first;
    }

private:
    static constexpr std::size_t kMost = 100; // where nobody asks, memory stays bounded
    std::mutex m_mutex;
    std::deque<std::string> m_sentences;
    std::set<std::string> m_kinds; // that were posted once
};

} // namespace services
