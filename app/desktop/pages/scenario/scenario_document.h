// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/pages/scenario/recovery_file.h"
#include "app/desktop/pages/scenario/scenario_text.h"
#include "core/scenario/scenario_reader.h"
#include "core/yaml/yaml_tree.h"

#include <QFileSystemWatcher>
#include <QObject>
#include <QTextDocument>
#include <QTimer>
#include <functional>
#include <optional>

namespace app {

/// The scenario being edited: its text, which alone counts, and what the strict reader makes of it. Read again shortly
/// after each change of the text, at once after an edit of the form. Undo is the text's. Lives in the GUI thread; reads
/// and writes no more than the one file of at most 1 MiB and the recovery file.
class ScenarioDocument : public QObject {
    Q_OBJECT

public:
    /// A change of the text, such as those of core/scenario/yaml_edit.h.
    using Edit = std::function<core::Result<std::string>(std::string_view text)>;

    explicit ScenarioDocument(const QString& recoveryFile, QObject* parent = nullptr);

    QTextDocument* text() { return &m_text; }
    QString plainText() const { return plainTextOf(m_text); }
    QString filePath() const { return m_file; } ///< empty: never saved
    QString title() const;                      ///< the file's name, or that it has none
    bool isModified() const { return m_text.isModified(); }

    const core::YamlNode& tree() const { return m_tree; } ///< of the latest text that was YAML
    bool isYaml() const { return m_isYaml; }
    const std::vector<core::Problem>& problems() const { return m_problems; }
    const std::optional<core::Scenario>& scenario() const { return m_scenario; } ///< nothing: there are problems
    /// As far as streams and warm-up say it; nothing: there are problems with these.
    const std::optional<core::Scenario>& load() const { return m_scenario ? m_scenario : m_load; }

    void startNew(const QString& text); ///< an unsaved scenario with this text
    core::Status open(const QString& file);
    core::Status save();     ///< Invalid: somebody else has changed the file; changedOnDisk() tells so
    core::Status saveOver(); ///< whatever the file holds now
    core::Status saveAs(const QString& file);
    core::Status reload(); ///< the file as it is on disk, as one step of undo
    void apply(const Edit& edit);
    void reread(); ///< now, what is due to be read shortly

    std::optional<RecoveredText> recovered() const { return m_recovery.read(); }
    void restore(const RecoveredText& text);
    void forgetRecovered() const { m_recovery.remove(); }
    void keepForRecovery(); ///< what is not saved, now
    void keepNothing();     ///< the user gives what is not saved up

Q_SIGNALS:
    void loaded();  ///< another scenario
    void written(); ///< into its file
    void readAgain();
    void nameChanged(); ///< the file, or whether there are unsaved changes
    void editRefused(const QString& reason);
    void changedOnDisk(); ///< by somebody else, and not to what stands here

private:
    void show(const QString& text, const QString& file, const TextLayout& layout);
    core::Status write(const QString& file);
    void watch();
    void checkDisk();

    QTextDocument m_text;
    QString m_file;
    TextLayout m_layout;
    QByteArray m_onDisk; // as we read or wrote it last
    QString m_lastRead;
    core::YamlNode m_tree;
    bool m_isYaml = false;
    std::vector<core::Problem> m_problems;
    std::optional<core::Scenario> m_scenario, m_load;
    RecoveryFile m_recovery;
    bool m_kept = false; // by us
    QFileSystemWatcher m_watcher;
    QTimer m_readSoon;
    QTimer m_keepSoon;
    QTimer m_checkSoon;
};

} // namespace app
