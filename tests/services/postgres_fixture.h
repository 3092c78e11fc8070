// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/store/store.h"
#include "services/store/store_address.h"

#include <pqxx/pqxx>

#include <QtTest>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>

/// A schema of its own in the test stack's PostgreSQL, dropped at the end.
class PostgresFixture {
public:
    /// Nothing, and the test has failed, where the servers are not up.
    static std::unique_ptr<PostgresFixture> create() {
        const char* url = std::getenv("MILLRACE_STORE");
        const char* admin = std::getenv("MILLRACE_STACK_ADMIN");
        if (url == nullptr || admin == nullptr) {
            QTest::qFail("start the servers with tests/stack/up", __FILE__, __LINE__);
            return nullptr;
        }
        return std::unique_ptr<PostgresFixture>(new PostgresFixture(url, admin));
    }
    ~PostgresFixture() { run("DROP SCHEMA " + m_schema + " CASCADE"); }

    const std::string& schema() const { return m_schema; }
    const std::string& serverUrl() const { return m_url; }
    std::string url() const { return urlIn(m_url); }
    std::string urlIn(const std::string& server, const std::string& moreOptions = {}) const {
        return server + "?application_name=" + m_schema + "&options=-csearch_path%3D" + m_schema + moreOptions;
    }
    services::StoreOptions options() const {
        return {
            .address = *services::readStoreAddress(url()), .clusterId = "cluster", .group = "group", .runId = "run"};
    }

    /// Runs a statement in the schema as the store's own user, and answers the first field of the first row.
    std::string run(const std::string& statement) { return first(*m_connection, statement); }
    long long number(const std::string& statement) { return std::stoll(run(statement)); }
    pqxx::connection& connection() { return *m_connection; }
    /// The same as a superuser, outside of the schema.
    std::string runAsAdmin(const std::string& statement) {
        pqxx::connection connection(m_admin);
        return first(connection, statement);
    }
    static std::string randomName(const std::string& prefix) {
        return prefix + "_" + std::to_string(std::random_device()());
    }

private:
    PostgresFixture(std::string url, std::string admin)
        : m_url(std::move(url)),
          m_admin(std::move(admin)),
          m_schema(randomName("store_test")),
          m_connection(std::make_unique<pqxx::connection>(urlIn(m_url))) {
        run("SET client_min_messages = error");
        run("CREATE SCHEMA " + m_schema);
    }
    static std::string first(pqxx::connection& connection, const std::string& statement) {
        pqxx::nontransaction query(connection);
        const pqxx::result rows = query.exec(statement);
        return rows.empty() || rows.columns() == 0 || rows[0][0].is_null() ? std::string() : rows[0][0].c_str();
    }

    std::string m_url;
    std::string m_admin;
    std::string m_schema;
    std::unique_ptr<pqxx::connection> m_connection;
};
