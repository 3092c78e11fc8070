// Pictures of every page: tests/app/screenshots FOLDER makes them all.
#include "app/desktop/language.h"
#include "app/desktop/settings/theme.h"
#include "app/desktop/side_bar.h"
#include "tests/app/desktop_fixture.h"

#include <QAction>
#include <QApplication>
#include <QDir>
#include <QElapsedTimer>

namespace {

constexpr int kPatience = 120'000; // ms

/// Lets the window work until `done`, or for as long as is patient.
template <typename Done>
bool wait(Done done) {
    QElapsedTimer since;
    since.start();
    while (!done() && since.elapsed() < kPatience) {
        QApplication::processEvents(QEventLoop::AllEvents, 50);
    }
    return done();
}

class Camera {
public:
    Camera(Desktop& desktop, const QDir& folder, QString suffix)
        : m_desktop(desktop), m_folder(folder), m_suffix(std::move(suffix)) {}

    /// Each page as it is now, named <page>-<state><suffix>.png.
    void takeAll(const QString& state) {
        auto* const pages = m_desktop.window().findChild<app::SideBar*>();
        const QStringList names{QStringLiteral("scenario"), QStringLiteral("live"), QStringLiteral("report"),
                                QStringLiteral("history"),  QStringLiteral("logs"), QStringLiteral("connections"),
                                QStringLiteral("settings")};
        for (int i = 0; i < names.size(); ++i) {
            pages->setCurrentRow(i);
            take(names[i] + QLatin1Char('-') + state);
        }
    }

    void take(const QString& name) {
        for (int i = 0; i < 20; ++i) {
            QApplication::processEvents(QEventLoop::AllEvents, 20);
        }
        m_desktop.window().grab().save(m_folder.filePath(name + m_suffix + QStringLiteral(".png")));
    }

private:
    Desktop& m_desktop;
    QDir m_folder;
    QString m_suffix;
};

void runOnce(Desktop& desktop, Camera& camera, bool pictures) {
    app::MainWindow& window = desktop.window();
    window.open(QStringLiteral(MILLRACE_SOURCE_DIR "/resources/scenarios/quickstart.yaml"));
    window.scenarioPage().startAction()->trigger();
    wait([&] { return window.model().status().progress > 0.6; });
    if (pictures) {
        camera.takeAll(QStringLiteral("running"));
    }
    wait([&] {
        return window.model().state() == app::RunModel::State::Ended && window.reportPage().result() != nullptr;
    });
}

} // namespace

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    if (argc < 6) {
        qWarning("usage: %s FOLDER light|dark LANGUAGE WIDTH HEIGHT", argv[0]);
        return 2;
    }
    const QStringList arguments = QApplication::arguments();
    const app::Language language(arguments[3]);
    app::applyTheme(application,
                    arguments[2] == QStringLiteral("dark") ? app::ThemeChoice::Dark : app::ThemeChoice::Light);
    QDir().mkpath(arguments[1]);
    Desktop desktop;
    desktop.window().resize(arguments[4].toInt(), arguments[5].toInt());
    Camera camera(desktop, QDir(arguments[1]),
                  QStringLiteral("-%1-%2-%3x%4").arg(arguments[2], arguments[3], arguments[4], arguments[5]));
    camera.takeAll(QStringLiteral("empty"));
    runOnce(desktop, camera, true);
    camera.takeAll(QStringLiteral("finished"));
    return 0;
}
