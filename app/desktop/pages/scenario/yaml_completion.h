// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/pages/scenario/schema_guide.h"

#include <QCompleter>

class QPlainTextEdit;
class QStandardItemModel;

namespace app {

/// Offers the keys and values that can stand where the cursor is, each with what it means: on Ctrl+Space, and by itself
/// while a key is being written.
class YamlCompletion : public QCompleter {
    Q_OBJECT

public:
    YamlCompletion(QPlainTextEdit* editor, const SchemaGuide& guide);

    void offer();        ///< all that can stand here
    void offerForWord(); ///< as the user writes: only keys, once the word has begun; else the list goes
    bool isOpen() const;

private:
    void open(bool isAsked);
    void insert(const QString& word);
    void place();

    QPlainTextEdit* m_editor;
    const SchemaGuide& m_guide;
    QStandardItemModel* m_words;
    bool m_isKey = false;
};

} // namespace app
