// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/live/status_strip.h"
#include "tests/app/desktop_fixture.h"
#include "tests/app/scenario_page_fixture.h"
#include "tests/app/window_test.h"
#include "tests/faults/own_server.h"

#include <QElapsedTimer>
#include <map>
#include <thread>

using Figure = app::StatusStrip::Figure;

namespace {

constexpr int kPatience = 60'000;  // ms
constexpr int kSaidWithin = 3'000; // ms

} // namespace

/// A run in the window while each of its real servers is frozen, killed and brought back: what is wrong is said at
/// once, until there is evidence that it is over, and the report names it.
class WindowOutagesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        useTestSettings();
        for (const char* const name : {"kafka", "postgres", "redis"}) {
            m_servers.push_back(faults::OwnServer::start(QString::fromLatin1(name)));
            QVERIFY(m_servers.back());
        }
    }
    void cleanupTestCase() { m_servers.clear(); }

    void eachServerIsFrozenKilledAndBroughtBack() {
        Desktop desktop;
        startRun(desktop);
        const app::RunModel& model = desktop.window().model();
        m_model = &model;
        m_strip = desktop.window().findChild<app::StatusStrip*>();
        QTRY_VERIFY_WITH_TIMEOUT(model.status().phase == core::Phase::Stages, kPatience);
        QTest::qWait(3'000);
        for (const Figure each : {Figure::Broker, Figure::Store, Figure::Filter}) {
            QVERIFY2(m_strip->text(each).startsWith(QStringLiteral("✓")), qPrintable(m_strip->text(each)));
        }

        struct Fault {
            Figure figure;
            std::size_t server;
            const char *signal, *words;
        };
        for (const Fault& each : {Fault{Figure::Broker, 0, "STOP", "acknowledges nothing"},
                                  {Figure::Store, 1, "STOP", "does not answer"},
                                  {Figure::Filter, 2, "STOP", "past the filter"},
                                  {Figure::Store, 1, "QUIT", "does not answer"},
                                  {Figure::Filter, 2, "KILL", "past the filter"},
                                  {Figure::Broker, 0, "KILL", "acknowledges nothing"}}) {
            breakFor(each.figure, *m_servers[each.server], QString::fromLatin1(each.signal),
                     QString::fromLatin1(each.words));
            if (QTest::currentTestFailed()) {
                return;
            }
        }

        QSignalSpy presented(&desktop.window().reportPage(), &app::ReportPage::presented);
        desktop.window().livePage().controls().stopAction()->trigger();
        QVERIFY(presented.wait(kPatience));
        const core::RunResult& result = *desktop.window().reportPage().result();
        QCOMPARE(result.ledger.ids.lost, std::uint64_t{0});
        QCOMPARE(result.ledger.ids.doubled, std::uint64_t{0});
        std::map<core::End, int> outages;
        for (const core::Mark& mark : result.timeline) {
            if (mark.kind == core::MarkKind::Outage && mark.end) {
                QVERIFY2(mark.duration >= std::chrono::seconds(3), core::textOf(mark).c_str());
                ++outages[*mark.end];
            }
        }
        for (const core::End each : {core::End::Broker, core::End::Store, core::End::Filter}) {
            QVERIFY2(outages[each] >= 2, qPrintable(QStringLiteral("%1 outages of the %2")
                                                        .arg(outages[each])
                                                        .arg(QString::fromUtf8(nameOf(each).data()))));
        }
    }

private:
    void startRun(Desktop& desktop) {
        desktop.window().open(copyOfReadyMade(QStringLiteral("quickstart.yaml"), m_files));
        const std::string text = "version: 1\n"
                                 "name: outages\n"
                                 "drain: 60s\n"
                                 "kafka: {topic: outages, group: outages, partitions: 4, deadline: 120s}\n"
                                 "streams:\n"
                                 "  - {name: baseline, stages: [{duration: 300s, rate: 400/s}]}\n"
                                 "thresholds: [\"end_to_end p99 < 50ms\"]\n"
                                 "target: {broker: '" +
                                 m_servers[0]->url().toStdString() + "', store: '" + m_servers[1]->url().toStdString() +
                                 "', dedupe: '" + m_servers[2]->url().toStdString() + "'}\n";
        desktop.window().scenarioPage().document()->apply(
            [&text](std::string_view) -> core::Result<std::string> { return text; });
        const auto& problems = desktop.window().scenarioPage().document()->problems();
        QVERIFY2(problems.empty(), problems.empty() ? "" : problems.front().text().c_str());
        desktop.window().scenarioPage().startAction()->trigger();
    }

    /// Breaks the server for five seconds and more.
    void breakFor(Figure figure, faults::OwnServer& server, const QString& signal, const QString& words) {
        const bool frozen = signal == u"STOP";
        QVERIFY(server.signal(signal));
        QElapsedTimer since;
        since.start();
        QTRY_VERIFY2_WITH_TIMEOUT(m_strip->text(figure).contains(words),
                                  qPrintable(signal + QStringLiteral(": ") + m_strip->text(figure)), 2 * kSaidWithin);
        qInfo("%s, %s: said after %lld ms", qPrintable(words), qPrintable(signal), since.elapsed());
        // While the processors are busy the window follows once a second only.
        const core::HostSample& host = m_model->status().snapshot.host;
        const int late = host.machineCpu > 0.85 * host.cores ? 1'000 : 0;
        QVERIFY2(since.elapsed() <= kSaidWithin + late, qPrintable(QString::number(since.elapsed())));
        QVERIFY(m_strip->text(figure).contains(QStringLiteral(" at 127.0.0.1:")) ||
                m_strip->text(figure).contains(QStringLiteral("…"))); // elided in the middle
        while (since.elapsed() < 5'000) {                             // an alarm does not go out by itself
            QVERIFY2(m_strip->text(figure).startsWith(QStringLiteral("✗")), qPrintable(m_strip->text(figure)));
            QTest::qWait(100);
        }
        std::jthread back([&] { frozen ? server.signal(QStringLiteral("CONT")) : server.up(); });
        QTRY_VERIFY2_WITH_TIMEOUT(m_strip->text(figure).startsWith(QStringLiteral("✓")),
                                  qPrintable(m_strip->text(figure)), kPatience);
        QElapsedTimer calm;
        calm.start();
        while (calm.elapsed() < kSaidWithin) { // nothing lingers
            for (const Figure each : {Figure::Broker, Figure::Store, Figure::Filter}) {
                if (!m_strip->text(each).startsWith(QStringLiteral("✓"))) {
                    calm.restart();
                }
            }
            QVERIFY2(since.elapsed() < kPatience, "no calm");
            QTest::qWait(50);
        }
    }

    QTemporaryDir m_files;
    std::vector<std::unique_ptr<faults::OwnServer>> m_servers; // Kafka, PostgreSQL, Redis
    const app::RunModel* m_model = nullptr;
    app::StatusStrip* m_strip = nullptr;
};

WINDOW_TEST(WindowOutagesTest)
#include "tst_window_outages.moc"
