// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/widgets/spark_line.h"

#include "app/desktop/widgets/cell_table_model.h"
#include "app/desktop/widgets/theme_of.h"
#include "core/chart/palette.h"

#include <QPainter>
#include <algorithm>

namespace app {

void SparkLine::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    QStyledItemDelegate::paint(painter, option, index); // the ground, and the text where there is no line
    const auto values = index.data(CellTableModel::kLine).value<std::vector<double>>();
    if (values.size() < 2) {
        return;
    }
    const double highest = std::max(*std::ranges::max_element(values), 1e-9);
    const QRectF room = QRectF(option.rect).adjusted(4, 3, -4, -3);
    QPolygonF line;
    for (std::size_t i = 0; i < values.size(); ++i) {
        line << QPointF(room.left() + room.width() * static_cast<double>(i) / static_cast<double>(values.size() - 1),
                        room.bottom() - room.height() * values[i] / highest);
    }
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const std::string_view stored = core::styleOf(core::SeriesRole::Stored, themeOf(option.palette)).colour;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(selected ? option.palette.color(QPalette::HighlightedText)
                                  : QColor(QLatin1String(stored.data(), static_cast<qsizetype>(stored.size()))),
                         1.2));
    painter->drawPolyline(line);
    painter->restore();
}

QSize SparkLine::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
    return QStyledItemDelegate::sizeHint(option, index).expandedTo({120, 0});
}

} // namespace app
