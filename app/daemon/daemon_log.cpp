// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/daemon/daemon_log.h"

#include <fmt/chrono.h>
#include <nlohmann/json.hpp>
#include <spdlog/cfg/env.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdio>
#include <memory>
#include <mutex>

namespace app {
namespace {

class JsonSink final : public spdlog::sinks::base_sink<std::mutex> {
    void sink_it_(const spdlog::details::log_msg& message) override {
        using Json = nlohmann::ordered_json;
        const auto level = spdlog::level::to_string_view(message.level);
        const auto millis = std::chrono::time_point_cast<std::chrono::milliseconds>(message.time);
        const Json line{{"time", fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                                             fmt::gmtime(std::chrono::system_clock::to_time_t(message.time)),
                                             millis.time_since_epoch().count() % 1'000)},
                        {"level", std::string(level.data(), level.size())},
                        {"message", std::string(message.payload.data(), message.payload.size())}};
        const std::string text = line.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
        std::fwrite(text.data(), 1, text.size(), stderr);
    }
    void flush_() override { std::fflush(stderr); }
};

} // namespace

void logToStandardError(bool json) {
    std::shared_ptr<spdlog::sinks::sink> sink;
    if (json) {
        sink = std::make_shared<JsonSink>();
    } else {
        sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    }
    auto logger = std::make_shared<spdlog::logger>("millrace", std::move(sink));
    logger->set_level(spdlog::level::info);
    spdlog::set_default_logger(std::move(logger));
    spdlog::cfg::load_env_levels();
}

} // namespace app
