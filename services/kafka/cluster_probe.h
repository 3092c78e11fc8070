// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/units.h"
#include "services/kafka/client_settings.h"

#include <stop_token>
#include <string>

namespace services {

/// What the doctor says of a cluster that answers.
struct ClusterProbe {
    std::string sentence;          ///< as "Kafka at HOST:PORT answers: 1 broker, in 0.4 ms."
    core::Nanoseconds roundTrip{}; ///< of a question over a connection that stands
};

/// Asks the cluster once. The error says what is wrong and what to do: the address, the name, the password, TLS.
/// Transient: nobody answers; Refused: it denies access; Invalid: a client setting is wrong. A stop counts as 'nobody
/// answers' within a second.
core::Result<ClusterProbe> probeCluster(const ClusterAccess& access, core::Nanoseconds timeout,
                                        const std::stop_token& stop = {});

} // namespace services
