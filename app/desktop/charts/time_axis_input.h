// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/charts/time_axis.h"

#include <QObject>
#include <QRectF>
#include <functional>
#include <optional>

class QKeyEvent;
class QMouseEvent;
class QWheelEvent;
class QWidget;

namespace app {

/// Lets keys and mouse on a plot steer the time axis. Wheel: zoom (in a page that scrolls with Ctrl only); drag: pan;
/// move: cross-hair. Left, Right: pan; +, −: zoom; Home: the start; End: the last stretch, followed; 0: the whole run;
/// Space: freeze; Ctrl+Left, Ctrl+Right: move the cross-hair; Escape: remove it. Return, Enter or a double click:
/// choose an instant, where somebody shows its events.
class TimeAxisInput : public QObject {
    Q_OBJECT

public:
    /// `area` answers where in the widget the range lies. Made a child of `plot`; the axis outlives it.
    TimeAxisInput(TimeAxis& axis, QWidget* plot, std::function<QRectF()> area);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    bool pressed(const QKeyEvent& event);
    bool moveCrossHair(const QKeyEvent& event);
    bool turned(const QWheelEvent& event);
    void dragged(const QMouseEvent& event);
    double timeAt(double x) const;

    TimeAxis& m_axis;
    QWidget* m_plot;
    std::function<QRectF()> m_area;
    std::optional<double> m_dragFrom; // x of the button's press, then of the last move
};

} // namespace app
