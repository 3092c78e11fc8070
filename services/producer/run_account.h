// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fleet/member_report.h"
#include "core/measure/id_account.h"
#include "core/ports/event_account.h"
#include "core/ports/store.h"
#include "services/producer/send_delays.h"

#include <memory>
#include <mutex>
#include <vector>

namespace services {

/// The account of a run's own ids, stream by stream. Any thread; a lock for each stream.
class RunAccount final : public core::EventAccount {
public:
    /// `delayCapacity[i]` events of stream i keep their send delay.
    explicit RunAccount(const std::vector<std::size_t>& delayCapacity);

    void committed(std::span<const core::OwnFate> fates) override;
    std::optional<core::Nanoseconds> sendDelay(std::uint8_t stream, std::uint64_t sequence) const override;

    /// The stream's sending thread, before the event is handed over.
    void sending(std::uint8_t stream, std::uint64_t sequence, core::Nanoseconds delay);
    void delivered(std::uint8_t stream, std::uint64_t sequence, core::Delivery delivery);

    /// Replaces what the consumers said of stored ids, and of dead-lettered ones if it holds them, by what the store
    /// says. Errors: the store's; then neither is known.
    core::Status audit(core::Store& store, const core::RunIdentity& run, bool holdsDeadLetters);
    /// Sum over the streams; `lost` is before the undrained are taken off.
    core::IdCounts close() const;
    std::uint64_t stored() const; ///< ids
    /// Runs of acked sequences of a stream, for the journal.
    std::vector<std::pair<std::uint64_t, std::uint64_t>> acked(std::uint8_t stream) const;
    /// What the broker said of a stream's events, for whoever leads the run from elsewhere.
    core::StreamFates fates(std::uint8_t stream) const;
    /// What was said elsewhere of events `from` to `until` of a share, by its own numbers; any number of times.
    void delivered(const core::StreamShare& share, core::Delivery delivery, std::uint64_t from, std::uint64_t until);
    std::vector<std::uint64_t> inDoubt() const; ///< ids, by stream
    /// Ids that are stored though nobody has told what became of them, by stream: they count as in doubt from now on.
    std::vector<std::uint64_t> adoptUnreported();

private:
    struct Page {
        explicit Page(std::size_t delayCapacity) : delays(delayCapacity) {}
        mutable std::mutex mutex;
        core::IdAccount account;
        SendDelays delays;
    };
    std::vector<std::unique_ptr<Page>> m_pages;
};

} // namespace services
