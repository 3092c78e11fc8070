// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/bridge/target_check.h"
#include "services/target/target_address.h"
#include "tests/app/quiet_port.h"
#include "tests/test_class.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

using services::Health;
using services::ServerPart;

namespace {

services::Examination examinationOf(const core::ShownTarget& target) {
    services::Examination examination;
    examination.target = *services::readTarget(target);
    return examination;
}

} // namespace

class TargetCheckTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void embeddedPartsAreFine() {
        const auto findings = checked({"embedded", "embedded", "memory"});
        QCOMPARE(findings.size(), 3);
        for (const services::Finding& finding : findings) {
            QVERIFY(finding.health == Health::Ok);
            QVERIFY(!finding.roundTrip);
        }
    }

    void aStoreThatAnswersHasARoundTrip() {
        const QTemporaryDir folder;
        const std::string url = "sqlite:" + folder.filePath(QStringLiteral("new.sqlite")).toStdString();
        const auto findings = checked({"embedded", url, "memory"});
        const auto store = std::find_if(findings.begin(), findings.end(),
                                        [](const services::Finding& f) { return f.part == ServerPart::Store; });
        QVERIFY(store->health == Health::Ok);
        QVERIFY(QByteArray::fromStdString(store->sentence).contains("does not exist yet"));
    }

    void absentServersAreSentences() {
        const QuietPort port(QuietPort::Kind::Closed);
        const std::string nobody = port.server();
        const auto findings = checked({nobody, "postgresql://me@" + nobody + "/logs", "redis://" + nobody});
        QCOMPARE(findings.size(), 3);
        for (const services::Finding& finding : findings) {
            QVERIFY2(finding.health == Health::Fail, finding.sentence.c_str());
            QVERIFY2(QByteArray::fromStdString(finding.sentence).contains("Check the address"),
                     finding.sentence.c_str());
        }
    }

    void aServerThatSaysNothingHoldsUpNobodyElse() {
        const QuietPort port(QuietPort::Kind::BlackHole);
        const std::string silent = port.server();
        app::TargetCheck check;
        QSignalSpy found(&check, &app::TargetCheck::found);
        check.start(examinationOf({"embedded", "postgresql://me@" + silent + "/logs", "memory"}));
        QTRY_COMPARE_WITH_TIMEOUT(found.count(), 2, kPatienceMs);
        check.cancel();
        QVERIFY(!check.isOn());
    }

    void aCancelledCheckIsHeardOfNoMore() {
        const QuietPort port(QuietPort::Kind::BlackHole);
        const std::string silent = port.server();
        app::TargetCheck check;
        check.start(examinationOf({silent, "postgresql://me@" + silent + "/logs", "memory"}));
        check.cancel();
        QSignalSpy found(&check, &app::TargetCheck::found);
        QSignalSpy finished(&check, &app::TargetCheck::finished);
        check.start(examinationOf({"embedded", "embedded", "memory"}));
        QVERIFY(finished.wait(kPatienceMs));
        QCOMPARE(found.count(), 3);
    }

private:
    static QList<services::Finding> checked(const core::ShownTarget& target) {
        app::TargetCheck check;
        QSignalSpy found(&check, &app::TargetCheck::found);
        QSignalSpy finished(&check, &app::TargetCheck::finished);
        check.start(examinationOf(target));
        if (!finished.wait(kPatienceMs)) {
            return {};
        }
        QList<services::Finding> findings;
        for (const auto& arguments : found) {
            findings.append(arguments.at(0).value<services::Finding>());
        }
        return findings;
    }
};

TEST_CLASS(TargetCheckTest)
#include "tst_target_check.moc"
