// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/shell/language.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>

namespace app {

Language::Language(const QString& code) {
    const QLocale locale = code == QStringLiteral("system") ? QLocale::system() : QLocale(code);
    QLocale::setDefault(locale);
    if (m_qts.load(locale, QStringLiteral("qtbase"), QStringLiteral("_"),
                   QLibraryInfo::path(QLibraryInfo::TranslationsPath))) {
        QCoreApplication::installTranslator(&m_qts);
    }
    // Of English there are the plurals only; what is not translated is English as well.
    if (m_ours.load(locale, QStringLiteral("millrace"), QStringLiteral("_"), QStringLiteral(":/i18n")) ||
        m_ours.load(QStringLiteral(":/i18n/millrace_en"))) {
        QCoreApplication::installTranslator(&m_ours);
    }
}

} // namespace app
