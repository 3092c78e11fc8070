// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/scenario/recovery_file.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

namespace app {

namespace {
constexpr auto kFile = "file";
constexpr auto kText = "text";
} // namespace

bool RecoveryFile::keep(const RecoveredText& text) const {
    if (m_path.isEmpty()) {
        return true;
    }
    QDir().mkpath(QFileInfo(m_path).path());
    QSaveFile file(m_path);
    if (!file.open(QIODevice::WriteOnly)) {
        return false;
    }
    file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    const QJsonObject content{{QLatin1String(kFile), text.file}, {QLatin1String(kText), text.text}};
    file.write(QJsonDocument(content).toJson(QJsonDocument::Compact));
    return file.commit();
}

std::optional<RecoveredText> RecoveryFile::read() const {
    QFile file(m_path);
    if (m_path.isEmpty() || !file.open(QIODevice::ReadOnly)) {
        return std::nullopt;
    }
    const QJsonDocument content = QJsonDocument::fromJson(file.readAll());
    if (!content[QLatin1String(kText)].isString()) {
        return std::nullopt;
    }
    return RecoveredText{content[QLatin1String(kFile)].toString(), content[QLatin1String(kText)].toString()};
}

void RecoveryFile::remove() const {
    if (!m_path.isEmpty()) {
        QFile::remove(m_path);
    }
}

} // namespace app
