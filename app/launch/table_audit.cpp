// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/table_audit.h"

#include "core/event/event_id.h"
#include "services/archive/known_run.h"
#include "services/audit/audit.h"
#include "services/store/audited_table.h"
#include "services/store/store_search.h"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <utility>
#include <vector>

namespace app {

namespace {

/// The runs that may be in the table.
struct AuditedRuns {
    std::optional<std::uint32_t> only; ///< the tag of the one that is asked for
    std::vector<core::KnownRun> known;
};

std::optional<std::uint32_t> readTag(const std::string& text) {
    std::uint32_t tag = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), tag);
    const bool whole = failed == std::errc() && end == text.data() + text.size() && tag < core::EventId::kRunTags;
    return whole ? std::optional(tag) : std::nullopt;
}

/// Of the table runs: a database without one, or that does not let us read it, knows nothing, and that is no error.
core::Status readStoredRuns(const core::StoreAddress& store, AuditedRuns& runs, const std::stop_token& stop) {
    constexpr std::uint32_t kMostRuns = 1'000;
    const auto reader = services::openStoreReader({.address = store});
    const auto listed = reader ? (*reader)->runs(kMostRuns, stop) : reader.error();
    if (!listed) {
        return listed.error().kind == core::ErrorKind::Transient ? listed.error() : core::Status();
    }
    for (const core::StoredRun& run : *listed) {
        const auto id = core::EventId::parse(run.id);
        const auto parts = id ? id->parts() : std::nullopt;
        if (!parts || (runs.only && parts->runTag != *runs.only)) {
            continue;
        }
        const auto head = (*reader)->runHead(run.id, stop);
        if (!head) {
            return head.error();
        }
        auto known = services::knownRunOfHead(head->value_or(""));
        if (known) {
            runs.known.push_back(std::move(*known));
        }
    }
    return {};
}

core::Result<AuditedRuns> runsOf(const AuditRequest& request, const std::stop_token& stop) {
    AuditedRuns runs;
    std::error_code none;
    if (!request.run.empty() && std::filesystem::exists(request.run, none)) {
        auto known = services::readKnownRun(request.run);
        if (!known) {
            return known.error();
        }
        runs.only = known->runTag;
        runs.known.push_back(std::move(*known));
        return runs;
    }
    if (!request.run.empty()) {
        const auto id = core::EventId::parse(request.run);
        const auto parts = id ? id->parts() : std::nullopt;
        runs.only = parts ? std::optional(parts->runTag) : readTag(request.run);
        if (!runs.only) {
            return core::invalid(
                fmt::format("'{}' is neither a folder or result.json of a run, nor a run's id or tag", request.run));
        }
    }
    const core::Status read = readStoredRuns(request.store, runs, stop);
    return read ? core::Result(std::move(runs)) : read.error();
}

} // namespace

core::Result<core::AuditReport> auditTable(const AuditRequest& request, AuditProgress& progress,
                                           const std::stop_token& stop) {
    const auto table = services::openAuditedTable({.address = request.store}, request.table, stop);
    if (!table) {
        return table.error();
    }
    const auto runs = runsOf(request, stop);
    if (!runs) {
        return runs.error();
    }
    progress.of.store((*table)->facts().rows, std::memory_order_relaxed);
    return services::audit(**table, runs->known, runs->only, progress.rows, stop);
}

} // namespace app
