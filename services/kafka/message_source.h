// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/browse/message_page.h"
#include "core/result.h"
#include "core/units.h"

#include <stop_token>

namespace services {

/// A topic that is read page by page, in both directions from where it started, and what comes. Every call blocks for
/// a bounded time and returns soon after a stop. One thread.
class MessageSource {
public:
    virtual ~MessageSource() = default;
    /// The first page: with FromLast so many of the newest, else as later().
    virtual core::Result<core::MessagePage> first(const std::stop_token& stop) = 0;
    /// The newest that fit of those before all that was shown; further back where few fit, up to the limits.
    virtual core::Result<core::MessagePage> earlier(const std::stop_token& stop) = 0;
    /// The oldest that fit of those behind all that was shown. Complete: it has come to where the log ended then.
    virtual core::Result<core::MessagePage> later(const std::stop_token& stop) = 0;
    /// What comes within `time` behind all that was shown, of it the newest that fit.
    virtual core::Result<core::MessagePage> next(core::Nanoseconds time, const std::stop_token& stop) = 0;
};

} // namespace services
