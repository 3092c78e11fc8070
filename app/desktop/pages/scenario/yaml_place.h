// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <QStringView>

namespace app {

/// Where in a YAML text somebody is writing, told from the text before that place alone, which may be far from
/// complete.
struct YamlPlace {
    QStringList path;     ///< keys from the root on; "[]" is an item of a list
    QStringList keys;     ///< that this mapping has already, before the place
    QString typed;        ///< what stands of the word so far
    bool isValue = false; ///< a value is written, else a key (or an item that may become one)
    bool isText = false;  ///< within a comment, quotes or a block of text: nothing is to be said
};

/// The place behind `before`.
YamlPlace yamlPlaceAfter(QStringView before);

} // namespace app
