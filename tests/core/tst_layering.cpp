// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test_class.h"

#include <QDirIterator>
#include <QtTest>
#include <algorithm>

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
    {QStringLiteral("(pqxx/.*|libpq-fe\\.h|libpq/.*|postgresql/.*)"), {QStringLiteral("services/store")}},
    {QStringLiteral("sqlite3.*"), {QStringLiteral("services/store")}},
    {QStringLiteral("hiredis/.*"), {QStringLiteral("services/dedupe")}},
    {QStringLiteral("(boost|openssl)/.*"), {QStringLiteral("services/http")}},
    {QStringLiteral("curl/.*"), {QStringLiteral("services/http")}},
    {QStringLiteral("yaml\\.h"), {QStringLiteral("core/yaml")}},
    {QStringLiteral("simdjson.*"), {QStringLiteral("core/text"), QStringLiteral("core/format")}},
    {QStringLiteral("zlib\\.h"), {QStringLiteral("core/text"), QStringLiteral("core/measure")}},
    {QStringLiteral("nlohmann/.*"),
     {QStringLiteral("core/measure"), QStringLiteral("core/fleet"), QStringLiteral("core/results"),
      QStringLiteral("core/report"), QStringLiteral("core/ports"), QStringLiteral("services/archive"),
      QStringLiteral("services/run"), QStringLiteral("services/http"), QStringLiteral("services/api"),
      QStringLiteral("services/gateway"), QStringLiteral("services/remote"), QStringLiteral("app/daemon"),
      QStringLiteral("app/cli")}},
    {QStringLiteral("prometheus/.*"), {QStringLiteral("services/api")}},
};

/// The folders of each layer, in the order in which they may include each other: only those before it. Services are
/// no chain: they meet in core/ports, and only those that assemble include others.
const QStringList kOrder =
    QStringLiteral(
        "core/text core/target core/yaml core/scenario core/event core/format core/load "
        "core/measure core/fleet core/verdict core/monitor core/results core/analysis core/chart core/report "
        "core/ports core/browse "
        "services/host services/http services/kafka services/store services/dedupe services/target "
        "services/producer services/consumer services/archive services/audit services/run services/roles services/api "
        "services/gateway services/remote "
        "app/launch app/daemon app/cli app/desktop/widgets app/desktop/settings app/desktop/bridge "
        "app/desktop/connections app/desktop/charts app/desktop/export "
        "app/desktop/pages/settings app/desktop/pages/connections "
        "app/desktop/pages/logs app/desktop/pages/monitor app/desktop/pages/audit app/desktop/pages/messages "
        "app/desktop/pages/report app/desktop/pages/history "
        "app/desktop/pages/live app/desktop/pages/scenario app/desktop/shell")
        .split(QLatin1Char(' '));

/// What lies directly in a layer, for every folder of it and above.
const QStringList kForAll{QStringLiteral("core/units.h"), QStringLiteral("core/result.h"),
                          QStringLiteral("services/name_look_up.h"), QStringLiteral("services/name_look_up.cpp")};

/// The headers that show a third party's types, to the .cpp files of their own folder.
const QStringList kInside{QStringLiteral("services/store/postgres/pqxx_compat.h"),
                          QStringLiteral("services/http/connection.h"), QStringLiteral("services/api/json_response.h")};

/// The folders of services that put others together.
const QStringList kAssemblers{QStringLiteral("services/target"),  QStringLiteral("services/run"),
                              QStringLiteral("services/roles"),   QStringLiteral("services/api"),
                              QStringLiteral("services/gateway"), QStringLiteral("services/remote")};

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

/// core/ports describes loops that end by a stop token, without running one.
const QString kPorts = QStringLiteral("core/ports");

bool matches(const QString& pattern, const QString& text) {
    return QRegularExpression(QRegularExpression::anchoredPattern(pattern)).match(text).hasMatch();
}

QString layerOf(const QString& path) {
    return path.section(QLatin1Char('/'), 0, 0);
}
/// The folder of kOrder that holds the file; empty: directly in its layer, or in a folder that nobody has named.
QString folderOf(const QString& path) {
    QString longest;
    for (const QString& folder : kOrder) {
        if (path.startsWith(folder + QLatin1Char('/')) && folder.size() > longest.size()) {
            longest = folder;
        }
    }
    return longest;
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
    if (folderOf(file) == folderOf(include) || folderOf(include).isEmpty()) {
        return {};
    }
    if (from == QStringLiteral("services") && to == from && !kAssemblers.contains(folderOf(file))) {
        return QStringLiteral("service folders meet in core/ports; only these put others together: ") +
               kAssemblers.join(QStringLiteral(", "));
    }
    if (kOrder.indexOf(folderOf(include)) > kOrder.indexOf(folderOf(file))) {
        return QStringLiteral("%1 comes before %2 and may not know it").arg(folderOf(file), folderOf(include));
    }
    return {};
}

QString complaintAboutOthers(const QString& file, const QString& include) {
    static const QRegularExpression qt(QStringLiteral("^Q[A-Z][A-Za-z0-9]*(/|$)|^Qt[A-Z]"));
    if (qt.match(include).hasMatch() && layerOf(file) != QStringLiteral("app")) {
        return QStringLiteral("Qt stays in app/");
    }
    if (qt.match(include).hasMatch() && !file.startsWith(QStringLiteral("app/desktop/"))) {
        return QStringLiteral("the verbs are shared with millraced, which has no Qt");
    }
    for (const Wrapped& wrapped : kWrapped) {
        if (matches(wrapped.pattern, include) &&
            !(std::any_of(wrapped.folders.begin(), wrapped.folders.end(),
                          [&file](const QString& folder) { return file.startsWith(folder + QLatin1Char('/')); }) &&
              (file.endsWith(QStringLiteral(".cpp")) || kInside.contains(file)))) {
            return QStringLiteral("only .cpp files of ") + wrapped.folders.join(QStringLiteral(", ")) +
                   QStringLiteral(" include it");
        }
    }
    for (const QString& pattern : kForbiddenInCore) {
        const bool allowed = folderOf(file) == kPorts && include == QStringLiteral("stop_token");
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
        row("core reads no file", "core/scenario/scenario_reader.cpp", "#include <fstream>", false);
        row("core writes no log", "core/scenario/scenario_reader.cpp", "#include <spdlog/spdlog.h>", false);
        row("ports may name a stop token", "core/ports/store.h", "#include <stop_token>", true);
        row("core may compute with durations", "core/units.h", "#include <chrono>", true);
        row("a service includes core", "services/kafka/topics.cpp", "#include \"core/ports/broker.h\"", true);
        row("a service includes its own folder", "services/kafka/topics.cpp", "#include \"services/kafka/topics.h\"",
            true);
        row("a service does not include another", "services/kafka/topics.cpp", "#include \"services/store/store.h\"",
            false);
        row("run assembles the services", "services/run/run.cpp", "#include \"services/store/store.h\"", true);
        row("target opens what a run needs", "services/target/doctor.cpp", "#include \"services/kafka/topics.h\"",
            true);
        row("target does not know run", "services/target/doctor.cpp", "#include \"services/run/run.h\"", false);
        row("core includes a folder before its own", "core/verdict/threshold.h", "#include \"core/measure/ledger.h\"",
            true);
        row("core does not include a folder after its own", "core/measure/ledger.h",
            "#include \"core/verdict/threshold.h\"", false);
        row("the command line does not know the window", "app/cli/verbs.cpp",
            "#include \"app/desktop/shell/main_window.h\"", false);
        row("a page does not know the window around it", "app/desktop/pages/live/live_page.cpp",
            "#include \"app/desktop/shell/main_window.h\"", false);
        row("a page includes a page before its own", "app/desktop/pages/history/history_page.cpp",
            "#include \"app/desktop/pages/report/report_view.h\"", true);
        row("a widget knows no page", "app/desktop/widgets/figures.cpp",
            "#include \"app/desktop/pages/live/live_page.h\"", false);
        row("a service does not include app", "services/run/run.cpp", "#include \"app/cli/verbs.h\"", false);
        row("a service has no Qt", "services/run/run.cpp", "#include <QThread>", false);
        row("app includes services", "app/desktop/shell/main_window.cpp", "#include \"services/run/run.h\"", true);
        row("the desktop has Qt", "app/desktop/shell/main_window.h", "#include <QMainWindow>", true);
        row("the command line has no Qt", "app/cli/verbs.cpp", "#include <QString>", false);
        row("librdkafka stays in services/kafka", "services/run/run.cpp", "#include <librdkafka/rdkafka.h>", false);
        row("librdkafka is included by its wrapper", "services/kafka/topics.cpp", "#include <librdkafka/rdkafka.h>",
            true);
        row("librdkafka is in no header", "services/kafka/topics.h", "#include <librdkafka/rdkafka.h>", false);
        row("libpqxx stays in services/store", "services/consumer/worker.cpp", "#include <pqxx/pqxx>", false);
        row("libpq stays in services/store", "app/cli/doctor.cpp", "#include <libpq-fe.h>", false);
        row("SQLite stays in services/store", "services/run/run.cpp", "#include <sqlite3.h>", false);
        row("hiredis stays in services/dedupe", "services/run/run.cpp", "#include <hiredis/hiredis.h>", false);
        row("libcurl stays in services/http", "app/cli/verbs.cpp", "#include <curl/curl.h>", false);
        row("libcurl is included by its wrapper", "services/http/transfer.cpp", "#include <curl/curl.h>", true);
        row("libcurl is in no header", "services/http/client.h", "#include <curl/curl.h>", false);
        row("libyaml stays in core/yaml", "core/load/messages.cpp", "#include <yaml.h>", false);
        row("simdjson stays in core/text and core/format", "core/load/message_lines.cpp", "#include <simdjson.h>",
            false);
        row("zlib stays in core/text and core/measure", "core/results/result_json.cpp", "#include <zlib.h>", false);
        row("nlohmann is in no header", "core/results/result_file.h", "#include <nlohmann/json.hpp>", false);
        row("nlohmann writes the result file", "core/results/result_file.cpp", "#include <nlohmann/json.hpp>", true);
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
                if (folderOf(path).isEmpty() && !kForAll.contains(path)) {
                    broken += path + QStringLiteral(": its folder has no place in the order");
                }
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

TEST_CLASS(LayeringTest)
#include "tst_layering.moc"
