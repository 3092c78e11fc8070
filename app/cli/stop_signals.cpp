// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/stop_signals.h"

#include <poll.h>
#include <pthread.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <chrono>
#include <csignal>

namespace app {
namespace {

sigset_t stopSet() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP); // the terminal went away; nohup's wish is kept, for what is ignored never arrives
    return set;
}

} // namespace

StopSignals::StopSignals() {
    const sigset_t set = stopSet();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    m_descriptor = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

StopSignals::~StopSignals() {
    // What came late must not end the program in another way than it was about to end.
    while (wait({}))
        ;
    if (m_descriptor >= 0) {
        close(m_descriptor);
    }
    const sigset_t set = stopSet();
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

std::optional<int> StopSignals::wait(core::Nanoseconds limit) {
    pollfd waited{m_descriptor, POLLIN, 0};
    const auto millis = std::chrono::ceil<std::chrono::milliseconds>(limit).count();
    if (poll(&waited, 1, static_cast<int>(millis)) <= 0) {
        return std::nullopt;
    }
    signalfd_siginfo info{};
    if (read(m_descriptor, &info, sizeof info) != static_cast<ssize_t>(sizeof info)) {
        return std::nullopt;
    }
    return static_cast<int>(info.ssi_signo);
}

} // namespace app
