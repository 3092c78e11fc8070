// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/store_search.h"

#include "services/store/postgres/postgres_search.h"
#include "services/store/sqlite/sqlite_search.h"
#include "services/store/store_address.h"

namespace services {

core::Result<std::unique_ptr<core::StoreReader>> openStoreReader(const StoreOptions& options) {
    if (const core::Status named = namesPlace(options.address); !named) {
        return named.error();
    }
    return options.address.sqlite() != nullptr ? SqliteReader::open(*options.address.sqlite(), options)
                                               : PostgresReader::open(*options.address.postgres(), options);
}

} // namespace services
