// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/text_columns.h"

#include <algorithm>

namespace app {
namespace {

constexpr std::size_t kLabelWidth = 10;

bool beginsCharacter(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

} // namespace

std::size_t columnsOf(std::string_view text) {
    std::size_t columns = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\033') { // to the letter that ends a sequence of colours
            i = std::min(text.find('m', i), text.size());
            continue;
        }
        columns += beginsCharacter(text[i]) ? 1U : 0U;
    }
    return columns;
}

std::string cutToColumns(std::string_view text, std::size_t width) {
    if (columnsOf(text) <= width) {
        return std::string(text);
    }
    std::string cut;
    std::size_t columns = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        columns += beginsCharacter(text[i]) ? 1U : 0U;
        if (columns >= width) {
            break;
        }
        cut += text[i];
    }
    return width == 0 ? "" : cut + "…";
}

std::string padRight(std::string text, std::size_t width) {
    const std::size_t columns = columnsOf(text);
    return columns < width ? text.append(width - columns, ' ') : text;
}

std::string padLeft(std::string text, std::size_t width) {
    const std::size_t columns = columnsOf(text);
    return columns < width ? text.insert(0, width - columns, ' ') : text;
}

std::vector<std::string> flow(std::string_view label, const std::vector<std::string>& items, std::size_t width) {
    std::vector<std::string> lines;
    std::string line = padRight(std::string(label), kLabelWidth);
    bool empty = true;
    for (const std::string& item : items) {
        if (!empty && columnsOf(line) + 2 + columnsOf(item) > width) {
            lines.push_back(cutToColumns(line, width));
            line = std::string(kLabelWidth, ' ');
            empty = true;
        }
        line += (empty ? "" : "  ") + item;
        empty = false;
    }
    lines.push_back(cutToColumns(line, width));
    return lines;
}

std::vector<std::string> wrapWords(std::string_view text, std::size_t indent, std::size_t width) {
    std::vector<std::string> lines;
    std::string line(indent, ' ');
    for (std::size_t at = 0; (at = text.find_first_not_of(' ', at)) != std::string_view::npos;) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        const std::string_view word = text.substr(at, end - at);
        const bool first = columnsOf(line) == indent;
        if (!first && columnsOf(line) + 1 + columnsOf(word) > width) {
            lines.push_back(line);
            line.assign(indent, ' ');
        } else if (!first) {
            line += ' ';
        }
        line += word;
        at = end;
    }
    lines.push_back(line);
    return lines;
}

} // namespace app
