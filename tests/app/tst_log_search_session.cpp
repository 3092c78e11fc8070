// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/bridge/log_search_session.h"
#include "tests/test_class.h"

#include <QSignalSpy>
#include <QtTest>
#include <condition_variable>
#include <mutex>

namespace {

/// A store that answers when it is told to, or when the stop comes.
class SlowReader : public core::StoreReader {
public:
    core::Result<core::LogPage> search(const core::LogQuery& query, std::stop_token stop) override {
        std::unique_lock lock(m_mutex);
        if (query.text == "slow") {
            std::condition_variable_any never;
            never.wait(lock, stop, [] { return false; });
            return core::transient("cut off by the stop");
        }
        if (query.text == "broken") {
            return core::fatal("the store is broken");
        }
        core::LogPage page;
        page.rows.push_back({.id = {}, .level = "INFO", .message = query.before ? "older" : query.text});
        if (!query.before) {
            page.end = core::LogPage::End::Limit;
            page.next = core::EventId{};
        }
        return page;
    }
    core::Result<std::vector<core::StoredRun>> runs(std::uint32_t, std::stop_token) override {
        return std::vector<core::StoredRun>();
    }
    core::Result<std::optional<std::string>> runHead(const std::string&, std::stop_token) override {
        return std::optional<std::string>();
    }
    std::string describe() const override { return "slow"; }

private:
    std::mutex m_mutex;
};

core::Result<std::unique_ptr<core::StoreReader>> openSlow(const core::StoreAddress& store) {
    if (store == core::StoreAddress::ofFile("missing")) {
        return core::fatal("there is no such store");
    }
    return std::unique_ptr<core::StoreReader>(std::make_unique<SlowReader>());
}

core::LogQuery withText(const char* text) {
    core::LogQuery query;
    query.text = text;
    return query;
}

std::string messageOf(const QList<QVariant>& found) {
    return found.at(0).value<core::LogPage>().rows.front().message;
}

} // namespace

class LogSearchSessionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theFirstPageCanBeAskedForAgain() {
        app::LogSearchSession session(openSlow);
        QSignalSpy found(&session, &app::LogSearchSession::found);
        session.search(core::StoreAddress::ofFile("store"), withText("newest"));
        QVERIFY(found.wait(kPatienceMs));
        session.searchOn();
        QVERIFY(found.wait(kPatienceMs));
        session.searchAgain();
        QVERIFY(found.wait(kPatienceMs));
        QCOMPARE(messageOf(found.at(2)), std::string("newest"));
        QVERIFY(session.hasMore());
    }

    void aPageAndItsSuccessor() {
        app::LogSearchSession session(openSlow);
        QSignalSpy found(&session, &app::LogSearchSession::found);
        session.search(core::StoreAddress::ofFile("store"), withText("newest"));
        QVERIFY(session.isOn());
        QVERIFY(found.wait(kPatienceMs));
        QCOMPARE(messageOf(found.at(0)), std::string("newest"));
        QVERIFY(session.hasMore());
        session.searchOn();
        QVERIFY(found.wait(kPatienceMs));
        QCOMPARE(messageOf(found.at(1)), std::string("older"));
        QVERIFY(!session.hasMore());
    }

    void aNewerSearchTakesThePlaceOfOneThatWaits() {
        app::LogSearchSession session(openSlow);
        QSignalSpy found(&session, &app::LogSearchSession::found);
        QSignalSpy failed(&session, &app::LogSearchSession::failed);
        session.search(core::StoreAddress::ofFile("store"), withText("slow"));
        session.search(core::StoreAddress::ofFile("store"), withText("second"));
        QVERIFY(found.wait(kPatienceMs));
        QCOMPARE(messageOf(found.at(0)), std::string("second"));
        QCOMPARE(failed.count(), 0);
    }

    void aStopIsHeardOfNoMore() {
        app::LogSearchSession session(openSlow);
        QSignalSpy found(&session, &app::LogSearchSession::found);
        QSignalSpy failed(&session, &app::LogSearchSession::failed);
        session.search(core::StoreAddress::ofFile("store"), withText("slow"));
        session.stop();
        QVERIFY(!session.isOn());
        session.search(core::StoreAddress::ofFile("store"), withText("after"));
        QVERIFY(found.wait(kPatienceMs));
        QCOMPARE(found.count(), 1);
        QCOMPARE(failed.count(), 0);
    }

    void failuresAreSentences_data() {
        QTest::addColumn<QString>("store");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("reason");
        QTest::newRow("a store that does not exist")
            << QStringLiteral("missing") << QStringLiteral("any") << QStringLiteral("there is no such store");
        QTest::newRow("a search that fails")
            << QStringLiteral("store") << QStringLiteral("broken") << QStringLiteral("the store is broken");
    }
    void failuresAreSentences() {
        QFETCH(QString, store);
        QFETCH(QString, text);
        app::LogSearchSession session(openSlow);
        QSignalSpy failed(&session, &app::LogSearchSession::failed);
        session.search(core::StoreAddress::ofFile(store.toStdString()), withText(qPrintable(text)));
        QVERIFY(failed.wait(kPatienceMs));
        QTEST(failed.at(0).at(0).toString(), "reason");
        QVERIFY(!session.isOn());
    }

    void destroyingEndsASearchThatWaits() {
        const QElapsedTimer clock = [] {
            QElapsedTimer started;
            started.start();
            return started;
        }();
        {
            app::LogSearchSession session(openSlow);
            session.search(core::StoreAddress::ofFile("store"), withText("slow"));
        }
        QVERIFY(clock.elapsed() < kPatienceMs);
    }
};

TEST_CLASS(LogSearchSessionTest)
#include "tst_log_search_session.moc"
