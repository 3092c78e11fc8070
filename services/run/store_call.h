// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/run/aside.h"

#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace services {

/// A call of the store for a thread that must not block. One at a time: the store takes no more. Destroying waits for
/// its end.
class StoreCall {
public:
    bool on() const { return m_call && !m_call->done(); }

    /// Where none is on. The answer is there as soon as the call is over.
    template <typename Call>
    std::shared_ptr<std::optional<std::invoke_result_t<Call>>> begin(Call call) {
        auto answer = std::make_shared<std::optional<std::invoke_result_t<Call>>>();
        m_call.emplace([answer, call = std::move(call)] { answer->emplace(call()); });
        return answer;
    }

private:
    std::optional<Aside<void>> m_call;
};

} // namespace services
