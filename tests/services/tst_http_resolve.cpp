// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/http/resolve.h"
#include "tests/test_class.h"

#include <algorithm>

class TestHttpResolve : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void addressesAreFoundOrRefused_data() {
        QTest::addColumn<QString>("host");
        QTest::addColumn<QString>("found"); // addresses, or the error's kind
        QTest::newRow("an address is its own") << "127.0.0.1" << "127.0.0.1:8081";
        QTest::newRow("an IPv6 address gets brackets") << "::1" << "[::1]:8081";
        QTest::newRow("an IPv6 address is written shortly") << "2001:db8:0:0:0:0:0:1" << "[2001:db8::1]:8081";
        QTest::newRow("a name that cannot exist may be asked for again") // a label has 63 characters at most
            << QString(64, QLatin1Char('a')) << "transient";
        QTest::newRow("nothing is no name") << "" << "invalid";
        QTest::newRow("a space is in no name") << "a b" << "invalid";
        QTest::newRow("a port is no part of a name") << "localhost:80" << "invalid";
        QTest::newRow("brackets are no part of a name") << "[::1]" << "invalid";
        QTest::newRow("a NUL is in no name") << QStringLiteral("a") + QChar(0) + QStringLiteral("b") << "invalid";
    }
    void addressesAreFoundOrRefused() {
        QFETCH(const QString, host);
        const auto addresses = services::http::resolve(host.toStdString(), 8081);
        QStringList shown;
        if (addresses) {
            for (const std::string& address : *addresses) {
                shown += QString::fromStdString(address);
            }
        } else {
            shown += addresses.error().kind == core::ErrorKind::Invalid ? QStringLiteral("invalid")
                                                                        : QStringLiteral("transient");
        }
        QTEST(shown.join(QLatin1Char(' ')), "found");
    }

    void aNameHasAllItsAddressesOnce() {
        const auto addresses = services::http::resolve("localhost", 8081);
        QVERIFY2(addresses, addresses ? "" : addresses.error().message.c_str());
        QVERIFY(std::ranges::is_sorted(*addresses));
        QVERIFY(std::ranges::adjacent_find(*addresses) == addresses->end());
        QCOMPARE(std::ranges::count(*addresses, std::string("127.0.0.1:8081")), 1);
    }

    void ofTwoFamiliesIPv4IsTaken() {
        const auto addresses = services::http::resolveOneFamily({"localhost", 8081});
        QVERIFY(addresses);
        QCOMPARE(*addresses, std::vector<std::string>{"127.0.0.1:8081"});
        const auto six = services::http::resolveOneFamily({"::1", 8081});
        QVERIFY(six);
        QCOMPARE(*six, std::vector<std::string>{"[::1]:8081"});
    }
};

TEST_CLASS(TestHttpResolve)
#include "tst_http_resolve.moc"
