#include "app/cli/command_line.h"
#include "app/desktop/main_window.h"
#include "app/desktop/start_up.h"

#include <QApplication>
#include <QStandardPaths>
#include <algorithm>
#include <vector>

int main(int argc, char** argv) {
    const std::vector<std::string_view> arguments(argv + std::min(argc, 1), argv + argc);
    if (!app::opensWindow(arguments)) {
        std::vector<char*> rest(argv, argv + argc);
        std::erase_if(rest, [](const char* argument) { return std::string_view(argument) == "--headless"; });
        rest.push_back(nullptr);
        return app::runCommandLine(static_cast<int>(rest.size()) - 1, rest.data());
    }

    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("millrace"));
    QApplication::setApplicationDisplayName(QStringLiteral("Millrace"));
    QApplication::setApplicationVersion(QStringLiteral(MILLRACE_VERSION));
    const QString results = QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
    app::MainWindow window(app::preparationInto(results.toStdString()));
    window.show();
    if (!arguments.empty()) {
        window.openScenario(QString::fromLocal8Bit(argv[1]));
    }
    return QApplication::exec();
}
