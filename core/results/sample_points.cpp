// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/results/sample_points.h"

#include <algorithm>
#include <chrono>

namespace core {

namespace {

/// The interval as the window that it once was.
Window windowOf(const Sample& sample) {
    Window window;
    window.length = std::chrono::duration_cast<Nanoseconds>(std::chrono::duration<double>(sample.until - sample.from));
    window.producer = sample.producer;
    window.consumer = sample.consumer;
    window.latency = sample.latency.unpack();
    window.target = {sample.target};
    window.backlog = sample.backlog;
    return window;
}

Snapshot endOf(const Sample& sample) {
    Snapshot end;
    end.sinceStart = std::chrono::duration_cast<Nanoseconds>(std::chrono::duration<double>(sample.until));
    end.host.processCpu = sample.processCpu;
    end.host.machineCpu = sample.machineCpu;
    end.host.residentSet = sample.residentSet;
    return end;
}

} // namespace

LiveSeries liveSeriesOf(const std::vector<Sample>& samples) {
    // One level that holds all: nothing is added up, and nothing is lost of what the file holds.
    LiveSeries series({{1, std::max<std::size_t>(samples.size(), 2)}});
    for (const Sample& sample : samples) {
        if (sample.until > sample.from) {
            series.append(livePointOf(windowOf(sample), sample.from, endOf(sample)));
        }
    }
    return series;
}

std::vector<LatencyBin> latencyBinsOf(const std::vector<Sample>& samples) {
    std::vector<LatencyBin> bins = latencyBins(liveSeriesOf(samples));
    for (LatencyBin& bin : bins) {
        LatencyHistogram values;
        for (const Sample& sample : samples) {
            const double middle = (sample.from + sample.until) / 2; // clear of what rounding does to the edges
            if (sample.until > sample.from && middle > bin.since && middle < bin.until) {
                values.add(of(sample.latency.unpack(), Metric::EndToEnd));
            }
        }
        bin.figures = figuresOf(values);
    }
    return bins;
}

} // namespace core
