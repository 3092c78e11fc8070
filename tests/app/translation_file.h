// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFile>
#include <QList>
#include <QStringList>
#include <QXmlStreamReader>

/// One text of a .ts file. `forms` is its translation, by plural forms where `isPlural`, else one.
struct TranslatedText {
    QString context, source, comment;
    QStringList forms;
    bool isPlural = false, isFinished = true;
};

inline TranslatedText readMessage(QXmlStreamReader& xml, const QString& context) {
    TranslatedText text;
    text.context = context;
    text.isPlural = xml.attributes().value(QStringLiteral("numerus")) == QLatin1String("yes");
    while (xml.readNextStartElement()) {
        if (xml.name() == QLatin1String("source")) {
            text.source = xml.readElementText();
        } else if (xml.name() == QLatin1String("comment")) {
            text.comment = xml.readElementText();
        } else if (xml.name() != QLatin1String("translation")) {
            xml.skipCurrentElement();
        } else {
            text.isFinished = !xml.attributes().hasAttribute(QStringLiteral("type"));
            while (text.isPlural && xml.readNextStartElement()) {
                text.forms += xml.readElementText();
            }
            if (!text.isPlural) {
                text.forms += xml.readElementText();
            }
        }
    }
    return text;
}

/// The texts of translations/millrace_<language>.ts, in the order of the file; empty if it cannot be read.
inline QList<TranslatedText> readTranslations(const QString& language) {
    QFile file(QStringLiteral(MILLRACE_SOURCE_DIR "/translations/millrace_%1.ts").arg(language));
    if (!file.open(QIODevice::ReadOnly)) {
        return {};
    }
    QXmlStreamReader xml(&file);
    QList<TranslatedText> texts;
    QString context;
    xml.readNextStartElement();
    while (xml.readNextStartElement()) { // <context>
        while (xml.readNextStartElement()) {
            if (xml.name() == QLatin1String("name")) {
                context = xml.readElementText();
            } else if (xml.name() == QLatin1String("message")) {
                texts += readMessage(xml, context);
            } else {
                xml.skipCurrentElement();
            }
        }
    }
    return xml.hasError() ? QList<TranslatedText>() : texts;
}
