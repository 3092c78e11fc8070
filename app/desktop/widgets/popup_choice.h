// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>
#include <QKeyEvent>
#include <QWheelEvent>

namespace app {

/// A list of choices of which each does something: it changes by a choice in the open list only, never by the arrow
/// keys or the wheel over the closed one.
class PopupChoice : public QComboBox {
public:
    using QComboBox::QComboBox;

protected:
    void keyPressEvent(QKeyEvent* event) override {
        switch (event->key()) {
        case Qt::Key_Up:
        case Qt::Key_Down:
        case Qt::Key_Space:
        case Qt::Key_Return:
        case Qt::Key_Enter:
        case Qt::Key_F4:
            showPopup();
            return;
        default:
            event->ignore(); // letters would choose, too
        }
    }
    void wheelEvent(QWheelEvent* event) override { event->ignore(); }
};

} // namespace app
