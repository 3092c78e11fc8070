// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QList>
#include <QString>
#include <QStringList>

namespace app {

/// What the scenario's JSON schema says of its keys and values, for whoever writes a scenario.
class SchemaGuide {
public:
    struct Word {
        QString text;
        QString explanation; ///< may be empty
    };

    SchemaGuide();

    /// The keys of the mapping at `path` (as in YamlPlace), without those that it has.
    QList<Word> keysAt(const QStringList& path, const QStringList& present) const;
    /// The values that the schema names for what is at `path`.
    QList<Word> valuesAt(const QStringList& path) const;
    /// What the key at the end of `path` means; empty: there is no such key.
    QString explanationOf(const QStringList& path, const QStringList& present) const;

private:
    using Schemas = QList<QJsonObject>;
    void addBranches(const QJsonObject& schema, Schemas& into) const;
    Schemas branchesAt(const QStringList& path) const;
    static Schemas fitting(const Schemas& branches, const QStringList& present);
    QString explanationOf(const QJsonObject& schema) const;

    QJsonObject m_root;
};

} // namespace app
