// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/widgets/flow_layout.h"

#include <QStyle>
#include <QWidget>
#include <algorithm>

namespace app {

namespace {

int heightOf(const std::vector<QLayoutItem*>& row) {
    int height = 0;
    for (const QLayoutItem* const item : row) {
        height = std::max(height, item->sizeHint().height());
    }
    return height;
}

bool expands(const QLayoutItem* item) {
    return item->expandingDirections().testFlag(Qt::Horizontal);
}

QSize sizeOf(const QMargins& margins) {
    return {margins.left() + margins.right(), margins.top() + margins.bottom()};
}

} // namespace

FlowLayout::~FlowLayout() = default;

void FlowLayout::addItem(QLayoutItem* item) {
    m_items.emplace_back(item);
}

int FlowLayout::count() const {
    return static_cast<int>(m_items.size());
}

QLayoutItem* FlowLayout::itemAt(int index) const {
    return index >= 0 && index < count() ? m_items[static_cast<std::size_t>(index)].get() : nullptr;
}

QLayoutItem* FlowLayout::takeAt(int index) {
    if (itemAt(index) == nullptr) {
        return nullptr;
    }
    const auto at = m_items.begin() + index;
    QLayoutItem* const taken = at->release();
    m_items.erase(at);
    return taken;
}

int FlowLayout::widthOf(const Row& row) const {
    int width = row.empty() ? 0 : (static_cast<int>(row.size()) - 1) * spacing();
    for (const QLayoutItem* const item : row) {
        width += item->sizeHint().width();
    }
    return width;
}

std::vector<FlowLayout::Row> FlowLayout::rowsOf(int width) const {
    std::vector<Row> rows;
    for (const auto& item : m_items) {
        if (item->isEmpty()) { // hidden
            continue;
        }
        if (rows.empty() || widthOf(rows.back()) + spacing() + item->sizeHint().width() > width) {
            rows.emplace_back();
        }
        rows.back().push_back(item.get());
    }
    return rows;
}

int FlowLayout::heightForWidth(int width) const {
    const QSize margins = sizeOf(contentsMargins());
    const auto rows = rowsOf(width - margins.width());
    int height = margins.height() + std::max(0, static_cast<int>(rows.size()) - 1) * spacing();
    for (const Row& row : rows) {
        height += heightOf(row);
    }
    return height;
}

QSize FlowLayout::sizeHint() const {
    const QSize margins = sizeOf(contentsMargins());
    const auto rows = rowsOf(QLAYOUTSIZE_MAX);
    return rows.empty() ? margins : margins + QSize(widthOf(rows.front()), heightOf(rows.front()));
}

QSize FlowLayout::minimumSize() const {
    QSize widest;
    for (const auto& item : m_items) {
        widest = item->isEmpty() ? widest : widest.expandedTo(item->minimumSize());
    }
    return widest + sizeOf(contentsMargins());
}

void FlowLayout::setGeometry(const QRect& whole) {
    QLayout::setGeometry(whole);
    const QRect room = whole.marginsRemoved(contentsMargins());
    int y = room.y();
    for (const Row& row : rowsOf(room.width())) {
        const int height = heightOf(row);
        const auto expanding = static_cast<int>(std::count_if(row.begin(), row.end(), expands));
        const int rest = expanding == 0 ? 0 : std::max(0, room.width() - widthOf(row)) / expanding;
        int x = room.x();
        for (QLayoutItem* const item : row) {
            const int width = std::min(item->sizeHint().width() + (expands(item) ? rest : 0), room.width());
            item->setGeometry(QStyle::visualRect(parentWidget()->layoutDirection(), room, QRect(x, y, width, height)));
            x += width + spacing();
        }
        y += height + spacing();
    }
}

} // namespace app
