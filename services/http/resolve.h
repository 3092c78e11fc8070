// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/target/server_name.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace services::http {

/// Every address of a name, as ADDRESS:PORT, an IPv6 address in brackets; sorted, each once. Takes as long as the
/// system's resolver does. Invalid: it is no name. Transient: it has no address, or nobody answers for it.
core::Result<std::vector<std::string>> resolve(const std::string& host, std::uint16_t port);
/// Those of IPv4 where there are any, else those of IPv6: who listens on both is named once.
core::Result<std::vector<std::string>> resolveOneFamily(const core::ServerName& name);

} // namespace services::http
