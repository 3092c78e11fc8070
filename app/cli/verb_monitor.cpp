// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/console.h"
#include "app/cli/log_lines.h"
#include "app/cli/monitor_json.h"
#include "app/cli/monitor_view.h"
#include "app/cli/stop_signals.h"
#include "app/cli/target_request.h"
#include "app/cli/verbs.h"
#include "app/launch/target_choice.h"
#include "core/scenario/quantities.h"
#include "services/kafka/admin/cluster_monitor.h"
#include "services/run/aside.h"
#include "services/target/remedy.h"

#include <fmt/format.h>

#include <algorithm>

namespace app {
namespace {

using core::ExitCode;
using std::chrono::steady_clock;

constexpr std::chrono::seconds kBetweenLooks(1);
constexpr std::chrono::seconds kBetweenLines(5); // where no terminal is
constexpr std::chrono::milliseconds kBetweenChecks(20);

VerbSyntax syntax() {
    return {.name = "monitor",
            .operands = "[FILE]",
            .maxOperands = 1,
            .summary = "watch a cluster's topics, consumer groups and lag without any load",
            .explanation =
                "\nAsks the brokers at most five times per second, joins no group and changes nothing. FILE, a\n"
                "scenario, gives the client settings (TLS, logins) and the broker where no option names it.\n"
                "Lag is counted in events and in seconds: the age of the first message that waits.\n"
                "Rules: lag{GROUP} < 1000, lag_s{GROUP} < 5s, lag_s{GROUP} p99 over 60s < 5s; without {GROUP}\n"
                "of every group that is shown.\n"
                "Ends with 0, with 3 if a rule was broken or could not be evaluated, with 6 if the cluster\n"
                "does not answer at the beginning or at the end. Without --for, Ctrl-C is the end.",
            .options = {{"--broker", "HOST:PORT,…", "Kafka (else MILLRACE_BROKER)"},
                        {"--group", "NAME", "this consumer group only; any number of times", true},
                        {"--topic", "NAME", "this topic only; any number of times", true},
                        {"--rule", "RULE", "what must hold all the time; any number of times", true},
                        {"--for", "DURATION", "how long to watch, as 60s"},
                        {"--json", "", "a JSON object per second and line; with --for one at the end"}},
            .example = "monitor --broker localhost:9092\n"
                       "monitor --group billing --for 60s --rule 'lag_s{billing} p99 over 60s < 5s'"};
}

struct Request {
    services::ClusterAccess access;
    services::MonitorOptions options;
    std::vector<core::LagRuleWatch> rules;
    std::optional<core::Nanoseconds> length;
    bool json = false;
};

std::optional<std::vector<core::LagRuleWatch>> readRules(const Arguments& arguments,
                                                         std::optional<core::Nanoseconds> length) {
    std::vector<core::LagRuleWatch> rules;
    const auto groups = arguments.values("--group");
    for (const std::string& text : arguments.values("--rule")) {
        auto rule = core::LagRule::parse(text);
        if (!rule) {
            complain(fmt::format("--rule {}: {}.", text, rule.error().text()));
            return std::nullopt;
        }
        if (length && rule->over > *length) {
            complain(fmt::format("--rule {}: --for is shorter than what it looks over, so it could not be evaluated.",
                                 text));
            return std::nullopt;
        }
        if (!rule->group.empty() && !groups.empty() && std::ranges::find(groups, rule->group) == groups.end()) {
            complain(fmt::format("--rule {}: --group leaves out group {}, so it could not be evaluated.", text,
                                 rule->group));
            return std::nullopt;
        }
        rules.emplace_back(std::move(*rule));
    }
    return rules;
}

std::optional<Request> readRequest(const Arguments& arguments) {
    const auto target = readTargetRequest(arguments);
    if (!target) {
        return std::nullopt;
    }
    if (target->target.broker.isEmbedded()) {
        complain("'monitor' needs a cluster: name it with --broker HOST:PORT or MILLRACE_BROKER.");
        return std::nullopt;
    }
    Request request;
    request.access = {target->target.broker.shown(), target->scenario.kafka.client};
    request.options.groups = arguments.values("--group");
    request.options.topics = arguments.values("--topic");
    request.json = arguments.has("--json");
    if (const auto text = arguments.value("--for")) {
        const auto length = core::parseDuration(*text);
        if (!length || *length <= core::Nanoseconds::zero()) {
            complain(fmt::format("--for {} {}.", *text, length ? "is no time" : length.error().text()));
            return std::nullopt;
        }
        request.length = *length;
    }
    auto rules = readRules(arguments, request.length);
    if (!rules) {
        return std::nullopt;
    }
    request.rules = std::move(*rules);
    return request;
}

/// Where a look's words go while it goes on.
class MonitorScreen {
public:
    MonitorScreen(std::string place, bool json, bool isLast)
        : m_view(std::move(place)), m_json(json), m_jsonAtEnd(isLast) {}
    ~MonitorScreen() { m_block.clear(terminalSize()); }
    MonitorScreen(const MonitorScreen&) = delete;
    MonitorScreen& operator=(const MonitorScreen&) = delete;

    MonitorView& view() { return m_view; }
    void draw(const std::string& json, const std::vector<std::string>& log) {
        if (m_json) {
            if (!m_jsonAtEnd) {
                say(json + "\n");
            }
            return;
        }
        const auto now = steady_clock::now();
        if (isTerminal()) {
            const TerminalSize size = terminalSize();
            m_block.show(
                m_view.block(std::max<std::size_t>(size.columns, 2) - 1, std::max<std::size_t>(size.rows, 2) - 1, now),
                log, size);
            return;
        }
        for (const std::string& line : log) {
            complain(line);
        }
        if (now >= m_nextLine) {
            say(m_view.line(now) + "\n");
            m_nextLine = now + kBetweenLines;
        }
    }

private:
    MonitorView m_view;
    LiveBlock m_block;
    bool m_json, m_jsonAtEnd;
    steady_clock::time_point m_nextLine;
};

/// What a monitor saw until its end.
struct Watched {
    std::optional<core::ClusterView> view;
    std::optional<core::Error> failure; ///< of the newest look
    bool interrupted = false;
};

std::vector<core::LagRuleOutcome> outcomesOf(const std::vector<core::LagRuleWatch>& rules) {
    std::vector<core::LagRuleOutcome> outcomes;
    std::ranges::transform(rules, std::back_inserter(outcomes), &core::LagRuleWatch::outcome);
    return outcomes;
}

void take(core::Result<core::ClusterView> looked, Request& request, Watched& watched, MonitorView& view) {
    watched.failure = looked ? std::nullopt : std::optional(looked.error());
    for (core::LagRuleWatch& rule : request.rules) {
        if (looked) {
            rule.look(*looked);
        } else {
            rule.miss(looked.error().text());
        }
    }
    view.setRules(outcomesOf(request.rules));
    if (looked) {
        watched.view = *looked;
        view.show(std::move(*looked));
    } else {
        view.miss(looked.error().text());
    }
}

/// Until the time is over, a signal comes, or the first look fails.
Watched watch(Request& request, services::ClusterMonitor& monitor, StopSignals& signals, LogLines& log) {
    Watched watched;
    MonitorScreen screen(request.access.bootstrap, request.json, request.length.has_value());
    std::stop_source stop;
    const auto end = request.length ? std::optional(steady_clock::now() + *request.length) : std::nullopt;
    while (!watched.interrupted && (!end || steady_clock::now() < *end)) {
        const auto next = std::min(steady_clock::now() + kBetweenLooks, end.value_or(steady_clock::time_point::max()));
        services::Aside<core::Result<core::ClusterView>> look([&] { return monitor.look(stop.get_token()); });
        while (!look.done()) {
            if (signals.wait(kBetweenChecks)) {
                watched.interrupted = true;
                stop.request_stop();
            }
        }
        take(look.take(), request, watched, screen.view());
        if (!watched.view) {
            break;
        }
        screen.draw(request.json ? monitorJson(*watched.view, outcomesOf(request.rules),
                                               watched.failure ? watched.failure->text() : "", steady_clock::now())
                                 : std::string(),
                    log.pop());
        const core::Nanoseconds left = next - steady_clock::now();
        watched.interrupted = watched.interrupted || (left > core::Nanoseconds::zero() && signals.wait(left));
    }
    return watched;
}

ExitCode codeOf(const Request& request, const Watched& watched) {
    if (watched.failure) {
        return exitCodeOf(*watched.failure);
    }
    if (watched.interrupted && request.length) {
        return ExitCode::Interrupted;
    }
    const bool kept = std::ranges::all_of(request.rules, [](const core::LagRuleWatch& rule) {
        return rule.outcome().status == core::RuleStatus::Passed && !rule.outcome().wasBroken;
    });
    return kept ? ExitCode::Passed : ExitCode::ThresholdMissed;
}

ExitCode finish(Request& request, Watched watched) {
    if (watched.failure) {
        complain(services::withRemedy(*watched.failure, kAskDoctor));
    }
    if (!watched.view) {
        return watched.failure ? exitCodeOf(*watched.failure) : ExitCode::Interrupted;
    }
    for (core::LagRuleWatch& rule : request.rules) {
        rule.finish();
    }
    const auto now = steady_clock::now();
    const auto rules = outcomesOf(request.rules);
    if (request.json) {
        if (request.length) {
            say(monitorJson(*watched.view, rules, watched.failure ? watched.failure->text() : "", now) + "\n");
        }
        return codeOf(request, watched);
    }
    MonitorView view(request.access.bootstrap);
    view.show(*watched.view);
    view.setRules(rules);
    constexpr std::size_t kWide = 200;
    for (const std::string& line : view.block(isTerminal() ? terminalSize().columns : kWide, 1'000, now)) {
        say(line + "\n");
    }
    return codeOf(request, watched);
}

ExitCode body(const Arguments& arguments) {
    LogLines log;
    auto request = readRequest(arguments);
    if (!request) {
        return ExitCode::Usage;
    }
    StopSignals signals; // before the client's first thread
    auto monitor = services::ClusterMonitor::create(request->access, request->options);
    if (!monitor) {
        complain(monitor.error().text());
        return exitCodeOf(monitor.error());
    }
    std::vector<std::string> watchedGroups;
    for (const core::LagRuleWatch& rule : request->rules) {
        if (!rule.outcome().rule.group.empty()) {
            watchedGroups.push_back(rule.outcome().rule.group);
        }
    }
    (*monitor)->watch(watchedGroups);
    Watched watched = watch(*request, **monitor, signals, log);
    return finish(*request, std::move(watched));
}

} // namespace

Verb monitorVerb() {
    return {syntax(), body};
}

} // namespace app
