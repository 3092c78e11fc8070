// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/results/result_file.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace core {

namespace {

/// The interval of both: counts are added, levels weighted by length, the backlog is the one at the end.
void append(Sample& first, const Sample& second) {
    const double firstLength = first.until - first.from;
    const double secondLength = second.until - second.from;
    const double length = firstLength + secondLength;
    const auto weighted = [=](double a, double b) {
        return length > 0 ? (a * firstLength + b * secondLength) / length : b;
    };
    first.target = weighted(first.target, second.target);
    first.processCpu = weighted(first.processCpu, second.processCpu);
    first.machineCpu = weighted(first.machineCpu, second.machineCpu);
    first.residentSet = std::max(first.residentSet, second.residentSet);
    first.backlog = second.backlog;
    first.until = second.until;
    first.producer += second.producer;
    first.consumer += second.consumer;
    first.latency.add(second.latency);
}

} // namespace

SampleSeries::SampleSeries(std::size_t capacity, TextSpool* spool) : m_capacity(capacity), m_spool(spool) {
    assert(capacity >= 2);
}

void SampleSeries::append(Sample sample) {
    if (m_last && m_inLast < m_perSample) {
        core::append(*m_last, sample);
        ++m_inLast;
        return;
    }
    closeLast();
    if (m_full.size() == m_capacity) {
        halve();
        append(std::move(sample));
        return;
    }
    m_last = std::move(sample);
    m_inLast = 1;
}

void SampleSeries::closeLast() {
    if (m_last) {
        m_full.push_back(kept(std::move(*m_last)));
    }
    m_last.reset();
}

SampleSeries::Kept SampleSeries::kept(Sample sample) {
    std::optional<TextSpool::Place> place;
    if (m_spool != nullptr && (place = m_spool->put(sample.latency.text()))) {
        // Moved away, for a string that becomes empty by assignment keeps its memory.
        [[maybe_unused]] const PackedHistograms gone = std::move(sample.latency);
    }
    return {std::move(sample), place};
}

/// What the spool cannot give back is missing in the time line; the run's own histograms do not depend on it.
Sample SampleSeries::whole(const Kept& kept) const {
    Sample sample = kept.sample;
    if (kept.place) {
        sample.latency = PackedHistograms::fromText(m_spool->get(*kept.place).value_or(std::string()));
    }
    return sample;
}

void SampleSeries::halve() {
    const std::vector<Kept> former = std::exchange(m_full, {});
    for (std::size_t i = 0; i + 1 < former.size(); i += 2) {
        Sample merged = whole(former[i]);
        core::append(merged, whole(former[i + 1]));
        m_full.push_back(kept(std::move(merged)));
    }
    m_inLast = m_perSample;
    m_perSample *= 2;
    if (former.size() % 2 != 0) {
        m_last = whole(former.back());
    }
    const auto first = std::ranges::find_if(m_full, [](const Kept& kept) { return kept.place.has_value(); });
    if (first != m_full.end()) {
        m_spool->dropUntil(first->place->from);
    }
}

std::vector<Sample> SampleSeries::samples() const {
    std::vector<Sample> samples;
    samples.reserve(m_full.size() + 1);
    for (const Kept& kept : m_full) {
        samples.push_back(whole(kept));
    }
    if (m_last) {
        samples.push_back(*m_last);
    }
    return samples;
}

} // namespace core
