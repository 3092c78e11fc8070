// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/consumer/dead_letter_topic.h"
#include "tests/test_class.h"

#include <QTest>
#include <deque>

using core::Delivery;
using core::SendOutcome;

namespace {

/// Answers as told; delivers at once.
struct RememberingPublisher final : core::Publisher {
    struct Content {
        std::deque<SendOutcome> outcomes; ///< Accepted when used up
        std::deque<Delivery> deliveries;  ///< Acked when used up
        bool silent = false;              ///< no deliveries
        std::vector<std::string> taken;   ///< payload, key, id
        std::vector<std::string> headers; ///< the others
        int made = 0;
    };
    RememberingPublisher(core::DeliverySink& s, Content& c) : sink(s), content(c) { ++content.made; }

    template <typename T>
    static T next(std::deque<T>& from, T otherwise) {
        if (from.empty()) {
            return otherwise;
        }
        const T value = from.front();
        from.pop_front();
        return value;
    }
    SendOutcome send(const core::OutgoingEvent& event) override {
        const SendOutcome outcome = next(content.outcomes, SendOutcome::Accepted);
        if (outcome != SendOutcome::Accepted) {
            return outcome;
        }
        for (const std::string_view text : {event.payload, event.key, event.headerId}) {
            content.taken.emplace_back(text);
        }
        for (const core::EventHeader& header : event.headers) {
            content.headers.push_back(std::string(header.name) + "=" + std::string(header.value));
        }
        if (!content.silent) {
            sink.delivered(event.token, next(content.deliveries, Delivery::Acked), {});
        }
        return outcome;
    }
    void waitForRoom(core::Instant) override {}
    void finish(core::Nanoseconds) override {}
    std::optional<std::string> popNotice() override { return std::nullopt; }

    core::DeliverySink& sink;
    Content& content;
};

std::vector<core::DeadLetter> letters(int count) {
    std::vector<core::DeadLetter> made;
    for (int i = 0; i < count; ++i) {
        made.push_back({{"log-events", {3}}, {i}, "not json", "some key", "no object", core::EventId{}});
    }
    return made;
}

} // namespace

class TestDeadLetterTopic : public QObject {
    Q_OBJECT

private:
    RememberingPublisher::Content content;

    services::DeadLetterTopic topic() {
        return services::DeadLetterTopic(
            [this](core::DeliverySink& sink) -> core::Result<std::unique_ptr<core::Publisher>> {
                return std::unique_ptr<core::Publisher>(std::make_unique<RememberingPublisher>(sink, content));
            },
            std::chrono::milliseconds(50));
    }

private Q_SLOTS:
    void init() { content = {}; }

    void sendsTheOriginalBytesWithTheIdInTheHeader() {
        auto deadLetters = topic();
        QVERIFY(deadLetters.send(letters(1)));
        QCOMPARE(content.taken,
                 (std::vector<std::string>{"not json", "some key", "00000000-0000-0000-0000-000000000000"}));
    }

    void saysInHeadersWhyAndFromWhere() {
        auto deadLetters = topic();
        QVERIFY(deadLetters.send(letters(1)));
        QCOMPARE(content.headers, (std::vector<std::string>{"millrace-reason=no object", "millrace-topic=log-events",
                                                            "millrace-partition=3", "millrace-offset=0"}));
    }

    void connectsOnlyWhenThereIsALetter() {
        auto deadLetters = topic();
        QVERIFY(deadLetters.send({}));
        QCOMPARE(content.made, 0);
        QVERIFY(deadLetters.send(letters(2)));
        QVERIFY(deadLetters.send(letters(2)));
        QCOMPARE(content.made, 1);
    }

    void waitsForRoom() {
        auto deadLetters = topic();
        content.outcomes = {SendOutcome::Full, SendOutcome::Full};
        QVERIFY(deadLetters.send(letters(1)));
        QCOMPARE(content.taken.size(), std::size_t{3});
    }

    void saysWhatWentWrong_data() {
        QTest::addColumn<bool>("silent");
        QTest::addColumn<bool>("failed");
        QTest::addColumn<bool>("refused");
        QTest::addColumn<bool>("again");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("no acknowledgement in time: try again")
            << true << false << false << true << QStringLiteral("The dead-letter topic acknowledged 0 of 2 messages");
        QTest::newRow("one delivery failed: try again")
            << false << true << false << true << QStringLiteral("The dead-letter topic acknowledged 1 of 2 messages");
        QTest::newRow("one refused for good: no use in trying again")
            << false << false << true << false
            << QStringLiteral("The dead-letter topic does not take the message at offset 0 of log-events, partition 3, "
                              "of 8 bytes");
    }
    void saysWhatWentWrong() {
        QFETCH(bool, silent);
        QFETCH(bool, failed);
        QFETCH(bool, refused);
        QFETCH(bool, again);
        QFETCH(QString, sentence);
        auto deadLetters = topic();
        content.silent = silent;
        if (failed) {
            content.deliveries = {Delivery::InDoubt};
        }
        if (refused) {
            content.outcomes = {SendOutcome::Refused};
        }
        const core::Status sent = deadLetters.send(letters(2));
        QVERIFY(!sent);
        QCOMPARE(QString::fromStdString(sent.error().message), sentence);
        QCOMPARE(sent.error().kind, again ? core::ErrorKind::Transient : core::ErrorKind::Fatal);
    }
};

TEST_CLASS(TestDeadLetterTopic)
#include "tst_dead_letter_topic.moc"
