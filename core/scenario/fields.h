// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/yaml/cursor.h"

#include <optional>
#include <string_view>
#include <vector>

namespace core {

/// Reads a mapping's keys one by one; what nobody asked for is unknown. Ask for every key, then call finish().
class Fields {
public:
    explicit Fields(Cursor at);

    std::optional<Cursor> find(std::string_view key);
    std::optional<Cursor> require(std::string_view key); ///< a missing key is a problem

    /// Reads the key's value, if there is one, into `target` by `read(cursor) -> optional`.
    template <typename T, typename Read>
    void read(std::string_view key, T& target, Read read) {
        assign(find(key), target, read);
    }
    template <typename T, typename Read>
    void takeRequired(std::string_view key, T& target, Read read) {
        assign(require(key), target, read);
    }

    /// Notes unknown and missing keys. A missing key that an unknown one was meant to be is not noted twice.
    void finish() const;

    bool has(std::string_view key) const;
    const Cursor& cursor() const { return m_at; }

private:
    template <typename T, typename Read>
    static void assign(const std::optional<Cursor>& at, T& target, Read& read) {
        if (!at) {
            return;
        }
        if (const auto value = read(*at)) {
            target = static_cast<T>(*value);
        }
    }

    Cursor m_at;
    std::vector<std::string_view> m_known; // literals
    std::vector<std::string_view> m_missing;
};

} // namespace core
