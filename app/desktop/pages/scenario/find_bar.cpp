// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/scenario/find_bar.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QToolButton>

namespace app {

namespace {

QString keyOf(QKeySequence::StandardKey key) {
    return QKeySequence(key).toString(QKeySequence::NativeText);
}

} // namespace

FindBar::FindBar(QPlainTextEdit* editor, QWidget* parent)
    : QWidget(parent), m_editor(editor), m_text(new QLineEdit(this)), m_answer(new QLabel(this)) {
    m_text->setObjectName(QStringLiteral("findText"));
    m_text->setAccessibleName(tr("Find in the text"));
    m_text->setPlaceholderText(tr("Find in the text"));
    m_text->setClearButtonEnabled(true);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_text, 1);
    const auto button = [this, row](const QString& text, const QString& tip, auto act) {
        auto* created = new QToolButton(this);
        created->setText(text);
        created->setToolTip(tip);
        created->setFocusPolicy(Qt::StrongFocus);
        connect(created, &QToolButton::clicked, this, act);
        row->addWidget(created);
    };
    button(tr("Previous"), tr("The place before (%1)").arg(keyOf(QKeySequence::FindPrevious)), &FindBar::findPrevious);
    button(tr("Next"), tr("The next place (%1)").arg(keyOf(QKeySequence::FindNext)), &FindBar::findNext);
    button(tr("Close"), tr("Back to the text (Esc)"), &FindBar::close);
    row->addWidget(m_answer);
    connect(m_text, &QLineEdit::returnPressed, this, &FindBar::findNext);
    connect(m_text, &QLineEdit::textEdited, this, [this] { // from where the found text begins: it may grow
        QTextCursor start = m_editor->textCursor();
        start.setPosition(start.selectionStart());
        findFrom(start, {});
    });
    hide();
}

void FindBar::open() {
    const QString selected = m_editor->textCursor().selectedText();
    if (!selected.isEmpty() && !selected.contains(QChar::ParagraphSeparator)) {
        m_text->setText(selected);
    }
    m_answer->clear();
    show();
    m_text->setFocus();
    m_text->selectAll();
}

void FindBar::close() {
    hide();
    m_editor->setFocus();
}

void FindBar::find(QTextDocument::FindFlags flags) {
    if (m_text->text().isEmpty()) {
        open();
        return;
    }
    findFrom(m_editor->textCursor(), flags);
}

void FindBar::findFrom(const QTextCursor& start, QTextDocument::FindFlags flags) {
    const QTextDocument* document = m_editor->document();
    QTextCursor found = document->find(m_text->text(), start, flags);
    if (found.isNull()) { // round
        QTextCursor edge = start;
        edge.movePosition(flags.testFlag(QTextDocument::FindBackward) ? QTextCursor::End : QTextCursor::Start);
        found = document->find(m_text->text(), edge, flags);
    }
    m_answer->setText(found.isNull() && !m_text->text().isEmpty() ? tr("Not found") : QString());
    if (!found.isNull()) {
        m_editor->setTextCursor(found);
    }
}

void FindBar::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape) {
        close();
        return;
    }
    QWidget::keyPressEvent(event);
}

} // namespace app
