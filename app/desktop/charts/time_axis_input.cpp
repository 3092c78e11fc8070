// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/time_axis_input.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollArea>
#include <QWheelEvent>
#include <QWidget>
#include <algorithm>
#include <cmath>
#include <utility>

namespace app {

namespace {

constexpr double kPanShare = 0.1; // of the span, a key press
constexpr double kZoom = 0.8;     // a key press or a notch of the wheel
constexpr double kNotch = 120;    // of QWheelEvent

bool isWithinScrollArea(const QWidget& widget) {
    const QWidget* above = widget.parentWidget();
    while (above != nullptr && qobject_cast<const QScrollArea*>(above) == nullptr) {
        above = above->parentWidget();
    }
    return above != nullptr;
}

} // namespace

TimeAxisInput::TimeAxisInput(TimeAxis& axis, QWidget* plot, std::function<QRectF()> area)
    : QObject(plot), m_axis(axis), m_plot(plot), m_area(std::move(area)) {
    plot->setMouseTracking(true);
    plot->setFocusPolicy(Qt::StrongFocus);
    plot->installEventFilter(this);
}

bool TimeAxisInput::eventFilter(QObject* watched, QEvent* event) {
    switch (event->type()) {
    case QEvent::KeyPress:
        return pressed(*static_cast<QKeyEvent*>(event));
    case QEvent::Wheel:
        return turned(*static_cast<QWheelEvent*>(event));
    case QEvent::MouseButtonPress:
        if (const auto* mouse = static_cast<QMouseEvent*>(event); mouse->button() == Qt::LeftButton) {
            m_dragFrom = mouse->position().x();
        }
        break;
    case QEvent::MouseButtonDblClick:
        m_axis.choose(timeAt(static_cast<QMouseEvent*>(event)->position().x()));
        break;
    case QEvent::MouseButtonRelease:
        m_dragFrom.reset();
        break;
    case QEvent::MouseMove:
        dragged(*static_cast<QMouseEvent*>(event));
        break;
    case QEvent::Leave:
        m_axis.setInstant(std::nullopt);
        break;
    default:
        break;
    }
    return QObject::eventFilter(watched, event);
}

bool TimeAxisInput::pressed(const QKeyEvent& event) {
    if (event.modifiers().testFlag(Qt::ControlModifier)) {
        return moveCrossHair(event);
    }
    const double middle = m_axis.instant().value_or((m_axis.from() + m_axis.until()) / 2);
    switch (event.key()) {
    case Qt::Key_Left:
        m_axis.pan(-kPanShare * m_axis.span());
        return true;
    case Qt::Key_Right:
        m_axis.pan(kPanShare * m_axis.span());
        return true;
    case Qt::Key_Plus:
    case Qt::Key_Equal: // the same key without Shift on many keyboards
        m_axis.zoom(kZoom, middle);
        return true;
    case Qt::Key_Minus:
        m_axis.zoom(1 / kZoom, middle);
        return true;
    case Qt::Key_Home:
        m_axis.showStart();
        return true;
    case Qt::Key_End:
        m_axis.showEnd();
        return true;
    case Qt::Key_0:
        m_axis.followWhole();
        return true;
    case Qt::Key_Space:
        m_axis.setFrozen(!m_axis.isFrozen());
        return true;
    case Qt::Key_Escape:
        m_axis.setInstant(std::nullopt);
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        return m_axis.choose(middle);
    default:
        return false;
    }
}

bool TimeAxisInput::moveCrossHair(const QKeyEvent& event) {
    if (event.key() != Qt::Key_Left && event.key() != Qt::Key_Right) {
        return false;
    }
    const double step = m_axis.span() / std::max(m_area().width(), 1.0) * (event.key() == Qt::Key_Left ? -1 : 1);
    const double present = m_axis.instant().value_or((m_axis.from() + m_axis.until()) / 2);
    m_axis.setInstant(std::clamp(present + step, m_axis.from(), m_axis.until()));
    return true;
}

bool TimeAxisInput::turned(const QWheelEvent& event) {
    if (isWithinScrollArea(*m_plot) && !event.modifiers().testFlag(Qt::ControlModifier)) {
        return false; // the page moves on
    }
    const double notches = event.angleDelta().y() / kNotch;
    m_axis.zoom(std::pow(kZoom, notches), timeAt(event.position().x()));
    return true;
}

void TimeAxisInput::dragged(const QMouseEvent& event) {
    const double x = event.position().x();
    if (m_dragFrom && event.buttons().testFlag(Qt::LeftButton)) {
        m_axis.pan(timeAt(*m_dragFrom) - timeAt(x));
        m_dragFrom = x;
    }
    const QRectF area = m_area();
    m_axis.setInstant(x >= area.left() && x <= area.right() ? std::optional(timeAt(x)) : std::nullopt);
}

double TimeAxisInput::timeAt(double x) const {
    const QRectF area = m_area();
    return m_axis.from() + (x - area.left()) / std::max(area.width(), 1.0) * m_axis.span();
}

} // namespace app
