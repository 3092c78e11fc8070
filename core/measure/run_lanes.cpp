// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/run_lanes.h"

#include <algorithm>
#include <utility>

namespace core {

RunLanes::RunLanes(std::vector<StreamName> streams, std::size_t workers, std::vector<std::string> spans)
    : m_names(std::move(streams)), m_times(std::move(spans)) {
    for (std::size_t i = 0; i < m_names.size(); ++i) {
        auto lanes = std::make_unique<StreamLanes>();
        for (std::size_t span = 0; span < m_times.spans(); ++span) {
            lanes->sending.spanSendDelay.push_back(std::make_unique<HistogramLane>());
            lanes->delivery.spanAck.push_back(std::make_unique<HistogramLane>());
        }
        m_streams.push_back(std::move(lanes));
    }
    for (std::size_t i = 0; i < workers; ++i) {
        auto lane = std::make_unique<WorkerLane>();
        for (std::size_t stream = 0; stream < m_names.size(); ++stream) {
            lane->streams.push_back(std::make_unique<WorkerStreamLane>());
        }
        for (std::size_t span = 0; span < m_times.spans(); ++span) {
            lane->spanEndToEnd.push_back(std::make_unique<HistogramLane>());
            lane->spanStored.push_back(std::make_unique<Counter>());
            lane->spanStoredUntil.push_back(std::make_unique<Counter>());
        }
        m_workers.push_back(std::move(lane));
    }
}

Snapshot RunLanes::snapshot(Instant at) const {
    Snapshot result;
    result.at = at;
    result.sinceStart = m_times.sinceOrigin(at);
    result.streams.resize(m_names.size());
    for (const auto& lane : m_workers) {
        readWorker(*lane, result);
    }
    for (std::size_t i = 0; i < m_names.size(); ++i) {
        readStream(i, result.streams[i]);
        result.measuredPlanned += m_streams[i]->sending.measuredPlanned.value();
        result.negativeLatencies += m_streams[i]->sending.sendDelay.negative() + m_streams[i]->delivery.ack.negative();
    }
    for (std::size_t span = 0; span < m_times.spans(); ++span) {
        readSpan(span, result.spans.emplace_back());
    }
    readOverruns(result);
    const std::uint64_t acked = result.producer().acked;
    const std::uint64_t own = result.consumer.polled - std::min(result.consumer.polled, result.consumer.foreign);
    result.backlog = acked - std::min(acked, own);
    return result;
}

void RunLanes::readStream(std::size_t i, StreamSnapshot& into) const {
    const StreamLanes& lanes = *m_streams[i];
    into.name = m_names[i].name;
    into.tier = m_names[i].tier;
    into.producer.acked = lanes.delivery.acked.value();
    into.producer.failed = lanes.delivery.failed.value() + lanes.sending.refused.value();
    into.producer.inDoubt = lanes.delivery.inDoubt.value();
    into.producer.shed = lanes.sending.shed.value();
    into.producer.unsent = lanes.sending.unsent.value();
    // An event's report may come before its sending thread has counted it.
    into.producer.sent =
        std::max(lanes.sending.sent.value(), into.producer.acked + into.producer.failed + into.producer.inDoubt);
    into.producer.planned = std::max(lanes.sending.planned.value(), into.producer.sent + into.producer.unsent);
    lanes.sending.sendDelay.addTo(of(into.latency, Metric::SendDelay));
    lanes.sending.wakeDelay.addTo(into.wakeDelay);
    lanes.delivery.ack.addTo(of(into.latency, Metric::Ack));
    lanes.delivery.ackUncorrected.addTo(of(into.latency, Metric::AckUncorrected));
    for (const auto& worker : m_workers) {
        const WorkerStreamLane& lane = *worker->streams[i];
        into.stored += lane.stored.value();
        into.duplicate += lane.duplicate.value();
        into.deadLettered += lane.deadLettered.value();
        lane.processing.addTo(of(into.latency, Metric::Processing));
        lane.endToEnd.addTo(of(into.latency, Metric::EndToEnd));
        lane.endToEndUncorrected.addTo(of(into.latency, Metric::EndToEndUncorrected));
        lane.processingExemplars.addTo(into.processingExemplars);
        lane.endToEndExemplars.addTo(into.endToEndExemplars);
    }
}

void RunLanes::readWorker(const WorkerLane& lane, Snapshot& into) const {
    into.consumer.polled += lane.polled.value();
    into.consumer.stored += lane.stored.value();
    into.consumer.duplicateFilter += lane.duplicateFilter.value();
    into.consumer.duplicateBatch += lane.duplicateBatch.value();
    into.consumer.duplicateStore += lane.duplicateStore.value();
    into.consumer.deadLettered += lane.deadLettered.value();
    into.consumer.foreign += lane.foreign.value();
    into.consumer.abandoned += lane.abandoned.value();
    into.measuredDone += lane.measuredDone.value();
    into.filterBypassed += lane.filterBypassed.value();
    into.offsetGap += lane.offsetGap.value();
    into.reordered += lane.reordered.value();
    for (const auto& stream : lane.streams) {
        into.negativeLatencies += stream->endToEnd.negative();
    }
}

void RunLanes::readOverruns(Snapshot& into) const {
    constexpr Nanoseconds kAllowed = std::chrono::seconds(1);
    std::optional<Nanoseconds> fastest; // worked out only for a pipeline that is late
    const auto overrun = [&](std::uint64_t doneUntil, Instant end) {
        const Instant done{Nanoseconds(doneUntil)};
        if (done <= end || done - end <= kAllowed) { // a service measures without end
            return Nanoseconds{};
        }
        if (!fastest) {
            fastest = std::chrono::microseconds(into.latency(Metric::EndToEnd).min().value_or(0));
        }
        return std::max(Nanoseconds{}, done - end - kAllowed - *fastest);
    };
    std::uint64_t doneUntil = 0;
    for (const auto& worker : m_workers) {
        doneUntil = std::max(doneUntil, worker->measuredDoneUntil.value());
    }
    into.measuredOverrun = overrun(doneUntil, m_times.measuredUntil());
    for (std::size_t span = 0; span < m_times.spans(); ++span) {
        std::uint64_t storedUntil = 0;
        for (const auto& worker : m_workers) {
            storedUntil = std::max(storedUntil, worker->spanStoredUntil[span]->value());
        }
        into.spans[span].overrun = overrun(storedUntil, m_times.spanUntil(span));
    }
}

void RunLanes::readSpan(std::size_t i, SpanSnapshot& into) const {
    into.name = m_times.spanName(i);
    for (const auto& stream : m_streams) {
        stream->sending.spanSendDelay[i]->addTo(of(into.latency, Metric::SendDelay));
        stream->delivery.spanAck[i]->addTo(of(into.latency, Metric::Ack));
    }
    for (const auto& worker : m_workers) {
        worker->spanEndToEnd[i]->addTo(of(into.latency, Metric::EndToEnd));
        into.stored += worker->spanStored[i]->value();
    }
    into.planned = of(into.latency, Metric::SendDelay).count();
}

} // namespace core
