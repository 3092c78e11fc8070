// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/broker.h"
#include "core/ports/filter.h"
#include "core/ports/store.h"

#include <memory>
#include <string>
#include <string_view>

/// Ways to end this process as kill -9 does, at a chosen point of the consumer's work. Test programs only: decorators
/// around the ports, so that the consumer itself knows nothing of it.
namespace faults {

/// Where to die, and at which time of passing there: "after-poll:250". Empty: nowhere.
class CrashPlan {
public:
    explicit CrashPlan(std::string_view text);
    void pass(std::string_view point); ///< does not return from the chosen point

private:
    std::string m_point;
    long m_left = 0;
};

/// Points: after-poll (a message), before-mirror, at-revoke, after-revoke.
std::unique_ptr<core::Subscriber> withCrashes(std::unique_ptr<core::Subscriber> inner,
                                              std::unique_ptr<core::AssignmentListener> listener, CrashPlan& plan);
std::unique_ptr<core::AssignmentListener> withCrashes(core::AssignmentListener& inner, CrashPlan& plan);

/// Points: after-lookup, after-commit (before the filter is told), after-remember.
std::unique_ptr<core::DuplicateFilter> withCrashes(std::unique_ptr<core::DuplicateFilter> inner, CrashPlan& plan);

/// Point: before-commit. With `early` this is the mutation that must lose events (contract.md, D1): the filter is
/// told before the commit.
std::unique_ptr<core::StoreSession> withCrashes(std::unique_ptr<core::StoreSession> inner,
                                                std::unique_ptr<core::DuplicateFilter> early, CrashPlan& plan);

} // namespace faults
