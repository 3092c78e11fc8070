// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/postgres/postgres_settings.h"

#include "services/store/postgres/postgres_places.h"

#include <fmt/format.h>

#include <algorithm>

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
    PostgresSettings all{address.settings(), address.secrets(), {}, {}};
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
    const std::vector<PostgresPlace> places = placesOf(settings);
    all.database = settingOr(settings, "dbname", "PGDATABASE");
    if (all.database.empty()) {
        all.database = settingOr(settings, "user", "PGUSER");
    }
    std::string names;
    for (const PostgresPlace& place : places) {
        names += (names.empty() ? "" : ",") + place.shown();
    }
    all.description = all.describedAt(names);
    return all;
}

void PostgresSettings::passOverStandbys() {
    const bool isSaid = !settingOr(settings, "target_session_attrs", "PGTARGETSESSIONATTRS").empty();
    if (!isSaid && placesOf(settings).size() > 1) { // of one alone there is more to say than libpq does
        settings.emplace_back("target_session_attrs", "read-write");
    }
}

std::string PostgresSettings::describedAt(const std::string& place) const {
    return fmt::format("PostgreSQL at {}/{}", place, database);
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
