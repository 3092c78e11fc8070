// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/store.h"

#include "services/store/postgres/postgres_store.h"
#include "services/store/sqlite/sqlite_store.h"
#include "services/store/store_address.h"

#include <utility>

namespace services {

core::Result<std::unique_ptr<core::Store>> openStore(const StoreOptions& options, std::stop_token stop) {
    if (const core::Status named = namesPlace(options.address); !named) {
        return named.error();
    }
    if (options.address.sqlite() != nullptr) {
        auto store = SqliteStore::open(*options.address.sqlite(), options);
        if (!store) {
            return store.error();
        }
        return std::unique_ptr<core::Store>(std::move(*store));
    }
    auto store = PostgresStore::open(*options.address.postgres(), options, std::move(stop));
    if (!store) {
        return store.error();
    }
    return std::unique_ptr<core::Store>(std::move(*store));
}

core::Status addIndexes(const StoreOptions& options, std::span<const std::string> indexes) {
    if (const core::Status named = namesPlace(options.address); !named) {
        return named.error();
    }
    if (options.address.sqlite() != nullptr) {
        auto store = SqliteStore::open(*options.address.sqlite(), options);
        return store ? (*store)->addIndexes(indexes) : core::Status(store.error());
    }
    auto store = PostgresStore::open(*options.address.postgres(), options);
    return store ? (*store)->addIndexes(indexes) : core::Status(store.error());
}

} // namespace services
