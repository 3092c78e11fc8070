// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/scenario/yaml_completion.h"

#include "app/desktop/pages/scenario/yaml_place.h"
#include "app/desktop/widgets/tool_tip.h"

#include <QAbstractItemView>
#include <QHeaderView>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QStandardItemModel>
#include <QTextBlock>
#include <QTreeView>

namespace app {

namespace {

constexpr int kWidestExplanation = 60; // characters beside the word; the tool tip has it all

} // namespace

YamlCompletion::YamlCompletion(QPlainTextEdit* editor, const SchemaGuide& guide)
    : QCompleter(editor), m_editor(editor), m_guide(guide), m_words(new QStandardItemModel(this)) {
    auto* list = new QTreeView;
    list->setObjectName(QStringLiteral("completions"));
    list->setAccessibleName(tr("What can stand here"));
    list->setRootIsDecorated(false);
    list->setHeaderHidden(true);
    list->setUniformRowHeights(true);
    list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setModel(m_words);
    setWidget(editor);
    setPopup(list);
    setCompletionMode(QCompleter::PopupCompletion);
    setCaseSensitivity(Qt::CaseInsensitive);
    connect(this, qOverload<const QString&>(&QCompleter::activated), this, &YamlCompletion::insert);
}

bool YamlCompletion::isOpen() const {
    return popup()->isVisible();
}

void YamlCompletion::offer() {
    open(true);
}

void YamlCompletion::offerForWord() {
    open(false);
}

void YamlCompletion::open(bool isAsked) {
    const QTextCursor cursor = m_editor->textCursor();
    const YamlPlace place = yamlPlaceAfter(QStringView(m_editor->toPlainText()).first(cursor.position()));
    const bool isWanted = !place.isText && (isAsked || (!place.isValue && !place.typed.isEmpty()));
    m_isKey = !place.isValue;
    QList<SchemaGuide::Word> words;
    if (isWanted && m_isKey) {
        words = m_guide.keysAt(place.path, place.keys);
    }
    if (isWanted && (!m_isKey || (isAsked && words.isEmpty()))) { // an item of a list may be a value
        m_isKey = false;
        words = m_guide.valuesAt(place.path);
    }
    m_words->clear();
    for (const SchemaGuide::Word& word : words) {
        auto* text = new QStandardItem(word.text);
        auto* explanation = new QStandardItem(m_editor->fontMetrics().elidedText(
            word.explanation, Qt::ElideRight, kWidestExplanation * m_editor->fontMetrics().averageCharWidth()));
        text->setToolTip(plainToolTip(word.explanation));
        text->setData(word.explanation, Qt::AccessibleDescriptionRole);
        explanation->setToolTip(text->toolTip());
        m_words->appendRow({text, explanation});
    }
    setCompletionPrefix(place.typed);
    const bool isWhole = completionCount() == 1 && currentCompletion() == place.typed;
    if (completionCount() == 0 || (isWhole && !isAsked)) {
        popup()->hide();
        return;
    }
    this->place();
}

void YamlCompletion::place() {
    auto* list = static_cast<QTreeView*>(popup());
    list->setCurrentIndex(completionModel()->index(0, 0));
    int width = list->verticalScrollBar()->sizeHint().width() + 2 * list->frameWidth();
    for (int column = 0; column < m_words->columnCount(); ++column) {
        list->resizeColumnToContents(column);
        width += list->columnWidth(column);
    }
    QRect at = m_editor->cursorRect();
    at.translate(m_editor->viewport()->pos());
    at.setWidth(width);
    complete(at);
}

void YamlCompletion::insert(const QString& word) {
    QTextCursor cursor = m_editor->textCursor();
    cursor.movePosition(QTextCursor::Left, QTextCursor::KeepAnchor, static_cast<int>(completionPrefix().size()));
    const QString behind = cursor.block().text().mid(m_editor->textCursor().positionInBlock());
    const bool needsColon = m_isKey && !behind.startsWith(QLatin1Char(':'));
    cursor.insertText(needsColon ? word + QStringLiteral(": ") : word);
    m_editor->setTextCursor(cursor);
}

} // namespace app
