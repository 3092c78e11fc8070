// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/scenario/scenario_field.h"

#include "app/desktop/pages/scenario/undo_passing.h"
#include "app/desktop/widgets/page_colours.h"
#include "app/desktop/widgets/tool_tip.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>

namespace app {

ScenarioField::ScenarioField(const FieldSpec& spec, QWidget* parent)
    : QWidget(parent), m_spec(spec), m_problem(new QLabel(this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    spec.choices.isEmpty() ? addLine() : addChoice();
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    m_problem->hide();
    layout->addWidget(m_problem);
    showProblem({});
}

void ScenarioField::addLine() {
    m_line = new QLineEdit(this);
    m_line->setObjectName(m_spec.path);
    m_line->setAccessibleName(m_spec.label);
    m_line->setPlaceholderText(m_spec.standard);
    passUndoOn(*m_line);
    layout()->addWidget(m_line);
    setFocusProxy(m_line);
    connect(m_line, &QLineEdit::editingFinished, this, [this] {
        if (m_line->text() != m_shown) {
            Q_EMIT written(m_line->text());
        }
    });
}

void ScenarioField::addChoice() {
    m_choice = new QComboBox(this);
    m_choice->setObjectName(m_spec.path);
    m_choice->setAccessibleName(m_spec.label);
    m_choice->addItem(tr("%1 (default)").arg(m_spec.standard), QString());
    for (const QString& choice : m_spec.choices) {
        m_choice->addItem(choice, choice);
    }
    layout()->addWidget(m_choice);
    setFocusProxy(m_choice);
    connect(m_choice, &QComboBox::activated, this, [this] { Q_EMIT written(m_choice->currentData().toString()); });
}

void ScenarioField::show(const core::YamlNode* node, const QString& problem) {
    const QString text = node == nullptr ? QString() : shownText(*node, m_spec.kind);
    m_choice != nullptr ? showChoice(text) : showText(text);
    if (problem != m_problem->text()) {
        showProblem(problem);
    }
}

void ScenarioField::showProblem(const QString& problem) {
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
    QPalette colours = palette();
    colours.setColor(QPalette::WindowText, problemColour(colours));
    m_problem->setPalette(colours);
    focusProxy()->setAccessibleDescription(problem.isEmpty() ? m_spec.tip : problem);
    focusProxy()->setToolTip(plainToolTip(problem.isEmpty() ? m_spec.tip : problem));
}

void ScenarioField::showText(const QString& text) {
    const bool isBeingWritten = m_line->hasFocus() && m_line->isModified() && m_line->text() != m_shown;
    if (text == m_shown && isBeingWritten) {
        return;
    }
    m_shown = text;
    if (m_line->text() != text) {
        m_line->setText(text);
        m_line->setCursorPosition(0);
    } else if (m_line->isUndoAvailable()) { // what is in the document is undone there
        const int cursor = m_line->cursorPosition();
        m_line->setText(text);
        m_line->setCursorPosition(cursor);
    }
}

/// A value that is none of the choices is shown all the same: the text says what holds.
void ScenarioField::showChoice(const QString& text) {
    const int known = static_cast<int>(m_spec.choices.size()) + 1;
    while (m_choice->count() > known) {
        m_choice->removeItem(known);
    }
    if (m_choice->findData(text) < 0) {
        m_choice->addItem(text, text);
    }
    m_choice->setCurrentIndex(m_choice->findData(text));
}

QString ScenarioField::problem() const {
    return m_problem->text();
}

} // namespace app
