// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <utility>

namespace core {

/// A password. It has no formatter, no stream operator and no conversion, so that it cannot slip into a sentence, a log
/// or a file: whoever needs its text says so by name.
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string text) : m_text(std::move(text)) {}

    const std::string& reveal() const { return m_text; }
    bool empty() const { return m_text.empty(); }
    bool operator==(const Secret&) const = default;

private:
    std::string m_text;
};

} // namespace core
