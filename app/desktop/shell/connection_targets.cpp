// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/shell/connection_targets.h"

namespace app {

ConnectionTargets::ConnectionTargets(SavedConnections& connections, QObject* parent)
    : SavedTargets(parent), m_connections(connections) {
    const auto follow = [this] {
        beginResetModel();
        endResetModel();
    };
    connect(&connections, &QAbstractItemModel::modelReset, this, follow);
    connect(&connections, &QAbstractItemModel::rowsInserted, this, follow);
    connect(&connections, &QAbstractItemModel::rowsRemoved, this, follow);
    connect(&connections, &QAbstractItemModel::dataChanged, this, follow);
}

core::Target ConnectionTargets::target(int row) const {
    return accessOf(m_connections.all()[row], {}).target;
}

const Connection* ConnectionTargets::connectionOf(const core::Target& target, const QString& name) const {
    const bool hasSecrets = !target.store.secrets().empty() || !target.dedupe.secrets().empty();
    return hasSecrets ? nullptr : connectionOf(target.shown(), name);
}

const Connection* ConnectionTargets::connectionOf(const core::ShownTarget& target, const QString& name) const {
    const Connection* first = nullptr;
    for (const Connection& connection : m_connections.all()) {
        if (accessOf(connection, {}).target.shown() == target) {
            if (connection.name == name) {
                return &connection;
            }
            first = first == nullptr ? &connection : first;
        }
    }
    return first;
}

int ConnectionTargets::rowCount(const QModelIndex& parent) const {
    return m_connections.rowCount(parent);
}

QVariant ConnectionTargets::data(const QModelIndex& index, int role) const {
    return m_connections.data(m_connections.index(index.row(), 0), role);
}

} // namespace app
