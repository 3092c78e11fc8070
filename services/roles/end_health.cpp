// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/roles/end_health.h"

#include <spdlog/spdlog.h>

namespace services {

EndHealth::EndHealth(std::initializer_list<core::End> unknown) {
    for (const core::End end : unknown) {
        m_reasons[end][std::string()] = "It has not answered yet.";
    }
}

void EndHealth::note(const core::Mark& mark) {
    const bool trouble = core::isTrouble(mark.kind);
    // A rebalance names its worker by itself.
    const bool named = !mark.name.empty() && mark.kind != core::MarkKind::Rebalance;
    spdlog::log(trouble ? spdlog::level::warn : spdlog::level::info, "{}: {}{}{}", nameOf(mark.kind),
                named ? mark.name : "", named ? ": " : "", core::textOf(mark));
    if (!mark.end) {
        return;
    }
    const std::scoped_lock lock(m_mutex);
    if (mark.kind == core::MarkKind::Fault) {
        m_reasons[*mark.end][mark.name] = mark.detail;
    } else if (mark.kind == core::MarkKind::Recovery) {
        m_reasons[*mark.end].erase(mark.name);
    }
}

void EndHealth::found(core::End end, std::optional<std::string> reason) {
    const std::scoped_lock lock(m_mutex);
    auto& reasons = m_reasons[end];
    if (reason && !reasons.contains(std::string())) {
        spdlog::warn("{}", *reason);
    }
    if (reason) {
        reasons[std::string()] = std::move(*reason);
    } else if (reasons.erase(std::string()) > 0) {
        spdlog::info("the {} answers", nameOf(end));
    }
}

void EndHealth::forgetWorkers() {
    const std::scoped_lock lock(m_mutex);
    for (auto& [end, reasons] : m_reasons) {
        std::erase_if(reasons, [](const auto& each) { return !each.first.empty(); });
    }
}

std::optional<std::string> EndHealth::reason(core::End end) const {
    const std::scoped_lock lock(m_mutex);
    const auto reasons = m_reasons.find(end);
    if (reasons == m_reasons.end() || reasons->second.empty()) {
        return std::nullopt;
    }
    return reasons->second.begin()->second;
}

} // namespace services
