// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/settings/settings.h"

#include <QWidget>

class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;

namespace app {

/// The choices that concern the whole window. Each takes effect at once, but for the language.
class SettingsPage : public QWidget {
    Q_OBJECT

public:
    explicit SettingsPage(Settings& settings, QWidget* parent = nullptr); ///< `settings` outlives the page

private:
    void addTheme(QFormLayout& form);
    void addLanguage(QFormLayout& form);
    void addUnits(QFormLayout& form);
    void addUpdates(QFormLayout& form);
    void addResults(QFormLayout& form);
    void addServing(QFormLayout& form);
    void chooseResults();
    void takeResults(const QString& folder);
    QComboBox* addChoice(QFormLayout& form, const QString& name, const QString& label, const QString& toolTip);

    Settings& m_settings;
    QLineEdit* m_results = nullptr;
    QLabel* m_resultsProblem = nullptr;
};

} // namespace app
