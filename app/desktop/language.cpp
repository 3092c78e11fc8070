#include "app/desktop/language.h"

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
    if (m_ours.load(locale, QStringLiteral("millrace"), QStringLiteral("_"), QStringLiteral(":/i18n"))) {
        QCoreApplication::installTranslator(&m_ours);
    }
}

} // namespace app
