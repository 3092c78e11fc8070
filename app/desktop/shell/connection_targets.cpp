// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/shell/connection_targets.h"

#include "services/target/target_address.h"

#include <algorithm>

namespace app {

ConnectionTargets::ConnectionTargets(ConnectionBook& book, QObject* parent) : SavedTargets(parent), m_book(book) {
    const auto follow = [this] {
        beginResetModel();
        endResetModel();
    };
    connect(&book, &QAbstractItemModel::modelReset, this, follow);
    connect(&book, &QAbstractItemModel::rowsInserted, this, follow);
    connect(&book, &QAbstractItemModel::rowsRemoved, this, follow);
    connect(&book, &QAbstractItemModel::dataChanged, this, follow);
}

core::Target ConnectionTargets::target(int row) const {
    return accessOf(m_book.all()[row], {}).target;
}

const Connection* ConnectionTargets::connectionOf(const core::Target& target) const {
    const auto found = std::ranges::find_if(m_book.all(), [&](const Connection& connection) {
        const core::Target its = accessOf(connection, {}).target;
        return its == target || services::withoutSecrets(its) == target; // journals keep the second
    });
    return found == m_book.all().end() ? nullptr : &*found;
}

int ConnectionTargets::rowCount(const QModelIndex& parent) const {
    return m_book.rowCount(parent);
}

QVariant ConnectionTargets::data(const QModelIndex& index, int role) const {
    return m_book.data(m_book.index(index.row(), 0), role);
}

} // namespace app
