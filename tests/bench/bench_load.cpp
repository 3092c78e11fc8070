// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/format/event_codec.h"
#include "core/load/event_generator.h"
#include "core/load/plan.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

/// What generating load costs on this machine, in nanoseconds each: due times, generated events, encoding and decoding.
/// Argument: a file to which the generated payloads are written, one a line, to see how they compress.

namespace {

using namespace std::chrono_literals;
using core::Arrival;
using core::Nanoseconds;
using core::WallTime;

constexpr WallTime kStart{Nanoseconds(1'800'000'000'000'000'000)};
constexpr std::uint64_t kEvents = 1'000'000;

template <typename Work>
void measure(const char* name, std::uint64_t times, Work work) {
    double best = 1e9;     // of three, in processor time: others may be at work on this machine
    std::uint64_t sum = 0; // printed, so that nothing is optimised away
    for (int i = 0; i < 3; ++i) {
        const std::clock_t begin = std::clock();
        sum += work();
        const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
        best = std::min(best, seconds * 1e9 / static_cast<double>(times));
    }
    std::printf("%-44s %8.1f ns  (%llx)\n", name, best, static_cast<unsigned long long>(sum));
}

void measureDue(const char* name, const core::Stage& stage, Arrival arrival) {
    const core::Schedule schedule({stage}, arrival, 1);
    measure(name, schedule.count(), [&] {
        core::DueReader reader;
        std::uint64_t sum = 0;
        for (std::uint64_t n = 0; n < schedule.count(); ++n) {
            sum += static_cast<std::uint64_t>(reader.due(schedule, n).count());
        }
        return sum;
    });
}

void measurePlan() {
    const core::Schedule schedule({core::ConstantStage{10s, {100'000}}}, Arrival::Even, 1);
    measure("plan: nextDue() and pop()", kEvents, [&] {
        core::Plan plan(schedule);
        std::uint64_t sum = 0;
        while (const auto due = plan.nextDue()) {
            sum += static_cast<std::uint64_t>(due->count());
            plan.pop();
        }
        return sum;
    });
}

void measureGenerator(const char* name, const core::EventShape& shape, const core::MessageLines* lines = nullptr) {
    measure(name, kEvents, [&] {
        core::EventGenerator generator(shape, 42, 0, 7, lines);
        std::uint64_t sum = 0;
        for (std::uint64_t n = 0; n < kEvents; ++n) {
            sum += generator.next(kStart + Nanoseconds(static_cast<std::int64_t>(n * 6'667))).payload.size();
        }
        return sum;
    });
}

void measureCodec() {
    core::EventGenerator generator({}, 42, 0, 7, nullptr);
    std::vector<std::string> payloads;
    for (int i = 0; i < 10'000; ++i) {
        payloads.emplace_back(generator.next(kStart + i * 100us).payload);
    }
    core::EventDecoder decoder;
    measure("decode, 285 bytes", kEvents, [&] {
        std::uint64_t sum = 0;
        for (std::uint64_t n = 0; n < kEvents; ++n) {
            const auto event = decoder.decode(payloads[n % payloads.size()], kStart);
            sum += std::get<core::Event>(event).message.size();
        }
        return sum;
    });
    std::string out;
    const auto event = std::get<core::Event>(decoder.decode(payloads.front(), kStart));
    measure("appendJson, 285 bytes", kEvents, [&] {
        std::uint64_t sum = 0;
        for (std::uint64_t n = 0; n < kEvents; ++n) {
            out.clear();
            appendJson(event, out);
            sum += out.size();
        }
        return sum;
    });
}

int writePayloads(const char* file) {
    std::FILE* out = std::fopen(file, "wb");
    if (out == nullptr) {
        std::perror(file);
        return 1;
    }
    core::EventGenerator generator({}, 42, 0, 7, nullptr);
    for (int i = 0; i < 100'000; ++i) {
        const auto payload = generator.next(kStart + i * 100us).payload;
        std::fwrite(payload.data(), 1, payload.size(), out);
        std::fputc('\n', out);
    }
    return std::fclose(out);
}

} // namespace

int main(int count, char** arguments) {
    if (count > 1) {
        return writePayloads(arguments[1]);
    }
    measureDue("due(n), constant", core::ConstantStage{10s, {150'000}}, Arrival::Even);
    measureDue("due(n), ramp", core::RampStage{10s, {200'000}}, Arrival::Even);
    measureDue("due(n), sine", core::SineStage{10s, {100'000}, {90'000}, 3s}, Arrival::Even);
    measureDue("due(n), Poisson", core::ConstantStage{10s, {150'000}}, Arrival::Poisson);
    measurePlan();
    core::EventShape shape;
    measureGenerator("generator, 285 bytes", shape);
    shape.key = core::ZipfKey{};
    measureGenerator("generator, Zipf keys", shape);
    shape.key = core::KeyById{};
    shape.size = {core::Bytes{200}, core::Bytes{2000}, core::SizeDistribution::Exponential};
    measureGenerator("generator, 200 to 2,000 bytes", shape);
    shape = {};
    shape.duplicates = {core::Ratio{0.01}, 10s};
    shape.unreadable = core::Ratio{0.001};
    measureGenerator("generator, 1 % duplicates, 0.1 % unreadable", shape);
    const auto lines = core::MessageLines::create(
        "Jan 31 12:00:00 host kernel: [ 12.345678] usb 1-1: new high-speed USB device number 2 using \"xhci_hcd\"\n",
        "sample");
    measureGenerator("generator, lines of a file", core::EventShape{}, &*lines);
    measureCodec();
    return 0;
}
