// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/connections/secret_store.h"

namespace QKeychain {
class Job;
}

namespace app {

/// Keeps secrets in the desktop's keychain (Secret Service, KWallet, …). Where there is none they are kept in memory
/// for this session, which shows with the first use: isLasting() turns false.
class KeychainSecretStore : public SecretStore {
    Q_OBJECT

public:
    using SecretStore::SecretStore;

    void read(const QString& key, QObject* context, Take take) override;
    void write(const QString& key, const QString& value, QObject* context, Take take) override;
    void remove(const QString& key, QObject* context, Take take) override;
    bool isLasting() const override { return !m_isAbsent; }

private:
    using Otherwise = std::function<void()>; ///< what to do where there is no keychain
    void run(QKeychain::Job* job, const QString& key, QObject* context, Take take, Otherwise otherwise);

    SessionSecretStore m_session;
    bool m_isAbsent = false;
};

} // namespace app
