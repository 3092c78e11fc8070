// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/run_view.h"

#include "app/cli/text_columns.h"
#include "core/text/figure_text.h"
#include "core/units.h"
#include "core/verdict/rule_words.h"
#include "core/verdict/threshold.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace app {
namespace {

using core::countText;
using core::Phase;
using core::rateText;

constexpr core::Nanoseconds kRecent = std::chrono::seconds(5);

/// As a clock shows it: 0:29, 12:05, 1:02:03.
std::string clockText(core::Nanoseconds time) {
    const auto whole = std::max<std::int64_t>(std::chrono::round<std::chrono::seconds>(time).count(), 0);
    if (whole >= 3'600) {
        return fmt::format("{}:{:02}:{:02}", whole / 3'600, whole / 60 % 60, whole % 60);
    }
    return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

std::string_view wordOf(Phase phase) {
    switch (phase) {
    case Phase::Preparing:
        return "getting ready";
    case Phase::Warmup:
        return "warm-up";
    case Phase::Stages:
        return "stages";
    case Phase::Drain:
        return "drain";
    case Phase::Finished:
        return "finished";
    }
    return {};
}

std::string bar(double progress, std::size_t width) {
    const auto done = static_cast<std::size_t>(std::clamp(progress, 0.0, 1.0) * static_cast<double>(width) + 1e-9);
    return "[" + std::string(done, '#') + std::string(width - done, '.') + "]";
}

/// The whole is shown only when it is reached.
int percentOf(double progress) {
    return static_cast<int>(std::floor(std::clamp(progress, 0.0, 1.0) * 100 + 1e-9));
}

std::string percentileCell(const core::LatencyHistogram& histogram, double percentile) {
    const auto value = histogram.percentile(percentile);
    const bool enough = value && histogram.count() >= core::valuesNeeded(percentile);
    return fmt::format("p{:g} {}", percentile, enough ? core::durationText(std::chrono::microseconds(*value)) : "–");
}

std::string trendText(const core::BacklogTrend& trend) {
    switch (trend.word) {
    case core::BacklogTrend::Word::Steady:
        return "steady";
    case core::BacklogTrend::Word::Growing:
        return fmt::format("growing by {}", rateText({trend.perSecond}));
    case core::BacklogTrend::Word::Draining:
        return fmt::format("draining: {} to empty", core::durationText(trend.empty));
    }
    return {};
}

/// Zero is the good news of these, so they are named only when there is bad news.
void addUnlessZero(std::vector<std::string>& items, std::string_view name, std::uint64_t count) {
    if (count > 0) {
        items.push_back(fmt::format("{} {}", name, countText(count)));
    }
}

std::vector<std::string> ledgerItems(const core::Snapshot& snapshot) {
    const core::ProducerCounts producer = snapshot.producer();
    const core::ConsumerCounts& consumer = snapshot.consumer;
    std::vector<std::string> items{
        fmt::format("planned {}", countText(producer.planned)), fmt::format("sent {}", countText(producer.sent)),
        fmt::format("acked {}", countText(producer.acked)), fmt::format("stored {}", countText(consumer.stored))};
    addUnlessZero(items, "duplicate", consumer.duplicate());
    addUnlessZero(items, "dead-lettered", consumer.deadLettered);
    addUnlessZero(items, "unsent", producer.unsent);
    addUnlessZero(items, "shed", producer.shed);
    addUnlessZero(items, "failed", producer.failed);
    addUnlessZero(items, "in doubt", producer.inDoubt);
    addUnlessZero(items, "foreign", consumer.foreign);
    addUnlessZero(items, "filter bypassed", snapshot.filterBypassed);
    addUnlessZero(items, "FORGOTTEN BY THE BROKER", snapshot.offsetGap);
    return items;
}

std::string markText(const core::Mark& mark) {
    return fmt::format("{:.1f} s  {}: {}", std::max(mark.seconds, 0.0), nameOf(mark.kind), textOf(mark));
}

/// "✓ end_to_end p99 < 45ms: 13.1 ms": how a rule stands, as if the run ended now.
std::string ruleText(const core::RuleOutcome& rule) {
    const bool broken = rule.status == core::RuleStatus::Failed;
    std::string text = fmt::format("{} {}",
                                   broken                                    ? "✗"
                                   : rule.status == core::RuleStatus::Passed ? "✓"
                                                                             : "–",
                                   nameOf(rule.rule));
    if (rule.value) {
        text += ": " + valueText(rule);
    }
    if (broken && rule.brokeAtSeconds) {
        text += fmt::format(", broken since {:.1f} s", *rule.brokeAtSeconds);
    }
    return text;
}

} // namespace

RunView::RunView(std::string title, std::string place) : m_title(std::move(title)), m_place(std::move(place)) {}

void RunView::observe(core::RunStatus status) {
    m_status = std::move(status);
    if (m_status.phase == Phase::Preparing) {
        return; // rates count from the first event on
    }
    const core::Snapshot& newest = m_status.snapshot;
    if (m_snapshots.empty() || newest.at > m_snapshots.back().at) {
        m_snapshots.push_back(core::summed(newest));
    }
    // The one that is just older than the seconds shown stays as their beginning.
    while (m_snapshots.size() > 2 && newest.at - m_snapshots[1].at >= kRecent) {
        m_snapshots.pop_front();
    }
}

std::optional<RunView::Recent> RunView::recent() const {
    if (m_snapshots.size() < 2) {
        return std::nullopt;
    }
    core::Window window = core::windowBetween(m_snapshots.front(), m_snapshots.back());
    const core::BacklogTrend trend = core::backlogTrend(core::waitingIn(m_snapshots.front()), window);
    return Recent{std::move(window), trend};
}

std::vector<std::string> RunView::progressLines(std::size_t width) const {
    const std::string label(wordOf(m_status.phase));
    if (m_status.phase == Phase::Preparing) {
        return {cutToColumns(label + ": connecting, and waiting for the consumers to join their group", width)};
    }
    if (m_status.phase == Phase::Finished) {
        return {cutToColumns("finished: closing the ledger", width)};
    }
    if (m_status.phase == Phase::Drain) {
        return flow(
            label,
            {fmt::format("waiting for {} to be stored", core::counted(core::waitingIn(m_status.snapshot), "event")),
             fmt::format("at most {} more", clockText(m_status.left))},
            width);
    }
    const std::size_t room = width < 50 ? 10 : width < 100 ? 20 : 40;
    std::vector<std::string> items{fmt::format("{} {} %", bar(m_status.progress, room), percentOf(m_status.progress)),
                                   fmt::format("{} left", clockText(m_status.left))};
    if (!m_status.stage.empty()) {
        items.push_back(m_status.stage);
    }
    if (m_status.paused) {
        items.emplace_back("PAUSED");
    }
    return flow(label, items, width);
}

std::vector<std::string> RunView::fleetItems() const {
    std::vector<std::string> items;
    for (const core::FleetMember& each : m_status.fleet) {
        if (!each.well) {
            const std::string silence = each.silent > 1 ? fmt::format(", silent for {:.0f} s", each.silent) : "";
            items.push_back(fmt::format("✗ {} at {}{}: {}", each.role.empty() ? "daemon" : each.role, each.address,
                                        silence, each.words.empty() ? "it does not answer" : each.words));
        }
    }
    return items;
}

std::vector<std::string> RunView::healthLines(std::size_t width) const {
    std::vector<std::string> items;
    for (const core::Dependency each : core::kDependencies) {
        const core::DependencyName& name = m_status.health.nameOf(each);
        const core::DependencyHealth& health = m_status.health.of(each);
        const bool well = health.ailment == core::Ailment::None;
        if (!name.name.empty()) {
            items.push_back(well ? name.name + " ok"
                                 : fmt::format("{} {}", name.text(), ailmentText(health, m_status.snapshot.at)));
        }
    }
    std::ranges::move(fleetItems(), std::back_inserter(items));
    return items.empty() ? std::vector<std::string>() : flow("health", items, width);
}

std::vector<std::string> RunView::ruleLines(std::size_t width) const {
    std::vector<std::string> items;
    for (const core::RuleOutcome& each : m_status.rules) {
        items.push_back(ruleText(each));
    }
    return items.empty() ? items : flow("rules", items, width);
}

std::vector<std::string> RunView::block(std::size_t width) const {
    std::vector<std::string> lines{cutToColumns(m_title + "  on  " + m_place, width)};
    const auto append = [&lines](std::vector<std::string> more) {
        std::move(more.begin(), more.end(), std::back_inserter(lines));
    };
    append(progressLines(width));
    append(healthLines(width));
    if (const auto now = recent()) {
        const core::Window& window = now->window;
        append(flow("rates",
                    {fmt::format("target {}", rateText(window.target)),
                     fmt::format("→ sent {}", rateText(window.rate(window.producer.sent))),
                     fmt::format("→ acked {}", rateText(window.rate(window.producer.acked))),
                     fmt::format("→ stored {}", rateText(window.rate(window.consumer.stored)))},
                    width));
        append(flow("waiting", {core::counted(window.waiting, "event"), trendText(now->trend)}, width));
        const auto& endToEnd = of(window.latency, core::Metric::EndToEnd);
        append(flow("latency",
                    {fmt::format("end-to-end, last {}:",
                                 core::durationText(std::chrono::round<std::chrono::seconds>(window.length))),
                     percentileCell(endToEnd, 50), percentileCell(endToEnd, 99), percentileCell(endToEnd, 99.9)},
                    width));
    }
    append(ruleLines(width));
    if (m_status.phase != Phase::Preparing) {
        append(flow("ledger", ledgerItems(m_status.snapshot), width));
    }
    if (!m_status.timeline.empty()) {
        lines.push_back(cutToColumns(padRight("last", 10) + markText(m_status.timeline.back()), width));
    }
    return lines;
}

std::string RunView::line() const {
    std::string text = fmt::format("{:.0f} s  {}", std::max(core::secondsOf(m_status.snapshot.sinceStart), 0.0),
                                   m_status.paused ? "paused" : wordOf(m_status.phase));
    if (m_status.phase == Phase::Warmup || m_status.phase == Phase::Stages) {
        text += fmt::format(" {} %", percentOf(m_status.progress));
    }
    for (const core::Dependency each : core::kDependencies) {
        const core::DependencyHealth& health = m_status.health.of(each);
        if (health.ailment != core::Ailment::None) {
            text +=
                fmt::format("  {} {}", m_status.health.nameOf(each).text(), ailmentText(health, m_status.snapshot.at));
        }
    }
    for (const std::string& each : fleetItems()) {
        text += "  " + each;
    }
    for (const core::RuleOutcome& each : m_status.rules) {
        if (each.status == core::RuleStatus::Failed) {
            text += "  " + ruleText(each);
        }
    }
    const auto now = recent();
    if (!now) {
        return text;
    }
    const core::Window& window = now->window;
    const auto& endToEnd = of(window.latency, core::Metric::EndToEnd);
    return text + fmt::format("  target {}  sent {}  acked {}  stored {}  waiting {} {}  end-to-end {}  {}",
                              rateText(window.target), rateText(window.rate(window.producer.sent)),
                              rateText(window.rate(window.producer.acked)),
                              rateText(window.rate(window.consumer.stored)), countText(window.waiting),
                              trendText(now->trend), percentileCell(endToEnd, 50), percentileCell(endToEnd, 99));
}

std::vector<std::string> RunView::newMarks() {
    std::vector<std::string> texts;
    for (; m_marksShown < m_status.timeline.size(); ++m_marksShown) {
        texts.push_back(markText(m_status.timeline[m_marksShown]));
    }
    return texts;
}

} // namespace app
