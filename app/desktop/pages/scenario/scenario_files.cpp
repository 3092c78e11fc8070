// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/scenario/scenario_files.h"

#include "app/desktop/settings/settings.h"
#include "app/desktop/widgets/file_stem.h"
#include "app/launch/scenario_file.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>
#include <QPushButton>
#include <algorithm>

namespace app {

namespace {

/// One stream, and a rule that every pipeline should keep.
const QString kFirstText = QStringLiteral("version: 1\n"
                                          "name: new scenario\n"
                                          "warmup: 3s\n"
                                          "\n"
                                          "streams:\n"
                                          "  - name: baseline\n"
                                          "    stages:\n"
                                          "      - {duration: 30s, rate: 1000/s}\n"
                                          "\n"
                                          "thresholds:\n"
                                          "  - lost == 0\n");

QAction* action(QObject* owner, const QString& text, const QKeySequence& key) {
    auto* created = new QAction(text, owner);
    created->setShortcut(key);
    return created;
}

/// Ready-made scenarios are meant to be copied.
bool isReadyMade(const QFileInfo& file) {
    const std::vector<std::filesystem::path> folders = scenarioFolders();
    return std::any_of(folders.begin(), folders.end(), [&file](const std::filesystem::path& folder) {
        return QFileInfo(QString::fromStdString(folder.string())).canonicalFilePath() == file.canonicalPath();
    });
}

QString filter() {
    return ScenarioFiles::tr("Scenarios (*.yaml *.yml)");
}

} // namespace

ScenarioFiles::ScenarioFiles(Settings& settings, ScenarioDocument* document, QWidget* window)
    : QObject(window),
      m_settings(settings),
      m_document(document),
      m_window(window),
      m_templates(new QMenu(tr("&Ready-made scenarios"), window)),
      m_recent(new QMenu(tr("Recent &files"), window)),
      m_new(action(this, tr("&New scenario"), QKeySequence::New)),
      m_open(action(this, tr("&Open scenario…"), QKeySequence::Open)),
      m_save(action(this, tr("&Save"), QKeySequence::Save)),
      m_saveAs(action(this, tr("Save &as…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S))) {
    connect(m_new, &QAction::triggered, this, &ScenarioFiles::startNew);
    connect(m_open, &QAction::triggered, this, &ScenarioFiles::chooseAndOpen);
    connect(m_save, &QAction::triggered, this, &ScenarioFiles::save);
    connect(m_saveAs, &QAction::triggered, this, &ScenarioFiles::saveAs);
    connect(m_templates, &QMenu::aboutToShow, this, &ScenarioFiles::fillTemplates);
    connect(m_recent, &QMenu::aboutToShow, this, &ScenarioFiles::fillRecent);
    document->startNew(kFirstText);
}

bool ScenarioFiles::report(const core::Status& status) {
    if (!status) {
        Q_EMIT failed(QString::fromStdString(status.error().text()));
    }
    return static_cast<bool>(status);
}

void ScenarioFiles::startNew() {
    if (mayDiscard()) {
        m_document->startNew(kFirstText);
    }
}

void ScenarioFiles::open(const QString& file) {
    if (mayDiscard() && report(m_document->open(file))) {
        m_settings.addRecentFile(m_document->filePath());
    }
}

void ScenarioFiles::chooseAndOpen() {
    const QString folder = QFileInfo(proposedFile()).path();
    const QString file = QFileDialog::getOpenFileName(m_window, tr("Open a scenario"), folder, filter());
    if (!file.isEmpty()) {
        open(file);
    }
}

/// A ready-made scenario is opened where it lies: relative message files lie beside it. Saving asks for another place.
void ScenarioFiles::openTemplate(const QString& file) {
    if (mayDiscard()) {
        report(m_document->open(file));
    }
}

void ScenarioFiles::openReadyMade(const QString& name) {
    if (const auto file = findScenario(name.toStdString(), scenarioFolders())) {
        openTemplate(QString::fromStdString(file->string()));
    }
}

bool ScenarioFiles::save() {
    const QFileInfo file(m_document->filePath());
    return file.filePath().isEmpty() || isReadyMade(file) ? saveAs() : report(m_document->save());
}

/// The file itself; of a scenario that has none of its own, one named like it where the user was last.
QString ScenarioFiles::proposedFile() const {
    const QFileInfo old(m_document->filePath());
    if (!old.filePath().isEmpty() && !isReadyMade(old)) {
        return old.filePath();
    }
    const core::YamlEntry* name = m_document->tree().find("name");
    const QString stem =
        fileStem(name == nullptr ? QString() : QString::fromStdString(name->value.text), QStringLiteral("scenario"));
    const QStringList recent = m_settings.recentFiles();
    const QDir folder = recent.isEmpty() ? QDir::home() : QFileInfo(recent.front()).dir();
    return folder.filePath(stem + QStringLiteral(".yaml"));
}

bool ScenarioFiles::saveAs() {
    const QString file = QFileDialog::getSaveFileName(m_window, tr("Save the scenario"), proposedFile(), filter());
    if (file.isEmpty() || !report(m_document->saveAs(file))) {
        return false;
    }
    m_settings.addRecentFile(m_document->filePath());
    return true;
}

bool ScenarioFiles::mayDiscard() {
    if (!m_document->isModified()) {
        return true;
    }
    QMessageBox question(QMessageBox::Question, tr("Unsaved changes"),
                         tr("Save the changes of %1?").arg(m_document->title()),
                         QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel, m_window);
    question.setTextFormat(Qt::PlainText);
    question.setDefaultButton(QMessageBox::Save);
    question.button(QMessageBox::Save)->setText(tr("&Save"));
    question.button(QMessageBox::Discard)->setText(tr("&Discard"));
    const int answer = question.exec();
    if (answer == QMessageBox::Discard) {
        m_document->keepNothing();
    }
    return answer == QMessageBox::Discard || (answer == QMessageBox::Save && save());
}

void ScenarioFiles::fillTemplates() {
    m_templates->clear();
    for (const std::filesystem::path& folder : scenarioFolders()) {
        const QDir directory(QString::fromStdString(folder.string()));
        for (const QString& name : directory.entryList({QStringLiteral("*.yaml")}, QDir::Files, QDir::Name)) {
            const QString file = directory.filePath(name);
            QAction* entry = m_templates->addAction(QFileInfo(name).completeBaseName());
            connect(entry, &QAction::triggered, this, [this, file] { openTemplate(file); });
        }
    }
    if (m_templates->isEmpty()) {
        m_templates->addAction(tr("None is installed"))->setEnabled(false);
    }
}

void ScenarioFiles::fillRecent() {
    m_recent->clear();
    for (const QString& file : m_settings.recentFiles()) {
        QString shown = file;
        QAction* entry = m_recent->addAction(shown.replace(QLatin1Char('&'), QStringLiteral("&&")));
        connect(entry, &QAction::triggered, this, [this, file] { open(file); });
    }
    if (m_recent->isEmpty()) {
        m_recent->addAction(tr("None yet"))->setEnabled(false);
    }
}

} // namespace app
