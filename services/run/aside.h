// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <thread>
#include <utility>

namespace services {

/// A call that may block, made on a thread of its own for one that must not. Destroying waits for its end, so what the
/// call uses outlives this.
template <typename Answer>
class Aside {
public:
    explicit Aside(std::function<Answer()> call) {
        std::packaged_task<Answer()> task(std::move(call));
        m_answer = task.get_future();
        m_body = std::jthread(std::move(task));
    }

    bool done() const { return m_answer.wait_for(std::chrono::seconds(0)) == std::future_status::ready; }
    Answer take() { return m_answer.get(); } ///< once; waits where it is not done

private:
    std::future<Answer> m_answer;
    std::jthread m_body;
};

} // namespace services
