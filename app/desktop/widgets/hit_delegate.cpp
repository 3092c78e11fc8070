// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/widgets/hit_delegate.h"

#include <QApplication>
#include <QPainter>
#include <QPlainTextEdit>
#include <QTextLayout>
#include <algorithm>

namespace app {

namespace {

constexpr int kBefore = 12; // characters shown before a hit that would lie beyond the end

QString fitting(const QString& text, const TextHit& first, const QFontMetrics& metrics, int width) {
    const bool isBeyond = metrics.horizontalAdvance(text, first.at + first.length) > width;
    return metrics.elidedText(isBeyond ? QChar(0x2026) + text.mid(std::max(first.at - kBefore, 0)) : text,
                              Qt::ElideRight, width);
}

} // namespace

QList<TextHit> hitsIn(const QString& text, const QString& wanted, int most) {
    QList<TextHit> hits;
    const auto length = static_cast<int>(wanted.size());
    if (length == 0) {
        return hits;
    }
    for (qsizetype at = text.indexOf(wanted, 0, Qt::CaseInsensitive); at >= 0 && hits.size() < most;
         at = text.indexOf(wanted, at + length, Qt::CaseInsensitive)) {
        hits.push_back({static_cast<int>(at), length});
    }
    return hits;
}

QTextCharFormat hitFormat() {
    QTextCharFormat format;
    format.setBackground(QColor(0xf0, 0xc0, 0x40));
    format.setForeground(Qt::black);
    return format;
}

void markHits(QPlainTextEdit& edit, const QString& wanted) {
    QList<QTextEdit::ExtraSelection> marked;
    for (const TextHit& hit : hitsIn(edit.toPlainText(), wanted)) {
        QTextCursor cursor(edit.document());
        cursor.setPosition(hit.at);
        cursor.setPosition(hit.at + hit.length, QTextCursor::KeepAnchor);
        marked.push_back({cursor, hitFormat()});
    }
    edit.setExtraSelections(marked);
}

void HitDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    QStyleOptionViewItem shown = option;
    initStyleOption(&shown, index);
    const QList<TextHit> all = hitsIn(shown.text, m_wanted, 1);
    if (all.isEmpty()) {
        QStyledItemDelegate::paint(painter, option, index);
        return;
    }
    const QStyle* const style = shown.widget != nullptr ? shown.widget->style() : QApplication::style();
    const int margin = style->pixelMetric(QStyle::PM_FocusFrameHMargin, nullptr, shown.widget) + 1;
    const QRect box =
        style->subElementRect(QStyle::SE_ItemViewItemText, &shown, shown.widget).adjusted(margin, 0, -margin, 0);
    const QString text = fitting(shown.text, all.front(), shown.fontMetrics, box.width());
    shown.text.clear();
    style->drawControl(QStyle::CE_ItemViewItem, &shown, painter, shown.widget);
    QTextLayout layout(text, shown.font);
    QList<QTextLayout::FormatRange> marked;
    for (const TextHit& hit : hitsIn(text, m_wanted)) {
        marked.push_back({hit.at, hit.length, hitFormat()});
    }
    layout.setFormats(marked);
    layout.beginLayout();
    const QTextLine line = layout.createLine();
    layout.endLayout();
    const bool isChosen = (shown.state & QStyle::State_Selected) != 0;
    const auto group = (shown.state & QStyle::State_Active) != 0 ? QPalette::Active : QPalette::Inactive;
    painter->save();
    painter->setClipRect(box);
    painter->setPen(shown.palette.color(group, isChosen ? QPalette::HighlightedText : QPalette::Text));
    layout.draw(painter, QPointF(box.left(), box.top() + (box.height() - line.height()) / 2));
    painter->restore();
}

} // namespace app
