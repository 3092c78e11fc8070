// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/settings/settings_page.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>

namespace app {

namespace {

QLabel* note(const QString& text, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    return label;
}

QString languageName(const QString& code) {
    const QLocale locale(code);
    const QString name = locale.nativeLanguageName();
    return name.isEmpty() ? code : name.at(0).toUpper() + name.mid(1);
}

/// Chooses the item that holds `value`, before anybody listens.
void choose(QComboBox& choice, const QVariant& value) {
    choice.setCurrentIndex(choice.findData(value));
}

} // namespace

SettingsPage::SettingsPage(Settings& settings, QWidget* parent) : QWidget(parent), m_settings(settings) {
    setObjectName(QStringLiteral("settingsPage"));
    setAccessibleName(tr("Settings"));
    constexpr int kWidest = 720; // lines that are longer read badly
    auto* column = new QWidget(this);
    column->setMaximumWidth(kWidest);
    auto* form = new QFormLayout(column);
    form->setVerticalSpacing(12);
    form->setRowWrapPolicy(QFormLayout::WrapLongRows);
    addTheme(*form);
    addLanguage(*form);
    addUnits(*form);
    addUpdates(*form);
    addResults(*form);
    addServing(*form);
    auto* page = new QHBoxLayout(this);
    page->addWidget(column, 1, Qt::AlignTop);
    page->addStretch();
}

QComboBox* SettingsPage::addChoice(QFormLayout& form, const QString& name, const QString& label,
                                   const QString& toolTip) {
    auto* choice = new QComboBox(this);
    choice->setObjectName(name);
    choice->setAccessibleName(QString(label).remove(QLatin1Char('&')));
    choice->setToolTip(toolTip);
    form.addRow(label, choice);
    return choice;
}

void SettingsPage::addTheme(QFormLayout& form) {
    QComboBox* choice = addChoice(form, QStringLiteral("theme"), tr("&Theme"),
                                  tr("Whether the window is light or dark. Reports and pictures follow it."));
    choice->addItem(tr("Same as system"), static_cast<int>(ThemeChoice::System));
    choice->addItem(tr("Light"), static_cast<int>(ThemeChoice::Light));
    choice->addItem(tr("Dark"), static_cast<int>(ThemeChoice::Dark));
    choose(*choice, static_cast<int>(m_settings.theme()));
    connect(choice, &QComboBox::currentIndexChanged, this,
            [this, choice] { m_settings.setTheme(static_cast<ThemeChoice>(choice->currentData().toInt())); });
}

void SettingsPage::addLanguage(QFormLayout& form) {
    QComboBox* choice = addChoice(form, QStringLiteral("language"), tr("&Language"),
                                  tr("The language of the window. Scenarios, results and logs stay as they are."));
    for (const QString& code : Settings::languages()) {
        const bool isSystem = code == Settings::languages().first();
        choice->addItem(isSystem ? tr("Same as system") : languageName(code), code);
    }
    choose(*choice, m_settings.language());
    auto* later = note(tr("The language changes when Millrace is started again."), this);
    later->setObjectName(QStringLiteral("languageLater"));
    later->hide();
    form.addRow(QString(), later);
    connect(choice, &QComboBox::currentIndexChanged, this, [this, choice, later] {
        m_settings.setLanguage(choice->currentData().toString());
        later->show();
    });
}

void SettingsPage::addUnits(QFormLayout& form) {
    QComboBox* choice =
        addChoice(form, QStringLiteral("byteUnits"), tr("&Sizes"),
                  tr("How sizes are written in the window. Scenario files always use powers of two: KiB, MiB."));
    constexpr core::Bytes kExample{std::uint64_t{3} << 20U};
    for (const ByteUnits units : {ByteUnits::Binary, ByteUnits::Decimal}) {
        const QString text = units == ByteUnits::Binary ? tr("Powers of two (%1)") : tr("Powers of ten (%1)");
        choice->addItem(text.arg(bytesFigure(kExample, units)), static_cast<int>(units));
    }
    choose(*choice, static_cast<int>(m_settings.byteUnits()));
    connect(choice, &QComboBox::currentIndexChanged, this,
            [this, choice] { m_settings.setByteUnits(static_cast<ByteUnits>(choice->currentData().toInt())); });
}

void SettingsPage::addUpdates(QFormLayout& form) {
    QComboBox* choice = addChoice(form, QStringLiteral("updates"), tr("Li&ve refresh"),
                                  tr("How often the figures of a run are refreshed. It changes what is drawn, never "
                                     "what is measured."));
    for (const int rate : Settings::updateRates()) {
        choice->addItem(tr("%n times a second", nullptr, rate), rate);
    }
    choose(*choice, m_settings.updatesPerSecond());
    connect(choice, &QComboBox::currentIndexChanged, this,
            [this, choice] { m_settings.setUpdatesPerSecond(choice->currentData().toInt()); });
}

void SettingsPage::addResults(QFormLayout& form) {
    m_results = new QLineEdit(m_settings.resultsFolder(), this);
    m_results->setObjectName(QStringLiteral("resultsFolder"));
    m_results->setAccessibleName(tr("Results folder"));
    m_results->setToolTip(tr("Each run leaves a folder of its own in here. Empty: the usual place."));
    m_results->setClearButtonEnabled(true);
    auto* browse = new QPushButton(tr("&Browse…"), this);
    browse->setAccessibleName(tr("Browse for the results folder"));
    auto* line = new QHBoxLayout;
    line->addWidget(m_results, 1);
    line->addWidget(browse);
    form.addRow(tr("Results f&older"), line);
    qobject_cast<QLabel*>(form.labelForField(line))->setBuddy(m_results);
    m_resultsProblem = note({}, this);
    m_resultsProblem->setObjectName(QStringLiteral("resultsProblem"));
    m_resultsProblem->hide();
    form.addRow(QString(), m_resultsProblem);
    connect(browse, &QPushButton::clicked, this, &SettingsPage::chooseResults);
    connect(m_results, &QLineEdit::editingFinished, this, [this] { takeResults(m_results->text().trimmed()); });
    connect(&m_settings, &Settings::resultsFolderChanged, m_results, &QLineEdit::setText);
}

void SettingsPage::addServing(QFormLayout& form) {
    auto* serves = new QCheckBox(tr("&Answer over HTTP while a run is on, at"), this);
    serves->setObjectName(QStringLiteral("servesRuns"));
    serves->setAccessibleName(serves->text().remove(QLatin1Char('&')));
    serves->setToolTip(tr("For Prometheus, dashboards and scripts. Nobody but this machine can ask there, unless an "
                          "address of its network and a token are given."));
    serves->setChecked(m_settings.servesRuns());
    auto* address = new QLineEdit(m_settings.serveAddress(), this);
    address->setObjectName(QStringLiteral("serveAddress"));
    address->setAccessibleName(tr("Address and port for HTTP"));
    address->setEnabled(serves->isChecked());
    auto* line = new QHBoxLayout;
    line->addWidget(serves);
    line->addWidget(address, 1);
    form.addRow(tr("Metrics"), line);
    const auto keep = [this, serves, address] {
        address->setEnabled(serves->isChecked());
        m_settings.setServing(serves->isChecked(), address->text().trimmed());
    };
    connect(serves, &QCheckBox::toggled, this, keep);
    connect(address, &QLineEdit::editingFinished, this, keep);
}

void SettingsPage::chooseResults() {
    const QString folder =
        QFileDialog::getExistingDirectory(this, tr("Choose the results folder"), m_settings.resultsFolder());
    if (!folder.isEmpty()) {
        takeResults(folder);
    }
}

void SettingsPage::takeResults(const QString& folder) {
    const bool isAbsolute = folder.isEmpty() || QDir::isAbsolutePath(folder);
    m_resultsProblem->setText(isAbsolute ? QString()
                                         : tr("The results folder needs its whole path, as /home/me/runs."));
    m_resultsProblem->setVisible(!isAbsolute);
    if (!isAbsolute) {
        return;
    }
    m_settings.setResultsFolder(folder);
    m_results->setText(m_settings.resultsFolder());
}

} // namespace app
