// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/remote/daemon_link.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace services {

using namespace std::chrono_literals;

namespace {

using Clock = std::chrono::steady_clock;

constexpr core::Nanoseconds kReportEvery = 250ms;
constexpr core::Nanoseconds kClocksEvery = 1s;
constexpr core::Nanoseconds kFatesEvery = 1s;
constexpr std::chrono::milliseconds kAnswerLimit = 2s;
constexpr std::size_t kMostAnswer = 256 * 1024 * 1024; // fates of a run of which much was in doubt

std::string refusalText(const http::Response& answer) {
    const auto json = nlohmann::json::parse(answer.body, nullptr, false);
    if (json.is_object() && json.contains("detail") && json["detail"].is_string()) {
        return json["detail"].get<std::string>();
    }
    return fmt::format("It answers {} {}.", answer.status, http::reasonOf(answer.status));
}

/// Whoever answers so is no daemon that takes part in runs, or does not let us.
std::string oddAnswer(const http::Response& answer) {
    switch (answer.status) {
    case 401:
        return "It wants a token, and MILLRACE_TOKEN has not the one that it knows.";
    case 404:
        return "It takes no part in runs: it is another program, another version, or a gateway.";
    default:
        return refusalText(answer);
    }
}

/// Calls `tell` for what is in `now` and not in `before`.
template <typename Tell>
void eachNew(const core::SequenceIntervals& before, const core::SequenceIntervals& now, const Tell& tell) {
    auto known = before.begin();
    for (auto [from, until] : now) {
        while (known != before.end() && known->second <= from) {
            ++known;
        }
        for (auto each = known; from < until;) {
            if (each == before.end() || each->first >= until) {
                tell(from, until);
                break;
            }
            if (each->first > from) {
                tell(from, each->first);
            }
            from = std::max(from, each->second);
            ++each;
        }
    }
}

} // namespace

DaemonLink::DaemonLink(std::string address, const PartAccess& access)
    : m_address(std::move(address)), m_access(access), m_body([this](const std::stop_token& stop) { run(stop); }) {}

DaemonLink::View DaemonLink::view() const {
    const std::scoped_lock lock(m_mutex);
    View view = m_view;
    view.unanswered = m_messages.size();
    return view;
}

void DaemonLink::follow(std::string id, Fate fate) {
    const std::scoped_lock lock(m_mutex);
    m_id = std::move(id);
    m_fate = std::move(fate);
}

void DaemonLink::tell(std::string pathAndQuery, std::string body) {
    {
        const std::scoped_lock lock(m_mutex);
        m_messages.push_back({std::move(pathAndQuery), std::move(body)});
    }
    m_wake.notify_all();
}

void DaemonLink::addTo(core::Snapshot& snapshot, bool lost) const {
    const std::scoped_lock lock(m_mutex);
    if (m_former) {
        addPart(snapshot, *m_former);
    }
    if (!m_last) {
        return;
    }
    addPart(snapshot, *m_last);
    for (const core::StreamSnapshot& part : m_last->streams) {
        const auto whole = std::ranges::find(snapshot.streams, part.name, &core::StreamSnapshot::name);
        if (lost && whole != snapshot.streams.end()) {
            whole->producer.inDoubt += part.producer.queued();
            whole->target.perSecond -= part.target.perSecond;
        }
    }
}

std::map<std::string, core::ProducerCounts> DaemonLink::untold() const {
    const std::scoped_lock lock(m_mutex);
    std::map<std::string, core::ProducerCounts> untold;
    for (std::size_t i = 0; m_last && i < m_last->streams.size(); ++i) {
        const core::ProducerCounts& last = m_last->streams[i].producer;
        const core::ProducerCounts told =
            m_lastComplete ? m_lastComplete->streams.at(i).producer : core::ProducerCounts();
        untold[m_last->streams[i].name] = {.acked = last.acked - told.acked, .failed = last.failed - told.failed};
    }
    return untold;
}

std::vector<core::Mark> DaemonLink::popMarks() {
    const std::scoped_lock lock(m_mutex);
    return std::exchange(m_marks, {});
}

void DaemonLink::run(const std::stop_token& stop) {
    auto client = http::Client::create({.base = (m_access.authority ? "https://" : "http://") + m_address,
                                        .token = m_access.token,
                                        .certificateAuthority = m_access.authority,
                                        .limit = kAnswerLimit,
                                        .mostBytes = kMostAnswer});
    if (!client) {
        missed(client.error().text());
        return;
    }
    core::Instant nextReport{};
    core::Instant nextClocks{};
    core::Instant nextFates{};
    while (!stop.stop_requested()) {
        const bool brought = bring(**client, stop);
        const core::Instant now = Clock::now();
        if (brought && now >= nextClocks) {
            const bool more = compareClocks(**client, stop) && view().clockExchanges < core::ClockOffset::kExchanges;
            nextClocks = more ? now : now + kClocksEvery;
        }
        if (now >= nextReport) {
            const View known = view();
            const bool fates = now >= nextFates || (known.run && known.run->left);
            askReport(**client, fates, stop);
            nextReport = now + kReportEvery;
            nextFates = fates ? now + kFatesEvery : nextFates;
        }
        std::unique_lock lock(m_mutex);
        const core::Instant wake = std::min(nextReport, nextClocks);
        m_wake.wait_until(lock, stop, wake, [&] { return brought && !m_messages.empty(); });
    }
    (void)bring(**client, {}); // the last words; each within the limit of an answer
}

/// False: what is to be told has not arrived.
bool DaemonLink::bring(http::Client& client, const std::stop_token& stop) {
    for (;;) {
        Message message;
        {
            const std::scoped_lock lock(m_mutex);
            if (m_messages.empty()) {
                return true;
            }
            message = m_messages.front();
        }
        const auto answer = client.post(message.pathAndQuery, message.body, stop);
        if (!answer) {
            missed(answer.error().text());
            return false;
        }
        const std::scoped_lock lock(m_mutex);
        m_messages.pop_front();
        if (answer->status >= 400) {
            const bool may = answer->status == 409 || answer->status >= 500;
            core::Error refusal = may ? core::transient(refusalText(*answer)) : core::invalid(oddAnswer(*answer));
            if (!m_view.refusal) {
                m_marks.push_back({.kind = core::MarkKind::Fault, .detail = "it refused: " + refusal.text()});
            }
            m_view.refusal = std::move(refusal);
        }
    }
}

/// False: it did not answer.
bool DaemonLink::compareClocks(http::Client& client, const std::stop_token& stop) {
    core::ClockExchange exchange;
    exchange.asked = Clock::now();
    const auto answer = client.get("/api/time", stop);
    exchange.heard = Clock::now();
    if (!answer || answer->status != 200) {
        return false;
    }
    try {
        const auto json = nlohmann::json::parse(answer->body);
        exchange.arrived = core::Instant(core::Nanoseconds(json.at("arrived_ns").get<std::int64_t>()));
        exchange.answered = core::Instant(core::Nanoseconds(json.at("answered_ns").get<std::int64_t>()));
        exchange.otherWall = core::WallTime(core::Nanoseconds(json.at("wall_ns").get<std::int64_t>()));
    } catch (const nlohmann::json::exception&) {
        return false;
    }
    m_clock.add(exchange);
    const std::scoped_lock lock(m_mutex);
    m_view.clock = m_clock.best();
    ++m_view.clockExchanges;
    return true;
}

void DaemonLink::askReport(http::Client& client, bool fates, const std::stop_token& stop) {
    std::string id;
    {
        const std::scoped_lock lock(m_mutex);
        id = m_id;
    }
    const auto answer =
        client.get(id.empty() ? "/api/run" : fmt::format("/api/run?id={}{}", id, fates ? "&fates=yes" : ""), stop);
    if (!answer) {
        return missed(answer.error().text());
    }
    if (answer->status == 404 && !id.empty()) { // it does not know of the run: not told yet, or begun anew
        const std::scoped_lock lock(m_mutex);
        m_view.forgotten = m_taken;
        m_view.run.reset();
        m_view.heard = Clock::now();
        m_view.reason.clear();
        return;
    }
    if (answer->status != 200) {
        return missed(oddAnswer(*answer));
    }
    auto report = core::memberReportFromJson(answer->body);
    if (!report) {
        return missed("Its answer is no report: it is another program, or another version.");
    }
    if (report->protocol != core::kFleetProtocol) {
        return missed(fmt::format("It is Millrace {} and speaks protocol {} of fleets, this is protocol {}. Run the "
                                  "same version on all machines.",
                                  report->version, report->protocol, core::kFleetProtocol));
    }
    if (report->fates) { // before the figures that they belong to
        tellFates(*report->fates);
    }
    heard(std::move(*report));
}

void DaemonLink::heard(core::MemberReport report) {
    const std::scoped_lock lock(m_mutex);
    m_view.version = std::move(report.version);
    m_view.role = std::move(report.role);
    m_view.heard = Clock::now();
    m_view.reason.clear();
    if (m_id.empty()) {
        m_view.knownRun = report.run ? report.run->id : "";
    }
    if (m_id.empty() || !report.run || report.run->id != m_id) {
        return;
    }
    m_taken = true;
    m_view.forgotten = false;
    m_view.refusal.reset(); // of something that was told before
    if (report.snapshot) {
        if (report.fates) {
            m_lastComplete = report.snapshot;
        }
        if (m_last && !follows(*report.snapshot, *m_last)) { // it began anew
            if (m_former) {
                addPart(*m_former, *m_last);
            } else {
                m_former = std::move(m_last);
            }
            for (core::StreamSnapshot& stream : m_former->streams) {
                stream.target = {};
            }
            m_marksSeen = 0;
        }
        m_view.producer = report.snapshot->producer();
        m_view.stored = report.snapshot->consumer.stored;
        m_last = std::move(report.snapshot);
    }
    core::MemberRun& run = *report.run;
    m_marksSeen = std::min(m_marksSeen, run.marks);
    const auto fresh = std::min<std::uint64_t>(run.marks - m_marksSeen, run.newest.size());
    m_marks.insert(m_marks.end(), run.newest.end() - static_cast<std::ptrdiff_t>(fresh), run.newest.end());
    m_marksSeen = run.marks;
    m_view.complete = m_view.complete || (run.left && (report.fates || m_view.role == "consumer"));
    m_view.run = std::move(run);
}

void DaemonLink::tellFates(const std::vector<core::StreamFates>& fates) {
    Fate fate;
    {
        const std::scoped_lock lock(m_mutex);
        fate = m_fate;
    }
    for (const core::StreamFates& now : fates) {
        auto known = std::ranges::find(m_told, now.stream, &core::StreamFates::stream);
        if (known == m_told.end()) {
            known = m_told.insert(known, core::StreamFates{now.stream, {}, {}, {}});
        }
        const auto tell = [&](core::Delivery delivery) {
            return [&fate, &now, delivery](std::uint64_t from, std::uint64_t until) {
                fate(now.stream, delivery, from, until);
            };
        };
        eachNew(known->acked, now.acked, tell(core::Delivery::Acked));
        eachNew(known->failed, now.failed, tell(core::Delivery::Failed));
        eachNew(known->inDoubt, now.inDoubt, tell(core::Delivery::InDoubt));
        *known = now;
    }
}

void DaemonLink::missed(std::string reason) {
    const std::scoped_lock lock(m_mutex);
    m_view.reason = std::move(reason);
}

} // namespace services
