// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace app {

/// Rows of cells for a terminal; columns as wide as their widest cell, two blanks between them.
class TextTable {
public:
    /// A letter a column: l or r.
    explicit TextTable(std::string alignment) : m_alignment(std::move(alignment)) {}

    void row(std::vector<std::string> cells) { m_rows.push_back(std::move(cells)); }
    std::vector<std::string> lines() const;
    std::string text() const; ///< its lines, each ended

private:
    std::string aligned(const std::string& cell, std::size_t column) const;

    std::string m_alignment;
    std::vector<std::vector<std::string>> m_rows;
};

} // namespace app
