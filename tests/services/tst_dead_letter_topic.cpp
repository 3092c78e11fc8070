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
        std::size_t largestBatch = 1'000; ///< the broker refuses those that are larger, with all that is in them
        std::vector<std::string> taken;   ///< payload, key, id
        std::vector<std::string> headers; ///< the others
        int made = 0;
    };
    RememberingPublisher(core::DeliverySink& s, Content& c, bool alone) : sink(s), content(c), oneByOne(alone) {
        ++content.made;
    }

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
        bytes = oneByOne ? event.payload.size() : bytes + event.payload.size();
        if (bytes > content.largestBatch) {
            sink.refused(event.token, "Broker: Message size too large", {});
        } else if (!content.silent) {
            sink.delivered(event.token, next(content.deliveries, Delivery::Acked), {});
        }
        return outcome;
    }
    void waitForRoom(core::Instant) override {}
    void finish(core::Nanoseconds) override {}
    std::optional<std::string> popNotice() override { return std::nullopt; }

    core::DeliverySink& sink;
    Content& content;
    bool oneByOne;
    std::size_t bytes = 0; // in the batch
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
            [this](core::DeliverySink& sink, bool oneByOne) -> core::Result<std::unique_ptr<core::Publisher>> {
                return std::unique_ptr<core::Publisher>(
                    std::make_unique<RememberingPublisher>(sink, content, oneByOne));
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
        QTest::addColumn<QString>("sentence");
        QTest::newRow("no acknowledgement in time") << true << "The dead-letter topic acknowledged 0 of 2 messages";
        QTest::newRow("one delivery failed") << false << "The dead-letter topic acknowledged 1 of 2 messages";
    }
    void saysWhatWentWrong() {
        QFETCH(bool, silent);
        QFETCH(QString, sentence);
        auto deadLetters = topic();
        content.silent = silent;
        content.deliveries = {Delivery::InDoubt};
        const auto sent = deadLetters.send(letters(2));
        QVERIFY(!sent);
        QCOMPARE(QString::fromStdString(sent.error().message), sentence);
        QCOMPARE(sent.error().kind, core::ErrorKind::Transient);
    }

    void whatTheTopicRefusesIsAnsweredAndTheOthersGoOneByOne() {
        auto deadLetters = topic();
        content.largestBatch = 20; // two of the letters, and less than the large one
        auto some = letters(4);
        some[1].payload = "larger than whatever the topic takes";
        const auto refused = deadLetters.send(some);
        QVERIFY(refused);
        QCOMPARE(refused->size(), std::size_t{1});
        QCOMPARE(refused->front().index, std::size_t{1});
        QCOMPARE(refused->front().reason, std::string("Broker: Message size too large"));
        QCOMPARE(content.made, 2);
        QCOMPARE(content.taken.size(), std::size_t{3 * (4 + 3)}); // once together; all but the first once more
    }

    void whatTheClientRefusesIsAnswered() {
        auto deadLetters = topic();
        content.outcomes = {SendOutcome::Refused, SendOutcome::Accepted, SendOutcome::Refused};
        const auto refused = deadLetters.send(letters(2));
        QVERIFY(refused);
        QCOMPARE(refused->size(), std::size_t{1});
        QCOMPARE(refused->front().index, std::size_t{0});
        QCOMPARE(refused->front().reason, std::string("the client refuses its 8 bytes"));
    }
};

TEST_CLASS(TestDeadLetterTopic)
#include "tst_dead_letter_topic.moc"
