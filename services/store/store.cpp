// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/store.h"

#include "services/store/postgres/postgres_store.h"
#include "services/store/sqlite/sqlite_store.h"

#include <string_view>
#include <utility>

namespace services {

namespace {

bool isSqlite(std::string_view url) {
    return url.starts_with("sqlite:");
}

bool isPostgres(std::string_view url) {
    return url.starts_with("postgresql://") || url.starts_with("postgres://");
}

core::Error unknownUrl() {
    return core::invalid("the store's URL must begin with sqlite: (a file follows) or postgresql://");
}

} // namespace

core::Result<std::unique_ptr<core::Store>> openStore(const StoreOptions& options, std::stop_token stop) {
    if (isSqlite(options.url)) {
        auto store = SqliteStore::open(options);
        if (!store) {
            return store.error();
        }
        return std::unique_ptr<core::Store>(std::move(*store));
    }
    if (!isPostgres(options.url)) {
        return unknownUrl();
    }
    auto store = PostgresStore::open(options, std::move(stop));
    if (!store) {
        return store.error();
    }
    return std::unique_ptr<core::Store>(std::move(*store));
}

core::Status addIndexes(const StoreOptions& options, std::span<const std::string> indexes) {
    if (isSqlite(options.url)) {
        auto store = SqliteStore::open(options);
        return store ? (*store)->addIndexes(indexes) : core::Status(store.error());
    }
    if (!isPostgres(options.url)) {
        return unknownUrl();
    }
    auto store = PostgresStore::open(options);
    return store ? (*store)->addIndexes(indexes) : core::Status(store.error());
}

} // namespace services
