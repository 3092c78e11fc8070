// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/scenario/yaml_highlighter.h"

#include "app/desktop/widgets/page_colours.h"

#include <QRegularExpression>

namespace app {

YamlHighlighter::YamlHighlighter(QTextDocument* document, const QPalette& palette) : QSyntaxHighlighter(document) {
    setPalette(palette);
}

void YamlHighlighter::setPalette(const QPalette& palette) {
    m_key.setForeground(keyColour(palette));
    m_quoted.setFontItalic(true);
    m_comment.setForeground(faintColour(palette));
    rehighlight();
}

void YamlHighlighter::highlightBlock(const QString& line) {
    static const QRegularExpression token(QStringLiteral(
        "(?<quoted>\"(\\\\.|[^\"\\\\])*\"|'[^']*')|(?<comment>(^|(?<=\\s))#.*)|(?<key>[^\\s,{}\\[\\]#\"':]+"
        "(?=:(\\s|$)))"));
    for (auto found = token.globalMatch(line); found.hasNext();) {
        const QRegularExpressionMatch match = found.next();
        const bool isQuoted = match.capturedLength(QStringLiteral("quoted")) > 0;
        const bool isComment = match.capturedLength(QStringLiteral("comment")) > 0;
        setFormat(static_cast<int>(match.capturedStart()), static_cast<int>(match.capturedLength()),
                  isQuoted    ? m_quoted
                  : isComment ? m_comment
                              : m_key);
    }
}

} // namespace app
