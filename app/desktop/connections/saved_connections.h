// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/connections/connection.h"

#include <QAbstractListModel>
#include <QList>

namespace app {

/// The saved connections, by name, kept in a JSON file that only its owner may read (0600) and that holds no secret. A
/// list model, so that every page shows the same ones.
class SavedConnections : public QAbstractListModel {
    Q_OBJECT

public:
    explicit SavedConnections(QString file, QObject* parent = nullptr);

    /// What was wrong with the file when it was read; empty: nothing. A damaged file is left as it is until something
    /// is saved, and then kept beside the new one as FILE.damaged.
    const QString& problem() const { return m_problem; }

    const QList<Connection>& all() const { return m_all; }
    const Connection* find(const QString& id) const; ///< until the next change
    int indexOf(const QString& id) const;            ///< -1: not there

    /// Adds the connection, or replaces the one with its id. Fatal: the file could not be written; nothing has changed.
    core::Status save(const Connection& connection);
    core::Status remove(const QString& id);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

private:
    void read();
    core::Status write(const QList<Connection>& connections);
    void show(QList<Connection> connections);

    QString m_file;
    QString m_problem;
    QList<Connection> m_all;
};

} // namespace app
