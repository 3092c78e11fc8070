// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/connections/saved_connections.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSaveFile>
#include <algorithm>
#include <utility>

namespace app {

namespace {

const QString kConnections = QStringLiteral("connections");

QString addressesOf(const Connection& connection) {
    const auto orEmbedded = [](const QString& text) {
        return text.isEmpty() ? SavedConnections::tr("embedded") : text;
    };
    return SavedConnections::tr("Broker: %1\nStore: %2\nDuplicate filter: %3")
        .arg(orEmbedded(connection.broker), orEmbedded(connection.store),
             connection.dedupe.isEmpty() ? SavedConnections::tr("in memory") : connection.dedupe);
}

bool comesBefore(const Connection& a, const Connection& b) {
    return QString::localeAwareCompare(a.name, b.name) < 0;
}

} // namespace

SavedConnections::SavedConnections(QString file, QObject* parent)
    : QAbstractListModel(parent), m_file(std::move(file)) {
    read();
}

void SavedConnections::read() {
    QFile file(m_file);
    if (!file.exists()) {
        return;
    }
    if (!file.open(QIODevice::ReadOnly)) {
        m_problem = tr("The saved connections in %1 cannot be read: %2").arg(m_file, file.errorString());
        return;
    }
    QJsonParseError fault;
    const QJsonDocument document = QJsonDocument::fromJson(file.readAll(), &fault);
    if (!document.isObject()) {
        m_problem = tr("The file of saved connections %1 is damaged: %2").arg(m_file, fault.errorString());
        return;
    }
    const QJsonArray connections = document.object().value(kConnections).toArray();
    for (const auto& value : connections) {
        auto connection = connectionFromJson(value.toObject());
        if (connection) {
            m_all.append(std::move(*connection));
        } else {
            m_problem =
                tr("A connection in %1 is left out: %2").arg(m_file, QString::fromStdString(connection.error().text()));
        }
    }
    std::sort(m_all.begin(), m_all.end(), comesBefore);
}

const Connection* SavedConnections::find(const QString& id) const {
    const int index = indexOf(id);
    return index < 0 ? nullptr : &m_all.at(index);
}

int SavedConnections::indexOf(const QString& id) const {
    const auto found = std::find_if(m_all.begin(), m_all.end(), [&](const Connection& c) { return c.id == id; });
    return found == m_all.end() ? -1 : static_cast<int>(found - m_all.begin());
}

core::Status SavedConnections::save(const Connection& connection) {
    if (const core::Status checked = check(connection); !checked) {
        return checked;
    }
    QList<Connection> connections = m_all;
    if (const int index = indexOf(connection.id); index >= 0) {
        connections[index] = connection;
    } else {
        connections.append(connection);
    }
    std::sort(connections.begin(), connections.end(), comesBefore);
    const core::Status written = write(connections);
    if (written) {
        show(std::move(connections));
    }
    return written;
}

core::Status SavedConnections::remove(const QString& id) {
    QList<Connection> connections = m_all;
    connections.removeIf([&](const Connection& connection) { return connection.id == id; });
    const core::Status written = write(connections);
    if (written) {
        show(std::move(connections));
    }
    return written;
}

void SavedConnections::show(QList<Connection> connections) {
    beginResetModel();
    m_all = std::move(connections);
    endResetModel();
}

core::Status SavedConnections::write(const QList<Connection>& connections) {
    QJsonArray list;
    for (const Connection& connection : connections) {
        list.append(toJson(connection));
    }
    if (!std::exchange(m_problem, {}).isEmpty()) {
        QFile::remove(m_file + QStringLiteral(".damaged"));
        QFile::copy(m_file, m_file + QStringLiteral(".damaged"));
    }
    QDir().mkpath(QFileInfo(m_file).absolutePath());
    QSaveFile file(m_file);
    const bool opened = file.open(QIODevice::WriteOnly) && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    if (opened) {
        file.write(QJsonDocument(QJsonObject{{kConnections, list}}).toJson());
    }
    if (!opened || !file.commit()) {
        return core::fatal(
            tr("The connections could not be saved to %1: %2").arg(m_file, file.errorString()).toStdString());
    }
    return {};
}

int SavedConnections::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_all.size());
}

QVariant SavedConnections::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) {
        return {};
    }
    const Connection& connection = m_all.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return connection.name;
    case Qt::ToolTipRole: // a tool tip that looks like HTML would be read as such
        return QStringLiteral("<p style='white-space:pre'>") + addressesOf(connection).toHtmlEscaped() +
               QStringLiteral("</p>");
    case Qt::AccessibleDescriptionRole:
        return addressesOf(connection);
    default:
        return {};
    }
}

} // namespace app
