// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/daemon/daemon_settings.h"
#include "core/ports/control.h"
#include "core/result.h"

#include <memory>
#include <vector>

namespace app {

/// One role with its server: what a process of `serve` consists of.
class ServedRole {
public:
    virtual ~ServedRole() = default;
    virtual std::string describe() const = 0; ///< "producer on http://127.0.0.1:8081"
};

/// Whether a run could be served at that address, before there is one. Errors as startRoles().
core::Status canServe(const std::string& listen, const Environment& environment);
/// Serves a run while it is on, at ADDRESS:PORT; the token, if MILLRACE_TOKEN has one, is asked for. Errors as
/// startRoles(). The run outlives the answer.
core::Result<std::unique_ptr<ServedRole>> serveRun(core::RunControl& run, const std::string& scenario,
                                                   const std::string& listen, const Environment& environment);

/// Starts the roles, each on its port. Invalid: an address beyond loopback without a token, a certificate that cannot
/// be used; Fatal: a port is in use. Servers behind the roles may still be absent. Destroying a role drains it.
core::Result<std::vector<std::unique_ptr<ServedRole>>> startRoles(const DaemonSettings& settings);

} // namespace app
