// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTextDocument>
#include <QWidget>

class QLabel;
class QLineEdit;
class QPlainTextEdit;

namespace app {

/// Finds a text in an editor, forwards and backwards, round and round.
class FindBar : public QWidget {
    Q_OBJECT

public:
    explicit FindBar(QPlainTextEdit* editor, QWidget* parent = nullptr);

    void open(); ///< with what is selected
    void findNext() { find({}); }
    void findPrevious() { find(QTextDocument::FindBackward); }

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void find(QTextDocument::FindFlags flags);
    void findFrom(const QTextCursor& start, QTextDocument::FindFlags flags);
    void close();

    QPlainTextEdit* m_editor;
    QLineEdit* m_text;
    QLabel* m_answer;
};

} // namespace app
