// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/app/translation_file.h"

#include <QSet>
#include <QTranslator>
#include <algorithm>

/// A language that is none: each text of the .ts files in square brackets and with 40 % more letters. What is looked up
/// and is in no .ts file stays as it is and is remembered.
class PseudoTranslator : public QTranslator {
public:
    PseudoTranslator() {
        for (const TranslatedText& text : readTranslations(QStringLiteral("de"))) {
            m_known += keyOf(text.context, text.source, text.comment);
        }
    }

    bool isEmpty() const override { return m_known.isEmpty(); }

    QString translate(const char* context, const char* source, const char* comment, int) const override {
        const QString text = QString::fromUtf8(source);
        const QString key = keyOf(QString::fromUtf8(context), text, QString::fromUtf8(comment));
        if (!m_known.contains(key)) {
            if (*context != 'Q') { // Qt's own
                m_missed += key;
            }
            return {};
        }
        const auto letters = std::count_if(text.begin(), text.end(), [](QChar c) { return c.isLetter(); });
        return QLatin1Char('[') + text + QString(letters * 2 / 5, QLatin1Char('~')) + QLatin1Char(']');
    }

    QStringList missed() const { return {m_missed.begin(), m_missed.end()}; }

private:
    static QString keyOf(const QString& context, const QString& source, const QString& comment) {
        return context + QLatin1Char('|') + source + QLatin1Char('|') + comment;
    }

    QSet<QString> m_known;
    mutable QSet<QString> m_missed;
};
