// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/api/member_routes.h"

#include "core/ports/command_json.h"
#include "core/text/plain_number.h"
#include "services/api/json_response.h"

#include <fmt/format.h>

namespace services {
namespace {

using http::Method;
using http::Request;
using http::Response;

constexpr std::size_t kMostOrder = 2 * 1024 * 1024; // a scenario of 1 MiB, with its quotes escaped
constexpr std::size_t kMostTimes = 256 * 1024;
constexpr core::Nanoseconds kMostFinish = std::chrono::hours(24);

Response refusal(const core::Error& error) {
    return http::problem(error.kind == core::ErrorKind::Transient ? 409 : 400, error.text());
}

Response outcome(const core::Status& status) {
    return status ? jsonResponse({{"status", "ok"}}) : refusal(status.error());
}

std::string_view idOf(const Request& request) {
    return request.parameter("id").value_or("");
}

std::optional<core::Nanoseconds> nanosecondsOf(const Request& request, std::string_view name) {
    const auto number = core::numberFrom<std::int64_t>(request.parameter(name).value_or(""));
    return number ? std::optional(core::Nanoseconds(*number)) : std::nullopt;
}

/// The two clocks, for whoever compares them with its own: when the question was turned to, and when it is answered.
Response time(const Request& /*request*/) {
    const core::Instant arrived = std::chrono::steady_clock::now();
    const core::WallTime wall = std::chrono::system_clock::now();
    const core::Instant answered = std::chrono::steady_clock::now();
    return jsonResponse({{"arrived_ns", arrived.time_since_epoch().count()},
                         {"answered_ns", answered.time_since_epoch().count()},
                         {"wall_ns", wall.time_since_epoch().count()}});
}

Response prepare(const Request& request, core::RunMember& member) {
    const auto order = core::runOrderFromJson(request.body);
    return order ? outcome(member.prepare(*order)) : refusal(order.error());
}

Response report(const Request& request, core::RunMember& member) {
    core::MemberReport answer;
    if (request.parameter("id")) {
        auto known = member.report(idOf(request), request.parameter("fates") == "yes");
        if (!known) {
            return http::problem(404, known.error().text());
        }
        answer = std::move(*known);
    } else {
        answer = member.report();
    }
    return {.type = "application/x-ndjson", .body = core::toJson(answer)};
}

Response told(const Request& request, core::RunMember& member) {
    const auto known = member.told(idOf(request));
    return known ? Response{.body = core::toJson(*known)} : http::problem(404, known.error().text());
}

template <typename Take>
Response withTimes(const Request& request, const Take& take) {
    const auto times = core::partTimesFromJson(request.body);
    return times ? outcome(take(idOf(request), *times)) : refusal(times.error());
}

Response command(const Request& request, core::RunMember& member) {
    const auto number = core::numberFrom<std::uint64_t>(request.parameter("number").value_or(""));
    const auto at = nanosecondsOf(request, "atNs");
    const auto read = core::commandFromJson(request.body);
    if (!number || !at || !read) {
        return http::problem(400, "A command has a number, an instant (atNs), and a body that says what to do.");
    }
    return outcome(member.command(idOf(request), *number, *at, *read));
}

Response finish(const Request& request, core::RunMember& member) {
    const auto limit = nanosecondsOf(request, "limitNs");
    if (!limit || *limit < core::Nanoseconds::zero() || *limit > kMostFinish) {
        return http::problem(400, "limitNs says how long what was sent may take to be delivered: at most 24 hours.");
    }
    return outcome(member.finish(idOf(request), *limit));
}

} // namespace

void addMemberRoutes(http::Router& router, core::RunMember& member) {
    router.add({.method = Method::Get, .pattern = "/api/time", .answer = time, .vital = true});
    router.add({Method::Get, "/api/run", [&](const Request& request) { return report(request, member); }});
    router.add({Method::Get, "/api/run/told", [&](const Request& request) { return told(request, member); }});
    const auto post = [&](const std::string& pattern, http::Router::Handler handler, std::size_t most = kMostTimes) {
        router.add({.method = Method::Post, .pattern = pattern, .answer = std::move(handler), .bodyLimit = most});
    };
    post("/api/run/prepare", [&](const Request& request) { return prepare(request, member); }, kMostOrder);
    post("/api/run/begin", [&](const Request& request) {
        return withTimes(request, [&](auto id, const auto& times) { return member.begin(id, times); });
    });
    post("/api/run/times", [&](const Request& request) {
        return withTimes(request, [&](auto id, const auto& times) { return member.follow(id, times); });
    });
    post("/api/run/command", [&](const Request& request) { return command(request, member); });
    post("/api/run/finish", [&](const Request& request) { return finish(request, member); });
    post("/api/run/release", [&](const Request& request) { return outcome(member.release(idOf(request))); });
}

} // namespace services
