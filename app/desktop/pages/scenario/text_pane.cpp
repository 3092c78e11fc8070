// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/scenario/text_pane.h"

#include "app/desktop/pages/scenario/yaml_editor.h"
#include "app/desktop/widgets/page_colours.h"

#include <QVBoxLayout>
#include <algorithm>

namespace app {

namespace {

constexpr int kMostRows = 4; // before the list scrolls
constexpr int kLinesOfProblem = 2;

QString lineOf(const core::Problem& problem) {
    const QString message =
        QString::fromStdString(problem.path.empty() ? problem.message : problem.path + ": " + problem.message);
    return problem.line == 0 ? message : TextPane::tr("Line %1: %2").arg(problem.line).arg(message);
}

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
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_editor, 1);
    layout->addWidget(m_problems);
    connect(document, &ScenarioDocument::readAgain, this, &TextPane::showProblems);
    connect(m_problems, &QListWidget::itemClicked, this, &TextPane::goTo);
    connect(m_problems, &QListWidget::itemActivated, this, &TextPane::goTo);
    showProblems();
}

void TextPane::showProblems() {
    const std::vector<core::Problem>& problems = m_document->problems();
    m_editor->showProblems(problems);
    m_problems->clear();
    for (const core::Problem& problem : problems) {
        m_problems->addItem(lineOf(problem));
    }
    m_problems->setVisible(!problems.empty());
    const int rows = std::min(static_cast<int>(problems.size()), kMostRows);
    m_problems->setFixedHeight(2 * m_problems->frameWidth() + rows * kLinesOfProblem * (fontMetrics().height() + 2));
}

void TextPane::goTo(const QListWidgetItem* item) {
    const auto row = static_cast<std::size_t>(m_problems->row(item));
    if (row < m_document->problems().size() && m_document->problems()[row].line > 0) {
        const core::Problem& problem = m_document->problems()[row];
        m_editor->goTo(problem.line, problem.column);
    }
}

} // namespace app
