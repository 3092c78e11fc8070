// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QStyledItemDelegate>
#include <QTextCharFormat>

class QPlainTextEdit;

namespace app {

/// Where `wanted` stands in `text`, in upper or lower case.
struct TextHit {
    int at = 0, length = 0;
    bool operator==(const TextHit&) const = default;
};
QList<TextHit> hitsIn(const QString& text, const QString& wanted, int most = 1'000);
/// How they are marked: dark on amber, which can be read in every theme.
QTextCharFormat hitFormat();
void markHits(QPlainTextEdit& edit, const QString& wanted);

/// Draws a cell's text with the searched words marked. Where the first of them would lie beyond the cell's end, the
/// text begins shortly before it.
class HitDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void setWanted(const QString& wanted) { m_wanted = wanted; }
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    QString m_wanted;
};

} // namespace app
