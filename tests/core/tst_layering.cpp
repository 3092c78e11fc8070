#include <QDirIterator>
#include <QtTest>

/// The table of layers in ARCHITECTURE.md, kept by a machine: who may include whom, and in which folder a third party's
/// headers stay.
namespace {

/// The headers of a library, and the folders whose .cpp files may include them.
struct Wrapped {
    QString pattern;
    QStringList folders;
};

const QList<Wrapped> kWrapped{
    {QStringLiteral("(librdkafka/.*|rdkafka.*)"), {QStringLiteral("services/kafka")}},
    {QStringLiteral("(pqxx/.*|libpq-fe\\.h|libpq/.*|postgresql/.*|sqlite3.*)"), {QStringLiteral("services/store")}},
    {QStringLiteral("hiredis/.*"), {QStringLiteral("services/dedupe")}},
    {QStringLiteral("yaml\\.h"), {QStringLiteral("core/scenario")}},
    {QStringLiteral("simdjson.*"), {QStringLiteral("core/load")}},
    {QStringLiteral("nlohmann/.*"),
     {QStringLiteral("core/verdict"), QStringLiteral("services/run"), QStringLiteral("services/report"),
      QStringLiteral("app/cli")}},
};

/// What would give core an input, an output, a thread or a log of its own.
const QStringList kForbiddenInCore{QStringLiteral("thread"),
                                   QStringLiteral("fstream"),
                                   QStringLiteral("iostream"),
                                   QStringLiteral("future"),
                                   QStringLiteral("stop_token"),
                                   QStringLiteral("unistd.h"),
                                   QStringLiteral("pthread.h"),
                                   QStringLiteral("mutex"),
                                   QStringLiteral("sys/.*"),
                                   QStringLiteral("spdlog/.*"),
                                   QStringLiteral("condition_variable")};

/// core/ports.h describes loops that end by a stop token, without running one.
const QString kPorts = QStringLiteral("core/ports.h");

bool matches(const QString& pattern, const QString& text) {
    return QRegularExpression(QRegularExpression::anchoredPattern(pattern)).match(text).hasMatch();
}

QString layerOf(const QString& path) {
    return path.section(QLatin1Char('/'), 0, 0);
}
QString folderOf(const QString& path) {
    return path.section(QLatin1Char('/'), 0, 1);
}

bool isOurs(const QString& include) {
    static const QStringList layers{QStringLiteral("core"), QStringLiteral("services"), QStringLiteral("app")};
    return include.contains(QLatin1Char('/')) && layers.contains(layerOf(include));
}

QString complaintAboutOurs(const QString& file, const QString& include) {
    const QString from = layerOf(file);
    const QString to = layerOf(include);
    if (from == QStringLiteral("core") && to != from) {
        return QStringLiteral("core includes core only");
    }
    if (from == QStringLiteral("services") && to == QStringLiteral("app")) {
        return QStringLiteral("services do not know the app");
    }
    const bool assembles = folderOf(file) == QStringLiteral("services/run");
    if (from == QStringLiteral("services") && to == from && folderOf(file) != folderOf(include) && !assembles) {
        return QStringLiteral("service folders meet through core/ports.h; only services/run assembles them");
    }
    return {};
}

QString complaintAboutOthers(const QString& file, const QString& include) {
    static const QRegularExpression qt(QStringLiteral("^Q[A-Z][A-Za-z0-9]*(/|$)|^Qt[A-Z]"));
    if (qt.match(include).hasMatch() && layerOf(file) != QStringLiteral("app")) {
        return QStringLiteral("Qt stays in app/");
    }
    if (qt.match(include).hasMatch() && folderOf(file) == QStringLiteral("app/cli")) {
        return QStringLiteral("the verbs are shared with millraced, which has no Qt");
    }
    for (const Wrapped& wrapped : kWrapped) {
        if (matches(wrapped.pattern, include) &&
            !(wrapped.folders.contains(folderOf(file)) && file.endsWith(QStringLiteral(".cpp")))) {
            return QStringLiteral("only .cpp files of ") + wrapped.folders.join(QStringLiteral(", ")) +
                   QStringLiteral(" include it");
        }
    }
    for (const QString& pattern : kForbiddenInCore) {
        const bool allowed = file == kPorts && include == QStringLiteral("stop_token");
        if (layerOf(file) == QStringLiteral("core") && matches(pattern, include) && !allowed) {
            return QStringLiteral("core has no input, output, thread or log");
        }
    }
    return {};
}

/// Why this file may not hold this line; empty: it may.
QString complaint(const QString& file, const QString& line) {
    static const QRegularExpression directive(QStringLiteral("^\\s*#\\s*include\\s*[<\"]([^>\"]+)[>\"]"));
    const auto match = directive.match(line);
    if (!match.hasMatch()) {
        return {};
    }
    const QString include = match.captured(1);
    if (include.startsWith(QStringLiteral(".."))) {
        return QStringLiteral("paths begin at the top folder");
    }
    return isOurs(include) ? complaintAboutOurs(file, include) : complaintAboutOthers(file, include);
}

} // namespace

class LayeringTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void judgesALine_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("line");
        QTest::addColumn<bool>("allowed");
        const auto row = [](const char* rule, const char* file, const char* line, bool allowed) {
            QTest::newRow(rule) << QString::fromLatin1(file) << QString::fromLatin1(line) << allowed;
        };
        row("core includes core", "core/load/schedule.h", "#include \"core/units.h\"", true);
        row("core does not include services", "core/load/schedule.h", "#include \"services/run/run.h\"", false);
        row("core does not include app", "core/load/schedule.cpp", "#include \"app/cli/verbs.h\"", false);
        row("core has no Qt", "core/load/schedule.cpp", "#include <QString>", false);
        row("core has no Qt by its module's name", "core/load/schedule.cpp", "#include <QtCore/QString>", false);
        row("core has no thread", "core/measure/recorder.h", "#include <thread>", false);
        row("core reads no file", "core/scenario/reader.cpp", "#include <fstream>", false);
        row("core writes no log", "core/scenario/reader.cpp", "#include <spdlog/spdlog.h>", false);
        row("ports may name a stop token", "core/ports.h", "#include <stop_token>", true);
        row("core may compute with durations", "core/units.h", "#include <chrono>", true);
        row("a service includes core", "services/kafka/topics.cpp", "#include \"core/ports.h\"", true);
        row("a service includes its own folder", "services/kafka/topics.cpp", "#include \"services/kafka/topics.h\"",
            true);
        row("a service does not include another", "services/kafka/topics.cpp", "#include \"services/store/tables.h\"",
            false);
        row("run assembles the services", "services/run/run.cpp", "#include \"services/store/tables.h\"", true);
        row("a service does not include app", "services/run/run.cpp", "#include \"app/cli/verbs.h\"", false);
        row("a service has no Qt", "services/run/run.cpp", "#include <QThread>", false);
        row("app includes services", "app/desktop/main_window.cpp", "#include \"services/run/run.h\"", true);
        row("the desktop has Qt", "app/desktop/main_window.h", "#include <QMainWindow>", true);
        row("the command line has no Qt", "app/cli/verbs.cpp", "#include <QString>", false);
        row("librdkafka stays in services/kafka", "services/run/run.cpp", "#include <librdkafka/rdkafka.h>", false);
        row("librdkafka is included by its wrapper", "services/kafka/topics.cpp", "#include <librdkafka/rdkafka.h>",
            true);
        row("librdkafka is in no header", "services/kafka/topics.h", "#include <librdkafka/rdkafka.h>", false);
        row("libpqxx stays in services/store", "services/consumer/worker.cpp", "#include <pqxx/pqxx>", false);
        row("libpq stays in services/store", "app/cli/doctor.cpp", "#include <libpq-fe.h>", false);
        row("SQLite stays in services/store", "services/run/run.cpp", "#include <sqlite3.h>", false);
        row("hiredis stays in services/dedupe", "services/run/run.cpp", "#include <hiredis/hiredis.h>", false);
        row("libyaml stays in core/scenario", "core/load/messages.cpp", "#include <yaml.h>", false);
        row("simdjson stays in core/load", "core/verdict/result_file.cpp", "#include <simdjson.h>", false);
        row("nlohmann is in no header", "core/verdict/result_file.h", "#include <nlohmann/json.hpp>", false);
        row("nlohmann writes the result file", "core/verdict/result_file.cpp", "#include <nlohmann/json.hpp>", true);
        row("no path climbs out of its folder", "core/load/schedule.cpp", "#include \"../units.h\"", false);
        row("odd spacing is read as well", "core/load/schedule.h", "  #  include  <QString>", false);
        row("a line without an include is none", "core/load/schedule.h", "// see services/run/run.h", true);
    }

    void judgesALine() {
        QFETCH(QString, file);
        QFETCH(QString, line);
        QFETCH(bool, allowed);
        QCOMPARE(complaint(file, line).isEmpty(), allowed);
    }

    void everyIncludeKeepsTheLayers() {
        const QDir top(QStringLiteral(MILLRACE_SOURCE_DIR));
        QStringList broken;
        int files = 0;
        for (const char* layer : {"core", "services", "app"}) {
            QDirIterator walk(top.filePath(QString::fromLatin1(layer)),
                              {QStringLiteral("*.h"), QStringLiteral("*.cpp")}, QDir::Files,
                              QDirIterator::Subdirectories);
            while (walk.hasNext()) {
                const QString path = top.relativeFilePath(walk.next());
                ++files;
                broken += complaintsAbout(path, top.filePath(path));
            }
        }
        QVERIFY2(files > 30, "the sources were not found");
        QVERIFY2(broken.isEmpty(), qPrintable(QStringLiteral("\n") + broken.join(QStringLiteral("\n"))));
    }

private:
    static QStringList complaintsAbout(const QString& path, const QString& absolutePath) {
        QFile file(absolutePath);
        if (!file.open(QIODevice::ReadOnly)) {
            return {path + QStringLiteral(": cannot be read")};
        }
        QStringList found;
        const QStringList lines = QString::fromUtf8(file.readAll()).split(QLatin1Char('\n'));
        for (qsizetype i = 0; i < lines.size(); ++i) {
            if (const QString reason = complaint(path, lines[i]); !reason.isEmpty()) {
                found += QStringLiteral("%1:%2: %3 (%4)").arg(path).arg(i + 1).arg(lines[i].trimmed(), reason);
            }
        }
        return found;
    }
};

QTEST_GUILESS_MAIN(LayeringTest)
#include "tst_layering.moc"
