// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/store.h"
#include "core/units.h"
#include "services/run/run_mailbox.h"
#include "services/run/store_call.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace services {

/// Has the store's next partitions created in a long run, and says what was left undone. One thread; what it uses
/// outlives it.
class StoreUpkeep {
public:
    StoreUpkeep(core::Store& store, StoreCall& call, RunMailbox& mailbox);

    void tick(core::Instant now); ///< under load; at once

private:
    void noteShortcomings(core::Instant now);
    void warn(std::string sentence);

    core::Store& m_store;
    StoreCall& m_call;
    RunMailbox& m_mailbox;
    std::shared_ptr<std::optional<core::Status>> m_prepared; // of the call that is on
    core::Instant m_next;
    std::vector<std::string> m_leftUndone; // when it was prepared
};

} // namespace services
