// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/store_address.h"

#include "services/store/postgres/postgres_url.h"

namespace services {

core::Result<core::StoreAddress> readStoreAddress(const std::string& text) {
    return core::StoreAddress::create(text, readPostgresUrl);
}

core::Status namesPlace(const core::StoreAddress& address) {
    return address.isEmbedded() ? core::invalid("an embedded store is in its run's folder: name it with sqlite:FILE")
                                : core::Status();
}

} // namespace services
