// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scenario/fields.h"

#include "core/text/wording.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace core {

Fields::Fields(Cursor at) : m_at(std::move(at)) {
    if (!m_at.isMapping()) {
        m_at.refuseKind("a mapping");
    }
}

bool Fields::has(std::string_view key) const {
    return m_at.isMapping() && m_at.node->find(key) != nullptr;
}

std::optional<Cursor> Fields::find(std::string_view key) {
    m_known.push_back(key);
    const YamlEntry* entry = m_at.isMapping() ? m_at.node->find(key) : nullptr;
    if (entry == nullptr) {
        return std::nullopt;
    }
    return m_at.entry(*entry);
}

std::optional<Cursor> Fields::require(std::string_view key) {
    std::optional<Cursor> found = find(key);
    if (!found && m_at.isMapping()) {
        m_missing.push_back(key);
    }
    return found;
}

void Fields::finish() const {
    if (!m_at.isMapping()) {
        return;
    }
    std::vector<std::string_view> missing = m_missing;
    for (const YamlEntry& entry : m_at.node->entries) {
        const std::string& key = entry.key.text;
        if (std::ranges::find(m_known, key) != m_known.end()) {
            continue;
        }
        const auto meant = nearest(key, m_known);
        if (meant) {
            std::erase(missing, *meant);
        }
        m_at.problems->add(
            entry.key, m_at.entry(entry).path,
            meant ? fmt::format("unknown key {}; did you mean {}?", inQuotes(key), inQuotes(*meant))
                  : fmt::format("unknown key {}; the keys here are {}", inQuotes(key), listed(m_known, "and")));
    }
    for (const std::string_view key : missing) {
        m_at.refuse(fmt::format("missing key {}", inQuotes(key)));
    }
}

} // namespace core
