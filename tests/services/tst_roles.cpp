// SPDX-License-Identifier: GPL-3.0-or-later
#include "postgres_fixture.h"
#include "tests/test_class.h"

#include <QProcess>
#include <QtTest>

/// A run taken apart, on real servers: a program that has only its streams, and another that has only its consumers.
class RolesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatOnlyStreamsSendOnlyConsumersStore() {
        const auto postgres = PostgresFixture::create();
        QVERIFY(postgres);
        const QString broker = qEnvironmentVariable("MILLRACE_BROKER");
        const QString topic = QString::fromStdString(PostgresFixture::randomName("roles"));
        const QString tag = QStringLiteral("4711");
        QCOMPARE(output(QStringLiteral(MILLRACE_ONLY_STREAMS), {broker, topic, tag}), QByteArray("1000"));
        QCOMPARE(output(QStringLiteral(MILLRACE_ONLY_CONSUMERS),
                        {broker, topic, tag, QString::fromStdString(postgres->url())}),
                 QByteArray("1000 0"));
        QCOMPARE(postgres->number("SELECT count(*) FROM log_events"), 1'000);
    }

private:
    /// The last line that it prints; its log may stand in front.
    static QByteArray output(const QString& program, const QStringList& arguments) {
        QProcess process;
        process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        process.start(program, arguments);
        return process.waitForFinished(120'000) && process.exitCode() == 0
                   ? process.readAllStandardOutput().trimmed().split('\n').last()
                   : QByteArray("failed");
    }
};

TEST_CLASS(RolesTest)
#include "tst_roles.moc"
