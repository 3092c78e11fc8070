// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/scenario/yaml_editor.h"

#include "app/desktop/pages/scenario/problem_text.h"
#include "app/desktop/pages/scenario/yaml_completion.h"
#include "app/desktop/pages/scenario/yaml_highlighter.h"
#include "app/desktop/pages/scenario/yaml_place.h"
#include "app/desktop/widgets/page_colours.h"
#include "app/desktop/widgets/tool_tip.h"

#include <QAbstractItemView>
#include <QFontDatabase>
#include <QHelpEvent>
#include <QPainter>
#include <QRegularExpression>
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
    setTabStopDistance(kIndent * fontMetrics().horizontalAdvance(QLatin1Char(' ')));
    setAccessibleName(tr("Text of the scenario"));
    setAccessibleDescription(tr(
        "The scenario as YAML. The form beside it shows each change, and the other way round. Ctrl+Space offers what "
        "can stand here, Ctrl+F finds, Tab indents. Ctrl+Tab, or Esc and then Tab, leaves the text."));
    m_completion = new YamlCompletion(this, m_guide);
    m_highlighter = new YamlHighlighter(document, palette());
    connect(this, &QPlainTextEdit::blockCountChanged, this, &YamlEditor::placeMargin);
    connect(this, &QPlainTextEdit::updateRequest, m_margin, [this](const QRect& area, int dy) {
        dy != 0 ? m_margin->scroll(0, dy) : m_margin->update(0, area.y(), m_margin->width(), area.height());
    });
    placeMargin();
}

void YamlEditor::showProblems(const std::vector<core::Problem>& problems, const core::YamlNode& tree) {
    m_problems.clear();
    for (const core::Problem& problem : problems) {
        m_problems.push_back({problem.line, placedMessage(problem, tree)});
    }
    underlineProblems();
    m_margin->update();
}

QString YamlEditor::messagesAt(int line) const {
    QStringList messages;
    for (const Shown& problem : m_problems) {
        if (problem.line == line) {
            messages += problem.message;
        }
    }
    return messages.join(QLatin1Char('\n'));
}

void YamlEditor::underlineProblems() {
    QList<QTextEdit::ExtraSelection> selections;
    for (const Shown& problem : m_problems) {
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
    const QTextCursor cursor = cursorForPosition(inside);
    const QString problem = messagesAt(cursor.blockNumber() + 1);
    QToolTip::showText(help->globalPos(), plainToolTip(problem.isEmpty() ? explanationAt(cursor) : problem), this);
    return true;
}

QString YamlEditor::explanationAt(const QTextCursor& cursor) const {
    static const QRegularExpression words(QStringLiteral("[\\w.-]+(?=\\s*:(\\s|$))"));
    const QTextBlock block = cursor.block();
    for (auto key = words.globalMatch(block.text()); key.hasNext();) {
        const QRegularExpressionMatch found = key.next();
        if (found.capturedStart() > cursor.positionInBlock() || found.capturedEnd() < cursor.positionInBlock()) {
            continue;
        }
        const QString whole = toPlainText();
        const qsizetype end = block.position() + found.capturedEnd();
        const YamlPlace place = yamlPlaceAfter(QStringView(whole).first(end));
        return place.isText || place.typed != found.captured()
                   ? QString()
                   : m_guide.explanationOf(place.path + QStringList{place.typed}, place.keys);
    }
    return {};
}

void YamlEditor::keyPressEvent(QKeyEvent* event) {
    if (m_completion->isOpen()) {
        switch (event->key()) {
        case Qt::Key_Return:
        case Qt::Key_Enter:
        case Qt::Key_Tab:
        case Qt::Key_Escape:
            event->ignore(); // the list's
            return;
        default:
            break;
        }
    }
    if (leave(*event) || indent(*event)) {
        return;
    }
    if (event->key() == Qt::Key_Space && event->modifiers() == Qt::ControlModifier) {
        m_completion->offer();
        return;
    }
    QPlainTextEdit::keyPressEvent(event);
    const bool isWriting = !event->text().isEmpty() && event->text().front().isPrint();
    if (isWriting || (m_completion->isOpen() && event->key() == Qt::Key_Backspace)) {
        m_completion->offerForWord();
    } else {
        m_completion->popup()->hide(); // the cursor has left the word
    }
}

void YamlEditor::focusOutEvent(QFocusEvent* event) {
    m_tabLeaves = false;
    QPlainTextEdit::focusOutEvent(event);
}

bool YamlEditor::leave(const QKeyEvent& event) {
    const bool isTab = event.key() == Qt::Key_Tab || event.key() == Qt::Key_Backtab;
    if (isTab && (m_tabLeaves || event.modifiers().testFlag(Qt::ControlModifier))) {
        setTabChangesFocus(true); // without, the editor does not let go of the focus
        focusNextPrevChild(event.key() == Qt::Key_Tab);
        setTabChangesFocus(false);
        return true;
    }
    m_tabLeaves = event.key() == Qt::Key_Escape || (m_tabLeaves && event.key() == Qt::Key_Shift);
    return event.key() == Qt::Key_Escape;
}

/// Two spaces further in, or out; without a selection Tab goes on to the next place of two.
bool YamlEditor::indent(const QKeyEvent& event) {
    const bool isOut = event.key() == Qt::Key_Backtab;
    if (event.key() != Qt::Key_Tab && !isOut) {
        return false;
    }
    QTextCursor cursor = textCursor();
    if (!isOut && !cursor.hasSelection()) {
        cursor.insertText(QString(kIndent - cursor.positionInBlock() % kIndent, QLatin1Char(' ')));
        return true;
    }
    const QTextBlock end = document()->findBlock(std::max(cursor.selectionStart(), cursor.selectionEnd() - 1)).next();
    QTextCursor edit(document()->findBlock(cursor.selectionStart()));
    edit.beginEditBlock();
    for (QTextBlock line = edit.block(); line.isValid() && line != end; line = line.next()) {
        edit.setPosition(line.position());
        const QString text = line.text();
        if (!isOut && !text.isEmpty()) {
            edit.insertText(QString(kIndent, QLatin1Char(' ')));
        }
        for (int i = 0; isOut && i < kIndent && i < text.size() && text[i] == QLatin1Char(' '); ++i) {
            edit.deleteChar();
        }
    }
    edit.endEditBlock();
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
