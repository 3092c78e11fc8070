// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <optional>

namespace app {

/// A scenario that was being edited when the program ended, however it ended.
struct RecoveredText {
    QString file; ///< empty: never saved
    QString text;
};

/// Keeps the text being edited in a file of its own, written as a whole or not at all (at most 1 MiB and its name).
class RecoveryFile {
public:
    /// Empty path: nothing is kept.
    explicit RecoveryFile(QString path) : m_path(std::move(path)) {}

    bool keep(const RecoveredText& text) const; ///< false: the disk refused
    std::optional<RecoveredText> read() const;  ///< nothing: there is none, or none that is whole
    void remove() const;

private:
    QString m_path;
};

} // namespace app
