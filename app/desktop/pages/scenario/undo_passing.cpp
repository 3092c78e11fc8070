// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/scenario/undo_passing.h"

#include <QKeyEvent>
#include <QLineEdit>

namespace app {

namespace {

class UndoPassing : public QObject {
public:
    explicit UndoPassing(QLineEdit& field) : QObject(&field), m_field(field) { field.installEventFilter(this); }

protected:
    /// A shortcut goes to the window unless the field claims its keys beforehand.
    bool eventFilter(QObject* watched, QEvent* event) override {
        if (event->type() == QEvent::ShortcutOverride) {
            const auto* key = static_cast<QKeyEvent*>(event);
            if ((key->matches(QKeySequence::Undo) && !m_field.isUndoAvailable()) ||
                (key->matches(QKeySequence::Redo) && !m_field.isRedoAvailable())) {
                event->ignore();
                return true;
            }
        }
        return QObject::eventFilter(watched, event);
    }

private:
    QLineEdit& m_field;
};

} // namespace

void passUndoOn(QLineEdit& field) {
    new UndoPassing(field);
}

} // namespace app
