// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/recorder.h"

#include <cassert>
#include <utility>

namespace core {

namespace {

Instant instantOf(const std::atomic<std::int64_t>& nanoseconds) {
    return Instant(Nanoseconds(nanoseconds.load(std::memory_order_acquire)));
}

void keep(std::atomic<std::int64_t>& nanoseconds, Instant instant) {
    nanoseconds.store(instant.time_since_epoch().count(), std::memory_order_release);
}

} // namespace

RunTimes::RunTimes(std::vector<std::string> spanNames)
    : m_names(std::move(spanNames)), m_spans(std::make_unique<Part[]>(m_names.size())) {}

void RunTimes::setOrigin(Instant origin) {
    keep(m_origin, origin);
}

void RunTimes::setMeasured(Instant from, Instant until) {
    keep(m_measured.from, from);
    keep(m_measured.until, until);
}

void RunTimes::measureAll() {
    setMeasured(Instant(), Instant::max());
}

void RunTimes::setSpan(std::size_t span, Instant from, Instant until) {
    assert(span < m_names.size());
    keep(m_spans[span].from, from);
    keep(m_spans[span].until, until);
}

Instant RunTimes::origin() const {
    return instantOf(m_origin);
}

Nanoseconds RunTimes::sinceOrigin(Instant at) const {
    return origin() == Instant{} ? Nanoseconds{} : at - origin();
}

Instant RunTimes::measuredFrom() const {
    return instantOf(m_measured.from);
}

Instant RunTimes::measuredUntil() const {
    return instantOf(m_measured.until);
}

std::size_t RunTimes::spans() const {
    return m_names.size();
}

const std::string& RunTimes::spanName(std::size_t span) const {
    assert(span < m_names.size());
    return m_names[span];
}

Instant RunTimes::spanFrom(std::size_t span) const {
    assert(span < m_names.size());
    return instantOf(m_spans[span].from);
}

Instant RunTimes::spanUntil(std::size_t span) const {
    assert(span < m_names.size());
    return instantOf(m_spans[span].until);
}

} // namespace core
