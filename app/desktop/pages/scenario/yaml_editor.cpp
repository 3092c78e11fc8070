// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/scenario/yaml_editor.h"

#include "app/desktop/pages/scenario/yaml_highlighter.h"
#include "app/desktop/widgets/page_colours.h"
#include "app/desktop/widgets/tool_tip.h"

#include <QFontDatabase>
#include <QHelpEvent>
#include <QPainter>
#include <QTextBlock>
#include <QToolTip>
#include <algorithm>

namespace app {

namespace {

constexpr int kGap = 6; // pixels beside the numbers
constexpr int kIndent = 2;

/// The editor's left margin; the editor paints it.
class Margin : public QWidget {
public:
    explicit Margin(YamlEditor* editor) : QWidget(editor), m_editor(editor) {}

    QSize sizeHint() const override { return {m_editor->marginWidth(), 0}; }

protected:
    void paintEvent(QPaintEvent* event) override { m_editor->paintMargin(event); }
    bool event(QEvent* event) override {
        if (event->type() != QEvent::ToolTip) {
            return QWidget::event(event);
        }
        const auto* help = static_cast<QHelpEvent*>(event);
        const int line = m_editor->cursorForPosition({0, help->pos().y()}).blockNumber() + 1;
        QToolTip::showText(help->globalPos(), plainToolTip(m_editor->messagesAt(line)), this);
        return true;
    }

private:
    YamlEditor* m_editor;
};

} // namespace

YamlEditor::YamlEditor(QTextDocument* document, QWidget* parent) : QPlainTextEdit(parent), m_margin(new Margin(this)) {
    setDocument(document);
    const QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    setFont(font);
    document->setDefaultFont(font);
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setTabChangesFocus(true); // YAML has no tabs, and the keyboard must find the way out
    setTabStopDistance(kIndent * fontMetrics().horizontalAdvance(QLatin1Char(' ')));
    setAccessibleName(tr("Text of the scenario"));
    setAccessibleDescription(
        tr("The scenario as YAML. The form beside it shows each change, and the other way round."));
    m_highlighter = new YamlHighlighter(document, palette());
    connect(this, &QPlainTextEdit::blockCountChanged, this, &YamlEditor::placeMargin);
    connect(this, &QPlainTextEdit::updateRequest, m_margin, [this](const QRect& area, int dy) {
        dy != 0 ? m_margin->scroll(0, dy) : m_margin->update(0, area.y(), m_margin->width(), area.height());
    });
    placeMargin();
}

void YamlEditor::showProblems(const std::vector<core::Problem>& problems) {
    m_problems = problems;
    underlineProblems();
    m_margin->update();
}

QString YamlEditor::messagesAt(int line) const {
    QStringList messages;
    for (const core::Problem& problem : m_problems) {
        if (problem.line == line) {
            messages +=
                QString::fromStdString(problem.path.empty() ? problem.message : problem.path + ": " + problem.message);
        }
    }
    return messages.join(QLatin1Char('\n'));
}

void YamlEditor::underlineProblems() {
    QList<QTextEdit::ExtraSelection> selections;
    for (const core::Problem& problem : m_problems) {
        const QTextBlock block = document()->findBlockByNumber(problem.line - 1);
        if (problem.line == 0 || !block.isValid()) {
            continue;
        }
        QTextEdit::ExtraSelection selection;
        selection.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        selection.format.setUnderlineColor(problemColour(palette()));
        selection.cursor = QTextCursor(block);
        const QString line = block.text();
        const auto first = std::find_if(line.begin(), line.end(), [](QChar c) { return !c.isSpace(); });
        selection.cursor.setPosition(block.position() + static_cast<int>(first - line.begin()));
        selection.cursor.movePosition(QTextCursor::EndOfBlock, QTextCursor::KeepAnchor);
        selections += selection;
    }
    setExtraSelections(selections);
}

void YamlEditor::goTo(int line, int column) {
    const QTextBlock block = document()->findBlockByNumber(std::max(line, 1) - 1);
    QTextCursor cursor(block.isValid() ? block : document()->lastBlock());
    cursor.setPosition(cursor.position() + std::clamp(column - 1, 0, cursor.block().length() - 1));
    setTextCursor(cursor);
    centerCursor();
    setFocus();
}

int YamlEditor::marginWidth() const {
    const int digits = static_cast<int>(QString::number(std::max(blockCount(), 10)).size());
    return 2 * kGap + (digits + 2) * fontMetrics().horizontalAdvance(QLatin1Char('9'));
}

void YamlEditor::placeMargin() {
    setViewportMargins(marginWidth(), 0, 0, 0);
    const QRect area = contentsRect();
    m_margin->setGeometry(area.left(), area.top(), marginWidth(), area.height());
}

void YamlEditor::paintMargin(QPaintEvent* event) {
    QPainter painter(m_margin);
    painter.fillRect(event->rect(), palette().color(QPalette::Window));
    const QColor faint = faintColour(palette());
    const int height = fontMetrics().height();
    for (QTextBlock block = firstVisibleBlock(); block.isValid(); block = block.next()) {
        const QRectF area = blockBoundingGeometry(block).translated(contentOffset());
        if (area.top() > event->rect().bottom()) {
            break;
        }
        const int line = block.blockNumber() + 1;
        const bool isWrong = !messagesAt(line).isEmpty();
        painter.setPen(isWrong ? problemColour(palette()) : faint);
        const QRect place(kGap, static_cast<int>(area.top()), m_margin->width() - 2 * kGap, height);
        painter.drawText(place, Qt::AlignRight, QString::number(line));
        if (isWrong) {
            painter.drawText(place, Qt::AlignLeft, QStringLiteral("!"));
        }
    }
}

bool YamlEditor::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) {
        return QPlainTextEdit::event(event);
    }
    const auto* help = static_cast<QHelpEvent*>(event);
    const QPoint inside = viewport()->mapFrom(this, help->pos());
    const int line = cursorForPosition(inside).blockNumber() + 1;
    QToolTip::showText(help->globalPos(), plainToolTip(messagesAt(line)), this);
    return true;
}

void YamlEditor::resizeEvent(QResizeEvent* event) {
    QPlainTextEdit::resizeEvent(event);
    placeMargin();
}

void YamlEditor::changeEvent(QEvent* event) {
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_highlighter != nullptr) {
        m_highlighter->setPalette(palette());
        underlineProblems();
    }
}

} // namespace app
