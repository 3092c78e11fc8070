// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/connections/secret_store.h"

#include <QTimer>
#include <utility>

namespace app {

namespace {

void answerLater(QObject* context, SecretStore::Take take, SecretAnswer answer) {
    QTimer::singleShot(0, context, [take = std::move(take), answer = std::move(answer)] { take(answer); });
}

} // namespace

void SessionSecretStore::read(const QString& key, QObject* context, Take take) {
    const auto found = m_secrets.constFind(key);
    const bool isMissing = found == m_secrets.constEnd();
    answerLater(context, std::move(take),
                isMissing ? SecretAnswer{SecretAnswer::Kind::Missing, {}, {}}
                          : SecretAnswer{SecretAnswer::Kind::Done, *found, {}});
}

void SessionSecretStore::write(const QString& key, const QString& value, QObject* context, Take take) {
    m_secrets.insert(key, value);
    answerLater(context, std::move(take), {});
}

void SessionSecretStore::remove(const QString& key, QObject* context, Take take) {
    m_secrets.remove(key);
    answerLater(context, std::move(take), {});
}

} // namespace app
