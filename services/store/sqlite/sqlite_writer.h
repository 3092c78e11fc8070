// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/store/sqlite/sqlite_database.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace services {

/// The one thread that writes to an SQLite file, in the order of asking: SQLite has one writer at a time anyway, and a
/// queue is fairer and faster than its file locks. Any thread may ask.
class SqliteWriter {
public:
    explicit SqliteWriter(std::unique_ptr<SqliteDatabase> database);

    /// Runs `job` on the writer's thread and waits until it is done.
    void perform(const std::function<void(SqliteDatabase&)>& job);

private:
    struct Ticket {
        const std::function<void(SqliteDatabase&)>* job = nullptr;
        bool done = false;
    };
    void run(const std::stop_token& stop);

    std::unique_ptr<SqliteDatabase> m_database;
    std::mutex m_mutex;
    std::condition_variable_any m_asked;
    std::condition_variable m_answered;
    std::deque<Ticket*> m_queue;
    std::jthread m_thread;
};

} // namespace services
