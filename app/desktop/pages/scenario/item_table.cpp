// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/scenario/item_table.h"

#include "app/desktop/pages/scenario/choice_delegate.h"
#include "core/yaml/yaml_edit.h"

#include <QComboBox>
#include <QDropEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QShortcut>
#include <algorithm>

namespace app {

namespace {
constexpr int kRowGap = 8;       // pixels of a row beside its text
constexpr int kColumnWidth = 72; // pixels; seven of them fit half a window
} // namespace

/// The view itself never removes rows: the text does, and the model follows it.
void RowTable::dropEvent(QDropEvent* event) {
    const int from = currentIndex().row();
    const QModelIndex target = indexAt(event->position().toPoint());
    int to = target.isValid() ? target.row() : model()->rowCount();
    if (target.isValid() && dropIndicatorPosition() == QAbstractItemView::BelowItem) {
        ++to;
    }
    if (to > from) {
        --to; // the dragged row leaves its place first
    }
    event->setDropAction(Qt::IgnoreAction);
    event->accept();
    if (event->source() == this && from >= 0 && to != from) {
        Q_EMIT rowDropped(from, std::min(to, model()->rowCount() - 1));
    }
}

ItemTable::ItemTable(ScenarioDocument* document, ItemTableModel* model, const QString& name, NewItem newItem,
                     QWidget* parent)
    : QWidget(parent), m_document(document), m_model(model), m_newItem(std::move(newItem)), m_view(new RowTable(this)) {
    m_copyEdit = [](const QString& path, int row) -> ScenarioDocument::Edit {
        return [path = path.toStdString(), row](std::string_view text) {
            return core::copyItem(text, path, static_cast<std::size_t>(row));
        };
    };
    setUpView(name);
    m_add = addButton(tr("Add"), tr("Adds one behind the chosen one."), &ItemTable::add);
    m_copy = addButton(tr("Copy"), tr("Adds a copy behind the chosen one."), &ItemTable::copy);
    m_remove = addButton(tr("Remove"), tr("Removes the chosen one (Delete)."), &ItemTable::remove);
    m_up = addButton(tr("Up"), tr("Moves the chosen one up (Alt+Up)."), &ItemTable::moveUp);
    m_down = addButton(tr("Down"), tr("Moves the chosen one down (Alt+Down)."), &ItemTable::moveDown);
    layOut(name);
    addKeys();
    connect(m_view, &RowTable::rowDropped, this, &ItemTable::move);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] {
        updateButtons();
        Q_EMIT currentRowChanged(currentRow());
    });
    connect(m_model, &ItemTableModel::followed, this, &ItemTable::updateButtons);
    updateButtons();
}

void ItemTable::setUpView(const QString& name) {
    m_view->setModel(m_model);
    m_view->setAccessibleName(name);
    m_view->setItemDelegate(new ChoiceDelegate(m_view));
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    m_view->setDragDropMode(QAbstractItemView::InternalMove);
    m_view->setDragDropOverwriteMode(false);
    m_view->setTabKeyNavigation(false); // Tab leads on to the buttons
    m_view->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed |
                            QAbstractItemView::AnyKeyPressed);
    m_view->setAlternatingRowColors(true);
    m_view->setWordWrap(false);
    m_view->horizontalHeader()->setDefaultSectionSize(kColumnWidth);
    m_view->horizontalHeader()->setStretchLastSection(true);
    m_view->horizontalHeader()->setHighlightSections(false);
    m_view->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + kRowGap);
    for (int column = 0; column < m_model->columnCount(); ++column) {
        if (const QStringList& choices = m_model->column(column).choices; !choices.isEmpty()) {
            QComboBox widest;
            widest.addItems(choices);
            m_view->setColumnWidth(column, std::max(kColumnWidth, widest.sizeHint().width()));
        }
    }
    connect(m_view, &QTableView::clicked, this, [this](const QModelIndex& cell) { // the list opens at once
        if (!m_model->choicesOf(cell.column()).isEmpty() && cell.flags().testFlag(Qt::ItemIsEditable)) {
            m_view->edit(cell);
        }
    });
}

void ItemTable::layOut(const QString& name) {
    auto* buttons = new QHBoxLayout;
    for (QPushButton* button : {m_add, m_copy, m_remove, m_up, m_down}) {
        button->setAccessibleName(QStringLiteral("%1: %2").arg(name, button->text()));
        buttons->addWidget(button);
    }
    buttons->addStretch();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_view, 1);
    layout->addLayout(buttons);
}

QPushButton* ItemTable::addButton(const QString& text, const QString& tip, void (ItemTable::*act)()) {
    auto* button = new QPushButton(text, this);
    button->setToolTip(tip);
    button->setAutoDefault(false);
    connect(button, &QPushButton::clicked, this, act);
    return button;
}

void ItemTable::addKeys() {
    const auto key = [this](const QKeySequence& sequence, void (ItemTable::*act)()) {
        auto* shortcut = new QShortcut(sequence, m_view);
        shortcut->setContext(Qt::WidgetShortcut);
        connect(shortcut, &QShortcut::activated, this, act);
    };
    key(QKeySequence::Delete, &ItemTable::remove);
    key(QKeySequence(Qt::ALT | Qt::Key_Up), &ItemTable::moveUp);
    key(QKeySequence(Qt::ALT | Qt::Key_Down), &ItemTable::moveDown);
}

int ItemTable::currentRow() const {
    return m_view->currentIndex().row();
}

void ItemTable::selectRow(int row) {
    const int known = std::min(row, m_model->rowCount() - 1);
    m_view->setCurrentIndex(m_model->index(std::max(known, 0), std::max(m_view->currentIndex().column(), 0)));
}

void ItemTable::add() {
    const core::YamlNode* list = nodeOf(m_document->tree(), m_model->path());
    const int row = m_model->rowCount() == 0 ? 0 : currentRow() + 1;
    m_document->apply([path = m_model->path().toStdString(), row, item = m_newItem(list)](std::string_view text) {
        return core::insertItem(text, path, static_cast<std::size_t>(row), item);
    });
    selectRow(row);
}

void ItemTable::copy() {
    const int row = currentRow();
    if (row >= 0) {
        m_document->apply(m_copyEdit(m_model->path(), row));
        selectRow(row + 1);
    }
}

void ItemTable::remove() {
    const int row = currentRow();
    if (row >= 0) {
        m_document->apply([path = m_model->pathOfRow(row).toStdString()](std::string_view text) {
            return core::removeAt(text, path);
        });
        selectRow(row);
    }
}

void ItemTable::moveUp() {
    move(currentRow(), currentRow() - 1);
}

void ItemTable::moveDown() {
    move(currentRow(), currentRow() + 1);
}

void ItemTable::move(int from, int to) {
    if (from < 0 || to < 0 || to >= m_model->rowCount()) {
        return;
    }
    m_document->apply([path = m_model->path().toStdString(), from, to](std::string_view text) {
        return core::moveItem(text, path, static_cast<std::size_t>(from), static_cast<std::size_t>(to));
    });
    selectRow(to);
}

void ItemTable::updateButtons() {
    const int row = currentRow();
    const bool isOne = m_document->isYaml() && row >= 0;
    m_add->setEnabled(m_document->isYaml() && !m_model->path().isEmpty());
    m_copy->setEnabled(isOne);
    m_remove->setEnabled(isOne);
    m_up->setEnabled(isOne && row > 0);
    m_down->setEnabled(isOne && row + 1 < m_model->rowCount());
}

} // namespace app
