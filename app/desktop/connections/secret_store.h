// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMap>
#include <QObject>
#include <QString>
#include <functional>

namespace app {

/// What came of asking for a secret, keeping or forgetting one.
struct SecretAnswer {
    enum class Kind {
        Done,
        Missing, ///< nobody has kept one under this key
        Failed,  ///< the reason says why, as the keychain says it
    };
    Kind kind = Kind::Done;
    QString value; ///< of read()
    QString reason;
};

/// Keeps passwords out of every file of ours. GUI thread; never blocks: `take` is called later, from the event loop,
/// and not at all if `context` has gone by then.
class SecretStore : public QObject {
    Q_OBJECT

public:
    using Take = std::function<void(const SecretAnswer&)>;

    using QObject::QObject;

    virtual void read(const QString& key, QObject* context, Take take) = 0;
    virtual void write(const QString& key, const QString& value, QObject* context, Take take) = 0;
    virtual void remove(const QString& key, QObject* context, Take take) = 0;
    /// What is written is there again at the next start.
    virtual bool isLasting() const = 0;

Q_SIGNALS:
    void lastingChanged(); ///< it turned out that there is no keychain
};

/// Keeps secrets in memory until the program ends, where the desktop has no keychain.
class SessionSecretStore : public SecretStore {
    Q_OBJECT

public:
    using SecretStore::SecretStore;

    void read(const QString& key, QObject* context, Take take) override;
    void write(const QString& key, const QString& value, QObject* context, Take take) override;
    void remove(const QString& key, QObject* context, Take take) override;
    bool isLasting() const override { return false; }

private:
    QMap<QString, QString> m_secrets;
};

} // namespace app
