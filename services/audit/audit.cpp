// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/audit/audit.h"

#include "core/text/figure_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace services {

namespace {

constexpr std::uint64_t kTellEvery = 4'096; // rows
constexpr core::Nanoseconds kClocksAgree = std::chrono::milliseconds(5);

std::string clockWarning(const core::AuditedTableFacts& facts) {
    const core::Nanoseconds apart = std::chrono::abs(facts.clockAhead);
    if (facts.storedAt == core::StoredAtSource::None || apart <= facts.clockError + kClocksAgree) {
        return {};
    }
    return fmt::format("The server's clock is {} {} this machine's: latencies of events that were sent from here are "
                       "wrong by about as much.",
                       core::durationText(apart), facts.clockAhead > core::Nanoseconds{} ? "ahead of" : "behind");
}

} // namespace

core::Result<core::AuditReport> audit(core::AuditedRows& table, const std::vector<core::KnownRun>& known,
                                      std::optional<std::uint32_t> only, std::atomic<std::uint64_t>& rows,
                                      const std::stop_token& stop) {
    const auto begin = std::chrono::steady_clock::now();
    const core::AuditedTableFacts& facts = table.facts();
    core::IdAudit::Options options{.onlyTag = only, .mostRows = facts.mostRows};
    if (const auto its = std::ranges::find(known, only.value_or(0), &core::KnownRun::runTag);
        only && its != known.end()) {
        options.used = its->used();
    }
    core::IdAudit ids(std::move(options));
    std::uint64_t read = 0;
    const core::Status done = table.each(
        [&](const core::AuditedRow& row) {
            ids.add(row.id, row.storedAt);
            if (++read % kTellEvery == 0) {
                rows.store(read, std::memory_order_relaxed);
            }
        },
        stop);
    if (!done) {
        return done.error();
    }
    rows.store(read, std::memory_order_relaxed);
    core::AuditReport report = core::judgeAudit(ids.finish(), known, only);
    report.server = table.describe();
    report.table = facts.table;
    report.storedAt = facts.storedAtText;
    report.storedAtSource = nameOf(facts.storedAt);
    report.clockWarning = clockWarning(facts);
    report.seconds = core::secondsOf(std::chrono::steady_clock::now() - begin);
    return report;
}

} // namespace services
