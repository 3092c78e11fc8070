// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/scenario/yaml_place.h"

#include <algorithm>
#include <vector>

namespace app {

namespace {

constexpr qsizetype kNoColumn = -1; // of what stands between brackets

bool isWordCharacter(QChar c) {
    return c.isLetterOrNumber() || c == QLatin1Char('_') || c == QLatin1Char('.') || c == QLatin1Char('-');
}

/// A mapping or a list that the place lies in.
struct Level {
    qsizetype column = 0; ///< of its keys or dashes; kNoColumn: it stands between brackets
    bool isList = false;
    QString key; ///< the latest, whose value follows; empty: none
    QStringList keys;
};

/// Follows a text line by line, and knows at each time which mappings and lists are open.
class Follower {
public:
    /// `isLast`: the place is at its end.
    void follow(QStringView line, bool isLast) {
        m_place = {};
        const qsizetype column =
            std::distance(line.begin(), std::ranges::find_if_not(line, [](QChar c) { return c == QLatin1Char(' '); }));
        const bool isBlank = column == line.size();
        if (m_blockColumn && (isBlank || column > *m_blockColumn)) {
            m_place.isText = !isBlank;
            return;
        }
        m_blockColumn.reset();
        if (isBlank && !isLast) {
            return;
        }
        if (!inBrackets()) {
            leave(column, !isBlank && line[column] == QLatin1Char('-') && isDash(line, column));
        }
        read(line, column);
    }

    YamlPlace place() const {
        YamlPlace place = m_place;
        for (const Level& level : m_levels) {
            if (level.isList) {
                place.path += QStringLiteral("[]");
            } else if (!level.key.isEmpty()) {
                place.path += level.key;
            }
        }
        const bool isMapping = !m_levels.empty() && !m_levels.back().isList;
        place.keys = isMapping ? m_levels.back().keys : QStringList();
        return place;
    }

private:
    bool inBrackets() const { return !m_levels.empty() && m_levels.back().column == kNoColumn; }

    static bool isDash(QStringView line, qsizetype at) {
        return line[at] == QLatin1Char('-') && (at + 1 == line.size() || line[at + 1] == QLatin1Char(' '));
    }

    /// A list may stand as far left as the key that it belongs to.
    void leave(qsizetype column, bool isDash) {
        while (!m_levels.empty() && (m_levels.back().column > column ||
                                     (m_levels.back().column == column && m_levels.back().isList && !isDash))) {
            m_levels.pop_back();
        }
        if (!isDash && !m_levels.empty() && m_levels.back().column == column) {
            m_levels.back().key.clear();
        }
    }

    void read(QStringView line, qsizetype at) {
        while (at < line.size() && !m_place.isText) {
            const QChar c = line[at];
            if (c == QLatin1Char(' ')) {
                ++at;
            } else if (c == QLatin1Char('#') && (at == 0 || line[at - 1] == QLatin1Char(' '))) {
                m_place.isText = true;
            } else if (c == QLatin1Char('"') || c == QLatin1Char('\'')) {
                at = skipQuotes(line, at);
            } else if (!inBrackets() && isDash(line, at)) {
                beginItem(at);
                ++at;
            } else if (c == QLatin1Char('{') || c == QLatin1Char('[')) {
                m_levels.push_back({kNoColumn, c == QLatin1Char('['), {}, {}});
                begin(false);
                ++at;
            } else if (inBrackets() && (c == QLatin1Char('}') || c == QLatin1Char(']') || c == QLatin1Char(','))) {
                endInBrackets(c);
                ++at;
            } else {
                at = readWord(line, at);
            }
        }
    }

    void begin(bool isValue) {
        m_place.typed.clear();
        m_place.isValue = isValue;
    }

    void beginItem(qsizetype column) {
        if (m_levels.empty() || !m_levels.back().isList || m_levels.back().column != column) {
            m_levels.push_back({column, true, {}, {}});
        }
        begin(false);
    }

    void endInBrackets(QChar c) {
        if (c == QLatin1Char(',')) {
            m_levels.back().key.clear();
            begin(false);
        } else {
            m_levels.pop_back();
            begin(true);
        }
    }

    qsizetype skipQuotes(QStringView line, qsizetype at) {
        const qsizetype end = line.indexOf(line[at], at + 1);
        m_place.isText = end < 0;
        m_place.typed.clear();
        return end + 1;
    }

    qsizetype readWord(QStringView line, qsizetype at) {
        qsizetype end = at;
        while (end < line.size() && line[end] != QLatin1Char(' ') && !isColon(line, end) &&
               !(inBrackets() && QStringLiteral(",}]").contains(line[end]))) {
            ++end;
        }
        const QStringView word = line.sliced(at, end - at);
        if (end < line.size() && isColon(line, end)) {
            readKey(word.toString(), at);
            return end + 1;
        }
        const bool isBlock = !inBrackets() && m_place.isValue &&
                             (word.startsWith(QLatin1Char('|')) || word.startsWith(QLatin1Char('>')));
        if (isBlock && !m_levels.empty()) {
            m_blockColumn = m_levels.back().column;
        }
        const bool isWord = std::ranges::all_of(word, isWordCharacter);
        m_place.typed = end == line.size() && isWord ? word.toString() : QString();
        return end;
    }

    static bool isColon(QStringView line, qsizetype at) {
        return line[at] == QLatin1Char(':') && (at + 1 == line.size() || line[at + 1] == QLatin1Char(' '));
    }

    void readKey(const QString& key, qsizetype column) {
        if (!inBrackets() && (m_levels.empty() || m_levels.back().isList || m_levels.back().column != column)) {
            m_levels.push_back({column, false, {}, {}});
        }
        if (!m_levels.back().isList) {
            m_levels.back().key = key;
            m_levels.back().keys += key;
        }
        begin(true);
    }

    std::vector<Level> m_levels;
    std::optional<qsizetype> m_blockColumn; // of the key whose text goes on below it
    YamlPlace m_place;
};

} // namespace

YamlPlace yamlPlaceAfter(QStringView before) {
    Follower follower;
    const QList<QStringView> lines = before.split(QLatin1Char('\n'));
    for (qsizetype i = 0; i < lines.size(); ++i) {
        follower.follow(lines[i], i + 1 == lines.size());
    }
    return follower.place();
}

} // namespace app
