// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/store.h"
#include "core/result.h"
#include "core/units.h"
#include "services/run/store_call.h"

#include <functional>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>

namespace services {

/// Questions to the store for a thread that must not block but can wait: it ticks until the answer is there. One
/// thread.
class AwaitedStore {
public:
    struct Waiting {
        std::function<void()> tick; ///< several times a second
        /// How long a stop that is in a hurry leaves for an answer; nothing: there is none.
        std::function<std::optional<core::Nanoseconds>()> stopLimit;
    };

    /// `call` may be shared with others that do not wait.
    AwaitedStore(core::Store& store, StoreCall& call, Waiting waiting)
        : m_store(store), m_call(call), m_waiting(std::move(waiting)) {}

    /// What `question` makes of the store; asked again while it is a transient error, until `until` or a stop that is
    /// in a hurry. Nothing where the answer does not come within the time that a stop leaves for it; later ones
    /// neither.
    template <typename Question>
    std::optional<std::invoke_result_t<Question, core::Store&>> ask(const Question& question, core::Instant until) {
        using namespace std::chrono_literals;
        for (;;) {
            if (!await()) {
                return std::nullopt;
            }
            const auto answer = m_call.begin([this, question] { return question(m_store); });
            if (!await()) {
                return std::nullopt;
            }
            if (**answer || (**answer).error().kind != core::ErrorKind::Transient || m_waiting.stopLimit() ||
                Clock::now() >= until) {
                return std::move(*answer);
            }
            for (const core::Instant again = Clock::now() + 200ms; Clock::now() < again;) {
                m_waiting.tick();
                std::this_thread::sleep_for(20ms);
            }
        }
    }

private:
    using Clock = std::chrono::steady_clock;

    /// Until the call that is on is over. False: a stop leaves no more time for it.
    bool await() {
        for (const core::Instant begin = Clock::now(); m_call.on();) {
            const auto limit = m_waiting.stopLimit();
            m_late = m_late || (limit && Clock::now() - begin > *limit);
            if (m_late) {
                return false;
            }
            m_waiting.tick();
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        return true;
    }

    core::Store& m_store;
    StoreCall& m_call;
    Waiting m_waiting;
    bool m_late = false; // nobody waits for it any more
};

} // namespace services
