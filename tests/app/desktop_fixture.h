#pragma once

#include "app/desktop/connections/connection_book.h"
#include "app/desktop/connections/secret_store.h"
#include "app/desktop/history/history_page.h"
#include "app/desktop/live/live_page.h"
#include "app/desktop/live/run_controls.h"
#include "app/desktop/main_window.h"
#include "app/desktop/report/report_page.h"
#include "app/desktop/report_export/picture_exporter.h"
#include "app/desktop/scenario/scenario_page.h"
#include "app/desktop/settings/settings.h"

#include <QTemporaryDir>
#include <memory>

/// The whole window over a folder of its own, with secrets in memory.
class Desktop {
public:
    Desktop()
        : m_settings(m_folder.filePath(QStringLiteral("millrace.ini")), m_folder.filePath(QStringLiteral("results"))),
          m_connections(m_folder.filePath(QStringLiteral("connections.json"))) {
        reopen();
    }

    /// As if the program were started again.
    void reopen() {
        m_window.reset();
        m_window = std::make_unique<app::MainWindow>(
            app::MainWindow::Parts{m_settings, m_connections, m_secrets, app::prepareRun, app::pictureExporter(),
                                   m_folder.filePath(QStringLiteral("edited-scenario"))});
        m_window->show();
    }

    app::MainWindow& window() { return *m_window; }
    app::Settings& settings() { return m_settings; }
    QString path(const char* name) const { return m_folder.filePath(QString::fromUtf8(name)); }

private:
    QTemporaryDir m_folder;
    app::Settings m_settings;
    app::ConnectionBook m_connections;
    app::SessionSecretStore m_secrets;
    std::unique_ptr<app::MainWindow> m_window;
};
