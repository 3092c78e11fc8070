// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QTranslator>

namespace app {

/// The language of the window: texts, and the locale by which figures and dates are written. `code` is one of
/// Settings::languages(); "system" follows the desktop. English where there is no translation.
class Language {
public:
    explicit Language(const QString& code);

private:
    QTranslator m_ours, m_qts;
};

} // namespace app
