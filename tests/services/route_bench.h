// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/command_json.h"
#include "core/ports/part.h"
#include "core/ports/run_member.h"
#include "services/api/part_feed.h"
#include "services/http/router.h"

#include <nlohmann/json.hpp>

/// Stand-ins for what the routes of a served process speak of, and a way to ask a router without a socket.
namespace fakes {

struct Part final : core::Part {
    core::Snapshot figures = core::tierTotals();
    std::vector<core::Component> ends;
    bool begun = true;

    core::Snapshot snapshot() const override { return figures; }
    std::vector<core::Component> components() const override { return ends; }
    bool ready() const override { return begun; }
};

/// Answers `answer` to everything, and remembers what it was asked.
struct LoadControl final : core::LoadControl {
    core::LoadState now;
    core::Status answer;
    std::vector<std::string> started;
    std::vector<core::Command> commands;
    int resets = 0;

    core::LoadState state() const override { return now; }
    core::Status start(std::string_view scenario) override {
        started.emplace_back(scenario);
        return answer;
    }
    core::Status command(const core::Command& command) override {
        commands.push_back(command);
        return answer;
    }
    void reset() override { ++resets; }
};

/// Knows of run "r" only, and remembers what it was told.
struct RunMember final : core::RunMember {
    core::Status answer;
    std::vector<std::string> told_;

    core::Status take(std::string what, std::string_view id) {
        if (id != "r") {
            return core::invalid("It does not know of that run.");
        }
        told_.push_back(std::move(what));
        return answer;
    }
    core::MemberReport report() const override {
        return {.version = "1", .role = "producer", .run = {}, .snapshot = {}, .fates = {}};
    }
    core::Result<core::MemberReport> report(std::string_view id, bool fates) override {
        core::MemberReport known = report();
        known.run = core::MemberRun{.id = "r"};
        known.snapshot = core::tierTotals();
        if (fates) {
            known.fates = std::vector<core::StreamFates>{{0, {{0, 5}}, {}, {}}};
        }
        return id == "r" ? core::Result(known) : core::invalid("It does not know of that run.");
    }
    core::Status prepare(const core::RunOrder& order) override { return take("prepare", order.id); }
    core::Status begin(std::string_view id, const core::PartTimes&) override { return take("begin", id); }
    core::Status command(std::string_view id, std::uint64_t number, core::Nanoseconds at,
                         const core::Command& command) override {
        return take(std::to_string(number) + " at " + std::to_string(at.count()) + " " + core::toJson(command), id);
    }
    core::Status follow(std::string_view id, const core::PartTimes&) override { return take("times", id); }
    core::Status finish(std::string_view id, core::Nanoseconds limit) override {
        return take("finish " + std::to_string(limit.count()), id);
    }
    core::Status release(std::string_view id) override { return take("release", id); }
    core::Result<core::RunTold> told(std::string_view id) const override {
        return id == "r" ? core::Result(core::RunTold()) : core::invalid("It does not know of that run.");
    }
};

inline services::http::Response ask(const services::http::Router& router, services::http::Method method,
                                    std::string_view pathAndQuery, std::vector<services::http::Header> headers = {},
                                    std::string body = {}) {
    const auto target = services::http::readTarget(pathAndQuery);
    const auto found = router.find(method, target->path);
    if (const auto* refusal = std::get_if<services::http::Response>(&found)) {
        return *refusal;
    }
    const auto& [route, variables] = std::get<services::http::Router::Found>(found);
    return std::get<services::http::Router::Handler>(route->answer)(
        {method, target->path, target->query, variables, std::move(headers), std::move(body)});
}

inline services::http::Response get(const services::http::Router& router, std::string_view pathAndQuery,
                                    std::vector<services::http::Header> headers = {}) {
    return ask(router, services::http::Method::Get, pathAndQuery, std::move(headers));
}

inline nlohmann::json jsonOf(const services::http::Response& response) {
    return nlohmann::json::parse(response.body, nullptr, false);
}

} // namespace fakes
