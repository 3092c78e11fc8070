// SPDX-License-Identifier: GPL-3.0-or-later
#include "own_server.h"

#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QtTest>

namespace faults {

namespace {

QString run(const QString& program, const QStringList& arguments, const QProcessEnvironment& environment) {
    QProcess process;
    process.setProcessEnvironment(environment);
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program, arguments);
    if (!process.waitForFinished(60'000) || process.exitCode() != 0) {
        return QStringLiteral("failed: ") + QString::fromUtf8(process.readAll());
    }
    return QString::fromUtf8(process.readAll());
}

} // namespace

OwnServer::OwnServer(QString name) : m_name(std::move(name)) {
    // PostgreSQL runs as a user of its own where this test runs as root.
    QFile::setPermissions(m_directory.path(), QFile::permissions(m_directory.path()) | QFile::ReadGroup |
                                                  QFile::ExeGroup | QFile::ReadOther | QFile::ExeOther);
}

std::unique_ptr<OwnServer> OwnServer::start(const QString& name) {
    std::unique_ptr<OwnServer> server(new OwnServer(name));
    const QString said = server->script(QStringLiteral("up"), {name});
    const QRegularExpression url(QStringLiteral("(?:MILLRACE_BROKER|MILLRACE_STORE|MILLRACE_DEDUPE)=(\\S+)"));
    server->m_url = url.match(server->script(QStringLiteral("env"), {})).captured(1);
    if (!server->m_url.isEmpty()) {
        return server;
    }
    QTest::qFail(qPrintable(said), __FILE__, __LINE__);
    return nullptr;
}

OwnServer::~OwnServer() {
    script(QStringLiteral("down"), {});
}

bool OwnServer::up() {
    return !script(QStringLiteral("up"), {m_name}).startsWith(QStringLiteral("failed"));
}

bool OwnServer::signal(const QString& signal) {
    return !script(QStringLiteral("signal"), {m_name, signal}).startsWith(QStringLiteral("failed"));
}

bool OwnServer::redisCli(const QStringList& command) const {
    return !run(QStringLiteral("redis-cli"), QStringList{QStringLiteral("-u"), m_url} + command,
                QProcessEnvironment::systemEnvironment())
                .startsWith(QStringLiteral("failed"));
}

QString OwnServer::script(const QString& script, const QStringList& arguments) const {
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("MILLRACE_STACK_DIR"), m_directory.filePath(QStringLiteral("stack")));
    return run(QStringLiteral(MILLRACE_STACK_SCRIPTS "/") + script, arguments, environment);
}

} // namespace faults
