// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRegularExpression>
#include <QString>

namespace app {

/// A name as a file's, without its suffix: what some file system would not take becomes '-', and it neither begins as a
/// hidden file or an option does nor ends so. `otherwise`: where nothing is left.
inline QString fileStem(const QString& name, const QString& otherwise) {
    static const QRegularExpression kOthers(QStringLiteral("[^\\w.-]+"),
                                            QRegularExpression::UseUnicodePropertiesOption);
    static const QRegularExpression kEnds(QStringLiteral("^[.-]+|[.-]+$"));
    QString stem = name.trimmed();
    stem.replace(kOthers, QStringLiteral("-")).remove(kEnds);
    return stem.isEmpty() ? otherwise : stem;
}

} // namespace app
