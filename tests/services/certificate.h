// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/test_class.h"

#include <QProcess>
#include <QTemporaryDir>

/// A certificate for 127.0.0.1 that is its own authority: the files "cert" and "key".
inline bool createCertificate(const QTemporaryDir& folder) {
    const QString command = QStringLiteral("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
                                           "-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -keyout %1 -out %2")
                                .arg(folder.filePath(QStringLiteral("key")), folder.filePath(QStringLiteral("cert")));
    QProcess openssl;
    openssl.start(QStringLiteral("openssl"), command.split(QLatin1Char(' ')));
    return openssl.waitForFinished(kPatienceMs) && openssl.exitCode() == 0;
}
