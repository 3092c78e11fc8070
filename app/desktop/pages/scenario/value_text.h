// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/pages/scenario/scenario_document.h"

#include <QString>

namespace app {

/// How a form's field stands in the text.
enum class ValueKind {
    Plain,    ///< a number, a boolean or a word
    Rate,     ///< a bare number counts per second
    Seconds,  ///< a duration; a bare number counts seconds
    Duration, ///< a duration of any length
    Share,    ///< a bare number counts per cent
    Size,
    Text, ///< a text, whatever it looks like
    List, ///< texts with commas between them
    Yaml, ///< a quantity or {key: value, …}
};

/// What a field shows of a node: a scalar as it is, with ${NAME} unexpanded, a collection in one line.
QString shownText(const core::YamlNode& node, ValueKind kind);

/// The node of `path` in the document's tree; null: there is none.
const core::YamlNode* nodeOf(const core::YamlNode& root, const QString& path);

/// Sets what is at `path` to what the user wrote; nothing written: removes it, so that the default holds.
ScenarioDocument::Edit valueEdit(const QString& path, const QString& written, ValueKind kind);

} // namespace app
