// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/postgres/postgres_address.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <memory>

namespace services {

namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

std::string* find(Settings& settings, std::string_view name) {
    const auto found = std::ranges::find(settings, name, &Settings::value_type::first);
    return found == settings.end() ? nullptr : &found->second;
}

void addMissing(Settings& settings, const char* name, std::string value) {
    if (find(settings, name) == nullptr) {
        settings.emplace_back(name, std::move(value));
    }
}

std::string valueOr(Settings& settings, const char* name, const char* variable, const char* otherwise) {
    if (const std::string* value = find(settings, name)) {
        return *value;
    }
    const char* environment = std::getenv(variable);
    return environment != nullptr && *environment != '\0' ? environment : otherwise;
}

/// Settings of the server's side of the connection. What the URL's own options say comes later and wins.
std::string serverOptions(core::Nanoseconds timeout, core::Nanoseconds lockTimeout) {
    using std::chrono::milliseconds;
    const auto callLimit = std::chrono::duration_cast<milliseconds>(timeout).count();
    const auto lockLimit = std::chrono::duration_cast<milliseconds>(lockTimeout).count();
    return fmt::format("-c statement_timeout={} -c lock_timeout={} -c idle_in_transaction_session_timeout={} "
                       "-c client_min_messages=error -c timezone=UTC -c datestyle=ISO -c tcp_keepalives_idle=10 "
                       "-c tcp_keepalives_interval=5 -c tcp_keepalives_count=3",
                       callLimit, lockLimit, 2 * callLimit);
}

} // namespace

core::Result<PostgresAddress> PostgresAddress::parse(const std::string& url, core::Nanoseconds timeout,
                                                     core::Nanoseconds lockTimeout) {
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> parsed(PQconninfoParse(url.c_str(), nullptr),
                                                                              &PQconninfoFree);
    if (!parsed) {
        return core::invalid("cannot read the store's URL: it should look like "
                             "postgresql://USER@HOST:PORT/DATABASE, special characters as %XX");
    }
    PostgresAddress address;
    for (const PQconninfoOption* option = parsed.get(); option->keyword != nullptr; ++option) {
        if (option->val != nullptr && *option->val != '\0') {
            address.settings.emplace_back(option->keyword, option->val);
        }
    }
    Settings& settings = address.settings;
    if (const std::string* password = find(settings, "password")) {
        address.password = *password;
    }
    const auto limit = std::chrono::duration_cast<std::chrono::milliseconds>(timeout).count();
    addMissing(settings, "application_name", "millrace");
    addMissing(settings, "client_encoding", "UTF8");
    addMissing(settings, "keepalives_idle", "10");
    addMissing(settings, "keepalives_interval", "5");
    addMissing(settings, "keepalives_count", "3");
    addMissing(settings, "tcp_user_timeout", fmt::format("{}", limit));
    const std::string ours = serverOptions(timeout, lockTimeout);
    if (std::string* options = find(settings, "options")) {
        *options = ours + " " + *options;
    } else {
        settings.emplace_back("options", ours);
    }
    const std::string host = valueOr(settings, "host", "PGHOST", "localhost");
    const std::string port = valueOr(settings, "port", "PGPORT", "5432");
    const std::string user = valueOr(settings, "user", "PGUSER", "");
    const std::string database = valueOr(settings, "dbname", "PGDATABASE", user.c_str());
    address.description = fmt::format("PostgreSQL at {}:{}/{}", host, port, database);
    return address;
}

std::string PostgresAddress::withoutSecret(std::string text) const {
    if (password.empty()) {
        return text;
    }
    for (auto at = text.find(password); at != std::string::npos; at = text.find(password, at + 3)) {
        text.replace(at, password.size(), "***");
    }
    return text;
}

} // namespace services
