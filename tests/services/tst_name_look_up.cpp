// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/name_look_up.h"
#include "tests/test_class.h"

#include <QTest>

namespace {

using Clock = std::chrono::steady_clock;

bool never() {
    return false;
}

services::FoundAddresses lookUp(const char* name) {
    return services::lookUpName(name, Clock::now() + std::chrono::seconds(30), never);
}

} // namespace

class TestNameLookUp : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anAddressIsItsOwn() {
        for (const char* const address : {"127.0.0.1", "::1", "fe80::1%eth0"}) {
            QCOMPARE(lookUp(address).addresses, std::vector<std::string>{address});
        }
    }

    void aNameHasItsAddresses() {
        const auto found = lookUp("localhost");
        QVERIFY2(found.failure.empty(), found.failure.c_str());
        QVERIFY(std::ranges::find(found.addresses, "127.0.0.1") != found.addresses.end() ||
                std::ranges::find(found.addresses, "::1") != found.addresses.end());
    }

    void aNameThatNobodyKnowsHasNone() {
        const auto found = lookUp("no-such-host.invalid"); // RFC 2606: never will be
        QVERIFY(found.addresses.empty());
        QVERIFY2(found.failure.starts_with("could not translate host name \"no-such-host.invalid\" to address: "),
                 found.failure.c_str());
    }

    void nobodyWaitsLongerThanTheLimit() {
        const auto late = services::lookUpName("late.invalid", Clock::now(), never);
        QCOMPARE(late.failure, std::string("the name \"late.invalid\" was not looked up in time"));
        const auto stopped =
            services::lookUpName("late.invalid", Clock::now() + std::chrono::hours(1), [] { return true; });
        QCOMPARE(stopped.failure, std::string("the name \"late.invalid\" was not looked up in time"));
    }
};

TEST_CLASS(TestNameLookUp)
#include "tst_name_look_up.moc"
