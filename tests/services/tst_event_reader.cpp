// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/http/event_reader.h"
#include "tests/test_class.h"

#include <vector>

using services::http::EventReader;
using Outcome = EventReader::Outcome;

namespace {

/// What a reader makes of the pieces: "id=data" per event, '|' between, '/' for a new line in data.
class Reading {
public:
    explicit Reading(std::size_t mostBytes = 1024, int mostEvents = 1000)
        : m_reader(mostBytes), m_mostEvents(mostEvents) {}

    Outcome read(std::string_view bytes) {
        return m_reader.read(bytes, [this](std::uint64_t id, std::string_view data) {
            QString text = QString::fromStdString(std::string(data));
            events += QString::number(id) + QLatin1Char('=') + text.replace(QLatin1Char('\n'), QLatin1Char('/'));
            return events.size() < m_mostEvents;
        });
    }
    QString shown() const { return events.join(QLatin1Char('|')); }

    QStringList events;

private:
    EventReader m_reader;
    int m_mostEvents;
};

} // namespace

class TestEventReader : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void streamsAreRead_data() {
        QTest::addColumn<QByteArray>("stream");
        QTest::addColumn<QString>("events");
        const auto row = [](const char* rule, const QByteArray& stream, const char* events) {
            QTest::newRow(rule) << stream << QString::fromUtf8(events);
        };
        row("an event has an id and data", "id: 7\ndata: seven\n\n", "7=seven");
        row("events follow each other", "id: 1\ndata: a\n\nid: 2\ndata: b\n\n", "1=a|2=b");
        row("lines of data are joined", "id: 1\ndata: a\ndata: b\ndata:\ndata: c\n\n", "1=a/b//c");
        row("lines end by a carriage return and a line feed", "id: 1\r\ndata: a\r\ndata: b\r\n\r\n", "1=a/b");
        row("lines end by a carriage return alone", "id: 1\rdata: a\rdata: b\r\r", "1=a/b");
        row("line ends may be mixed", "id: 1\rdata: a\ndata: b\r\n\rid: 2\ndata: c\r\n\n", "1=a/b|2=c");
        row("one space after the colon is none of the data", "data:a\n\ndata:  b \n\n", "0=a|0= b ");
        row("a colon in the data is data", "data: a: b\n\n", "0=a: b");
        row("comments are ignored", ": hello\n:\n\nid: 1\n: between\ndata: a\n\n:\n\n", "1=a");
        row("an event without data is none", "id: 1\n\nid: 2\nevent: x\n\n", "");
        row("empty data is data", "id: 1\ndata\n\nid: 2\ndata:\n\n", "1=|2=");
        row("an event without an id has the last one", "id: 5\ndata: a\n\ndata: b\n\n", "5=a|5=b");
        row("the id of an event without data stays", "id: 5\n\ndata: b\n\n", "5=b");
        row("an id after the data counts as well", "data: a\nid: 3\n\n", "3=a");
        row("an id that is no number is ignored", "id: 4\ndata: a\n\nid: x\ndata: b\n\nid: 5x\ndata: c\n\n",
            "4=a|4=b|4=c");
        row("an id that is too large is ignored", "id: 18446744073709551616\ndata: a\n\n", "0=a");
        row("the largest id is read", "id: 18446744073709551615\ndata: a\n\n", "18446744073709551615=a");
        row("other fields are ignored", "event: x\nretry: 9\nmore\nDATA: b\ndata: a\n\n", "0=a");
        row("a byte order mark at the front is ignored",
            "\xef\xbb\xbf"
            "data: a\n\n",
            "0=a");
        row("a byte order mark elsewhere belongs to its field",
            "data: a\n\n\xef\xbb\xbf"
            "data: b\n\n",
            "0=a");
        row("empty lines are nothing", "\n\n\n\ndata: a\n\n\n\n", "0=a");
        row("an event that is not ended is none", "data: a\n\ndata: b\n", "0=a");
        row("data of several bytes per character stays whole", "data: \xc3\xa4\xe2\x82\xac\n\n",
            "0=\xc3\xa4\xe2\x82\xac");
    }
    void streamsAreRead() {
        QFETCH(const QByteArray, stream);
        QFETCH(const QString, events);
        const std::string_view text(stream.constData(), std::size_t(stream.size()));
        for (std::size_t first = 0; first <= text.size(); ++first) { // cut in three at every two bytes
            for (std::size_t second = first; second <= text.size(); ++second) {
                Reading reading;
                QCOMPARE(reading.read(text.substr(0, first)), Outcome::Hungry);
                QCOMPARE(reading.read(text.substr(first, second - first)), Outcome::Hungry);
                QCOMPARE(reading.read(text.substr(second)), Outcome::Hungry);
                QCOMPARE(reading.shown(), events);
            }
        }
        Reading byBytes;
        for (const char& byte : text) {
            QCOMPARE(byBytes.read({&byte, 1}), Outcome::Hungry);
        }
        QCOMPARE(byBytes.shown(), events);
    }

    void whoeverWantsNoMoreGetsNoMore() {
        Reading reading(1024, 2);
        QCOMPARE(reading.read("data: a\n\ndata: b\n\ndata: c\n\n"), Outcome::Ended);
        QCOMPARE(reading.shown(), QStringLiteral("0=a|0=b"));
    }

    void eventsHaveALimit_data() {
        QTest::addColumn<QByteArray>("stream");
        QTest::addColumn<bool>("tooLong");
        QTest::newRow("a line of 16 bytes fits") << QByteArray("data: 0123456789\n\n") << false;
        QTest::newRow("a line of 17 bytes does not") << QByteArray("data: 0123456789a\n\n") << true;
        QTest::newRow("a line without an end does not") << QByteArray("data: 0123456789a") << true;
        QTest::newRow("lines of data count together") << QByteArray("data: 01234\ndata: 01234\n\n") << false;
        QTest::newRow("lines of data are too long together") << QByteArray("data: 0123456\ndata: 01234\n\n") << true;
        QTest::newRow("a comment counts") << QByteArray(":0123456789abcdef\n\n") << true;
        QTest::newRow("events count one by one") << QByteArray("data: 0123456789\n\n").repeated(9) << false;
    }
    void eventsHaveALimit() {
        QFETCH(const QByteArray, stream);
        QFETCH(const bool, tooLong);
        Reading whole(16);
        QCOMPARE(whole.read({stream.constData(), std::size_t(stream.size())}) == Outcome::TooLong, tooLong);
        Reading byBytes(16);
        Outcome outcome = Outcome::Hungry;
        for (qsizetype i = 0; i < stream.size() && outcome == Outcome::Hungry; ++i) {
            outcome = byBytes.read({stream.constData() + i, 1});
        }
        QCOMPARE(outcome == Outcome::TooLong, tooLong);
    }
};

TEST_CLASS(TestEventReader)
#include "tst_event_reader.moc"
