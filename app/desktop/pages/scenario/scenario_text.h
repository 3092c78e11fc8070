// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QString>

class QTextDocument;

namespace app {

/// How a scenario's text is laid down in a file: what an editor does not show, and what saving must not change.
struct TextLayout {
    bool byteOrderMark = false;
    bool carriageReturns = false; ///< lines end with CR LF
};

/// A file's content as an editor shows it: lines end with LF.
struct ScenarioText {
    QString text;
    TextLayout layout;
    bool isExact = true; ///< bytesOf() gives the file's bytes; false: its line ends are mixed
};

/// Invalid: longer than a scenario may be, or not UTF-8.
core::Result<ScenarioText> textOf(const QByteArray& bytes);
QByteArray bytesOf(const QString& text, const TextLayout& layout);

/// A document's text, character for character (QTextDocument::toPlainText() makes spaces of no-break spaces).
QString plainTextOf(const QTextDocument& document);

/// Makes `text` the document's by one change of the part that differs, so that cursors stay and undo takes one step.
void changeText(QTextDocument& document, const QString& text);

} // namespace app
