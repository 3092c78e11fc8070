// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/store_search.h"

#include "services/store/postgres/postgres_search.h"
#include "services/store/sqlite/sqlite_search.h"

namespace services {

core::Result<std::unique_ptr<core::StoreReader>> openStoreReader(const StoreOptions& options) {
    if (options.url.starts_with("sqlite:")) {
        return SqliteReader::open(options);
    }
    if (options.url.starts_with("postgresql://") || options.url.starts_with("postgres://")) {
        return PostgresReader::open(options);
    }
    return core::invalid("the store's URL must begin with sqlite: (a file follows) or postgresql://");
}

} // namespace services
