// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/connections/keychain_secret_store.h"

#include <qt6keychain/keychain.h>

#include <QPointer>
#include <utility>

namespace app {

namespace {

const QString kService = QStringLiteral("millrace");

SecretAnswer answerOf(const QKeychain::Job& job) {
    switch (job.error()) {
    case QKeychain::NoError: {
        const auto* reading = qobject_cast<const QKeychain::ReadPasswordJob*>(&job);
        return {SecretAnswer::Kind::Done, reading != nullptr ? reading->textData() : QString(), {}};
    }
    case QKeychain::EntryNotFound:
        return {SecretAnswer::Kind::Missing, {}, {}};
    default:
        return {SecretAnswer::Kind::Failed,
                {},
                KeychainSecretStore::tr("The desktop's keychain refuses: %1").arg(job.errorString())};
    }
}

/// Where no keychain can be started, what is called an 'other error' says so ("Failed to execute child process
/// dbus-launch"); a keychain that is there and refuses says 'access denied'.
bool isAbsent(QKeychain::Error error) {
    return error == QKeychain::NoBackendAvailable || error == QKeychain::NotImplemented ||
           error == QKeychain::OtherError;
}

} // namespace

void KeychainSecretStore::run(QKeychain::Job* job, const QString& key, QObject* context, Take take,
                              Otherwise otherwise) {
    job->setKey(key);
    job->setInsecureFallback(false); // never a plain text file
    const QPointer<QObject> listener(context);
    connect(job, &QKeychain::Job::finished, this,
            [this, listener, take = std::move(take), otherwise = std::move(otherwise)](QKeychain::Job* done) {
                if (isAbsent(done->error())) {
                    if (!std::exchange(m_isAbsent, true)) {
                        Q_EMIT lastingChanged();
                    }
                    otherwise();
                } else if (listener) {
                    take(answerOf(*done));
                }
            });
    job->start();
}

void KeychainSecretStore::read(const QString& key, QObject* context, Take take) {
    if (m_isAbsent) {
        m_session.read(key, context, std::move(take));
        return;
    }
    const QPointer<QObject> listener(context);
    run(new QKeychain::ReadPasswordJob(kService, this), key, context, take, [this, key, listener, take] {
        if (listener) {
            m_session.read(key, listener, take);
        }
    });
}

void KeychainSecretStore::write(const QString& key, const QString& value, QObject* context, Take take) {
    if (m_isAbsent) {
        m_session.write(key, value, context, std::move(take));
        return;
    }
    auto* job = new QKeychain::WritePasswordJob(kService, this);
    job->setTextData(value);
    const QPointer<QObject> listener(context);
    run(job, key, context, take, [this, key, value, listener, take] {
        m_session.write(key, value, this, [listener, take](const SecretAnswer& answer) {
            if (listener) {
                take(answer);
            }
        });
    });
}

void KeychainSecretStore::remove(const QString& key, QObject* context, Take take) {
    if (m_isAbsent) {
        m_session.remove(key, context, std::move(take));
        return;
    }
    const QPointer<QObject> listener(context);
    run(new QKeychain::DeletePasswordJob(kService, this), key, context, take, [this, key, listener, take] {
        if (listener) {
            m_session.remove(key, listener, take);
        }
    });
}

} // namespace app
