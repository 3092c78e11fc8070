// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/kafka/cluster_admin.h"
#include "tests/test_class.h"

#include <QtTest>

using Settings = std::map<std::string, std::string>;

class TestBrokerVersion : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aVersionIsAsMuchAsTheSettingsTell_data() {
        QTest::addColumn<Settings>("settings");
        QTest::addColumn<QString>("version");
        const std::pair<const std::string, std::string> four{"group.coordinator.rebalance.protocols",
                                                             "classic,consumer"};
        QTest::newRow("up to 3.9 it is named")
            << Settings{{"inter.broker.protocol.version", "3.9-IV0"}, four} << "3.9-IV0";
        QTest::newRow("4.0 names it no more") << Settings{four} << "4.0 or newer";
        QTest::newRow("4.1 brought a setting") << Settings{four, {"group.share.assignors", ""}} << "4.1 or newer";
        QTest::newRow("and so did 4.3") << Settings{four, {"group.share.assignors", ""}, {"cordoned.log.dirs", ""}}
                                        << "4.3 or newer";
        QTest::newRow("another maker's broker") << Settings{{"listeners", "x"}} << "unknown";
        QTest::newRow("nothing may be read") << Settings{} << "unknown";
    }
    void aVersionIsAsMuchAsTheSettingsTell() {
        QFETCH(Settings, settings);
        QFETCH(QString, version);
        QCOMPARE(QString::fromStdString(services::ClusterAdmin::versionFrom(settings)), version);
    }
};

TEST_CLASS(TestBrokerVersion)
#include "tst_broker_version.moc"
