// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/connections/connection.h"
#include "tests/app/millraced.h"
#include "tests/app/quiet_port.h"
#include "tests/app/scenario_page_fixture.h"

#include <pqxx/pqxx>

#include <memory>
#include <random>
#include <vector>

/// Two producers and a consumer as processes, on the servers of tests/stack, with topics, a group and a database of
/// their own. They want a token. Gone with this object.
class OwnFleet {
public:
    /// Nothing, and the test has failed, where the servers are not up or a daemon does not start.
    static std::unique_ptr<OwnFleet> start() {
        auto fleet = std::unique_ptr<OwnFleet>(new OwnFleet);
        if (fleet->m_broker.isEmpty() || fleet->m_store.isEmpty() || fleet->m_admin.empty()) {
            QTest::qFail("start the servers: eval \"$(tests/stack/env)\"", __FILE__, __LINE__);
            return nullptr;
        }
        fleet->admin("CREATE DATABASE " + fleet->m_name.toStdString() + " OWNER millrace");
        writeFile(fleet->path("settings.yaml"),
                  fleet->scenario(QStringLiteral("settings"),
                                  QStringLiteral("{name: later, start: 8000h, stages: [{duration: 1s, rate: 1/s}]}")));
        for (const char* const role : {"consumer", "producer", "producer"}) {
            if (!fleet->serve(QString::fromLatin1(role))) {
                QTest::qFail("a daemon does not start", __FILE__, __LINE__);
                return nullptr;
            }
        }
        return fleet;
    }
    ~OwnFleet() {
        stop();
        if (!m_admin.empty()) {
            admin("DROP DATABASE IF EXISTS " + m_name.toStdString() + " WITH (FORCE)");
        }
    }

    Millraced& consumer() { return *m_daemons[0]; }
    Millraced& producer() { return *m_daemons[2]; }
    const QStringList& addresses() const { return m_addresses; } ///< consumer, producer, producer

    /// To the servers and, if that is wanted, to the daemons.
    app::Connection connection(const QString& name, bool daemons) const {
        app::Connection connection = app::newConnection(name);
        connection.broker = m_broker;
        connection.store = m_store;
        if (daemons) {
            connection.daemons = m_addresses.join(QLatin1Char(','));
            connection.secrets = {app::Secret::DaemonToken};
        }
        return connection;
    }
    QString token() const { return QString(64, QLatin1Char('a')); }

    /// With the fleet's topics and group.
    QByteArray scenario(const QString& name, const QString& streams) const {
        return QStringLiteral("version: 1\nname: %1\ndrain: 60s\n"
                              "kafka: {topic: %2, group: %2, partitions: 6, critical: {topic: %2-critical}, "
                              "analytics: {topic: %2-analytics}}\n"
                              "dedupe: {prefix: '%2/'}\n"
                              "consumer: {concurrency: 1, batch: 500, session_timeout: 10s}\n"
                              "streams: [%3]\n")
            .arg(name, m_name, streams)
            .toUtf8();
    }
    QString path(const char* name) const { return m_folder.filePath(QString::fromLatin1(name)); }

    /// Rows in the store, and different ids among them.
    std::pair<std::uint64_t, std::uint64_t> stored() const {
        pqxx::connection connection(m_store.toStdString());
        pqxx::nontransaction query(connection);
        if (query.exec("SELECT to_regclass('log_events')")[0][0].is_null()) {
            return {0, 0}; // no run was here yet
        }
        const pqxx::result rows = query.exec("SELECT count(*), count(DISTINCT id) FROM log_events");
        return {rows[0][0].as<std::uint64_t>(), rows[0][1].as<std::uint64_t>()};
    }

    /// As a service manager does, or not at all gently where one does not end.
    void stop() {
        for (const auto& daemon : m_daemons) {
            daemon->signal(SIGCONT);
            daemon->signal(SIGTERM);
        }
        for (const auto& daemon : m_daemons) {
            daemon->finish(std::chrono::seconds(30));
        }
        m_daemons.clear();
    }

private:
    OwnFleet()
        : m_name(QStringLiteral("window_fleet_%1").arg(std::random_device()())),
          m_broker(qEnvironmentVariable("MILLRACE_BROKER")),
          m_admin(qEnvironmentVariable("MILLRACE_STACK_ADMIN").toStdString()) {
        const QString store = qEnvironmentVariable("MILLRACE_STORE");
        m_store = store.isEmpty() ? store : store.section(QLatin1Char('/'), 0, -2) + QLatin1Char('/') + m_name;
    }

    bool serve(const QString& role) {
        m_addresses += QString::fromStdString(QuietPort(QuietPort::Kind::Closed).server()); // free a moment ago
        Millraced& daemon = *m_daemons.emplace_back(std::make_unique<Millraced>(m_folder.path()));
        daemon.setVariable("MILLRACE_STORE", m_store);
        daemon.setVariable("MILLRACE_TOKEN", token());
        return daemon.start({QStringLiteral("serve"), QStringLiteral("--role"), role, QStringLiteral("--listen"),
                             m_addresses.back(), QStringLiteral("--broker"), m_broker, QStringLiteral("--scenario"),
                             path("settings.yaml")});
    }

    void admin(const std::string& statement) const {
        pqxx::connection connection(m_admin);
        pqxx::nontransaction(connection).exec(statement);
    }

    QTemporaryDir m_folder;
    QString m_name, m_broker, m_store;
    std::string m_admin;
    QStringList m_addresses;
    std::vector<std::unique_ptr<Millraced>> m_daemons; // consumer, producer, producer
};
