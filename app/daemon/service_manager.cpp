// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/daemon/service_manager.h"

#include "core/text/plain_number.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace app {

void ServiceManager::tell(std::string_view state) {
    const char* const name = std::getenv("NOTIFY_SOCKET");
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string_view path = name == nullptr ? "" : name;
    if (path.size() < 2 || path.size() >= sizeof address.sun_path) {
        return;
    }
    std::ranges::copy(path, address.sun_path);
    if (path.front() == '@') { // in the abstract name space
        address.sun_path[0] = '\0';
    }
    const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket < 0) {
        return;
    }
    // The manager notices by itself if nothing comes.
    (void)sendto(socket, state.data(), state.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address),
                 static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size()));
    close(socket);
}

std::optional<core::Nanoseconds> ServiceManager::watchdogPeriod() {
    const auto number = [](const char* variable) -> std::optional<std::int64_t> {
        const char* const text = std::getenv(variable);
        return text == nullptr ? std::nullopt : core::numberFrom<std::int64_t>(text);
    };
    const auto limit = number("WATCHDOG_USEC");
    const bool others = std::getenv("WATCHDOG_PID") != nullptr && number("WATCHDOG_PID") != getpid();
    if (!limit || *limit <= 0 || others) {
        return std::nullopt;
    }
    return std::chrono::microseconds(*limit / 2);
}

} // namespace app
