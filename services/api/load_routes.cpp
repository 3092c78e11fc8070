// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/api/load_routes.h"

#include "core/text/plain_number.h"
#include "services/api/json_response.h"

#include <fmt/format.h>

#include <deque>

namespace services {
namespace {

using http::Method;
using http::Request;
using http::Response;
using ObjectJson = nlohmann::ordered_json;

constexpr int kLongestBurst = 3'600;       // seconds
constexpr double kDefaultBurst = 10'000;   // events/s
constexpr double kMostEvents = 10'000'000; // events/s: more is a mistake
constexpr std::size_t kMaxScenario = 1024 * 1024;

/// Answers by path and Idempotency-Key, the last ones. A request with a key waits for the one before it.
class Answered {
public:
    template <typename Handle>
    Response once(const Request& request, const Handle& handle) {
        const auto header = request.header("Idempotency-Key");
        if (!header) {
            return handle();
        }
        const std::string key = fmt::format("{} {}", request.path, *header);
        const std::scoped_lock lock(m_mutex);
        const auto known = std::ranges::find_if(m_answers, [&](const auto& each) { return each.first == key; });
        if (known != m_answers.end()) {
            return known->second;
        }
        Response response = handle();
        if (response.status < 500) { // what failed for the moment may be tried again
            m_answers.emplace_back(key, response);
        }
        if (m_answers.size() > kKept) {
            m_answers.pop_front();
        }
        return response;
    }

private:
    static constexpr std::size_t kKept = 64;
    std::mutex m_mutex;
    std::deque<std::pair<std::string, Response>> m_answers; // guarded by m_mutex
};

/// "500" or "500/s".
std::optional<core::Rate> rateFrom(std::string_view text) {
    if (text.ends_with("/s")) {
        text.remove_suffix(2);
    }
    const auto rate = core::numberFrom<double>(text);
    return rate && *rate > 0 && *rate <= kMostEvents ? std::optional(core::Rate{*rate}) : std::nullopt;
}

Response badRate(std::string_view text) {
    return http::problem(400, fmt::format("rate is a number of events per second above 0 and up to {:.0f}, not '{}'.",
                                          kMostEvents, text));
}

Response stats(const core::LoadControl& load, const PartFeed& feed) {
    const core::LoadState state = load.state();
    const core::Window window = feed.lastSeconds();
    return jsonResponse({{"totalGenerated", state.counts.sent},
                         {"acked", state.counts.acked},
                         {"failed", state.counts.failed},
                         {"inDoubt", state.counts.inDoubt},
                         {"unsent", state.counts.unsent},
                         {"queued", state.counts.queued()},
                         {"rate", window.rate(window.producer.sent).perSecond},
                         {"targetRate", state.target.perSecond},
                         {"status", nameOf(state.activity)},
                         {"scenario", state.scenario},
                         {"runId", state.id},
                         {"seconds", state.seconds}});
}

/// The new state, or why there is none: what makes no sense now is a conflict, and an absent broker may come back.
Response outcome(const core::Status& status, const core::LoadControl& load, const PartFeed& feed) {
    if (status) {
        return stats(load, feed);
    }
    return http::problem(status.error().kind == core::ErrorKind::Invalid ? 409 : 503, status.error().text());
}

Response burst(const Request& request, core::LoadControl& load) {
    const auto text = request.parameter("durationSeconds").value_or("10");
    const auto seconds = core::numberFrom<int>(text);
    if (!seconds || *seconds < 1 || *seconds > kLongestBurst) {
        return http::problem(
            400, fmt::format("durationSeconds is a whole number from 1 to {}, not '{}'.", kLongestBurst, text));
    }
    core::Rate rate{kDefaultBurst};
    if (const auto wanted = request.parameter("rate")) {
        const auto read = rateFrom(*wanted);
        if (!read) {
            return badRate(*wanted);
        }
        rate = *read;
    }
    if (const core::Status begun = load.command(core::BurstCommand{rate, std::chrono::seconds(*seconds)}); !begun) {
        return http::problem(begun.error().kind == core::ErrorKind::Invalid ? 409 : 503, begun.error().text());
    }
    return jsonResponse({{"status", "started"},
                         {"duration", fmt::format("{} seconds", *seconds)},
                         {"message", fmt::format("{} events per second for {} seconds", rate.perSecond, *seconds)}});
}

Response start(const Request& request, core::LoadControl& load, const PartFeed& feed) {
    if (load.state().started) {
        return http::problem(409, "A scenario is on already. Stop it first.");
    }
    std::string text = request.body;
    if (const auto wrapped = ObjectJson::parse(request.body, nullptr, false);
        wrapped.is_object() && wrapped.size() == 1 && wrapped.contains("scenario") && wrapped["scenario"].is_string()) {
        text = wrapped["scenario"].get<std::string>();
    }
    const core::Status begun = load.start(text);
    if (!begun) {
        return http::problem(begun.error().kind == core::ErrorKind::Invalid ? 400 : 503, begun.error().text());
    }
    return stats(load, feed);
}

Response setRate(const Request& request, core::LoadControl& load, const PartFeed& feed) {
    const auto text = request.parameter("rate").value_or("");
    const auto rate = rateFrom(text);
    if (!rate) {
        return badRate(text);
    }
    return outcome(load.command(core::RateCommand{std::string(request.parameter("stream").value_or("")), *rate}), load,
                   feed);
}

} // namespace

void addLoadRoutes(http::Router& router, core::LoadControl& load, const PartFeed& feed) {
    const auto answered = std::make_shared<Answered>(); // shared by the handlers, which have to be copyable
    const auto post = [&](const std::string& pattern, auto handle, std::size_t bodyLimit = 64 * 1024) {
        router.add(
            {.method = Method::Post,
             .pattern = pattern,
             .answer = [answered, handle](
                           const Request& request) { return answered->once(request, [&] { return handle(request); }); },
             .bodyLimit = bodyLimit});
    };
    const auto order = [&](const std::string& pattern, const core::Command& command) {
        post(pattern, [&load, &feed, command](const Request&) { return outcome(load.command(command), load, feed); });
    };
    router.add({Method::Get, "/api/load/stats", [&](const Request&) { return stats(load, feed); }});
    post("/api/load/burst", [&load](const Request& request) { return burst(request, load); });
    post(
        "/api/load/start", [&load, &feed](const Request& request) { return start(request, load, feed); }, kMaxScenario);
    post("/api/load/rate", [&load, &feed](const Request& request) { return setRate(request, load, feed); });
    order("/api/load/stop", core::StopCommand());
    order("/api/load/pause", core::PauseCommand());
    order("/api/load/resume", core::ResumeCommand());
    post("/api/load/reset", [&load, &feed](const Request&) {
        load.reset();
        return stats(load, feed);
    });
}

} // namespace services
