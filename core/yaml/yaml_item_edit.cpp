// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/yaml/yaml_item_edit.h"

#include "core/yaml/yaml_writing.h"

#include <algorithm>
#include <numeric>

namespace core {

namespace {

/// The part of the text that an item takes with it.
struct Region {
    std::size_t from = 0; ///< its first comment line's '#', else its dash; in flow: its value
    std::size_t dash = 0;
    std::size_t to = 0;
};

class Regions {
public:
    Regions(const YamlSource& source, const YamlNode& sequence)
        : m_source(source),
          m_flow(source.isFlow(sequence)),
          m_indent(static_cast<std::size_t>(sequence.start.column) - 1) {
        std::size_t dash = sequence.start.offset;
        for (const YamlNode& item : sequence.items) {
            m_regions.push_back(m_flow ? flowRegion(item) : blockRegion(item, dash));
            if (!m_flow && &item != &sequence.items.back()) {
                dash = dashAfter(m_regions.back().to);
            }
        }
    }

    const Region& operator[](std::size_t index) const { return m_regions[index]; }
    std::size_t size() const { return m_regions.size(); }

    /// What stands between two items of this sequence, next to the item `index`: a new item is set apart like its
    /// neighbours, as far as there are no comments in between.
    std::string separatorAt(std::size_t index) const {
        for (const std::size_t before : {index, index - 1}) {
            if (before >= m_regions.size() || before + 1 == m_regions.size()) { // 0 - 1 is beyond, too
                continue;
            }
            const std::size_t from = m_regions[before].to;
            const std::string_view between = m_source.text().substr(from, m_regions[before + 1].from - from);
            if (between.find('#') == std::string_view::npos) {
                return std::string(between);
            }
        }
        return m_flow ? ", " : std::string(m_source.lineEnd()) + std::string(m_indent, ' ');
    }

private:
    Region flowRegion(const YamlNode& item) const {
        return {item.start.offset, item.start.offset, m_source.endOf(item)};
    }

    Region blockRegion(const YamlNode& item, std::size_t dash) const {
        Region region{dash, dash, m_source.endOfLine(m_source.endOf(item))};
        for (std::size_t line = m_source.startOfLine(dash); line > 0 && m_source.beginsLine(dash);) {
            line = m_source.startOfLine(line - 1);
            const std::size_t sign = m_source.afterBlanks(line);
            if (sign - line != m_indent || sign >= m_source.text().size() || m_source.text()[sign] != '#') {
                break;
            }
            region.from = sign;
        }
        return region;
    }

    /// The next dash of this sequence behind `at`, an item's end: what is in between is blank or comment.
    std::size_t dashAfter(std::size_t at) const {
        const std::string_view text = m_source.text();
        for (std::size_t line = m_source.nextLine(at); line < text.size(); line = m_source.nextLine(line)) {
            const std::size_t sign = m_source.afterBlanks(line);
            if (sign < text.size() && text[sign] == '-') {
                return sign;
            }
        }
        return text.size();
    }

    const YamlSource& m_source;
    bool m_flow;
    std::size_t m_indent;
    std::vector<Region> m_regions;
};

/// Takes one of two blank lines away that would meet where lines are removed.
Replacement withoutDoubleGap(const YamlSource& source, Replacement removed) {
    const std::size_t line = removed.from;
    if (line == 0 || line != source.startOfLine(line)) {
        return removed;
    }
    const std::size_t above = source.startOfLine(line - 1);
    const bool isGapAbove = source.isBlank(above, line);
    const bool isGapBelow = source.isBlank(removed.to, source.nextLine(removed.to));
    return isGapAbove && isGapBelow ? Replacement{above, removed.to, {}} : removed;
}

} // namespace

std::vector<Replacement> itemInserted(const YamlSource& source, const YamlNode& sequence, std::size_t index,
                                      const YamlNode& item) {
    const bool isFlow = source.isFlow(sequence);
    const std::size_t indent = static_cast<std::size_t>(sequence.start.column) - 1;
    const std::string text = isFlow ? flowText(item) : "- " + blockText(item, indent + 2, source.lineEnd());
    if (sequence.items.empty()) {
        return {{sequence.start.offset + 1, sequence.start.offset + 1, text}};
    }
    const Regions regions(source, sequence);
    if (index < regions.size()) {
        return {{regions[index].from, regions[index].from, text + regions.separatorAt(index)}};
    }
    const std::size_t end = regions[regions.size() - 1].to;
    return {{end, end, regions.separatorAt(index - 1) + text}};
}

std::vector<Replacement> itemCopied(const YamlSource& source, const YamlNode& sequence, std::size_t index) {
    const Regions regions(source, sequence);
    const Region& region = regions[index];
    const std::string copy(source.text().substr(region.dash, region.to - region.dash));
    return {{region.to, region.to, regions.separatorAt(index) + copy}};
}

std::vector<Replacement> itemRemoved(const YamlSource& source, const YamlNode& sequence, std::size_t index,
                                     const YamlEntry* owner) {
    const Regions regions(source, sequence);
    const Region& region = regions[index];
    if (source.isFlow(sequence)) {
        return source.partRemoved(region.from, region.to, index == 0 ? std::string_view::npos : regions[index - 1].to);
    }
    if (regions.size() == 1 && (owner == nullptr || !source.beginsLine(region.dash))) {
        return {{region.dash, source.endOf(sequence), "[]"}};
    }
    if (!source.beginsLine(region.dash)) { // - - a
        return {{region.dash, regions[index + 1].dash, {}}};
    }
    const Replacement removed = withoutDoubleGap(source, source.linesRemoved(region.from, region.to));
    if (regions.size() > 1) {
        return {removed};
    }
    const std::size_t colon = source.behindColon(*owner);
    return {{colon, colon, " []"}, removed};
}

std::vector<Replacement> itemMoved(const YamlSource& source, const YamlNode& sequence, std::size_t from,
                                   std::size_t to) {
    const Regions regions(source, sequence);
    std::vector<std::size_t> order(regions.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto at = [&order](std::size_t index) { return order.begin() + static_cast<std::ptrdiff_t>(index); };
    if (from < to) {
        std::rotate(at(from), at(from) + 1, at(to) + 1);
    } else {
        std::rotate(at(to), at(from), at(from) + 1);
    }
    std::vector<Replacement> replacements;
    for (std::size_t i = std::min(from, to); i <= std::max(from, to); ++i) {
        const Region& moved = regions[order[i]];
        replacements.push_back(
            {regions[i].from, regions[i].to, std::string(source.text().substr(moved.from, moved.to - moved.from))});
    }
    return replacements;
}

} // namespace core
