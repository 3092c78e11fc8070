// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/target/store_address.h"

#include "core/target/broker_address.h"
#include "core/target/url_parts.h"

namespace core {

namespace {

constexpr std::string_view kSqlite = "sqlite:";

} // namespace

Result<StoreAddress> StoreAddress::create(const std::string& text, const ReadPostgres& readPostgres) {
    if (text == kEmbedded) {
        return StoreAddress();
    }
    if (text.starts_with(kSqlite) && text.size() > kSqlite.size()) {
        return ofFile(text.substr(kSqlite.size()));
    }
    if (!text.starts_with("postgresql://") && !text.starts_with("postgres://")) {
        return invalid("expected embedded, sqlite:FILE or postgresql://USER@HOST:PORT/DATABASE");
    }
    if (!cutUrl(text) || !readPostgres) {
        return invalid(postgresForm());
    }
    auto postgres = readPostgres(text);
    if (!postgres) {
        return postgres.error();
    }
    StoreAddress address;
    address.m_place = std::move(*postgres);
    return address;
}

StoreAddress StoreAddress::ofFile(std::string file) {
    StoreAddress address;
    address.m_place = SqliteAddress{std::move(file)};
    return address;
}

StoreAddress StoreAddress::withPassword(Secret password) const {
    StoreAddress other = *this;
    if (auto* const postgres = std::get_if<PostgresAddress>(&other.m_place)) {
        *postgres = postgres->withPassword(std::move(password));
    }
    return other;
}

std::string StoreAddress::shown() const {
    if (const SqliteAddress* file = sqlite()) {
        return std::string(kSqlite) + file->file;
    }
    return postgres() != nullptr ? postgres()->shown() : std::string(kEmbedded);
}

std::vector<Secret> StoreAddress::secrets() const {
    std::vector<Secret> secrets;
    if (postgres() != nullptr) {
        for (const auto& [keyword, secret] : postgres()->secrets()) {
            secrets.push_back(secret);
        }
    }
    return secrets;
}

} // namespace core
