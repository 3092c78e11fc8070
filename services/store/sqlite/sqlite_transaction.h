// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/store/sqlite/sqlite_writer.h"

#include <optional>

namespace services {

/// Runs `action(database)`, which answers a core::Result, in one transaction on the writer's thread. It is committed if
/// `keep` says so of the answer, and rolled back otherwise.
template <typename Answer, typename Action, typename Keep>
Answer inTransaction(SqliteWriter& writer, Action&& action, Keep&& keep) {
    std::optional<Answer> answer;
    writer.perform([&](SqliteDatabase& database) {
        if (auto begun = database.execute("BEGIN IMMEDIATE"); !begun) {
            answer.emplace(begun.error());
            return;
        }
        answer.emplace(action(database));
        if (keep(*answer)) {
            if (auto committed = database.execute("COMMIT"); !committed) {
                answer.emplace(committed.error());
            } else {
                return;
            }
        }
        // After some errors (a full disk, for one) SQLite has rolled back by itself, and this one fails: that is fine.
        (void)database.execute("ROLLBACK");
    });
    return std::move(*answer);
}

template <typename Answer, typename Action>
Answer inTransaction(SqliteWriter& writer, Action&& action) {
    return inTransaction<Answer>(writer, std::forward<Action>(action),
                                 [](const Answer& answer) { return static_cast<bool>(answer); });
}

} // namespace services
