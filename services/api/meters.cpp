// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/api/meters.h"

#include <array>

namespace services {
namespace {

using core::Metric;
using core::Snapshot;
using Kind = Meter::Kind;

double number(std::uint64_t count) {
    return static_cast<double>(count);
}

core::LatencyHistogram wakeDelay(const Snapshot& snapshot) {
    return summed(snapshot).streams.front().wakeDelay;
}

constexpr bool PartRoles::* kProducer = &PartRoles::producer;
constexpr bool PartRoles::* kConsumer = &PartRoles::consumer;

constexpr std::array kMeters{
    Meter{"load.generator.logs.generated", "load_generator_logs_generated_total", "Events handed to the Kafka client",
          "events", Kind::Count, kProducer, [](const Snapshot& s) { return number(s.producer().sent); }},
    Meter{"kafka.producer.send.success", "kafka_producer_send_success_total", "Events that Kafka acknowledged",
          "events", Kind::Count, kProducer, [](const Snapshot& s) { return number(s.producer().acked); }},
    Meter{"kafka.producer.send.failure", "kafka_producer_send_failure_total",
          "Events that Kafka refused, or that it may not have", "events", Kind::Count, kProducer,
          [](const Snapshot& s) { return number(s.producer().failed + s.producer().inDoubt); }},
    Meter{"kafka.producer.send.time", "kafka_producer_send_time_seconds",
          "From an event's due time to its acknowledgement", "seconds", Kind::Timer, kProducer, nullptr,
          [](const Snapshot& s) { return s.latency(Metric::Ack); }},
    Meter{"millrace.events.planned", "", "Events that were due", "events", Kind::Count, kProducer,
          [](const Snapshot& s) { return number(s.producer().planned); }},
    Meter{"millrace.events.unsent", "", "Events that could not be handed over in time", "events", Kind::Count,
          kProducer, [](const Snapshot& s) { return number(s.producer().unsent); }},
    Meter{"millrace.events.queued", "millrace_events_queued", "Events that wait for their acknowledgement", "events",
          Kind::Gauge, kProducer, [](const Snapshot& s) { return number(s.producer().queued()); }},
    Meter{"millrace.target.rate", "millrace_target_events_per_second", "Events per second that are planned now",
          "events", Kind::Gauge, kProducer, [](const Snapshot& s) { return targetOf(s).perSecond; }},
    Meter{"millrace.send.delay", "millrace_send_delay_seconds", "From an event's due time to its handing over",
          "seconds", Kind::Timer, kProducer, nullptr, [](const Snapshot& s) { return s.latency(Metric::SendDelay); }},
    Meter{"millrace.wake.delay", "millrace_wake_delay_seconds", "How late a stream's thread turned to an event",
          "seconds", Kind::Timer, kProducer, nullptr, wakeDelay},
    Meter{"log.processed.count", "log_processed_count_total", "Messages stored, or recognised as duplicates", "events",
          Kind::Count, kConsumer, [](const Snapshot& s) { return number(s.consumer.stored + s.consumer.duplicate()); }},
    Meter{"log.processing.errors", "log_processing_errors_total",
          "Messages that could not be read, or that the store refused: dead letters", "events", Kind::Count, kConsumer,
          [](const Snapshot& s) { return number(s.consumer.deadLettered); }},
    Meter{"log.processing.time", "", "From polling a message to its commit in the store", "seconds", Kind::Timer,
          kConsumer, nullptr, [](const Snapshot& s) { return s.latency(Metric::Processing); }},
    Meter{"millrace.end.to.end", "", "From an event's due time to its commit in the store", "seconds", Kind::Timer,
          kConsumer, nullptr, [](const Snapshot& s) { return s.latency(Metric::EndToEnd); }},
    Meter{"millrace.messages.stored", "", "Messages stored", "events", Kind::Count, kConsumer,
          [](const Snapshot& s) { return number(s.consumer.stored); }},
    Meter{"millrace.messages.duplicate", "", "Messages recognised as duplicates", "events", Kind::Count, kConsumer,
          [](const Snapshot& s) { return number(s.consumer.duplicate()); }},
    Meter{"millrace.messages.abandoned", "", "Messages polled and rolled back, to be polled again", "events",
          Kind::Count, kConsumer, [](const Snapshot& s) { return number(s.consumer.abandoned); }, nullptr, false},
    Meter{"millrace.filter.bypassed", "millrace_filter_bypassed_total",
          "Events not asked of the duplicate filter because it was unavailable", "events", Kind::Count, kConsumer,
          [](const Snapshot& s) { return number(s.filterBypassed); }, nullptr, false},
    Meter{"millrace.offset.gap", "millrace_offset_gap_total",
          "Messages that the broker had forgotten before they were read", "events", Kind::Count, kConsumer,
          [](const Snapshot& s) { return number(s.offsetGap); }, nullptr, false},
    Meter{"process.cpu.usage", "", "Cores that this process uses", "cores", Kind::Gauge, nullptr,
          [](const Snapshot& s) { return s.host.processCpu; }},
    Meter{"system.cpu.usage", "millrace_machine_cpu_cores_used", "Cores that the machine uses", "cores", Kind::Gauge,
          nullptr, [](const Snapshot& s) { return s.host.machineCpu; }},
    Meter{"process.memory.resident", "process_resident_memory_bytes", "Memory of this process", "bytes", Kind::Gauge,
          nullptr, [](const Snapshot& s) { return number(s.host.residentSet.count); }},
    Meter{"system.memory.available", "millrace_machine_memory_available_bytes", "Memory that the machine has left",
          "bytes", Kind::Gauge, nullptr, [](const Snapshot& s) { return number(s.host.memoryAvailable.count); }},
};

} // namespace

std::span<const Meter> allMeters() {
    return kMeters;
}

core::Snapshot ofTier(const core::Snapshot& snapshot, core::Tier tier) {
    core::Snapshot only = snapshot;
    std::erase_if(only.streams, [tier](const core::StreamSnapshot& stream) { return stream.tier != tier; });
    only.consumer = {};
    for (const core::StreamSnapshot& stream : only.streams) {
        only.consumer.stored += stream.stored;
        only.consumer.duplicateStore += stream.duplicate;
        only.consumer.deadLettered += stream.deadLettered;
    }
    return only;
}

} // namespace services
