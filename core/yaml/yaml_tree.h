// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// YAML as a tree that knows where each node starts and ends, so that problems can name their place and an editor can
/// change one value and leave the rest of the text, comments included, as it is.
namespace core {

/// A place in a text.
struct YamlMark {
    int line = 0;           ///< from 1
    int column = 0;         ///< from 1, in characters
    std::size_t offset = 0; ///< in bytes

    bool operator==(const YamlMark&) const = default;
};

struct YamlEntry;

struct YamlNode {
    enum class Kind {
        Scalar,
        Mapping,
        Sequence,
        Broken, ///< a problem of this node has been reported already
    };
    Kind kind = Kind::Scalar;
    bool quoted = false;            ///< scalar: in quotes, or a block text
    bool expanded = false;          ///< scalar: text holds values of the environment, written does not
    std::string text;               ///< scalar: its value
    std::string written;            ///< scalar: its value with ${NAME} unexpanded; this is what messages may show
    std::vector<YamlEntry> entries; ///< mapping: in the order of the file, no key twice
    std::vector<YamlNode> items;    ///< sequence
    YamlMark start;
    YamlMark end;       ///< behind the last character; a block collection ends with its last child
    std::string origin; ///< empty: the file; else the override that the node came with, as "--set PATH"

    const YamlEntry* find(std::string_view key) const; ///< of a mapping; null: not there
    YamlEntry* find(std::string_view key);
};

struct YamlEntry {
    YamlNode key; ///< a scalar
    YamlNode value;
};

struct YamlProblem {
    YamlMark at;
    std::string message;

    bool operator==(const YamlProblem&) const = default;
};

struct YamlReading {
    YamlNode root; ///< Broken when the text is no YAML
    std::vector<YamlProblem> problems;
};

inline constexpr std::size_t kMaxYamlBytes = 1U << 20U;
inline constexpr int kMaxYamlDepth = 32;
inline constexpr std::size_t kMaxYamlNodes = 100'000;

/// Reads one document. Anchors, aliases, tags, repeated keys and keys that are no scalars are problems and the reading
/// goes on; bad syntax, a second document and texts beyond the limits above are problems that end it.
YamlReading readYaml(std::string_view text);

} // namespace core
