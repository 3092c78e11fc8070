// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/chart/palette.h"

#include <QColor>
#include <QWidget>
#include <optional>
#include <vector>

namespace app {

/// A line sample, name and figure for each series, in one row. Figures stand in boxes of constant width, so that
/// nothing moves when they change; names that do not fit are elided, and the tool tip has them all.
class ChartLegend : public QWidget {
    Q_OBJECT

public:
    struct Entry {
        QString name;
        core::SeriesStyle style;
        std::optional<QColor> fill; ///< a swatch instead of a line sample
    };

    explicit ChartLegend(QWidget* parent = nullptr);

    void setEntries(std::vector<Entry> entries);
    /// One for each entry, empty: none. `instant` says when; empty: the latest.
    void setFigures(QStringList figures, const QString& instant = {});
    QStringList figures() const { return m_figures; }
    QString instant() const { return m_instant; }

    /// For pictures that are saved.
    void paint(QPainter& painter, const QRectF& box) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    bool hasFigures() const;
    double nameWidth(const Entry& entry) const;
    double spaceForNames(double width, std::size_t shown) const;
    QString wholeText() const;

    std::vector<Entry> m_entries;
    double m_figureWidth = 0; // of the widest so far: names beside figures that change keep their places
    QStringList m_figures;
    QString m_instant;
};

} // namespace app
