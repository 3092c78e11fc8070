// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/comparison_figures.h"

#include "core/text/figure_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace core {

namespace {

constexpr std::size_t kStretches = 10;
constexpr double kStudent = 2.262; // 95 %, 9 degrees of freedom

/// The intervals that lie within the measured part, by the marks of its phases.
std::vector<const Sample*> measuredSamples(const RunResult& run) {
    constexpr double kRounding = 0.05; // an interval closes up to this much beside the phase, in seconds
    double from = -std::numeric_limits<double>::infinity(), until = std::numeric_limits<double>::infinity();
    for (const auto& mark : run.timeline) {
        if (begins(mark, Phase::Stages)) {
            from = mark.seconds;
        } else if (begins(mark, Phase::Drain)) {
            until = mark.seconds;
        }
    }
    std::vector<const Sample*> samples;
    for (const auto& sample : run.samples) {
        if (sample.from >= from - kRounding && sample.until <= until + kRounding) {
            samples.push_back(&sample);
        }
    }
    return samples;
}

using Stretch = std::vector<const Sample*>;

/// Ten neighbouring stretches with about as many intervals each; none if there are too few.
std::vector<Stretch> stretchesOf(const RunResult& run) {
    const auto samples = measuredSamples(run);
    if (samples.size() < kStretches) {
        return {};
    }
    std::vector<Stretch> stretches(kStretches);
    for (std::size_t i = 0; i < samples.size(); ++i) {
        stretches[i * kStretches / samples.size()].push_back(samples[i]);
    }
    return stretches;
}

/// `figure` answers an optional number for a stretch.
template <typename Figure>
std::optional<double> uncertaintyOf(const RunResult& run, const Figure& figure) {
    std::vector<double> values;
    for (const auto& stretch : stretchesOf(run)) {
        const std::optional<double> value = figure(stretch);
        if (!value) {
            return std::nullopt;
        }
        values.push_back(*value);
    }
    if (values.empty()) {
        return std::nullopt;
    }
    const auto count = static_cast<double>(values.size());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
    double squares = 0;
    for (const double value : values) {
        squares += (value - mean) * (value - mean);
    }
    return kStudent * std::sqrt(squares / (count - 1) / count);
}

/// The events as a share of the planned ones, so that a load that changes by plan is no uncertainty.
std::optional<double> shareOfPlanned(const Stretch& stretch, std::uint64_t (*count)(const Sample&)) {
    std::uint64_t events = 0, planned = 0;
    for (const auto* const sample : stretch) {
        events += count(*sample);
        planned += sample->producer.planned;
    }
    return planned > 0 ? std::optional(static_cast<double>(events) / static_cast<double>(planned)) : std::nullopt;
}

ComparedFigure rateFigure(std::string name, double RunResult::* rate, std::uint64_t (*count)(const Sample&)) {
    return {std::move(name), FigureUnit::Rate, true, true, [rate, count](const RunResult& run) {
                const auto inStretch = [&run, count](const Stretch& stretch) -> std::optional<double> {
                    const auto share = shareOfPlanned(stretch, count);
                    return share ? std::optional(*share * run.targetRate) : std::nullopt;
                };
                return FigureOfRun{run.*rate, uncertaintyOf(run, inStretch)};
            }};
}

std::optional<double> percentileOf(const LatencyHistogram& histogram, double percentile) {
    const bool enough = histogram.count() >= valuesNeeded(percentile);
    return enough ? histogram.percentile(percentile) : std::nullopt;
}

ComparedFigure percentileFigure(std::string name, Metric metric, double percentile) {
    const auto inStretch = [metric, percentile](const Stretch& stretch) {
        LatencyHistogram sum;
        for (const auto* const sample : stretch) {
            sum.add(of(sample->latency.unpack(), metric));
        }
        return percentileOf(sum, percentile);
    };
    return {fmt::format("{} p{:g}", name, percentile), FigureUnit::Micros, false, true,
            [metric, percentile, inStretch](const RunResult& run) {
                return FigureOfRun{percentileOf(of(run.latency, metric), percentile), uncertaintyOf(run, inStretch)};
            }};
}

ComparedFigure maximumFigure() {
    return {"end-to-end max", FigureUnit::Micros, false, false,
            [](const RunResult& run) { return FigureOfRun{of(run.latency, Metric::EndToEnd).max(), std::nullopt}; }};
}

ComparedFigure countFigure(std::string name, std::function<std::uint64_t(const RunResult&)> count) {
    return {std::move(name), FigureUnit::Count, false, true, [count = std::move(count)](const RunResult& run) {
                return FigureOfRun{static_cast<double>(count(run)), std::nullopt};
            }};
}

/// Not known of a run whose ledger was never closed.
ComparedFigure idFigure(std::string name, std::uint64_t IdCounts::* count) {
    return {std::move(name), FigureUnit::Count, false, true, [count](const RunResult& run) {
                const auto known = static_cast<double>(run.ledger.ids.*count);
                return FigureOfRun{run.ledger.closed ? std::optional(known) : std::nullopt, std::nullopt};
            }};
}

std::uint64_t highestBacklog(const RunResult& run) {
    std::uint64_t highest = 0;
    for (const auto& sample : run.samples) {
        highest = std::max(highest, sample.backlog);
    }
    return highest;
}

/// The mean over the measured part.
FigureOfRun processCpu(const RunResult& run) {
    const auto mean = [](const std::vector<const Sample*>& samples) -> std::optional<double> {
        double sum = 0, length = 0;
        for (const auto* const sample : samples) {
            sum += sample->processCpu * (sample->until - sample->from);
            length += sample->until - sample->from;
        }
        return length > 0 ? std::optional(sum / length) : std::nullopt;
    };
    return {mean(measuredSamples(run)), uncertaintyOf(run, mean)};
}

FigureOfRun highestMemory(const RunResult& run) {
    Bytes highest;
    for (const auto& sample : run.samples) {
        highest = std::max(highest, sample.residentSet);
    }
    return {run.samples.empty() ? std::nullopt : std::optional(static_cast<double>(highest.count)), std::nullopt};
}

std::string factOf(const std::map<std::string, std::string>& facts, const std::string& name) {
    const auto found = facts.find(name);
    return found == facts.end() ? "unknown" : found->second;
}

/// Each embedded run has a file of its own, which is no difference.
std::string storeOf(const RunResult& run) {
    const auto store = factOf(run.target, "store");
    return store.starts_with("SQLite") ? "SQLite" : store;
}

bool saysLittle(VerdictStatus status) {
    return status != VerdictStatus::Passed && status != VerdictStatus::Failed && status != VerdictStatus::Lost;
}

} // namespace

bool differ(double a, double b) {
    constexpr double kNoise = 0.01;
    return std::abs(a - b) > kNoise * std::max(std::abs(a), std::abs(b));
}

std::vector<ComparedFigure> comparedFigures() {
    std::vector<ComparedFigure> figures{
        rateFigure("sent rate", &RunResult::sentRate, [](const Sample& sample) { return sample.producer.sent; }),
        rateFigure("acked rate", &RunResult::ackedRate, [](const Sample& sample) { return sample.producer.acked; }),
        rateFigure("stored rate", &RunResult::storedRate, [](const Sample& sample) { return sample.consumer.stored; }),
    };
    for (const double percentile : {50.0, 90.0, 99.0, 99.9}) {
        figures.push_back(percentileFigure("end-to-end", Metric::EndToEnd, percentile));
    }
    figures.push_back(maximumFigure());
    figures.push_back(percentileFigure("send delay", Metric::SendDelay, 99));
    figures.push_back(percentileFigure("ack", Metric::Ack, 99));
    figures.push_back(percentileFigure("processing", Metric::Processing, 99));
    figures.push_back(countFigure("highest backlog", highestBacklog));
    figures.back().counts = false; // the highest of the seconds' ends: chance has a large part in it
    figures.push_back(idFigure("lost", &IdCounts::lost));
    figures.push_back(idFigure("doubled", &IdCounts::doubled));
    figures.push_back(idFigure("undrained", &IdCounts::undrained));
    figures.push_back(countFigure("failed", [](const RunResult& run) { return run.ledger.producer.failed; }));
    figures.push_back(countFigure("unsent", [](const RunResult& run) { return run.ledger.producer.unsent; }));
    figures.push_back({"CPU of the process", FigureUnit::Cores, false, false, processCpu});
    figures.push_back({"highest memory", FigureUnit::Bytes, false, false, highestMemory});
    return figures;
}

std::vector<std::string> differencesBetween(const RunResult& first, const RunResult& other, std::string_view firstName,
                                            std::string_view otherName) {
    std::vector<std::string> found;
    const auto note = [&](std::string_view what, const std::string& a, const std::string& b) {
        if (a != b) {
            found.push_back(
                fmt::format("{} differs from {} in its {}: {} instead of {}", otherName, firstName, what, b, a));
        }
    };
    if (first.scenario != other.scenario) {
        found.push_back(fmt::format("{} ran another scenario text than {}", otherName, firstName));
    }
    if (differ(first.targetRate, other.targetRate)) {
        note("target rate", rateText({first.targetRate}), rateText({other.targetRate}));
    }
    note("seed", std::to_string(first.seed), std::to_string(other.seed));
    note("broker", factOf(first.target, "broker"), factOf(other.target, "broker"));
    note("store", storeOf(first), storeOf(other));
    note("duplicate filter", factOf(first.target, "dedupe"), factOf(other.target, "dedupe"));
    for (const auto* const fact : {"host", "cpu", "cores", "memory", "kernel"}) {
        note(std::string("machine's ") + fact, factOf(first.host, fact), factOf(other.host, fact));
    }
    note("version of Millrace", factOf(first.versions, "millrace"), factOf(other.versions, "millrace"));
    return found;
}

std::optional<std::string> doubtAbout(const RunResult& run, std::string_view name) {
    if (!saysLittle(run.verdict.status)) {
        return std::nullopt;
    }
    return fmt::format("{} is {}, so its figures say little of the target", name, nameOf(run.verdict.status));
}

} // namespace core
