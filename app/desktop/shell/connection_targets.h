// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/connections/saved_connections.h"
#include "app/desktop/pages/scenario/saved_targets.h"

namespace app {

/// The saved connections as targets of a run, without their passwords, which are fetched when a run starts.
class ConnectionTargets : public SavedTargets {
    Q_OBJECT

public:
    explicit ConnectionTargets(SavedConnections& connections, QObject* parent = nullptr); ///< `connections` outlives it

    core::Target target(int row) const override;
    /// The connection that leads there; null: none does. Of several, which differ in their daemons, logins or settings,
    /// the one of that name, else the first. A target with passwords is no connection's, for those have none.
    const Connection* connectionOf(const core::Target& target, const QString& name = {}) const;
    const Connection* connectionOf(const core::ShownTarget& target,
                                   const QString& name = {}) const; ///< as of a journal

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

private:
    SavedConnections& m_connections;
};

} // namespace app
