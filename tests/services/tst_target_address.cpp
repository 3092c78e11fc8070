// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/store_address.h"
#include "services/target/remedy.h"
#include "services/target/target_address.h"
#include "tests/test_class.h"

#include <QTest>

namespace {

QString settingsOf(const core::PostgresAddress& address) {
    QStringList settings;
    for (const auto& [keyword, value] : address.settings()) {
        settings += QStringLiteral("%1=%2").arg(QString::fromStdString(keyword), QString::fromStdString(value));
    }
    for (const auto& [keyword, secret] : address.secrets()) {
        settings += QStringLiteral("secret %1=%2")
                        .arg(QString::fromStdString(keyword), QString::fromStdString(secret.reveal()));
    }
    return settings.join(QLatin1Char(' '));
}

} // namespace

/// PostgreSQL's addresses as libpq reads them, targets as they are kept, and what to do about one that is absent.
class TargetAddressTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void postgresUrlsMeanWhatLibpqSays_data() {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("settings");
        QTest::addColumn<QString>("shown");
        const auto row = [](const char* rule, const char* url, const char* settings, const char* shown) {
            QTest::newRow(rule) << QString::fromLatin1(url) << QString::fromLatin1(settings)
                                << QString::fromLatin1(shown);
        };
        row("a user part", "postgresql://u:secret@h:5432/db",
            "user=u dbname=db host=h port=5432 secret password=secret", "postgresql://u@h:5432/db");
        row("the short scheme", "postgres://h/db", "dbname=db host=h", "postgresql://h/db");
        row("a parameter overrides the user part's password, and a key has one too",
            "postgresql://u:p@h/d?sslpassword=x&password=y",
            "user=u dbname=d host=h secret password=y secret sslpassword=x", "postgresql://u@h/d");
        row("every reserved sign, encoded", "postgresql://u:%2F%23%3F%40%25%3A@h/d",
            "user=u dbname=d host=h secret password=/#?@%:", "postgresql://u@h/d");
        row("a colon in the password", "postgresql://u:a:b@h/d", "user=u dbname=d host=h secret password=a:b",
            "postgresql://u@h/d");
        row("several hosts", "postgresql://u@a:1,[::1]:2/d", "user=u dbname=d host=a,::1 port=1,2",
            "postgresql://u@a:1,[::1]:2/d");
        row("a Unix socket in front", "postgresql://%2Fvar%2Frun/d", "dbname=d host=/var/run",
            "postgresql://%2Fvar%2Frun/d");
        row("a Unix socket as a parameter", "postgresql:///d?host=/var/run&port=5433",
            "dbname=d host=/var/run port=5433", "postgresql://%2Fvar%2Frun:5433/d");
        row("a user and a number without a host are a host and its port", "postgresql://me:1234/db",
            "dbname=db host=me port=1234", "postgresql://me:1234/db");
        row("nothing said", "postgresql://", "", "postgresql://");
        row("other parameters stay", "postgresql://h/d?sslmode=require&application_name=me",
            "dbname=d host=h application_name=me sslmode=require",
            "postgresql://h/d?application_name=me&sslmode=require");
    }
    void postgresUrlsMeanWhatLibpqSays() {
        QFETCH(const QString, url);
        QFETCH(const QString, settings);
        QFETCH(const QString, shown);
        const auto address = services::readStoreAddress(url.toStdString());
        QVERIFY2(address, address ? "" : address.error().message.c_str());
        const core::PostgresAddress& postgres = *address->postgres();
        QCOMPARE(settingsOf(postgres), settings);
        QCOMPARE(QString::fromStdString(postgres.shown()), shown);
        const auto again = services::readStoreAddress(postgres.shown());
        QVERIFY(again && again->secrets().empty());
        QCOMPARE(again->shown(), postgres.shown());
    }

    void postgresUrlsAreRefusedWithoutRepeatingThem_data() {
        QTest::addColumn<QString>("url");
        for (const char* url :
             {"postgresql://me:ab/marker@127.0.0.1:5999/db", "postgresql://u:marker@[broken",
              "postgresql://u:marker@h:1/d?nonsense=1", "postgresql://h/d?marker", "postgresql://me:marker/db",
              "postgresql://u:p@h:1:marker/d", "postgresql://u:marker@h:70000/d",
              "postgresql://u:marker@/d?host=a,b&port=1,2,3", "postgresql://u:marker@[:0,[h]/d"}) {
            QTest::newRow(url) << QString::fromLatin1(url);
        }
    }
    void postgresUrlsAreRefusedWithoutRepeatingThem() {
        QFETCH(const QString, url);
        const auto address = services::readStoreAddress(url.toStdString());
        QVERIFY(!address);
        const QString said = QString::fromStdString(address.error().message);
        QVERIFY2(said.contains(QStringLiteral("write / as %2F")) && !said.contains(QStringLiteral("marker")),
                 qPrintable(said));
    }

    void whatWasShownIsReadAgain() {
        const core::ShownTarget shown{"[::1]:9092", "postgresql://h/db?sslmode=require", "redis://me:@h:6379/2"};
        const auto target = services::readTarget(shown);
        QVERIFY(target && target->shown() == shown);
    }

    void aShownTargetIsRefusedByItsPart_data() {
        QTest::addColumn<QStringList>("parts");
        QTest::addColumn<QString>("begin");
        const auto row = [](const char* broker, const char* store, const char* dedupe, const char* begin) {
            QTest::newRow(begin) << QStringList{QString::fromLatin1(broker), QString::fromLatin1(store),
                                                QString::fromLatin1(dedupe)}
                                 << QString::fromLatin1(begin);
        };
        row("a:b:1", "embedded", "memory", "broker: expected embedded or HOST:PORT");
        row("embedded", "postgresql://me:ab/marker@h/d", "memory", "store: expected embedded, sqlite:FILE or");
        row("embedded", "embedded", "redis://:ab#marker@h", "duplicate filter: expected memory or redis://HOST:PORT");
    }
    void aShownTargetIsRefusedByItsPart() {
        QFETCH(const QStringList, parts);
        QFETCH(const QString, begin);
        const auto target =
            services::readTarget({parts[0].toStdString(), parts[1].toStdString(), parts[2].toStdString()});
        QVERIFY(!target);
        const QString said = QString::fromStdString(target.error().message);
        QVERIFY2(said.startsWith(begin) && !said.contains(QStringLiteral("marker")), qPrintable(said));
    }

    void anAbsentServerHasAHint_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* rule, const core::Error& error, const char* expected) {
            QTest::newRow(rule) << QString::fromStdString(services::withRemedy(error, "Ask doctor."))
                                << QString::fromLatin1(expected);
        };
        row("none of its own", core::transient("No answer."), "No answer. Ask doctor.");
        row("a sentence without its end", core::transient("no answer"), "no answer. Ask doctor.");
        row("its own", core::transient("No answer.", "Check the port."), "No answer. Check the port.");
        row("a refusal without one", core::fatal("Access denied."), "Access denied.");
        row("a refusal with one", core::fatal("Access denied", "Grant it."), "Access denied. Grant it.");
    }
    void anAbsentServerHasAHint() {
        QFETCH(const QString, text);
        QTEST(text, "expected");
    }
};

TEST_CLASS(TargetAddressTest)
#include "tst_target_address.moc"
