// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/scenario/scenario_document.h"

#include "app/launch/scenario_file.h"

#include <QFile>
#include <QFileInfo>
#include <QPlainTextDocumentLayout>
#include <QSaveFile>

namespace app {

namespace {

constexpr int kReadAfterMs = 150;
constexpr int kKeepAfterMs = 1'000;
constexpr int kLookAfterMs = 100; // a file being written is not looked at in the middle

/// Nothing: there is no such file.
std::optional<QByteArray> contentOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? std::optional(file.read(core::kMaxYamlBytes + 1)) : std::nullopt;
}

void prepare(QTimer& timer, int milliseconds) {
    timer.setSingleShot(true);
    timer.setInterval(milliseconds);
}

} // namespace

ScenarioDocument::ScenarioDocument(const QString& recoveryFile, QObject* parent)
    : QObject(parent), m_recovery(recoveryFile) {
    m_text.setDocumentLayout(new QPlainTextDocumentLayout(&m_text));
    prepare(m_readSoon, kReadAfterMs);
    prepare(m_keepSoon, kKeepAfterMs);
    prepare(m_checkSoon, kLookAfterMs);
    connect(&m_text, &QTextDocument::contentsChanged, &m_readSoon, qOverload<>(&QTimer::start));
    connect(&m_text, &QTextDocument::modificationChanged, this, &ScenarioDocument::nameChanged);
    connect(&m_readSoon, &QTimer::timeout, this, &ScenarioDocument::reread);
    connect(&m_keepSoon, &QTimer::timeout, this, &ScenarioDocument::keepForRecovery);
    connect(&m_checkSoon, &QTimer::timeout, this, &ScenarioDocument::checkDisk);
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, &m_checkSoon, qOverload<>(&QTimer::start));
}

QString ScenarioDocument::title() const {
    return m_file.isEmpty() ? tr("New scenario") : QFileInfo(m_file).fileName();
}

void ScenarioDocument::show(const QString& text, const QString& file, const TextLayout& layout) {
    m_file = file;
    m_layout = layout;
    m_text.setPlainText(text);
    m_text.setModified(false);
    m_tree = {}; // nothing of an earlier scenario stays in the form, even if this text is no YAML
    watch();
    m_lastRead.clear();
    reread();
    Q_EMIT nameChanged();
    Q_EMIT loaded();
}

void ScenarioDocument::startNew(const QString& text) {
    m_onDisk.clear();
    show(text, {}, {});
}

core::Status ScenarioDocument::open(const QString& file) {
    const std::optional<QByteArray> bytes = contentOf(file);
    if (!bytes) {
        return core::invalid(tr("%1 cannot be read.").arg(file).toStdString());
    }
    const core::Result<ScenarioText> read = textOf(*bytes);
    if (!read) {
        return core::invalid(file.toStdString() + ": " + read.error().text());
    }
    m_onDisk = *bytes;
    show(read->text, QFileInfo(file).absoluteFilePath(), read->layout);
    m_text.setModified(!read->isExact);
    return {};
}

core::Status ScenarioDocument::write(const QString& path) {
    const QByteArray bytes = bytesOf(plainText(), m_layout);
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit()) {
        return core::fatal(tr("%1 cannot be written: %2.").arg(path, file.errorString()).toStdString());
    }
    m_file = QFileInfo(path).absoluteFilePath();
    m_onDisk = bytes;
    m_text.setModified(false);
    keepNothing();
    watch();
    Q_EMIT nameChanged();
    Q_EMIT written();
    return {};
}

core::Status ScenarioDocument::save() {
    const std::optional<QByteArray> there = contentOf(m_file);
    if (there && *there != m_onDisk && *there != bytesOf(plainText(), m_layout)) {
        Q_EMIT changedOnDisk();
        return core::invalid(tr("%1 was changed by another program.").arg(m_file).toStdString());
    }
    return write(m_file);
}

core::Status ScenarioDocument::saveOver() {
    return write(m_file);
}

core::Status ScenarioDocument::saveAs(const QString& file) {
    const core::Status written = write(file);
    m_lastRead.clear(); // message files are relative to the scenario's own
    reread();
    return written;
}

core::Status ScenarioDocument::reload() {
    const std::optional<QByteArray> bytes = contentOf(m_file);
    const core::Result<ScenarioText> read = textOf(bytes.value_or(QByteArray()));
    if (!bytes || !read) {
        return core::invalid(tr("%1 cannot be read.").arg(m_file).toStdString());
    }
    m_onDisk = *bytes;
    m_layout = read->layout;
    changeText(m_text, read->text);
    m_text.setModified(!read->isExact);
    reread();
    return {};
}

void ScenarioDocument::restore(const RecoveredText& text) {
    m_onDisk = contentOf(text.file).value_or(QByteArray());
    const core::Result<ScenarioText> onDisk = textOf(m_onDisk);
    show(text.text, text.file, onDisk ? onDisk->layout : TextLayout{});
    m_text.setModified(true);
    keepForRecovery();
}

void ScenarioDocument::apply(const Edit& edit) {
    const core::Result<std::string> edited = edit(plainText().toStdString());
    if (!edited) {
        Q_EMIT editRefused(QString::fromStdString(edited.error().text()));
    } else {
        changeText(m_text, QString::fromStdString(*edited));
    }
    reread();
}

void ScenarioDocument::reread() {
    m_readSoon.stop();
    QString text = plainText();
    if (!m_lastRead.isNull() && text == m_lastRead) {
        Q_EMIT readAgain(); // fields with a refused value show the text's again
        return;
    }
    m_lastRead = std::move(text);
    const std::string utf8 = m_lastRead.toStdString();
    core::YamlReading tree = core::readYaml(utf8);
    m_isYaml = tree.root.kind != core::YamlNode::Kind::Broken;
    if (m_isYaml) {
        m_tree = std::move(tree.root);
    }
    core::ScenarioReading reading = readScenarioText(utf8, m_file.toStdString(), {});
    m_problems = std::move(reading.problems);
    m_scenario = std::move(reading.scenario);
    m_load = std::move(reading.load);
    if (isModified()) {
        m_keepSoon.start();
    } else {
        keepNothing();
    }
    Q_EMIT readAgain();
}

void ScenarioDocument::keepForRecovery() {
    if (isModified()) {
        m_kept = m_recovery.keep({m_file, plainText()});
    }
}

/// Leaves alone what an earlier program kept and nobody has been asked about yet.
void ScenarioDocument::keepNothing() {
    m_keepSoon.stop();
    if (m_kept) {
        m_recovery.remove();
    }
    m_kept = false;
}

void ScenarioDocument::watch() {
    if (!m_watcher.files().isEmpty()) {
        m_watcher.removePaths(m_watcher.files());
    }
    if (!m_file.isEmpty() && QFile::exists(m_file)) {
        m_watcher.addPath(m_file);
    }
}

void ScenarioDocument::checkDisk() {
    watch(); // a file that was replaced is another file
    const std::optional<QByteArray> there = contentOf(m_file);
    if (!there) {
        m_text.setModified(true); // gone: what stands here is all there is
        return;
    }
    if (*there == m_onDisk) {
        return;
    }
    if (*there == bytesOf(plainText(), m_layout)) {
        m_onDisk = *there;
        m_text.setModified(false);
        return;
    }
    Q_EMIT changedOnDisk();
}

} // namespace app
