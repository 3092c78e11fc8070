// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/http/client.h"

#include <functional>
#include <vector>

namespace services::http {

/// What is asked, and who gets the body of the answer.
struct Exchange {
    Method method = Method::Get;
    std::string_view target; ///< path and query
    std::string_view body{};
    std::vector<std::string> headers{};                 ///< lines
    bool endless = false;                               ///< an event stream: its silence is limited, not its time
    std::function<bool(std::string_view bytes)> take{}; ///< false: no more of it; does not throw
};

/// One exchange after another with one server, by libcurl. Of its owner's thread.
class Transfer {
public:
    static core::Result<std::unique_ptr<Transfer>> create(ClientOptions options, std::string base);
    ~Transfer();

    /// Ok: the answer is whole, or take() wanted no more. Errors as those of Client.
    core::Status perform(const Exchange& exchange, const std::stop_token& stop);

    // Of the last answer, from the first byte of its body on.
    int status() const;
    std::string type() const; ///< Content-Type; empty: none
    std::vector<Header> headers() const;

    core::Error failed(const Exchange& exchange, std::string_view why) const; ///< Transient

private:
    struct State;
    explicit Transfer(std::unique_ptr<State> state);
    core::Status outcomeOf(const Exchange& exchange, int code) const;
    std::unique_ptr<State> m_state;
};

} // namespace services::http
