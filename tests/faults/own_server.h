// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <QTemporaryDir>
#include <memory>

namespace faults {

/// A Kafka, PostgreSQL or Redis of this test's own, by the stack's scripts in a folder of its own, so that breaking it
/// disturbs nobody. Gone with this object.
class OwnServer {
public:
    /// "kafka", "postgres" or "redis". Nothing, and the test has failed, if it does not start.
    static std::unique_ptr<OwnServer> start(const QString& name);
    ~OwnServer();

    QString url() const { return m_url; } ///< of Kafka HOST:PORT
    bool up();                            ///< starts it again, on the same port with the same data
    bool signal(const QString& signal);   ///< as kill does; for PostgreSQL QUIT is the immediate stop
    bool redisCli(const QStringList& command) const;

private:
    explicit OwnServer(QString name);
    QString script(const QString& script, const QStringList& arguments) const;

    QTemporaryDir m_directory;
    QString m_name;
    QString m_url;
};

} // namespace faults
