// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/scenario/text_pane.h"

#include "app/desktop/pages/scenario/find_bar.h"
#include "app/desktop/pages/scenario/problem_text.h"
#include "app/desktop/pages/scenario/yaml_editor.h"
#include "app/desktop/widgets/page_colours.h"

#include <QScrollBar>
#include <QShortcut>
#include <QVBoxLayout>
#include <algorithm>

namespace app {

namespace {

constexpr int kShareOfList = 2; // of the pane's height, before the list scrolls

} // namespace

TextPane::TextPane(ScenarioDocument* document, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_editor(new YamlEditor(document->text(), this)),
      m_problems(new QListWidget(this)) {
    m_problems->setObjectName(QStringLiteral("problems"));
    m_problems->setAccessibleName(tr("Problems of the scenario"));
    m_problems->setToolTip(tr("What keeps this scenario from running. Enter or a click leads to the place."));
    m_problems->setWordWrap(true);
    m_problems->setResizeMode(QListView::Adjust); // lines break anew
    m_problems->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_problems->viewport()->installEventFilter(this);
    installEventFilter(this); // half of this is what it may take
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* find = new FindBar(m_editor, this);
    const auto key = [this, find](QKeySequence::StandardKey sequence, void (FindBar::*act)()) {
        auto* shortcut = new QShortcut(sequence, this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, find, act);
    };
    key(QKeySequence::Find, &FindBar::open);
    key(QKeySequence::FindNext, &FindBar::findNext);
    key(QKeySequence::FindPrevious, &FindBar::findPrevious);
    layout->addWidget(m_editor, 1);
    layout->addWidget(find);
    layout->addWidget(m_problems);
    connect(document, &ScenarioDocument::readAgain, this, &TextPane::showProblems);
    connect(m_problems, &QListWidget::itemClicked, this, &TextPane::goTo);
    connect(m_problems, &QListWidget::itemActivated, this, &TextPane::goTo);
    showProblems();
}

void TextPane::showProblems() {
    const std::vector<core::Problem>& problems = m_document->problems();
    m_editor->showProblems(problems, m_document->tree());
    m_problems->clear();
    for (const core::Problem& problem : problems) {
        m_problems->addItem(lineOf(problem, m_document->tree()));
    }
    m_problems->setVisible(!problems.empty());
    fitList();
}

/// As high as its lines are, up to a part of the pane.
void TextPane::fitList() {
    m_problems->doItemsLayout();
    const QRect last = m_problems->visualItemRect(m_problems->item(m_problems->count() - 1));
    const int content = last.bottom() + 1 + m_problems->verticalScrollBar()->value();
    const int most = std::max(height() / kShareOfList, 2 * fontMetrics().height());
    m_problems->setFixedHeight(std::min(content, most) + 2 * m_problems->frameWidth());
}

/// At another width its lines break elsewhere.
bool TextPane::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Resize || event->type() == QEvent::Show) {
        QMetaObject::invokeMethod(this, &TextPane::fitList, Qt::QueuedConnection);
    }
    return QWidget::eventFilter(watched, event);
}

void TextPane::goTo(const QListWidgetItem* item) {
    const auto row = static_cast<std::size_t>(m_problems->row(item));
    if (row < m_document->problems().size() && m_document->problems()[row].line > 0) {
        const core::Problem& problem = m_document->problems()[row];
        m_editor->goTo(problem.line, problem.column);
    }
}

} // namespace app
