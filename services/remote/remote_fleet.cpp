// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/remote/remote_fleet.h"

#include "core/target/daemon_list.h"
#include "services/http/resolve.h"
#include "services/remote/remote_consumers.h"
#include "services/remote/remote_producers.h"
#include "services/roles/rest.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace services {

using namespace std::chrono_literals;

namespace {

using Clock = std::chrono::steady_clock;

constexpr core::Nanoseconds kConnectLimit = 10s; // for a first answer and the clocks
constexpr core::Nanoseconds kReadyLimit = 40s;   // for a producer to connect
constexpr core::Nanoseconds kFleetLook = 50ms;
constexpr core::Nanoseconds kTimesEvery = 500ms; // a pause moves them all the time
constexpr core::Nanoseconds kNamesEvery = 5s;
constexpr core::Nanoseconds kLostAfter = 10s;

core::Nanoseconds silenceOf(const DaemonLink::View& view) {
    return view.heard ? Clock::now() - *view.heard : core::Nanoseconds::max();
}

std::string wordsOf(const DaemonLink::View& view) {
    if (view.forgotten) {
        return "It began anew and knows nothing of the run.";
    }
    if (view.refusal) {
        return view.refusal->text();
    }
    if (view.run && !view.run->failure.empty()) {
        return view.run->failure;
    }
    if (!view.reason.empty()) {
        return view.reason;
    }
    return view.run ? view.run->trouble : "";
}

} // namespace

RemoteFleet::RemoteFleet(Options options) : m_options(std::move(options)) {}

RemoteFleet::~RemoteFleet() {
    release();
}

void RemoteFleet::release() {
    m_body = {};
    std::vector<core::FleetMember> last = members();
    for (DaemonLink* const link : links()) {
        if (const auto view = link->view(); m_task && view.run && silenceOf(view) < core::kStaleAfter) {
            link->tell("/api/run/release?id=" + id());
        }
    }
    std::map<std::string, std::unique_ptr<DaemonLink>> ended;
    const std::scoped_lock lock(m_mutex);
    if (!m_links.empty()) {
        m_lastMembers = std::move(last);
    }
    ended = std::exchange(m_links, {});
}

std::vector<DaemonLink*> RemoteFleet::links() const {
    const std::scoped_lock lock(m_mutex);
    std::vector<DaemonLink*> all;
    for (const auto& [address, link] : m_links) {
        all.push_back(link.get());
    }
    return all;
}

RemoteFleet::Links RemoteFleet::linksOf(std::string_view role) const {
    Links found;
    for (DaemonLink* const link : links()) {
        if (link->view().role == role) {
            found.push_back(link);
        }
    }
    return found;
}

void RemoteFleet::add(const std::string& address) {
    const std::scoped_lock lock(m_mutex);
    auto& link = m_links[address];
    if (!link) {
        link = std::make_unique<DaemonLink>(address, m_options.access);
    }
}

/// Every address of the names.
void RemoteFleet::resolve(bool first) {
    for (const std::string& entry : m_options.daemons) {
        const auto name = core::nameOfDaemons(entry);
        if (!name) {
            if (first) {
                add(entry);
            }
            continue;
        }
        const auto found = http::resolveOneFamily(*name);
        {
            const std::scoped_lock lock(m_mutex);
            m_unresolved.erase(entry);
            if (!found) {
                m_unresolved[entry] = found.error().text();
                continue;
            }
        }
        std::ranges::for_each(*found, [this](const std::string& address) { add(address); });
    }
}

core::Status RemoteFleet::prepare(Task task, const std::stop_token& giveUp) {
    m_task.emplace(std::move(task));
    core::Status status = connect(giveUp);
    if (status) {
        status = order(giveUp);
    }
    if (status) {
        m_body = std::jthread([this](const std::stop_token& stop) { run(stop); });
    }
    return status;
}

/// Until every daemon has said what it is, and its clocks are known.
core::Status RemoteFleet::connect(const std::stop_token& giveUp) {
    resolve(true);
    {
        const std::scoped_lock lock(m_mutex);
        if (!m_unresolved.empty()) {
            const auto& [name, reason] = *m_unresolved.begin();
            return core::transient(fmt::format("The daemons of {} were not found: {}", name, reason));
        }
    }
    const core::Instant until = Clock::now() + kConnectLimit;
    for (DaemonLink* const link : links()) {
        for (;;) {
            const DaemonLink::View view = link->view();
            if (view.heard && view.clockExchanges >= core::ClockOffset::kExchanges) {
                break;
            }
            if (giveUp.stop_requested()) {
                return core::transient("The start was given up.");
            }
            if (Clock::now() > until) {
                return core::transient(fmt::format("The daemon at {} takes no part: {}", link->address(),
                                                   view.reason.empty() ? "it does not answer." : view.reason),
                                       "Start it with 'millraced serve', and check address and token");
            }
            rest(10ms, giveUp);
        }
    }
    if (linksOf("producer").empty()) {
        return core::invalid("None of the daemons is a producer, so nobody would generate the load.",
                             "Name at least one that was started with 'serve --role producer'");
    }
    if (m_task && m_task->scenario.consumer.by == core::ConsumedBy::Millrace && linksOf("consumer").empty()) {
        return core::invalid("None of the daemons is a consumer, so nobody would store the events.",
                             "Name at least one that was started with 'serve --role consumer'");
    }
    return {};
}

/// Nothing: it does not know of that run.
core::Result<std::optional<core::RunTold>> RemoteFleet::askTold(const DaemonLink& link, std::string_view id,
                                                                const std::stop_token& giveUp) const {
    auto client = http::Client::create({.base = (m_options.access.authority ? "https://" : "http://") + link.address(),
                                        .token = m_options.access.token,
                                        .certificateAuthority = m_options.access.authority});
    const auto answer = client ? (*client)->get(fmt::format("/api/run/told?id={}", id), giveUp)
                               : core::Result<http::Response>(client.error());
    if (answer && answer->status == 404) {
        return std::optional<core::RunTold>();
    }
    auto told = !answer                 ? core::Result<core::RunTold>(answer.error())
                : answer->status == 200 ? core::runToldFromJson(answer->body)
                                        : core::invalid(fmt::format("It answers {}.", answer->status));
    if (!told) {
        return core::Error{told.error().kind,
                           fmt::format("The producer at {} did not say what it was told of run {}: {}", link.address(),
                                       id, told.error().message)};
    }
    return std::optional(std::move(*told));
}

core::Result<core::RunTold> RemoteFleet::find(std::string_view id, const std::stop_token& giveUp) {
    if (const core::Status status = connect(giveUp); !status) {
        return status.error();
    }
    std::optional<core::RunTold> best;
    for (DaemonLink* const link : linksOf("producer")) {
        auto answer = askTold(*link, id, giveUp);
        if (!answer) {
            return answer.error();
        }
        std::optional<core::RunTold> told = std::move(*answer);
        if (!told) {
            continue;
        }
        told->order.monotonic -= link->view().clock->monotonic;
        {
            const std::scoped_lock lock(m_mutex);
            m_shares[link->address()] = told->order.shares;
        }
        if (!best || told->commands.size() > best->commands.size()) {
            best = std::move(told);
        }
    }
    m_leadsOn = best.has_value();
    if (best) {
        return *best;
    }
    std::string known;
    for (DaemonLink* const link : linksOf("producer")) {
        if (const std::string& run = link->view().knownRun; !run.empty()) {
            known += fmt::format("{}{} ({})", known.empty() ? "" : ", ", run, link->address());
        }
    }
    return core::invalid(fmt::format("None of the producers has a part in run '{}'.", id),
                         known.empty() ? "They have a part in none" : "Runs that they know: " + known);
}

core::RunOrder RemoteFleet::orderFor(const DaemonLink::View& view, const std::vector<core::StreamShare>& shares) const {
    core::RunOrder order = m_task->order;
    order.shares = shares;
    order.monotonic = m_task->base + view.clock->monotonic;
    order.onControllerLoss = m_options.onControllerLoss;
    order.lease = m_options.lease;
    return order;
}

/// Tells the daemon of the run, as it was told before or as a consumer that has come later.
void RemoteFleet::attach(DaemonLink& link) {
    std::vector<core::StreamShare> shares;
    {
        const std::scoped_lock lock(m_mutex);
        shares = m_shares[link.address()];
        m_attached.insert(link.address());
        m_toldTimes.erase(link.address());
    }
    link.follow(id(),
                [this, shares](std::uint8_t stream, core::Delivery delivery, std::uint64_t from, std::uint64_t until) {
                    const auto share = std::ranges::find(shares, stream, &core::StreamShare::stream);
                    if (share != shares.end()) {
                        m_task->fate(*share, delivery, from, until);
                    }
                });
    link.tell("/api/run/prepare", toJson(orderFor(link.view(), shares)));
}

core::Status RemoteFleet::order(const std::stop_token& giveUp) {
    const Links producers = linksOf("producer");
    const auto dealt = core::dealStreams(m_task->scenario, producers.size());
    for (std::size_t i = 0; i < producers.size() && !m_leadsOn; ++i) {
        const std::scoped_lock lock(m_mutex);
        m_shares[producers[i]->address()] = dealt[i];
    }
    Links told;
    for (DaemonLink* const link : links()) {
        const std::scoped_lock lock(m_mutex);
        const bool consumes =
            link->view().role == "consumer" && m_task->scenario.consumer.by == core::ConsumedBy::Millrace;
        if (consumes || m_shares.contains(link->address())) {
            told.push_back(link);
        }
    }
    std::ranges::for_each(told, [this](DaemonLink* link) { attach(*link); });
    const core::Instant until = Clock::now() + kReadyLimit;
    for (DaemonLink* const link : told) {
        for (;;) {
            const DaemonLink::View view = link->view();
            if (view.refusal) {
                return core::Error{view.refusal->kind,
                                   fmt::format("The {} at {} will not have this run: {}", view.role, link->address(),
                                               view.refusal->message),
                                   view.refusal->hint};
            }
            if (view.run && !view.run->failure.empty()) {
                return core::transient(
                    fmt::format("The {} at {} cannot begin: {}", view.role, link->address(), view.run->failure));
            }
            if (view.run && (view.run->joined || view.role == "consumer")) {
                break; // whether the group is complete is waited for where all groups are
            }
            if (giveUp.stop_requested()) {
                return core::transient("The start was given up.");
            }
            if (Clock::now() > until) {
                return core::transient(
                    fmt::format("The {} at {} was not ready in time. {}", view.role, link->address(), wordsOf(view)));
            }
            rest(20ms, giveUp);
        }
    }
    return {};
}

void RemoteFleet::run(const std::stop_token& stop) {
    core::Instant nextTimes = Clock::now();
    core::Instant nextNames = Clock::now() + kNamesEvery;
    while (!stop.stop_requested()) {
        const core::Instant now = Clock::now();
        for (DaemonLink* const link : links()) {
            watch(*link, now);
        }
        if (m_begun && now >= nextTimes) {
            tellTimes();
            nextTimes = now + kTimesEvery;
        }
        if (now >= nextNames) {
            resolve(false);
            nextNames = Clock::now() + kNamesEvery;
        }
        rest(kFleetLook, stop);
    }
}

/// Marks what happened at a daemon, and brings consumers in that have come or come back.
void RemoteFleet::watch(DaemonLink& link, core::Instant now) {
    const DaemonLink::View view = link.view();
    for (core::Mark& mark : link.popMarks()) {
        mark.name = mark.name.empty() ? link.address() : fmt::format("{} at {}", mark.name, link.address());
        m_task->note(std::move(mark), now);
    }
    const bool silent = view.forgotten || silenceOf(view) > core::kStaleAfter;
    bool changed = false;
    bool attached = false;
    {
        const std::scoped_lock lock(m_mutex);
        attached = m_attached.contains(link.address());
        changed = attached && (silent ? m_silent.insert(link.address()).second : m_silent.erase(link.address()) > 0);
    }
    if (changed) {
        core::Mark mark{.kind = silent ? core::MarkKind::Fault : core::MarkKind::Recovery, .name = link.address()};
        const std::string words = wordsOf(view);
        mark.detail = !silent         ? fmt::format("the {} answers again", view.role)
                      : words.empty() ? fmt::format("the {} does not answer", view.role)
                                      : fmt::format("the {} does not answer: {}", view.role, words);
        m_task->note(std::move(mark), view.heard && silent ? *view.heard : now);
    }
    const bool comes = !attached && view.heard && view.clockExchanges >= core::ClockOffset::kExchanges;
    if (view.role == "consumer" && m_task->scenario.consumer.by == core::ConsumedBy::Millrace && view.unanswered == 0 &&
        (comes || view.forgotten)) {
        attach(link);
        if (comes) {
            m_task->note({.kind = core::MarkKind::Recovery, .name = link.address(), .detail = "a consumer has come"},
                         now);
        }
    }
}

/// Where the parts of the run lie, to those that were told something else.
void RemoteFleet::tellTimes() {
    const core::PartTimes times = partTimesOf(m_task->times, m_task->base);
    for (DaemonLink* const link : links()) {
        if (link->view().unanswered > 0 || !link->view().run) {
            continue;
        }
        const std::scoped_lock lock(m_mutex);
        auto& told = m_toldTimes[link->address()];
        if (told != times) {
            told = times;
            link->tell("/api/run/times?id=" + id(), toJson(times));
        }
    }
}

void RemoteFleet::beginAll() {
    const std::string times = toJson(partTimesOf(m_task->times, m_task->base));
    for (DaemonLink* const link : links()) {
        link->tell("/api/run/begin?id=" + id(), times);
    }
    m_begun = true;
}

void RemoteFleet::ending(core::Nanoseconds limit) {
    m_endBy = (Clock::now() + limit).time_since_epoch().count();
}

bool RemoteFleet::isLost(const DaemonLink::View& view) const {
    const bool over = Clock::now() > core::Instant(core::Nanoseconds(m_endBy.load()));
    return view.forgotten || (view.run && !view.run->failure.empty()) ||
           silenceOf(view) > (over ? core::kStaleAfter : kLostAfter);
}

std::unique_ptr<core::Producers> RemoteFleet::producers() {
    return std::make_unique<RemoteProducers>(*this);
}

std::unique_ptr<core::Consumers> RemoteFleet::consumers() {
    return std::make_unique<RemoteConsumers>(*this);
}

void RemoteFleet::addTo(core::Snapshot& snapshot) const {
    for (const DaemonLink* const link : links()) {
        const DaemonLink::View view = link->view();
        link->addTo(snapshot, view.role == "producer" && isLost(view));
    }
}

std::map<std::string, core::ProducerCounts> RemoteFleet::untold() const {
    std::map<std::string, core::ProducerCounts> sum;
    for (const DaemonLink* const link : linksOf("producer")) {
        if (isLost(link->view())) {
            for (const auto& [stream, counts] : link->untold()) {
                sum[stream] += counts;
            }
        }
    }
    return sum;
}

std::map<std::string, std::string> RemoteFleet::facts() const {
    std::map<std::string, std::string> facts;
    for (const core::FleetMember& each : members()) {
        facts["daemon." + each.address] =
            fmt::format("{}, Millrace {}, its wall clock {:+.1f} ms, known to {:.2f} ms", each.role, each.version,
                        each.wallOffset * 1e3, each.clockError * 1e3);
    }
    return facts;
}

std::vector<core::FleetMember> RemoteFleet::members() const {
    std::vector<core::FleetMember> all;
    for (const DaemonLink* const link : links()) {
        const DaemonLink::View view = link->view();
        core::FleetMember& member = all.emplace_back();
        member.address = link->address();
        member.role = view.role;
        member.version = view.version;
        member.silent = view.heard ? core::secondsOf(silenceOf(view)) : -1;
        member.words = wordsOf(view);
        member.lost = view.forgotten;
        member.well = member.words.empty() && view.heard && silenceOf(view) <= core::kStaleAfter;
        member.producer = view.producer;
        member.stored = view.stored;
        if (view.clock) {
            const core::WallTime ours = std::chrono::system_clock::now() - (Clock::now() - view.clock->at);
            member.wallOffset = core::secondsOf(view.clock->otherWall - ours);
            member.clockError = core::secondsOf(view.clock->error);
        }
    }
    const std::scoped_lock lock(m_mutex);
    if (m_links.empty()) {
        all = m_lastMembers;
    }
    for (const auto& [name, reason] : m_unresolved) {
        core::FleetMember& member = all.emplace_back();
        member.address = name;
        member.words = reason;
    }
    return all;
}

} // namespace services
