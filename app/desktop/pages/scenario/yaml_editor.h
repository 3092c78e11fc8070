// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/scenario/scenario_reader.h"

#include <QPlainTextEdit>
#include <vector>

namespace app {

class YamlHighlighter;

/// The scenario's text, with line numbers. Lines with problems have a mark in the margin and a wavy line below; the
/// messages are their tool tips.
class YamlEditor : public QPlainTextEdit {
    Q_OBJECT

public:
    explicit YamlEditor(QTextDocument* document, QWidget* parent = nullptr);

    void showProblems(const std::vector<core::Problem>& problems);
    void goTo(int line, int column); ///< both from 1

    int marginWidth() const;
    void paintMargin(QPaintEvent* event);
    QString messagesAt(int line) const; ///< from 1; empty: no problem there

protected:
    bool event(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void placeMargin();
    void underlineProblems();

    QWidget* m_margin;
    YamlHighlighter* m_highlighter;
    std::vector<core::Problem> m_problems;
};

} // namespace app
