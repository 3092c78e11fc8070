// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/pages/scenario/schema_guide.h"
#include "core/yaml/problem.h"
#include "core/yaml/yaml_tree.h"

#include <QPlainTextEdit>
#include <vector>

namespace app {

class YamlCompletion;
class YamlHighlighter;

/// The scenario's text, with line numbers. Lines with problems have a mark in the margin and a wavy line below; the
/// messages are their tool tips, and of keys what they mean. Tab indents; Ctrl+Tab, or Esc and then Tab, leads out.
class YamlEditor : public QPlainTextEdit {
    Q_OBJECT

public:
    explicit YamlEditor(QTextDocument* document, QWidget* parent = nullptr);

    /// `tree`: of the text, for the names in the messages.
    void showProblems(const std::vector<core::Problem>& problems, const core::YamlNode& tree);
    void goTo(int line, int column); ///< both from 1

    int marginWidth() const;
    void paintMargin(QPaintEvent* event);
    QString messagesAt(int line) const; ///< from 1; empty: no problem there

    QString explanationAt(const QTextCursor& cursor) const; ///< of the key there; empty: none

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void placeMargin();
    void underlineProblems();
    bool leave(const QKeyEvent& event);
    bool indent(const QKeyEvent& event);

    QWidget* m_margin;
    YamlHighlighter* m_highlighter;
    SchemaGuide m_guide;
    YamlCompletion* m_completion;
    bool m_tabLeaves = false; // after Esc
    struct Shown {
        int line; ///< from 1; 0: none
        QString message;
    };
    std::vector<Shown> m_problems;
};

} // namespace app
