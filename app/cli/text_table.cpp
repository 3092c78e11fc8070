// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/text_table.h"

#include "app/cli/text_columns.h"

#include <algorithm>

namespace app {

std::string TextTable::text() const {
    std::string text;
    for (const std::string& line : lines()) {
        text += line + "\n";
    }
    return text;
}

std::vector<std::string> TextTable::lines() const {
    std::vector<std::string> lines;
    for (const auto& cells : m_rows) {
        std::string line = " ";
        for (std::size_t i = 0; i < cells.size(); ++i) {
            line += " " + aligned(cells[i], i) + " ";
        }
        lines.push_back(line.substr(0, line.find_last_not_of(' ') + 1));
    }
    return lines;
}

std::string TextTable::aligned(const std::string& cell, std::size_t column) const {
    std::size_t width = 0;
    for (const auto& cells : m_rows) {
        width = std::max(width, column < cells.size() ? columnsOf(cells[column]) : 0);
    }
    const bool toTheRight = column < m_alignment.size() && m_alignment[column] == 'r';
    return toTheRight ? padLeft(cell, width) : padRight(cell, width);
}

} // namespace app
