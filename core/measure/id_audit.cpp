// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/id_audit.h"

#include <algorithm>
#include <map>
#include <unordered_set>
#include <utility>

namespace core {

namespace {

constexpr std::size_t kEarly = 1'024;           // latencies of a run before it gets a histogram
constexpr std::uint64_t kLookEvery = 1U << 18U; // rows between two looks at the memory
constexpr std::uint64_t kSparsest = 64;         // one sequence number in so many is stored at least
constexpr std::size_t kKeys = std::size_t{EventId::kRunTags} << 8U;

/// What of a set of sequence numbers can have been counted up from 0.
SequenceSet countedUp(const SequenceSet& set) {
    const auto runs = set.intervals();
    std::uint64_t sum = 0;
    std::size_t dense = 0; // so many of the runs
    for (std::size_t i = 0; i < runs.size(); ++i) {
        sum += runs[i].second - runs[i].first;
        dense = sum > (runs[i].second - 1) / kSparsest ? i + 1 : dense;
    }
    SequenceSet counted;
    for (std::size_t i = 0; i < dense; ++i) {
        counted.insertRange(runs[i].first, runs[i].second);
    }
    return counted;
}

} // namespace

std::uint64_t AuditedStream::first() const {
    return stored.intervals().front().first;
}

std::uint64_t AuditedStream::last() const {
    return stored.intervals().back().second - 1;
}

std::uint64_t AuditedRun::stored() const {
    std::uint64_t sum = 0;
    for (const AuditedStream& stream : streams) {
        sum += stream.stored.size();
    }
    return sum;
}

std::uint64_t AuditedRun::doubled() const {
    std::uint64_t sum = 0;
    for (const AuditedStream& stream : streams) {
        sum += stream.doubled;
    }
    return sum;
}

std::uint64_t AuditedRun::gaps() const {
    std::uint64_t sum = 0;
    for (const AuditedStream& stream : streams) {
        sum += stream.gaps();
    }
    return sum;
}

IdAudit::Stream& IdAudit::streamOf(std::uint32_t key) {
    if (m_lastStream == nullptr || m_lastKey != key) {
        m_lastKey = key;
        m_lastStream = &m_streams[key];
    }
    return *m_lastStream;
}

IdAudit::Run& IdAudit::runOf(std::uint32_t tag) {
    if (m_lastRun == nullptr || m_lastTag != tag) {
        m_lastTag = tag;
        m_lastRun = &m_runs[tag];
    }
    return *m_lastRun;
}

bool IdAudit::mayBeOurs(const EventIdParts& parts) const {
    if (!m_options.used.empty()) {
        return parts.stream < m_options.used.size() && parts.sequence < m_options.used[parts.stream];
    }
    return m_options.mostRows == 0 || parts.sequence / kSparsest <= std::max(m_options.mostRows, SequenceSet::kChunk);
}

void IdAudit::add(const std::optional<EventId>& id, std::optional<WallTime> storedAt) {
    if (++m_rows % kLookEvery == 0) {
        stayWithinMemory();
    }
    const auto parts = id ? id->parts() : std::nullopt;
    if (!parts) {
        ++m_foreign;
        return;
    }
    if (m_options.onlyTag && parts->runTag != *m_options.onlyTag) {
        ++m_otherRuns;
        return;
    }
    if (!mayBeOurs(*parts)) {
        ++m_foreign;
        return;
    }
    Stream& stream = streamOf(keyOf(parts->runTag, parts->stream));
    stream.doubled += stream.stored.insert(parts->sequence) ? 0 : 1;
    Run& run = runOf(parts->runTag);
    run.firstDue = std::min(run.firstDue, parts->due);
    run.lastDue = std::max(run.lastDue, parts->due);
    if (storedAt) {
        recordLatency(run, *storedAt - parts->due);
    } else {
        ++run.withoutTime;
    }
}

/// A histogram of a few values that lie far apart takes a hundred kilobytes: only runs worth it get one.
void IdAudit::recordLatency(Run& run, Nanoseconds latency) {
    const auto micros = std::chrono::floor<std::chrono::microseconds>(latency);
    if (micros.count() < 0) {
        ++run.negative;
    } else if (run.latency.count() > 0) {
        run.latency.record(micros);
    } else {
        run.early.push_back(micros.count());
        if (run.early.size() == kEarly) {
            for (const std::int64_t each : std::exchange(run.early, {})) {
                run.latency.record(std::chrono::microseconds(each));
            }
        }
    }
}

std::size_t IdAudit::memory() const {
    constexpr std::size_t kNode = 4 * sizeof(void*); // of a hash table
    std::size_t bytes = 0;
    for (const auto& [key, stream] : m_streams) {
        bytes += kNode + sizeof(key) + sizeof(stream) + stream.stored.memory();
    }
    for (const auto& [tag, run] : m_runs) {
        bytes += kNode + sizeof(tag) + sizeof(run) + run.early.capacity() * sizeof(std::int64_t) +
                 (run.latency.count() > 0 ? LatencyBuckets::kCount * sizeof(std::uint64_t) : 0);
    }
    return bytes;
}

/// Its rows so far are foreign.
void IdAudit::drop(std::uint32_t key) {
    const auto found = m_streams.find(key);
    m_dropped.resize(kKeys);
    m_dropped[key] = true;
    m_foreign += found->second.stored.size() + found->second.doubled;
    m_streams.erase(found);
}

void IdAudit::stayWithinMemory() {
    if (memory() <= m_options.mostMemory) {
        return;
    }
    m_lastStream = nullptr;
    m_lastRun = nullptr;
    std::vector<std::uint32_t> sparse;
    for (const auto& [key, stream] : m_streams) {
        if (countedUp(stream.stored).size() == 0) {
            sparse.push_back(key);
        }
    }
    std::ranges::for_each(sparse, [this](std::uint32_t key) { drop(key); });
    dropEmptyRuns();
    while (memory() > m_options.mostMemory && !m_streams.empty()) { // made up to cost much
        drop(std::ranges::max_element(m_streams, {}, [](const auto& each) {
                 return each.second.stored.memory();
             })->first);
        dropEmptyRuns();
    }
}

void IdAudit::dropEmptyRuns() {
    std::unordered_set<std::uint32_t> tags;
    for (const auto& each : m_streams) {
        tags.insert(each.first >> 8U);
    }
    std::erase_if(m_runs, [&tags](const auto& each) { return !tags.contains(each.first); });
}

IdAudit::Findings IdAudit::finish() {
    Findings findings;
    findings.rows = m_rows;
    std::map<std::uint32_t, AuditedRun> runs;
    for (auto& [key, stream] : m_streams) {
        SequenceSet counted = m_options.used.empty() ? countedUp(stream.stored) : std::move(stream.stored);
        if (m_options.used.empty()) {
            m_foreign += stream.stored.size() - counted.size();
        }
        if (counted.size() == 0) {
            m_foreign += stream.doubled;
            continue;
        }
        AuditedRun& run = runs[key >> 8U];
        run.complete = run.complete && (m_dropped.empty() || !m_dropped[key]);
        run.streams.push_back({static_cast<std::uint8_t>(key & 0xffU), std::move(counted), stream.doubled});
    }
    for (auto& [tag, found] : runs) {
        Run& run = m_runs[tag];
        for (const std::int64_t each : run.early) {
            run.latency.record(std::chrono::microseconds(each));
        }
        found.runTag = tag;
        found.firstDue = run.firstDue;
        found.lastDue = run.lastDue;
        found.latency = std::move(run.latency);
        found.negative = run.negative;
        found.withoutTime = run.withoutTime;
        std::ranges::sort(found.streams, {}, &AuditedStream::stream);
        findings.runs.push_back(std::move(found));
    }
    std::ranges::sort(findings.runs, {}, &AuditedRun::firstDue);
    findings.otherRuns = m_otherRuns;
    findings.foreign = m_foreign;
    return findings;
}

} // namespace core
