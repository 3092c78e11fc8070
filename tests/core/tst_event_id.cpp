// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/event_id.h"
#include "core/load/random.h"
#include "tests/test_class.h"

#include <QTest>
#include <algorithm>
#include <vector>

using core::EventId;
using core::EventIdParts;
using core::Nanoseconds;
using core::WallTime;

namespace {

WallTime wall(std::int64_t nanoseconds) {
    return WallTime(Nanoseconds(nanoseconds));
}

QString textOf(const EventId& id) {
    return QString::fromStdString(id.text());
}

} // namespace

class TestEventId : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void composes_data() {
        QTest::addColumn<qint64>("due");
        QTest::addColumn<quint32>("runTag");
        QTest::addColumn<quint32>("stream");
        QTest::addColumn<quint64>("sequence");
        QTest::addColumn<QString>("text");

        QTest::newRow("all parts 0 leave version 7 and variant 10")
            << qint64{0} << 0U << 0U << quint64{0} << QStringLiteral("00000000-0000-7000-8000-000000000000");
        QTest::newRow("the first 48 bits are milliseconds, as in RFC 9562's example")
            << qint64{0x017F22E279B0} * 1'000'000 << 0U << 0U << quint64{0}
            << QStringLiteral("017f22e2-79b0-7000-8000-000000000000");
        QTest::newRow("half a millisecond is 2048 in the 12 bits after the version")
            << qint64{500'000} << 0U << 0U << quint64{0} << QStringLiteral("00000000-0000-7800-8000-000000000000");
        QTest::newRow("the sub-millisecond part is rounded down")
            << qint64{999'999} << 0U << 0U << quint64{0} << QStringLiteral("00000000-0000-7fff-8000-000000000000");
        QTest::newRow("the run tag fills the 18 bits after the variant")
            << qint64{0} << (core::EventId::kRunTags - 1) << 0U << quint64{0}
            << QStringLiteral("00000000-0000-7000-bfff-f00000000000");
        QTest::newRow("the stream fills the next 8 bits")
            << qint64{0} << 0U << 255U << quint64{0} << QStringLiteral("00000000-0000-7000-8000-0ff000000000");
        QTest::newRow("the sequence fills the last 36 bits")
            << qint64{0} << 0U << 0U << quint64{0xfffffffff} << QStringLiteral("00000000-0000-7000-8000-000fffffffff");
    }
    void composes() {
        QFETCH(qint64, due);
        QFETCH(quint32, runTag);
        QFETCH(quint32, stream);
        QFETCH(quint64, sequence);
        QFETCH(QString, text);
        const EventId id = EventId::compose({wall(due), runTag, static_cast<std::uint8_t>(stream), sequence});
        QCOMPARE(textOf(id), text);
        const auto parts = id.parts();
        QVERIFY(parts);
        QCOMPARE(parts->runTag, runTag);
        QCOMPARE(std::uint32_t{parts->stream}, stream);
        QCOMPARE(parts->sequence, std::uint64_t{sequence});
    }

    void partsKeepTheDueTimeTo245Nanoseconds() {
        core::Random random(7);
        for (int i = 0; i < 100'000; ++i) {
            const auto due = wall(static_cast<std::int64_t>(random.next() % 4'000'000'000'000'000'000ULL));
            const EventIdParts in{due, random.below(EventId::kRunTags), static_cast<std::uint8_t>(random.below(256)),
                                  random.next() % EventId::kSequences};
            const EventId id = EventId::compose(in);
            const auto out = id.parts();
            QVERIFY(out);
            QVERIFY(out->due <= due && due - out->due < Nanoseconds(245));
            QCOMPARE(out->runTag, in.runTag);
            QCOMPARE(out->stream, in.stream);
            QCOMPARE(out->sequence, in.sequence);
            QVERIFY(EventId::compose(*out) == id);
            QVERIFY(EventId::parse(id.text()) == id);
        }
    }

    void sortsByDueTime() {
        core::Random random(8);
        std::vector<std::pair<EventId, WallTime>> ids;
        for (int i = 0; i < 10'000; ++i) {
            const auto due = wall(1'700'000'000'000'000'000 + static_cast<std::int64_t>(random.below(1'000'000)) * 245);
            ids.emplace_back(EventId::compose({due, random.below(1000), 3, random.below(1000)}), due);
        }
        std::sort(ids.begin(), ids.end());
        QVERIFY(
            std::is_sorted(ids.begin(), ids.end(), [](const auto& a, const auto& b) { return a.second < b.second; }));
    }

    void parses_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected"); // empty: refused

        const auto lower = QStringLiteral("017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
        QTest::newRow("lower case") << lower << lower;
        QTest::newRow("upper case") << lower.toUpper() << lower;
        QTest::newRow("another version is a UUID all the same")
            << QStringLiteral("919108f7-52d1-4320-9bac-f847db4148a8")
            << QStringLiteral("919108f7-52d1-4320-9bac-f847db4148a8");
        QTest::newRow("an empty text is refused") << QString() << QString();
        QTest::newRow("a digit too few is refused") << lower.chopped(1) << QString();
        QTest::newRow("a digit too many is refused") << lower + QStringLiteral("0") << QString();
        QTest::newRow("braces are refused") << QStringLiteral("{017f22e2-79b0-7cc3-98c4-dc0c0c0739}") << QString();
        QTest::newRow("a dash in the wrong place is refused")
            << QStringLiteral("017f22e27-9b0-7cc3-98c4-dc0c0c07398f") << QString();
        QTest::newRow("a letter beyond f is refused")
            << QStringLiteral("017f22e2-79b0-7cc3-98c4-dc0c0c07398g") << QString();
        QTest::newRow("32 digits without dashes are refused")
            << QStringLiteral("017f22e279b07cc398c4dc0c0c07398f") << QString();
    }
    void parses() {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        const auto id = EventId::parse(text.toStdString());
        QCOMPARE(id ? textOf(*id) : QString(), expected);
    }

    void hasNoParts_data() {
        QTest::addColumn<QString>("text");
        QTest::newRow("of version 4") << QStringLiteral("919108f7-52d1-4320-9bac-f847db4148a8");
        QTest::newRow("of another variant") << QStringLiteral("017f22e2-79b0-7cc3-d8c4-dc0c0c07398f");
        QTest::newRow("later than the year 2262") << QStringLiteral("ffffffff-ffff-7000-8000-000000000000");
        QTest::newRow("all zero") << QStringLiteral("00000000-0000-0000-0000-000000000000");
    }
    void hasNoParts() {
        QFETCH(QString, text);
        QVERIFY(!EventId::parse(text.toStdString())->parts());
    }

    void ownsItsEvents_data() {
        QTest::addColumn<qint64>("due");
        QTest::addColumn<quint32>("runTag");
        QTest::addColumn<quint32>("stream");
        QTest::addColumn<bool>("own");
        QTest::newRow("tag, stream and time are the run's") << qint64{5'000'000'000} << 77U << 1U << true;
        QTest::newRow("at the earliest due time") << qint64{1'000'000'000} << 77U << 0U << true;
        QTest::newRow("at the latest due time") << qint64{9'000'000'000} << 77U << 0U << true;
        QTest::newRow("another tag is foreign") << qint64{5'000'000'000} << 78U << 1U << false;
        QTest::newRow("a stream that the run has not is foreign") << qint64{5'000'000'000} << 77U << 2U << false;
        QTest::newRow("due before the plan is foreign") << qint64{999'000'000} << 77U << 1U << false;
        QTest::newRow("due after the plan is foreign") << qint64{9'001'000'000} << 77U << 1U << false;
    }
    void ownsItsEvents() {
        QFETCH(qint64, due);
        QFETCH(quint32, runTag);
        QFETCH(quint32, stream);
        QFETCH(bool, own);
        const core::RunIdentity run{77, 2, wall(1'000'000'000), wall(9'000'000'000)};
        const EventId id = EventId::compose({wall(due), runTag, static_cast<std::uint8_t>(stream), 12345});
        const auto parts = run.own(id);
        QCOMPARE(parts.has_value(), own);
        if (own) {
            QCOMPARE(parts->sequence, std::uint64_t{12345});
        }
    }

    void whoServesNoRunOwnsEveryEvent_data() {
        QTest::addColumn<QString>("id");
        QTest::addColumn<bool>("own");
        QTest::newRow("of version 7, whoever created it")
            << QStringLiteral("017f22e2-79b0-7cc3-98c4-dc0c0c07398f") << true;
        QTest::newRow("one of a run's") << textOf(EventId::compose({wall(5'000'000'000), 77, 1, 12345})) << true;
        QTest::newRow("of version 4 there is no due time, so no parts")
            << QStringLiteral("919108f7-52d1-4320-9bac-f847db4148a8") << false;
    }
    void whoServesNoRunOwnsEveryEvent() {
        QFETCH(QString, id);
        QFETCH(bool, own);
        core::RunIdentity nobodys;
        nobodys.everyEventAs = 2;
        const EventId parsed = *EventId::parse(id.toStdString());
        const auto parts = nobodys.own(parsed);
        QCOMPARE(parts.has_value(), own);
        if (own) {
            QCOMPARE(std::uint32_t{parts->stream}, 2U);
            QCOMPARE(parts->due, parsed.parts()->due);
        }
    }

    void doesNotOwnARandomUuid() {
        const core::RunIdentity run{0, 256, wall(0), WallTime::max()};
        QVERIFY(!run.own(*EventId::parse("919108f7-52d1-4320-9bac-f847db4148a8")));
    }
};

TEST_CLASS(TestEventId)
#include "tst_event_id.moc"
