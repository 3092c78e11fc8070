#include "core/verdict/result_file.h"

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
    for (const auto metric : kMetrics) {
        of(first.latency, metric).add(of(second.latency, metric));
    }
}

} // namespace

SampleSeries::SampleSeries(std::size_t capacity) : m_capacity(capacity) {
    assert(capacity >= 2);
}

void SampleSeries::append(Sample sample) {
    if (!m_samples.empty() && m_inLast < m_perSample) {
        core::append(m_samples.back(), sample);
        ++m_inLast;
        return;
    }
    if (m_samples.size() == m_capacity) {
        halve();
        append(std::move(sample));
        return;
    }
    m_samples.push_back(std::move(sample));
    m_inLast = 1;
}

void SampleSeries::halve() {
    const auto pairs = m_samples.size() / 2;
    const bool odd = m_samples.size() % 2 != 0;
    for (std::size_t i = 0; i < pairs; ++i) {
        auto merged = std::move(m_samples[2 * i]);
        core::append(merged, m_samples[2 * i + 1]);
        m_samples[i] = std::move(merged);
    }
    if (odd) {
        m_samples[pairs] = std::move(m_samples.back());
    }
    m_samples.resize(pairs + (odd ? 1 : 0));
    m_inLast = odd ? m_perSample : 2 * m_perSample;
    m_perSample *= 2;
}

const std::vector<Sample>& SampleSeries::samples() const {
    return m_samples;
}

} // namespace core
