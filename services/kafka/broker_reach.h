// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/units.h"

#include <stop_token>
#include <string>
#include <vector>

struct rd_kafka_s;

namespace services {

/// A broker, and the address that it tells clients to connect to (its advertised.listeners).
struct AdvertisedBroker {
    int id = 0;
    std::string address; ///< HOST:PORT
};

/// Puts a question to each of them at that address; whatever one answers, it is reached. True: one is, and the others
/// may be down for now. False: none within the limit, or a stop came.
bool reachesOne(rd_kafka_s& client, const std::vector<AdvertisedBroker>& brokers, core::Nanoseconds limit,
                const std::stop_token& stop);

} // namespace services
