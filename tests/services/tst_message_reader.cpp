// SPDX-License-Identifier: GPL-3.0-or-later
#include "raw_producer.h"
#include "services/kafka/cluster_admin.h"
#include "services/kafka/message_reader.h"
#include "tests/test_class.h"

#include <QDateTime>
#include <QFile>
#include <QProcess>
#include <QTemporaryFile>
#include <QTest>
#include <QUuid>
#include <algorithm>
#include <memory>
#include <set>
#include <thread>

using namespace kafka_test;
using namespace std::chrono_literals;
using core::MessagePage;
using services::MessageReader;
using services::MessageReading;
using services::ReadingLimits;

namespace {

/// ms, twelve hours ago; every message of these tests is a second later than the former. Kafka takes none of tomorrow.
const std::int64_t kDay = (QDateTime::currentSecsSinceEpoch() - 43'200) * 1'000;

using Place = std::pair<int, std::int64_t>; // partition and offset

Place placeOf(const core::TopicMessage& message) {
    return {message.partition.id, message.offset.value};
}

std::vector<Place> placesOf(const MessagePage& page) {
    std::vector<Place> places;
    std::ranges::transform(page.messages, std::back_inserter(places), placeOf);
    return places;
}

bool isByTime(const MessagePage& page) {
    return std::ranges::is_sorted(page.messages, {}, &core::TopicMessage::time);
}

core::WallTime timeAt(std::int64_t seconds) {
    return core::WallTime(std::chrono::milliseconds(kDay + 1'000 * seconds));
}

/// Resident memory of this process in MiB.
std::size_t residentMebibytes() {
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly)) {
        return 0;
    }
    return file.readAll().split(' ').at(1).toULongLong() * 4'096 >> 20U;
}

} // namespace

/// Reading a real Kafka's topics: where it starts, page by page, what comes, limits, and that no trace is left.
class TestMessageReader : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aStartIsExact_data();
    void aStartIsExact();
    void allOfAMessageIsRead();
    void pagesHaveNoHoles_data();
    void pagesHaveNoHoles();
    void aRareMatchIsFoundFarBack();
    void theTailGetsWhatComes();
    void aPauseLosesNothing();
    void whatIsTooMuchIsSkippedAndCounted();
    void aMillionMessagesTakeBoundedMemory();
    void aPageHoldsBoundedBytes();
    void theClusterKeepsNoTrace();
    void abortedTransactionsAreAChoice_data();
    void abortedTransactionsAreAChoice();
    void whatRetentionDeletesIsCounted();
    void mistakesAreNamed_data();
    void mistakesAreNamed();
    void aTopicThatMayNotBeReadIsRefused();
    void anAbsentBrokerIsSaid();
    void aStopEndsTheWait();

private:
    std::string topicOf(int partitions, const char* what = "browsed");
    std::unique_ptr<MessageReader> open(const MessageReading& reading, const ReadingLimits& limits = {});
    MessageReading reading(const std::string& topic, const char* start, const char* filter = "") const;
    bool sendInTurn(const std::string& topic, int partitions, int count, int from = 0);

    std::string m_bootstrap;
    std::unique_ptr<services::ClusterAdmin> m_admin;
    std::unique_ptr<RawProducer> m_producer;
};

void TestMessageReader::initTestCase() {
    m_bootstrap = qEnvironmentVariable("MILLRACE_BROKER").toStdString();
    if (m_bootstrap.empty() || qEnvironmentVariableIsEmpty("MILLRACE_STACK_LOGIN_BROKER")) {
        QFAIL("start the servers with tests/stack/up");
    }
    auto admin = services::ClusterAdmin::create({m_bootstrap, {}});
    QVERIFY(admin);
    m_admin = std::move(*admin);
    m_producer = std::make_unique<RawProducer>(m_bootstrap);
}

std::string TestMessageReader::topicOf(int partitions, const char* what) {
    const std::string topic =
        std::string(what) + "-" + QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString();
    const auto made = m_admin->ensureTopics({{topic, partitions}});
    return made ? topic : made.error().message;
}

MessageReading TestMessageReader::reading(const std::string& topic, const char* start, const char* filter) const {
    MessageReading reading;
    reading.cluster.bootstrap = m_bootstrap;
    reading.topic = topic;
    reading.start = *core::readingStartFrom(start);
    reading.filter = *core::MessageFilter::parse(filter);
    return reading;
}

std::unique_ptr<MessageReader> TestMessageReader::open(const MessageReading& reading, const ReadingLimits& limits) {
    auto reader = MessageReader::open(reading, limits);
    if (!reader) {
        qWarning("%s", reader.error().text().c_str());
        return nullptr;
    }
    return std::move(*reader);
}

/// Message i goes to partition i % partitions, at second i.
bool TestMessageReader::sendInTurn(const std::string& topic, int partitions, int count, int from) {
    std::vector<RawMessage> messages;
    for (int i = from; i < from + count; ++i) {
        messages.push_back(
            {i % partitions, kDay + 1'000LL * i, "key-" + std::to_string(i), R"({"n": )" + std::to_string(i) + "}"});
    }
    return m_producer->send(topic, messages);
}

void TestMessageReader::aStartIsExact_data() {
    QTest::addColumn<QString>("start");
    QTest::addColumn<int>("partition"); // −1: all
    QTest::addColumn<QList<int>>("numbers");
    const auto time = [](std::int64_t millis) {
        return QDateTime::fromMSecsSinceEpoch(kDay + millis).toUTC().toString(Qt::ISODateWithMs);
    };
    // Twelve messages in three partitions: 0 3 6 9, 1 4 7 10, 2 5 8 11.
    QTest::newRow("the beginning") << "beginning" << -1 << QList<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    QTest::newRow("the end") << "end" << -1 << QList<int>{};
    QTest::newRow("the last four") << "-4" << -1 << QList<int>{8, 9, 10, 11};
    QTest::newRow("more than there are") << "-100" << -1 << QList<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    QTest::newRow("the last two of a partition") << "-2" << 1 << QList<int>{7, 10};
    QTest::newRow("an offset") << "2" << 1 << QList<int>{7, 10};
    QTest::newRow("the offset of the end") << "4" << 1 << QList<int>{};
    QTest::newRow("the time of a message") << time(5'000) << -1 << QList<int>{5, 6, 7, 8, 9, 10, 11};
    QTest::newRow("a millisecond later") << time(5'001) << -1 << QList<int>{6, 7, 8, 9, 10, 11};
    QTest::newRow("a time in a partition") << time(5'001) << 2 << QList<int>{8, 11};
    QTest::newRow("a time before all") << time(-1'000) << 0 << QList<int>{0, 3, 6, 9};
    QTest::newRow("a time after all") << time(60'000) << -1 << QList<int>{};
}

void TestMessageReader::aStartIsExact() {
    static const std::string topic = [this] {
        const std::string made = topicOf(3);
        return sendInTurn(made, 3, 12) ? made : std::string();
    }();
    QVERIFY(!topic.empty());
    QFETCH(QString, start);
    QFETCH(int, partition);
    QFETCH(QList<int>, numbers);
    MessageReading wanted = reading(topic, start.toLatin1().constData());
    if (partition >= 0) {
        wanted.partition = core::Partition{partition};
    }
    const auto reader = open(wanted);
    QVERIFY(reader);
    const auto page = reader->first();
    QVERIFY2(page, page ? "" : page.error().message.c_str());
    std::vector<Place> expected;
    for (const int number : numbers) {
        expected.emplace_back(number % 3, number / 3);
    }
    QCOMPARE(placesOf(*page), expected);
    QVERIFY(page->isComplete || start.startsWith(QLatin1Char('-')));
    QVERIFY(page->matched >= page->messages.size()); // of the partitions' parts some wait for the page before
}

void TestMessageReader::allOfAMessageIsRead() {
    const std::string topic = topicOf(1);
    const std::string bytes("\x00\xff\x01", 3);
    QVERIFY(m_producer->send(topic, {{0, kDay, std::nullopt, std::nullopt, {}},
                                     {0, kDay + 1, "", "", {{"a", "1"}, {"a", std::nullopt}, {"b", bytes}}},
                                     {0, kDay + 2, bytes, std::string(100, 'x'), {}}}));
    ReadingLimits limits;
    limits.mostPayload = 10;
    const auto reader = open(reading(topic, "beginning"), limits);
    QVERIFY(reader);
    const auto page = reader->first();
    QVERIFY(page);
    QCOMPARE(page->messages.size(), std::size_t{3});
    const auto& [deletion, empty, cut] = std::tie(page->messages[0], page->messages[1], page->messages[2]);
    QVERIFY(!deletion.key && !deletion.payload);
    QCOMPARE(deletion.time, core::WallTime(std::chrono::milliseconds(kDay)));
    QVERIFY(deletion.timeKind == core::TopicMessage::TimeKind::Created);
    QCOMPARE(empty.key, std::optional<std::string>(""));
    QCOMPARE(empty.payload, std::optional<std::string>(""));
    const std::vector<core::MessageHeader> headers{{"a", "1"}, {"a", std::nullopt}, {"b", bytes}};
    QVERIFY(empty.headers == headers);
    QCOMPARE(cut.key, std::optional(bytes));
    QCOMPARE(cut.payload, std::optional(std::string(10, 'x')));
    QCOMPARE(cut.payloadSize, std::size_t{100});
    QVERIFY(cut.isCut() && !empty.isCut());
}

void TestMessageReader::pagesHaveNoHoles_data() {
    QTest::addColumn<bool>("forwards");
    QTest::addColumn<QString>("filter");
    QTest::addColumn<int>("expected");
    QTest::newRow("forwards") << true << QString() << 5'000;
    QTest::newRow("backwards") << false << QString() << 5'000;
    QTest::newRow("forwards through a filter") << true << QStringLiteral("key contains 7") << 1'355;
    QTest::newRow("backwards through a filter") << false << QStringLiteral("json n < 1000") << 1'000;
}

/// Message n lies in a partition that depends on n in no even way, so that the partitions' lengths differ.
void TestMessageReader::pagesHaveNoHoles() {
    static const std::string topic = [this] {
        const std::string made = topicOf(6);
        std::vector<RawMessage> messages;
        for (int i = 0; i < 5'000; ++i) {
            messages.push_back({(i * i / 3) % 5, kDay + 1'000LL * i, "key-" + std::to_string(i),
                                R"({"n": )" + std::to_string(i) + "}"});
        }
        return m_producer->send(made, messages) ? made : std::string();
    }();
    QVERIFY(!topic.empty());
    QFETCH(bool, forwards);
    QFETCH(QString, filter);
    QFETCH(int, expected);
    ReadingLimits limits;
    limits.mostMessages = 300;
    const auto reader = open(reading(topic, forwards ? "beginning" : "end", filter.toUtf8().constData()), limits);
    QVERIFY(reader);
    std::set<Place> seen;
    std::size_t shown = 0;
    for (bool isComplete = false; !isComplete;) {
        const auto page = forwards ? reader->later() : reader->earlier();
        QVERIFY2(page, page ? "" : page.error().message.c_str());
        QVERIFY(page->messages.size() <= 300);
        QVERIFY(isByTime(*page));
        shown += page->messages.size();
        for (const Place& place : placesOf(*page)) {
            seen.insert(place);
        }
        isComplete = page->isComplete;
    }
    QCOMPARE(seen.size(), static_cast<std::size_t>(expected));
    QCOMPARE(shown, seen.size());
}

void TestMessageReader::aRareMatchIsFoundFarBack() {
    const std::string topic = topicOf(3);
    QVERIFY(sendInTurn(topic, 3, 9'000));
    const auto reader = open(reading(topic, "-1000", "json n = 17"));
    QVERIFY(reader);
    const auto page = reader->first();
    QVERIFY(page);
    QCOMPARE(placesOf(*page), (std::vector<Place>{{2, 5}}));
    QCOMPARE(page->lookedAt, std::uint64_t{9'000});
    QVERIFY(page->isComplete);
}

void TestMessageReader::theTailGetsWhatComes() {
    const std::string topic = topicOf(3);
    QVERIFY(sendInTurn(topic, 3, 30));
    const auto reader = open(reading(topic, "end", "json n >= 35"));
    QVERIFY(reader);
    const auto first = reader->first();
    QVERIFY(first && first->messages.empty() && first->isComplete);
    QVERIFY(sendInTurn(topic, 3, 10, 30));
    std::vector<Place> seen;
    std::uint64_t lookedAt = 0;
    for (int looks = 0; looks < 100 && lookedAt < 10; ++looks) {
        const auto page = reader->next(200ms);
        QVERIFY2(page, page ? "" : page.error().message.c_str());
        lookedAt += page->lookedAt;
        std::ranges::copy(placesOf(*page), std::back_inserter(seen));
        QVERIFY(page->trouble.empty());
        if (page->lookedAt > 0) {
            QVERIFY(page->newest && *page->newest > timeAt(29));
        }
    }
    std::ranges::sort(seen);
    QCOMPARE(seen, (std::vector<Place>{{0, 12}, {0, 13}, {1, 12}, {2, 11}, {2, 12}}));
    QCOMPARE(lookedAt, std::uint64_t{10});
    const auto back = reader->earlier(); // with the tail on, the past is to be had all the same
    QVERIFY(back && back->messages.empty() && back->isComplete);
    QCOMPARE(back->lookedAt, std::uint64_t{30});
}

void TestMessageReader::aPauseLosesNothing() {
    const std::string topic = topicOf(2);
    const auto reader = open(reading(topic, "end"));
    QVERIFY(reader);
    QVERIFY(reader->next(100ms));
    QVERIFY(sendInTurn(topic, 2, 400));
    QVERIFY(reader->earlier()); // the tail is left and taken up again
    std::set<Place> seen;
    for (int looks = 0; looks < 100 && seen.size() < 400; ++looks) {
        const auto page = reader->next(200ms);
        QVERIFY(page);
        for (const Place& place : placesOf(*page)) {
            QVERIFY(seen.insert(place).second);
        }
    }
    QCOMPARE(seen.size(), std::size_t{400});
}

void TestMessageReader::whatIsTooMuchIsSkippedAndCounted() {
    const std::string topic = topicOf(2);
    ReadingLimits limits;
    limits.lookedAtPerSecond = 1'000;
    limits.mostMessages = 50;
    const auto reader = open(reading(topic, "end"), limits);
    QVERIFY(reader);
    QVERIFY(reader->next(100ms));
    QVERIFY(sendInTurn(topic, 2, 20'000));
    std::uint64_t accounted = 0;
    std::uint64_t shown = 0;
    std::uint64_t skipped = 0;
    Place last;
    for (int looks = 0; looks < 200 && accounted < 20'000; ++looks) {
        const auto page = reader->next(100ms);
        QVERIFY(page);
        QVERIFY(page->messages.size() <= 50);
        QVERIFY(page->lookedAt <= 101);
        QCOMPARE(page->matched, page->messages.size() + page->passedOver);
        accounted += page->lookedAt + page->skipped;
        skipped += page->skipped;
        shown += page->messages.size();
        last = page->messages.empty() ? last : placeOf(page->messages.back());
    }
    QCOMPARE(accounted, std::uint64_t{20'000});
    QVERIFY2(skipped > 15'000, std::to_string(skipped).c_str());
    QVERIFY(shown > 0);
    QCOMPARE(last.second, std::int64_t{9'999}); // the newest are seen
}

void TestMessageReader::aMillionMessagesTakeBoundedMemory() {
    const std::string topic = topicOf(4, "million");
    std::vector<RawMessage> batch;
    for (int i = 0; i < 50'000; ++i) {
        batch.push_back({i % 4, 0, std::nullopt, std::string(150, static_cast<char>('a' + i % 26))});
    }
    for (int i = 0; i < 20; ++i) {
        QVERIFY(m_producer->send(topic, batch));
    }
    ReadingLimits limits;
    limits.mostLookedAt = 1'000'000;
    const auto reader = open(reading(topic, "beginning", "text contains zzz"), limits);
    QVERIFY(reader);
    const std::size_t before = residentMebibytes();
    std::uint64_t lookedAt = 0;
    std::size_t most = 0;
    for (bool isComplete = false; !isComplete;) {
        const auto page = reader->later();
        QVERIFY2(page, page ? "" : page.error().message.c_str());
        QVERIFY(page->messages.size() <= limits.mostMessages);
        lookedAt += page->lookedAt;
        most = std::max(most, residentMebibytes());
        isComplete = page->isComplete;
    }
    QCOMPARE(lookedAt, std::uint64_t{1'000'000});
#ifdef __SANITIZE_THREAD__
    constexpr std::size_t kMore = 800; // each byte has a shadow of several
#else
    constexpr std::size_t kMore = 200;
#endif
    QVERIFY2(most < before + kMore, qPrintable(QStringLiteral("%1 MiB, then %2").arg(before).arg(most)));

    const auto tail = open(reading(topic, "end"));
    QVERIFY(tail);
    const auto newest = tail->earlier();
    QVERIFY(newest);
    QCOMPARE(newest->messages.size(), std::size_t{1'000});
    QVERIFY2(newest->lookedAt < 10'000, "of a large topic the end alone is read");
}

void TestMessageReader::aPageHoldsBoundedBytes() {
    const std::string topic = topicOf(2);
    std::vector<RawMessage> messages;
    for (int i = 0; i < 60; ++i) {
        messages.push_back({i % 2, kDay + i, std::nullopt, std::string(100'000, 'x')});
    }
    QVERIFY(m_producer->send(topic, messages));
    ReadingLimits limits;
    limits.mostBytes = {1'000'000};
    for (const bool forwards : {true, false}) {
        const auto reader = open(reading(topic, forwards ? "beginning" : "end"), limits);
        QVERIFY(reader);
        std::size_t shown = 0;
        for (bool isComplete = false; !isComplete;) {
            const auto page = forwards ? reader->later() : reader->earlier();
            QVERIFY(page);
            QVERIFY(!page->messages.empty());
            QVERIFY(page->messages.size() <= 11);
            shown += page->messages.size();
            isComplete = page->isComplete;
        }
        QCOMPARE(shown, std::size_t{60});
    }
}

void TestMessageReader::theClusterKeepsNoTrace() {
    const std::string topic = topicOf(3);
    QVERIFY(sendInTurn(topic, 3, 300));
    {
        MessageReading wanted = reading(topic, "-10");
        wanted.cluster.client["group.id"] = "somebody"; // as a saved connection might have it
        const auto reader = open(wanted);
        QVERIFY(reader);
        QVERIFY(reader->first());
        QVERIFY(reader->next(200ms));
        QVERIFY(reader->later());
    }
    const auto groups = groupsOf(m_bootstrap); // other tests have theirs
    QVERIFY(std::ranges::find(groups, "somebody") == groups.end());
    QVERIFY(std::ranges::find(groups, "") == groups.end());
}

void TestMessageReader::abortedTransactionsAreAChoice_data() {
    QTest::addColumn<bool>("committedOnly");
    QTest::addColumn<int>("expected");
    QTest::newRow("all that was written") << false << 6;
    QTest::newRow("what was committed") << true << 4;
}

void TestMessageReader::abortedTransactionsAreAChoice() {
    static const std::string topic = [this] {
        const std::string made = topicOf(1);
        RawProducer producer(m_bootstrap, made);
        const auto two = std::vector<RawMessage>{{0, kDay, "k", "v"}, {0, kDay, "k", "v"}};
        const bool sent = producer.begin() && producer.send(made, two) && producer.commit() && producer.begin() &&
                          producer.send(made, two) && producer.abort() && producer.begin() &&
                          producer.send(made, two) && producer.commit();
        return sent ? made : std::string();
    }();
    QVERIFY(!topic.empty());
    QFETCH(bool, committedOnly);
    QFETCH(int, expected);
    for (const bool forwards : {true, false}) {
        MessageReading wanted = reading(topic, forwards ? "beginning" : "-100");
        wanted.committedOnly = committedOnly;
        const auto reader = open(wanted);
        QVERIFY(reader);
        const auto page = reader->first();
        QVERIFY2(page, page ? "" : page.error().message.c_str());
        QCOMPARE(page->messages.size(), static_cast<std::size_t>(expected));
        QVERIFY(page->isComplete); // although the log ends with a record of control
    }
}

void TestMessageReader::whatRetentionDeletesIsCounted() {
    const std::string topic = topicOf(1);
    QVERIFY(sendInTurn(topic, 1, 100));
    const auto reader = open(reading(topic, "beginning"), {.mostMessages = 10});
    QVERIFY(reader);
    const auto first = reader->first();
    QVERIFY(first && first->messages.size() == 10);
    QTemporaryFile upTo;
    QVERIFY(upTo.open());
    upTo.write(QStringLiteral(R"({"partitions":[{"topic":"%1","partition":0,"offset":60}],"version":1})")
                   .arg(QString::fromStdString(topic))
                   .toUtf8());
    upTo.close();
    QProcess tool;
    tool.start(qEnvironmentVariable("MILLRACE_STACK_SCRIPTS") + QStringLiteral("/kafka-tool"),
               {QStringLiteral("DeleteRecordsCommand"), QStringLiteral("--offset-json-file"), upTo.fileName()});
    QVERIFY(tool.waitForFinished(60'000) && tool.exitCode() == 0);
    std::uint64_t forgotten = 0;
    std::vector<Place> seen;
    for (bool isComplete = false; !isComplete;) {
        const auto page = reader->later();
        QVERIFY2(page, page ? "" : page.error().message.c_str());
        forgotten += page->forgotten;
        std::ranges::copy(placesOf(*page), std::back_inserter(seen));
        isComplete = page->isComplete;
    }
    QCOMPARE(forgotten, std::uint64_t{100 - 40 - first->lookedAt});
    QCOMPARE(seen.back(), (Place{0, 99}));
    QVERIFY(std::ranges::count_if(seen, [](const Place& place) { return place.second >= 60; }) == 40);
}

void TestMessageReader::mistakesAreNamed_data() {
    QTest::addColumn<bool>("topicExists");
    QTest::addColumn<QString>("start");
    QTest::addColumn<int>("partition");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("a topic that does not exist") << false << "end" << -1 << "Kafka at BROKER has no topic TOPIC.";
    QTest::newRow("a partition that does not exist")
        << true << "end" << 7 << "Topic TOPIC at BROKER has no partition 7: it has 2, counted from 0.";
    QTest::newRow("an offset of no partition")
        << true << "5" << -1 << "Topic TOPIC has 2 partitions, and each counts its own offsets. Name the partition.";
    QTest::newRow("an offset beyond the end") << true << "1000" << 1
                                              << "Partition 1 of topic TOPIC at BROKER has no offset 1,000: its "
                                                 "messages begin at 0 and the next one will be 3.";
}

void TestMessageReader::mistakesAreNamed() {
    static const std::string topic = [this] {
        const std::string made = topicOf(2);
        return sendInTurn(made, 2, 6) ? made : std::string();
    }();
    QFETCH(bool, topicExists);
    QFETCH(QString, start);
    QFETCH(int, partition);
    QFETCH(QString, sentence);
    const std::string name = topicExists ? topic : "absent-" + topic;
    MessageReading wanted = reading(name, start.toLatin1().constData());
    if (partition >= 0) {
        wanted.partition = core::Partition{partition};
    }
    const auto reader = MessageReader::open(wanted, {});
    QVERIFY(!reader);
    QCOMPARE(reader.error().kind, core::ErrorKind::Invalid);
    QCOMPARE(QString::fromStdString(reader.error().text()),
             sentence.replace(QStringLiteral("BROKER"), QString::fromStdString(m_bootstrap))
                 .replace(QStringLiteral("TOPIC"), QString::fromStdString(name)));
    const auto count = m_admin->partitionCount("absent-" + topic);
    QVERIFY(count && *count == 0); // asking has not created it
}

void TestMessageReader::aTopicThatMayNotBeReadIsRefused() {
    const std::string topic = topicOf(1, "guarded");
    QProcess tool;
    tool.start(qEnvironmentVariable("MILLRACE_STACK_SCRIPTS") + QStringLiteral("/kafka-tool"),
               {QStringLiteral("AclCommand"), QStringLiteral("--add"), QStringLiteral("--allow-principal"),
                QStringLiteral("User:stranger"), QStringLiteral("--operation"), QStringLiteral("Describe"),
                QStringLiteral("--topic"), QString::fromStdString(topic)});
    QVERIFY(tool.waitForFinished(60'000) && tool.exitCode() == 0);
    QVERIFY(sendInTurn(topic, 1, 3));
    MessageReading wanted = reading(topic, "beginning");
    wanted.cluster = {qEnvironmentVariable("MILLRACE_STACK_LOGIN_BROKER").toStdString(),
                      {{"security.protocol", "sasl_plaintext"},
                       {"sasl.mechanism", "PLAIN"},
                       {"sasl.username", "stranger"},
                       {"sasl.password", "stranger-secret"}}};
    const auto reader = open(wanted);
    QVERIFY(reader);
    const auto page = reader->first();
    QVERIFY(!page);
    QCOMPARE(page.error().kind, core::ErrorKind::Refused);
    QVERIFY2(page.error().message.find("of topic " + topic + ", partition 0") != std::string::npos,
             page.error().message.c_str());
    QCOMPARE(page.error().hint, std::string("Grant READ on the topic."));
}

void TestMessageReader::anAbsentBrokerIsSaid() {
    MessageReading wanted = reading("topic", "end");
    wanted.cluster.bootstrap = "127.0.0.1:1";
    ReadingLimits limits;
    limits.patience = 2s;
    const auto reader = MessageReader::open(wanted, limits);
    QVERIFY(!reader);
    QCOMPARE(reader.error().kind, core::ErrorKind::Transient);
    QVERIFY2(reader.error().message.starts_with("Kafka at 127.0.0.1:1 cannot be reached: "),
             reader.error().message.c_str());
}

void TestMessageReader::aStopEndsTheWait() {
    const auto reader = open(reading(topicOf(1), "end"));
    QVERIFY(reader);
    QVERIFY(reader->next(50ms));
    std::stop_source stop;
    const auto begin = std::chrono::steady_clock::now();
    const std::jthread stopper([&stop] { stop.request_stop(); });
    QVERIFY(reader->next(30s, stop.get_token()));
    QVERIFY(std::chrono::steady_clock::now() - begin < 5s); // rather 50 ms, on a machine with nothing else to do
}

TEST_CLASS(TestMessageReader)
#include "tst_message_reader.moc"
