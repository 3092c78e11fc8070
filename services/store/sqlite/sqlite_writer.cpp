// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/sqlite/sqlite_writer.h"

namespace services {

SqliteWriter::SqliteWriter(std::unique_ptr<SqliteDatabase> database)
    : m_database(std::move(database)), m_thread([this](const std::stop_token& stop) { run(stop); }) {}

void SqliteWriter::perform(const std::function<void(SqliteDatabase&)>& job) {
    Ticket ticket{.job = &job};
    std::unique_lock lock(m_mutex);
    m_queue.push_back(&ticket);
    m_asked.notify_one();
    m_answered.wait(lock, [&ticket] { return ticket.done; });
}

void SqliteWriter::run(const std::stop_token& stop) {
    std::unique_lock lock(m_mutex);
    while (m_asked.wait(lock, stop, [this] { return !m_queue.empty(); })) {
        Ticket* ticket = m_queue.front();
        m_queue.pop_front();
        lock.unlock();
        (*ticket->job)(*m_database);
        lock.lock();
        ticket->done = true;
        m_answered.notify_all();
    }
}

} // namespace services
