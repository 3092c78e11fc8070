// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/scenario/scenario_reader.h"
#include "core/target/url_parts.h"
#include "core/verdict/rule_reach.h"
#include "tests/files.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <map>
#include <optional>
#include <string>

/// The scenario files of the tests and how they are judged.

inline QString sourceRoot() {
    return QStringLiteral(MILLRACE_SOURCE_DIR);
}

inline QStringList yamlFilesIn(const QString& folder) {
    QStringList paths;
    const QDir directory(sourceRoot() + u'/' + folder);
    for (const QString& name : directory.entryList({QStringLiteral("*.yaml")}, QDir::Files, QDir::Name)) {
        paths.append(directory.filePath(name));
    }
    return paths;
}

inline QStringList goodFiles() {
    return yamlFilesIn(QStringLiteral("tests/core/data/scenarios/good")) +
           yamlFilesIn(QStringLiteral("resources/scenarios"));
}

/// The variables that the files of the tests use.
inline std::optional<std::string> testVariable(const std::string& name) {
    static const std::map<std::string, std::string> kVariables{{"ONE", "1"},
                                                               {"WORD", "word"},
                                                               {"DURATION", "5s"},
                                                               {"TIER", "critical"},
                                                               {"RATE", "5/s"},
                                                               {"SIZE", "1KiB"},
                                                               {"KEY", "source"},
                                                               {"ALL", "all"},
                                                               {"TRUE", "true"},
                                                               {"RULE", "ack p99 < 1s"},
                                                               {"BROKER", "h:9092"},
                                                               {"STORE", "embedded"},
                                                               {"BASE", "postgresql://user:p%40ss@h"},
                                                               {"PASSWORD", "p@ss/word"},
                                                               {"URL_PASSWORD", "p%40ss%2Fword"},
                                                               {"EMPTY", ""}};
    const auto found = kVariables.find(name);
    return found == kVariables.end() ? std::nullopt : std::optional(found->second);
}

/// Stands in for libpq, which core does not know; tests/app reads with the real one.
inline core::Result<core::PostgresAddress> readPostgresForTest(const std::string& url) {
    const core::UrlParts parts = *core::cutUrl(url);
    const std::string_view login = parts.login.value_or("");
    const std::size_t colon = std::min(login.find(':'), login.size());
    core::PostgresAddress::Secrets secrets;
    if (colon + 1 < login.size()) {
        secrets.emplace_back("password", core::Secret(core::percentDecoded(login.substr(colon + 1))));
    }
    for (const QByteArray& setting : QByteArray::fromStdString(std::string(parts.query)).split('&')) {
        const QByteArray value = setting.mid(setting.indexOf('=') + 1);
        if (setting.contains("password=") && !value.isEmpty()) {
            secrets.emplace_back(setting.chopped(value.size() + 1).toStdString(), core::Secret(value.toStdString()));
        }
    }
    return core::PostgresAddress::create({{"host", std::string(parts.servers)}}, std::move(secrets));
}

inline core::ReaderOptions testOptions() {
    core::ReaderOptions options;
    options.environment = testVariable;
    options.folder = "/folder";
    options.checkRule = core::complaintAboutRule;
    options.readPostgres = readPostgresForTest;
    return options;
}

inline std::string textOf(const core::ScenarioReading& reading) {
    std::string text;
    for (const core::Problem& problem : reading.problems) {
        text += problem.text() + "\n";
    }
    return text;
}

/// What the JSON Schema says of each file: accepted, refused or unreadable. Fails the test, and answers fewer words,
/// when the validator cannot run.
inline QStringList schemaVerdicts(const QStringList& paths) {
    const QTemporaryDir folder;
    QFile list(folder.filePath(QStringLiteral("list")));
    if (!list.open(QIODevice::WriteOnly)) {
        return {};
    }
    list.write(paths.join(u'\n').toUtf8());
    list.close();
    QProcess python;
    python.start(QStringLiteral("python3"),
                 {sourceRoot() + QStringLiteral("/tests/core/data/scenarios/validate_schema.py"),
                  sourceRoot() + QStringLiteral("/resources/schema/scenario.schema.json"), list.fileName()});
    const bool ended =
        python.waitForFinished(120'000) && python.exitStatus() == QProcess::NormalExit && python.exitCode() == 0;
    if (!ended) {
        const QByteArray reason = python.readAllStandardError() + python.errorString().toUtf8();
        QTest::qFail(("install python3, python3-jsonschema and python3-yaml: " + reason).constData(), __FILE__,
                     __LINE__);
        return {};
    }
    return QString::fromUtf8(python.readAllStandardOutput()).split(u'\n', Qt::SkipEmptyParts);
}
