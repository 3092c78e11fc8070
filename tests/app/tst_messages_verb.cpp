// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/bridge/message_session.h"
#include "services/kafka/cluster_admin.h"
#include "tests/app/millraced.h"
#include "tests/services/kafka_fixtures.h"
#include "tests/services/raw_producer.h"
#include "tests/test_class.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTest>
#include <QUuid>

/// `millraced messages` on a real Kafka: what it prints, where it ends, and how it refuses.
class TestMessagesVerb : public QObject {
    Q_OBJECT

    QString m_broker, m_topic;
    QTemporaryDir m_folder;

    QStringList verb(const QStringList& more) const {
        return QStringList{QStringLiteral("messages"), QStringLiteral("--broker"), m_broker, QStringLiteral("--topic"),
                           m_topic} +
               more;
    }
    bool send(int from, int count) const {
        kafka_test::CountingSink sink;
        auto publisher = services::KafkaPublisher::create(
            kafka_test::publisherOptions(m_broker.toStdString(), m_topic.toStdString()), sink);
        for (int i = from; publisher && i < from + count; ++i) {
            const std::string payload = R"({"n": )" + std::to_string(i) + R"(, "message": "line\nend"})";
            kafka_test::sendPatiently(**publisher, {"key", payload, "", static_cast<std::uint64_t>(i)});
        }
        if (publisher) {
            (*publisher)->finish(std::chrono::seconds(20));
        }
        return sink.count(core::Delivery::Acked) == static_cast<std::size_t>(count);
    }

private Q_SLOTS:
    void initTestCase() {
        m_broker = QString::fromLocal8Bit(qgetenv("MILLRACE_BROKER"));
        QVERIFY2(!m_broker.isEmpty(), "start the servers with tests/stack/up");
        m_topic = QStringLiteral("verb-") + QUuid::createUuid().toString(QUuid::WithoutBraces);
        auto admin = services::ClusterAdmin::create({m_broker.toStdString(), {}});
        QVERIFY(admin && (*admin)->ensureTopics({{m_topic.toStdString(), 1}}));
        QVERIFY(send(0, 50));
    }

    void theLastAreLinesOfText() {
        Millraced program(m_folder.path());
        QCOMPARE(program.run(verb({QStringLiteral("--from"), QStringLiteral("-2"), QStringLiteral("--to-end")})), 0);
        const QStringList lines = program.output().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 2);
        QVERIFY2(lines[1].endsWith(QStringLiteral("Z  0/49  key  {\"n\": 49, \"message\": \"line\\nend\"}")),
                 qPrintable(program.all()));
        QVERIFY(program.complaints().startsWith(QStringLiteral("millraced: looked at ")) ||
                program.complaints().startsWith(QStringLiteral("millrace: looked at ")));
    }

    void itSaysWhereTheLastAreFewer() {
        const std::string topic = m_topic.toStdString() + "-large";
        auto admin = services::ClusterAdmin::create({m_broker.toStdString(), {}});
        QVERIFY(admin && (*admin)->ensureTopics({{topic, 1}}));
        kafka_test::RawProducer producer(m_broker.toStdString());
        QVERIFY(producer.send(topic, std::vector<kafka_test::RawMessage>(75, {.payload = std::string(950'000, 'x')})));
        Millraced program(m_folder.path());
        QCOMPARE(program.run({QStringLiteral("messages"), QStringLiteral("--broker"), m_broker,
                              QStringLiteral("--topic"), QString::fromStdString(topic), QStringLiteral("--from"),
                              QStringLiteral("-75"), QStringLiteral("--to-end")}),
                 0);
        const auto lines = program.output().count(QLatin1Char('\n'));
        QVERIFY2(lines > 60 && lines < 75, qPrintable(QString::number(lines)));
        QVERIFY2(program.complaints().contains(
                     QStringLiteral("only the last %1 are shown: no more than 100,000 messages or 64 MiB").arg(lines)),
                 qPrintable(program.complaints()));
    }

    void aFilterAndALimitEndIt() {
        Millraced program(m_folder.path());
        QCOMPARE(program.run(verb({QStringLiteral("--from"), QStringLiteral("beginning"), QStringLiteral("--filter"),
                                   QStringLiteral("json n >= 20"), QStringLiteral("--limit"), QStringLiteral("3"),
                                   QStringLiteral("--json")})),
                 0);
        const QStringList lines = program.output().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 3);
        const QJsonObject first = QJsonDocument::fromJson(lines[0].toUtf8()).object();
        QCOMPARE(first.value(QStringLiteral("offset")).toInt(), 20);
        QCOMPARE(first.value(QStringLiteral("topic")).toString(), m_topic);
        QCOMPARE(first.value(QStringLiteral("payload")).toString(),
                 QStringLiteral("{\"n\": 20, \"message\": \"line\\nend\"}"));
    }

    void whatComesIsShownUntilASignal() {
        Millraced program(m_folder.path());
        QVERIFY(program.start(verb({QStringLiteral("--from"), QStringLiteral("-1"), QStringLiteral("--filter"),
                                    QStringLiteral("json n >= 49")})));
        QVERIFY(program.says(QStringLiteral("\"n\": 49")));
        QVERIFY(send(50, 2));
        QVERIFY2(program.says(QStringLiteral("\"n\": 51")), qPrintable(program.all()));
        program.signal(SIGINT);
        QCOMPARE(program.finish(), 130);
        QVERIFY2(program.complaints().contains(QStringLiteral("messages, 3 match")), qPrintable(program.complaints()));
    }

    void theWindowReadsTheSame() {
        app::MessageSession session;
        QList<qint64> offsets;
        connect(&session, &app::MessageSession::paged, this, [&offsets](const core::MessagePage& page) {
            for (const core::TopicMessage& message : page.messages) {
                offsets += message.offset.value;
            }
        });
        services::MessageReading reading;
        reading.cluster.bootstrap = m_broker.toStdString();
        reading.topic = m_topic.toStdString();
        reading.start = core::FromLast{3};
        session.start(reading);
        QTRY_COMPARE_WITH_TIMEOUT(session.state(), app::MessageSession::State::Following, kPatienceMs);
        QCOMPARE(offsets.size(), 3);
        const qint64 last = offsets.back();
        QVERIFY(send(60, 1));
        QTRY_COMPARE_WITH_TIMEOUT(offsets.size(), 4, kPatienceMs);
        QCOMPARE(offsets.back(), last + 1);
        QSignalSpy listed(&session, &app::MessageSession::topicsListed);
        session.listTopics(reading.cluster);
        QVERIFY(listed.wait(kPatienceMs));
        QVERIFY(listed.at(0).at(0).toStringList().contains(m_topic));
    }

    void mistakesAreUsage_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char* rule, const QStringList& arguments, const char* sentence) {
            QTest::newRow(rule) << arguments << QString::fromLatin1(sentence);
        };
        row("a filter", {QStringLiteral("--filter"), QStringLiteral("payment")},
            "--filter, column 1: expected key, header, json or text, found 'payment'.");
        row("a place", {QStringLiteral("--from"), QStringLiteral("newest")}, "--from: expected end, beginning, -N");
        row("a partition", {QStringLiteral("--partition"), QStringLiteral("all")},
            "--partition takes a number, as --partition 3.");
        row("a partition that does not exist", {QStringLiteral("--partition"), QStringLiteral("7")},
            "has no partition 7: it has 1, counted from 0.");
    }

    void mistakesAreUsage() {
        QFETCH(QStringList, arguments);
        QFETCH(QString, sentence);
        Millraced program(m_folder.path());
        QCOMPARE(program.run(verb(arguments)), 2);
        QVERIFY2(program.complaints().contains(sentence), qPrintable(program.complaints()));
        QCOMPARE(program.output(), QString());
    }

    void aTopicThatDoesNotExistIsUsage() {
        Millraced program(m_folder.path());
        QCOMPARE(program.run({QStringLiteral("messages"), QStringLiteral("--broker"), m_broker,
                              QStringLiteral("--topic"), QStringLiteral("absent")}),
                 2);
        QVERIFY2(program.complaints().contains(QStringLiteral("has no topic absent.")),
                 qPrintable(program.complaints()));
    }

    void aBrokerIsNeededAndMayBeAbsent() {
        Millraced without(m_folder.path());
        QCOMPARE(without.run({QStringLiteral("messages"), QStringLiteral("--topic"), m_topic}), 2);
        QVERIFY(without.complaints().contains(QStringLiteral("name it with --broker HOST:PORT")));
        Millraced absent(m_folder.path());
        QCOMPARE(absent.run({QStringLiteral("messages"), QStringLiteral("--broker"), QStringLiteral("127.0.0.1:1"),
                             QStringLiteral("--topic"), m_topic}),
                 6);
        QVERIFY(absent.complaints().contains(QStringLiteral("Kafka at 127.0.0.1:1 cannot be reached")));
    }
};

TEST_CLASS(TestMessagesVerb)
#include "tst_messages_verb.moc"
