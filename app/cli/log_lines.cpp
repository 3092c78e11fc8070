// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/log_lines.h"

#include <spdlog/cfg/env.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include <mutex>
#include <utility>

namespace app {

struct LogLines::Sink : spdlog::sinks::base_sink<std::mutex> {
    std::vector<std::string> taken() {
        const std::lock_guard lock(mutex_);
        return std::exchange(m_lines, {});
    }

protected:
    void sink_it_(const spdlog::details::log_msg& message) override {
        constexpr std::size_t kMost = 1'000; // nobody takes them any more
        if (m_lines.size() < kMost) {
            m_lines.push_back(fmt::format("{}: {}", spdlog::level::to_string_view(message.level), message.payload));
        }
    }
    void flush_() override {}

private:
    std::vector<std::string> m_lines;
};

LogLines::LogLines() : m_sink(std::make_shared<Sink>()) {
    auto logger = std::make_shared<spdlog::logger>("millrace", m_sink);
    logger->set_level(spdlog::level::warn);
    spdlog::set_default_logger(std::move(logger));
    spdlog::cfg::load_env_levels();
}

std::vector<std::string> LogLines::pop() {
    return m_sink->taken();
}

} // namespace app
