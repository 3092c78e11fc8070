// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/store_search.h"

#include "services/store/postgres/postgres_search.h"
#include "services/store/sqlite/sqlite_search.h"
#include "services/store/store_address.h"

namespace services {

core::Result<std::unique_ptr<core::StoreReader>> openStoreReader(const StoreOptions& options) {
    const auto address = readPlace(options.url);
    if (!address) {
        return address.error();
    }
    return address->sqlite() != nullptr ? SqliteReader::open(*address->sqlite(), options)
                                        : PostgresReader::open(*address->postgres(), options);
}

} // namespace services
