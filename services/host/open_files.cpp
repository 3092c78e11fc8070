// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/host/open_files.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>

namespace services {

core::Status makeRoomForFiles(std::uint64_t needed) {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= needed) {
        return {};
    }
    limit.rlim_cur = std::min<rlim_t>(needed, limit.rlim_max);
    if (setrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= needed) {
        return {};
    }
    return core::invalid(
        fmt::format("This process may have {} open files, but the run needs about {}.", limit.rlim_max, needed),
        "Raise the limit (ulimit -n; LimitNOFILE of a systemd unit), or give the scenario fewer "
        "streams or consumers.");
}

} // namespace services
