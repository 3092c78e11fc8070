// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QLineEdit;

namespace app {

/// Leaves the keys of undo and redo to the window, and thus to the document, while the field has nothing of its own to
/// undo or to do again. By itself a field swallows them.
void passUndoOn(QLineEdit& field);

} // namespace app
