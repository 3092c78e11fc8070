// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/monitor_json.h"
#include "app/cli/monitor_view.h"
#include "tests/app/millraced.h"
#include "tests/app/monitor_views.h"
#include "tests/test_class.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace std::chrono_literals;

namespace {

constexpr core::Instant kStart{1'000s};

QString shownIn(const std::vector<std::string>& lines) {
    QStringList all;
    for (const std::string& line : lines) {
        all += QString::fromStdString(line);
    }
    return all.join(QLatin1Char('\n'));
}

} // namespace

/// What the verb monitor prints, and what it refuses.
class TestMonitorView : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theBlockFitsTheTerminalAndNamesWhatMatters() {
        app::MonitorView view("broker:9092");
        view.show(monitor_views::viewAt(10, kStart, {3, 4, 30}));
        const auto lines = view.block(100, 24, kStart + 10s);
        QVERIFY(lines.size() <= 24);
        for (const std::string& line : lines) {
            QVERIFY(QString::fromStdString(line).size() <= 100);
        }
        const QString all = shownIn(lines);
        for (const char* part : {"Kafka at broker:9092", "2 brokers", "3 topics", "30 groups", "(controller)", "GROUP",
                                 "group-1000", "Stable", "more", "topic-2", "7 d"}) {
            QVERIFY2(all.contains(QString::fromLatin1(part)), qPrintable(QString::fromLatin1(part) + all));
        }
    }
    void aStaleViewSaysItsAgeAndWhy() {
        app::MonitorView view("broker:9092");
        QVERIFY(shownIn(view.block(80, 24, kStart)).contains(QStringLiteral("connecting")));
        view.show(monitor_views::viewAt(10, kStart));
        view.miss("Kafka does not answer.");
        QVERIFY(
            shownIn(view.block(80, 24, kStart + 14s)).contains(QStringLiteral("STALE, 4 s: Kafka does not answer.")));
        QVERIFY(QString::fromStdString(view.line(kStart + 14s)).startsWith(QStringLiteral("stale, 4 s")));
    }
    void whatIsNotKnownIsADashAndNullInJson() {
        auto seen = monitor_views::viewAt(1, kStart);
        seen.groups[0].events.reset();
        seen.groups[0].seconds.reset();
        seen.groups[0].partitions[0].note = core::LagNote::NoCommit;
        seen.topics[0].settings.reset();
        seen.topics[0].settingsProblem = "Grant DESCRIBE_CONFIGS on it.";
        app::MonitorView view("broker:9092");
        view.show(seen);
        const QString all = shownIn(view.block(200, 40, kStart + 1s));
        QVERIFY2(all.contains(QStringLiteral("1 partition: no offset committed")), qPrintable(all));
        const auto json =
            QJsonDocument::fromJson(QByteArray::fromStdString(app::monitorJson(seen, {}, "", kStart + 1s))).object();
        QCOMPARE(json[QStringLiteral("schema")].toString(), QStringLiteral("millrace.monitor/1"));
        const QJsonObject group = json[QStringLiteral("groups")].toArray()[0].toObject();
        QVERIFY(group[QStringLiteral("lag")].isNull() && group[QStringLiteral("lag_s")].isNull());
        QCOMPARE(group[QStringLiteral("partitions")].toArray()[0].toObject()[QStringLiteral("note")].toString(),
                 QStringLiteral("no offset committed"));
        const QJsonObject topic = json[QStringLiteral("topics")].toArray()[0].toObject();
        QVERIFY(topic[QStringLiteral("bytes")].isNull());
        QVERIFY(topic[QStringLiteral("retention_ms")].isNull());
        QCOMPARE(topic[QStringLiteral("settings_problem")].toString(), QStringLiteral("Grant DESCRIBE_CONFIGS on it."));
        QCOMPARE(json[QStringLiteral("groups")].toArray()[1].toObject()[QStringLiteral("lag")].toInt(), 156);
    }
    void rulesSayHowTheyStand() {
        core::LagRuleWatch rule(*core::LagRule::parse("lag < 10"));
        rule.look(monitor_views::viewAt(1, kStart));
        rule.look(monitor_views::viewAt(4, kStart));
        app::MonitorView view("broker:9092");
        view.show(monitor_views::viewAt(4, kStart));
        view.setRules({rule.outcome()});
        const QString line = shownIn(view.ruleLines(100, kStart + 4s));
        QCOMPARE(line, QStringLiteral("✗ lag < 10: 165 events in group-1001, broken for 3 s"));
    }
    void wrongOptionsAreRefused_data() {
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<QString>("complaint");
        const auto row = [](const char* name, const QStringList& options, const char* complaint) {
            QTest::newRow(name) << options << QString::fromUtf8(complaint);
        };
        const QString rule = QStringLiteral("--rule");
        row("no cluster", {}, "'monitor' needs a cluster: name it with --broker HOST:PORT or MILLRACE_BROKER.");
        row("a run's rule", {rule, QStringLiteral("lost == 0")}, "'lost' is not watched by a monitor");
        row("too short", {QStringLiteral("--for"), QStringLiteral("5s"), rule, QStringLiteral("lag max over 10s < 5")},
            "--for is shorter than what it looks over");
        row("another group", {QStringLiteral("--group"), QStringLiteral("a"), rule, QStringLiteral("lag{b} < 5")},
            "--group leaves out group b");
        row("no time", {QStringLiteral("--for"), QStringLiteral("soon")}, "--for soon");
    }
    void wrongOptionsAreRefused() {
        QFETCH(QStringList, options);
        QFETCH(QString, complaint);
        const QTemporaryDir folder;
        Millraced program(folder.path());
        if (!options.isEmpty()) {
            options += {QStringLiteral("--broker"), QStringLiteral("127.0.0.1:1")};
        }
        QCOMPARE(program.run(QStringList{QStringLiteral("monitor")} + options), 2);
        QVERIFY2(program.complaints().contains(complaint), qPrintable(program.all()));
    }
    void anAbsentClusterEndsWithSix() {
        const QTemporaryDir folder;
        Millraced program(folder.path());
        QCOMPARE(program.run({QStringLiteral("monitor"), QStringLiteral("--broker"), QStringLiteral("127.0.0.1:1")}),
                 6);
        QVERIFY2(program.complaints().contains(QStringLiteral("Kafka at 127.0.0.1:1 cannot be reached")),
                 qPrintable(program.all()));
    }
};

TEST_CLASS(TestMonitorView)
#include "tst_monitor_view.moc"
