// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scenario/fields.h"
#include "core/scenario/scalars.h"
#include "core/scenario/sections.h"
#include "core/text/wording.h"
#include "core/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace core {

namespace {

constexpr std::size_t kMostStages = 10'000;
constexpr IntegerLimits kSteps{1, 10'000};

Stage readConstant(Fields& fields) {
    ConstantStage stage;
    fields.takeRequired("duration", stage.duration, readPositiveDuration);
    fields.takeRequired("rate", stage.rate, readPositiveRate);
    return stage;
}

Stage readRamp(Fields& fields) {
    RampStage stage;
    fields.takeRequired("ramp", stage.duration, readPositiveDuration);
    fields.takeRequired("to", stage.to, readRate);
    return stage;
}

Stage readPause(Fields& fields) {
    PauseStage stage;
    fields.takeRequired("pause", stage.duration, readPositiveDuration);
    return stage;
}

Stage readSpike(Fields& fields) {
    SpikeStage stage;
    fields.takeRequired("spike", stage.duration, readPositiveDuration);
    fields.takeRequired("to", stage.to, readRate);
    return stage;
}

std::optional<StaircaseStage> readSteps(const Cursor& at) {
    StaircaseStage stage;
    Fields fields(at);
    fields.takeRequired("from", stage.from, readRate);
    fields.takeRequired("to", stage.to, readRate);
    fields.takeRequired("steps", stage.steps, [](const Cursor& value) { return readInteger(value, kSteps); });
    fields.takeRequired("hold", stage.hold, readPositiveDuration);
    fields.finish();
    return stage;
}

Stage readStaircase(Fields& fields) {
    StaircaseStage stage;
    fields.takeRequired("staircase", stage, readSteps);
    return stage;
}

Stage readSine(Fields& fields) {
    SineStage stage;
    fields.takeRequired("sine", stage.duration, readPositiveDuration);
    fields.takeRequired("mean", stage.mean, readPositiveRate);
    std::optional<Rate> amplitude;
    const std::optional<Cursor> amplitudeAt = fields.require("amplitude");
    if (amplitudeAt) {
        amplitude = readRate(*amplitudeAt);
    }
    fields.takeRequired("period", stage.period, readPositiveDuration);
    stage.amplitude = amplitude.value_or(Rate{});
    const bool meanIsKnown = stage.mean > Rate{};
    if (meanIsKnown && stage.amplitude > stage.mean) {
        amplitudeAt->refuse("is more than the mean, so the rate would fall below 0/s");
    }
    return stage;
}

struct StageForm {
    std::string_view key; ///< tells the form from the others
    Stage (*read)(Fields& fields);
};
constexpr std::array<StageForm, 6> kForms{{{"duration", readConstant},
                                           {"ramp", readRamp},
                                           {"pause", readPause},
                                           {"spike", readSpike},
                                           {"staircase", readStaircase},
                                           {"sine", readSine}}};
constexpr std::string_view kAllForms = "write {duration, rate}, {ramp, to}, {pause}, {spike, to}, "
                                       "{staircase: {from, to, steps, hold}} or {sine, mean, amplitude, period}";

/// The form whose key is there; without one, the form that the other keys belong to or that a key was meant to be.
const StageForm* formOf(const YamlNode& node) {
    for (const StageForm& form : kForms) {
        if (node.find(form.key) != nullptr) {
            return &form;
        }
    }
    if (node.find("rate") != nullptr) {
        return &kForms[0];
    }
    std::array<std::string_view, kForms.size()> keys;
    std::ranges::transform(kForms, keys.begin(), &StageForm::key);
    for (const YamlEntry& entry : node.entries) {
        if (const auto meant = nearest(entry.key.text, keys)) {
            return std::ranges::find(kForms, *meant, &StageForm::key);
        }
    }
    const bool isSine =
        node.find("mean") != nullptr || node.find("amplitude") != nullptr || node.find("period") != nullptr;
    return isSine ? &kForms.back() : nullptr;
}

std::optional<Stage> readStage(const Cursor& at) {
    if (!at.isMapping()) {
        at.refuseKind("a stage such as {duration: 60s, rate: 1000/s}");
        return std::nullopt;
    }
    const StageForm* form = formOf(*at.node);
    if (form == nullptr) {
        at.refuse(fmt::format("is not a stage; {}", kAllForms));
        return std::nullopt;
    }
    for (const StageForm& other : kForms) {
        if (&other == form || at.node->find(other.key) == nullptr) {
            continue;
        }
        at.refuse(fmt::format("is two stages in one: {} and {}; give each its own item", inQuotes(form->key),
                              inQuotes(other.key)));
        return std::nullopt;
    }
    Fields fields(at);
    Stage stage = form->read(fields);
    fields.finish();
    return stage;
}

double perSecond(Rate rate) {
    return rate.perSecond;
}
/// Follows the rate from stage to stage.
struct LoadSum {
    PlannedLoad load;
    double rate = 0; // at the end of the previous stage
    double peak = 0; // of the latest stage

    void add(double length, double mean, double last, double highest) {
        load.events += length * mean;
        load.seconds += length;
        rate = last;
        peak = highest;
    }
    void operator()(const ConstantStage& stage) {
        add(secondsOf(stage.duration), perSecond(stage.rate), perSecond(stage.rate), perSecond(stage.rate));
    }
    void operator()(const RampStage& stage) {
        const double to = perSecond(stage.to);
        add(secondsOf(stage.duration), (rate + to) / 2, to, std::max(rate, to));
    }
    void operator()(const PauseStage& stage) { add(secondsOf(stage.duration), 0, 0, 0); }
    void operator()(const SpikeStage& stage) {
        const double to = perSecond(stage.to);
        add(secondsOf(stage.duration), (rate + to) / 2, rate, std::max(rate, to));
    }
    void operator()(const StaircaseStage& stage) {
        const double from = perSecond(stage.from);
        const double to = perSecond(stage.to);
        add(secondsOf(stage.hold) * stage.steps, (from + to) / 2, to, std::max(from, to));
    }
    void operator()(const SineStage& stage) {
        const double highest = perSecond(stage.mean) + perSecond(stage.amplitude);
        add(secondsOf(stage.duration), perSecond(stage.mean), highest, highest);
    }
};

} // namespace

std::vector<Stage> readStages(const Cursor& at) {
    std::vector<Stage> stages;
    for (const Cursor& item : readItems(at, "a list of stages", kMostStages)) {
        if (auto stage = readStage(item)) {
            stages.push_back(*stage);
        }
    }
    return stages;
}

PlannedLoad plannedLoad(const std::vector<Stage>& stages) {
    LoadSum sum;
    for (const Stage& stage : stages) {
        std::visit(sum, stage);
        if (&stage == &stages.front()) {
            sum.load.firstRate = sum.peak;
        }
    }
    return sum.load;
}

} // namespace core
