// SPDX-License-Identifier: GPL-3.0-or-later
// librdkafka waits by C11's cnd_timedwait(), whose deadline is a time of the wall clock. A clock that is set back by
// two days makes each of its waits two days longer: nothing is sent, and no client ends. Its symbol is looked up in the
// program first, so this definition is the one it calls: the same wait, by the monotonic clock.
#include <pthread.h>
#include <threads.h>

#include <cerrno>
#include <ctime>

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define MILLRACE_THREAD_SANITIZER
#endif
#elif defined(__SANITIZE_THREAD__)
#define MILLRACE_THREAD_SANITIZER
#endif

#ifndef MILLRACE_THREAD_SANITIZER // tests/tsan defines all of C11's threads anew
extern "C" int cnd_timedwait(cnd_t* condition, mtx_t* mutex, const timespec* until) {
    constexpr long kSecond = 1'000'000'000;
    timespec wall{};
    timespec at{};
    clock_gettime(CLOCK_REALTIME, &wall);
    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += until->tv_sec - wall.tv_sec;
    at.tv_nsec += until->tv_nsec - wall.tv_nsec;
    while (at.tv_nsec < 0) {
        at.tv_nsec += kSecond;
        --at.tv_sec;
    }
    while (at.tv_nsec >= kSecond) {
        at.tv_nsec -= kSecond;
        ++at.tv_sec;
    }
    // In glibc both are the pthread types under another name (nptl/cnd_timedwait.c).
    const int outcome = pthread_cond_clockwait(reinterpret_cast<pthread_cond_t*>(condition),
                                               reinterpret_cast<pthread_mutex_t*>(mutex), CLOCK_MONOTONIC, &at);
    return outcome == 0 ? thrd_success : outcome == ETIMEDOUT ? thrd_timedout : thrd_error;
}
#endif
