// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPixmap>
#include <QWidget>
#include <functional>
#include <optional>

namespace app {

/// Shows a painted plot and the cross-hair over it. The plot is painted when it is asked for and has changed, so a
/// hidden canvas costs nothing and a moving cross-hair does not draw lines again.
class PlotCanvas : public QWidget {
    Q_OBJECT

public:
    /// `paint` fills the rectangle, in the widget's font and palette.
    using Paint = std::function<void(QPainter&, const QRectF&)>;

    explicit PlotCanvas(Paint paint, QWidget* parent = nullptr);

    void repaintPlot();                             ///< what the plot shows has changed
    void setCrossHair(std::optional<double> share); ///< of the width of area()
    QRectF area() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Paint m_paint;
    QPixmap m_picture; // kept: a new one costs as much as what is painted on it
    bool m_stale = true;
    std::optional<double> m_crossHair; // a share, so that it stays where it is when the size changes
};

} // namespace app
