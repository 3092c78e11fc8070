// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/postgres/postgres_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace services {

namespace {

using Settings = core::PostgresAddress::Settings;

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

PostgresSettings PostgresSettings::create(const core::PostgresAddress& address, core::Nanoseconds timeout,
                                          core::Nanoseconds lockTimeout) {
    PostgresSettings all{address.settings(), address.secrets(), {}};
    Settings& settings = all.settings;
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
    all.description = fmt::format("PostgreSQL at {}:{}/{}", host, port, database);
    return all;
}

std::string PostgresSettings::withoutSecret(std::string text) const {
    constexpr std::string_view kStars = "***";
    for (const auto& [keyword, secret] : secrets) {
        const std::string& hidden = secret.reveal();
        for (auto at = text.find(hidden); at != std::string::npos; at = text.find(hidden, at + kStars.size())) {
            text.replace(at, hidden.size(), kStars);
        }
    }
    return text;
}

} // namespace services
