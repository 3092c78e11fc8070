// SPDX-License-Identifier: GPL-3.0-or-later
// ThreadSanitizer of g++ 12 knows pthreads, but not C11's threads, with which librdkafka is built: its first thread
// would run without the sanitizer's state and crash. This file, linked into every program of the tsan preset, puts the
// C11 calls (glibc's <threads.h>) on pthreads, so that the sanitizer sees them.

#include <pthread.h>
#include <sched.h>
#include <threads.h>
#include <time.h>

#include <cerrno>
#include <cstdint>
#include <new>

static_assert(sizeof(mtx_t) >= sizeof(pthread_mutex_t) && sizeof(cnd_t) >= sizeof(pthread_cond_t));
static_assert(sizeof(once_flag) >= sizeof(pthread_once_t));

namespace {

struct Start {
    thrd_start_t function;
    void* argument;
};

extern "C" void* runThread(void* opaque) {
    const Start start = *static_cast<Start*>(opaque);
    delete static_cast<Start*>(opaque);
    return reinterpret_cast<void*>(static_cast<std::intptr_t>(start.function(start.argument)));
}

pthread_mutex_t* native(mtx_t* mutex) {
    return reinterpret_cast<pthread_mutex_t*>(mutex);
}
pthread_cond_t* native(cnd_t* condition) {
    return reinterpret_cast<pthread_cond_t*>(condition);
}

int outcomeOf(int error) {
    switch (error) {
    case 0:
        return thrd_success;
    case EBUSY:
        return thrd_busy;
    case ETIMEDOUT:
        return thrd_timedout;
    case ENOMEM:
        return thrd_nomem;
    default:
        return thrd_error;
    }
}

} // namespace

extern "C" {

int thrd_create(thrd_t* thread, thrd_start_t function, void* argument) {
    auto* start = new (std::nothrow) Start{function, argument};
    if (start == nullptr) {
        return thrd_nomem;
    }
    const int error = pthread_create(thread, nullptr, runThread, start);
    if (error != 0) {
        delete start;
    }
    return outcomeOf(error);
}

int thrd_join(thrd_t thread, int* result) {
    void* value = nullptr;
    const int error = pthread_join(thread, &value);
    if (result != nullptr) {
        *result = static_cast<int>(reinterpret_cast<std::intptr_t>(value));
    }
    return outcomeOf(error);
}

int thrd_detach(thrd_t thread) {
    return outcomeOf(pthread_detach(thread));
}
thrd_t thrd_current(void) {
    return pthread_self();
}
int thrd_equal(thrd_t left, thrd_t right) {
    return pthread_equal(left, right);
}
void thrd_yield(void) {
    sched_yield();
}
void thrd_exit(int result) {
    pthread_exit(reinterpret_cast<void*>(static_cast<std::intptr_t>(result)));
}
void call_once(once_flag* flag, void (*function)(void)) {
    pthread_once(reinterpret_cast<pthread_once_t*>(flag), function);
}

int mtx_init(mtx_t* mutex, int type) {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes,
                              (type & mtx_recursive) != 0 ? PTHREAD_MUTEX_RECURSIVE : PTHREAD_MUTEX_NORMAL);
    const int error = pthread_mutex_init(native(mutex), &attributes);
    pthread_mutexattr_destroy(&attributes);
    return outcomeOf(error);
}

int mtx_lock(mtx_t* mutex) {
    return outcomeOf(pthread_mutex_lock(native(mutex)));
}
int mtx_trylock(mtx_t* mutex) {
    return outcomeOf(pthread_mutex_trylock(native(mutex)));
}
int mtx_timedlock(mtx_t* mutex, const timespec* until) {
    return outcomeOf(pthread_mutex_timedlock(native(mutex), until));
}
int mtx_unlock(mtx_t* mutex) {
    return outcomeOf(pthread_mutex_unlock(native(mutex)));
}
void mtx_destroy(mtx_t* mutex) {
    pthread_mutex_destroy(native(mutex));
}

int cnd_init(cnd_t* condition) {
    return outcomeOf(pthread_cond_init(native(condition), nullptr));
}
int cnd_signal(cnd_t* condition) {
    return outcomeOf(pthread_cond_signal(native(condition)));
}
int cnd_broadcast(cnd_t* condition) {
    return outcomeOf(pthread_cond_broadcast(native(condition)));
}
int cnd_wait(cnd_t* condition, mtx_t* mutex) {
    return outcomeOf(pthread_cond_wait(native(condition), native(mutex)));
}
int cnd_timedwait(cnd_t* condition, mtx_t* mutex, const timespec* until) {
    return outcomeOf(pthread_cond_timedwait(native(condition), native(mutex), until));
}
void cnd_destroy(cnd_t* condition) {
    pthread_cond_destroy(native(condition));
}

} // extern "C"
