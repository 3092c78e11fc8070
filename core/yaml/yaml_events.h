// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/yaml/yaml_tree.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace core {

/// What libyaml's parser reports, in our own words.
struct YamlEvent {
    enum class Kind { Nothing, DocumentStart, DocumentEnd, StreamEnd, Scalar, Alias, SequenceStart, MappingStart, End };
    Kind kind = Kind::Nothing;
    bool hasAnchor = false;
    bool hasTag = false;
    bool quoted = false; ///< scalar
    bool block = false;  ///< collection: by indentation
    std::string text;    ///< scalar
    YamlMark start;
    YamlMark end;
};

/// The events of a text, one after the other. The text must outlive the object.
class YamlEvents {
public:
    explicit YamlEvents(std::string_view text);
    ~YamlEvents();
    YamlEvents(const YamlEvents&) = delete;
    YamlEvents& operator=(const YamlEvents&) = delete;

    /// The next event; nothing when the syntax is wrong, and problem() says how.
    std::optional<YamlEvent> next();
    const YamlProblem& problem() const;

private:
    struct Parser;
    std::unique_ptr<Parser> m_parser;
};

} // namespace core
