// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_line.h"
#include "app/desktop/connections/keychain_secret_store.h"
#include "app/desktop/connections/saved_connections.h"
#include "app/desktop/export/picture_exporter.h"
#include "app/desktop/settings/settings.h"
#include "app/desktop/settings/theme.h"
#include "app/desktop/shell/language.h"
#include "app/desktop/shell/main_window.h"
#include "app/desktop/shell/start_up.h"
#include "app/desktop/shell/themed_icon.h"

#include <QApplication>
#include <QDir>
#include <QStandardPaths>
#include <algorithm>
#include <vector>

namespace {

/// A file of ours in the user's configuration, whose folder is created.
QString configurationFile(const QString& name) {
    const QDir folder(QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation));
    folder.mkpath(QStringLiteral("."));
    return folder.filePath(name);
}

int openWindow(int argc, char** argv, const std::vector<std::string_view>& arguments) {
    app::surviveFailedWrites();
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("millrace"));
    QApplication::setApplicationDisplayName(QStringLiteral("Millrace"));
    QApplication::setApplicationVersion(QStringLiteral(MILLRACE_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("org.millrace.Millrace"));
    QApplication::setWindowIcon(app::programIcon());

    app::Settings settings(configurationFile(QStringLiteral("millrace.ini")),
                           QStandardPaths::writableLocation(QStandardPaths::AppDataLocation));
    const app::Language language(settings.language());
    app::applyTheme(application, settings.theme());
    QObject::connect(&settings, &app::Settings::themeChanged, &application,
                     [&application](app::ThemeChoice theme) { app::applyTheme(application, theme); });
    app::SavedConnections connections(configurationFile(QStringLiteral("connections.json")));
    app::KeychainSecretStore secrets;
    app::MainWindow window({settings, connections, secrets, app::prepareRun, app::pictureExporter(),
                            configurationFile(QStringLiteral("edited-scenario"))});
    window.show();
    if (arguments.empty()) {
        window.begin();
    } else {
        window.open(QString::fromLocal8Bit(argv[1]));
    }
    return QApplication::exec();
}

} // namespace

int main(int argc, char** argv) {
    const std::vector<std::string_view> arguments(argv + std::min(argc, 1), argv + argc);
    if (app::opensWindow(arguments)) {
        return openWindow(argc, argv, arguments);
    }
    std::vector<char*> rest(argv, argv + argc);
    std::erase_if(rest, [](const char* argument) { return std::string_view(argument) == "--headless"; });
    rest.push_back(nullptr);
    return app::runCommandLine(static_cast<int>(rest.size()) - 1, rest.data(), app::pictureExporter());
}
