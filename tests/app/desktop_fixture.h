// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/connections/saved_connections.h"
#include "app/desktop/connections/secret_store.h"
#include "app/desktop/export/picture_exporter.h"
#include "app/desktop/pages/history/history_page.h"
#include "app/desktop/pages/live/live_page.h"
#include "app/desktop/pages/live/run_controls.h"
#include "app/desktop/pages/report/report_page.h"
#include "app/desktop/pages/scenario/scenario_page.h"
#include "app/desktop/settings/settings.h"
#include "app/desktop/shell/main_window.h"

#include <QDir>
#include <QTemporaryDir>
#include <memory>

/// The whole window over a folder, its own unless one is named, with secrets in memory.
class Desktop {
public:
    explicit Desktop(const QString& folder = {})
        : m_path(folder.isEmpty() ? m_folder.path() : folder),
          m_settings(path("millrace.ini"), path("results")),
          m_connections(path("connections.json")) {
        reopen();
    }

    /// As if the program were started again.
    void reopen() {
        m_window.reset();
        m_window = std::make_unique<app::MainWindow>(app::MainWindow::Parts{
            m_settings, m_connections, m_secrets, app::prepareRun, app::pictureExporter(), path("edited-scenario")});
        m_window->show();
    }

    app::MainWindow& window() { return *m_window; }
    app::Settings& settings() { return m_settings; }
    app::SavedConnections& connections() { return m_connections; }
    app::SecretStore& secrets() { return m_secrets; }
    QString path(const char* name) const { return QDir(m_path).filePath(QString::fromUtf8(name)); }

private:
    QTemporaryDir m_folder;
    QString m_path;
    app::Settings m_settings;
    app::SavedConnections m_connections;
    app::SessionSecretStore m_secrets;
    std::unique_ptr<app::MainWindow> m_window;
};
