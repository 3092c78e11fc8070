// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/part.h"
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
