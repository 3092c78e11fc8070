// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/yaml/yaml_path.h"

#include <string>
#include <string_view>
#include <vector>

namespace core {

/// One part of a text that is replaced by another.
struct Replacement {
    std::size_t from = 0; ///< byte
    std::size_t to = 0;   ///< behind the last byte
    std::string with;
};

/// A text beside its tree: where the lines, entries and items of the tree begin and end in the text.
class YamlSource {
public:
    /// `text` must outlive the object; `root` is what readYaml made of it.
    YamlSource(std::string_view text, const YamlNode& root);

    std::string_view text() const { return m_text; }
    const YamlNode& root() const { return *m_root; }
    std::string_view lineEnd() const { return m_lineEnd; } ///< "\n" or "\r\n", as in the text

    bool isFlow(const YamlNode& collection) const; ///< between brackets or braces
    bool isNothing(const YamlNode& node) const;    ///< a key or dash without a value
    bool isBlank(std::size_t from, std::size_t to) const;
    std::size_t startOfLine(std::size_t at) const;
    std::size_t endOfLine(std::size_t at) const;   ///< in front of the line end
    std::size_t nextLine(std::size_t at) const;    ///< behind the line end
    bool beginsLine(std::size_t at) const;         ///< only blanks stand before it
    std::size_t endOf(const YamlNode& node) const; ///< behind its last visible character
    std::size_t endOf(const YamlEntry& entry) const;
    std::size_t behindColon(const YamlEntry& entry) const; ///< without a colon: behind the key
    /// The comma that is next after `at`, comments and line ends skipped; npos: something else is next.
    std::size_t commaAfter(std::size_t at) const;
    std::size_t afterBlanks(std::size_t at) const; ///< spaces and tabs skipped

    /// Removes whole lines; the last line of a text without a final line end takes the one before with it.
    Replacement linesRemoved(std::size_t from, std::size_t to) const;
    /// Removes one of the comma-separated parts of a flow collection. `previousEnd`: of the part before; npos: the
    /// first.
    std::vector<Replacement> partRemoved(std::size_t from, std::size_t to, std::size_t previousEnd) const;

private:
    std::string_view m_text;
    const YamlNode* m_root;
    std::string_view m_lineEnd;
};

/// The text with all replacements done; they must not overlap.
std::string replaced(std::string_view text, std::vector<Replacement> replacements);

} // namespace core
