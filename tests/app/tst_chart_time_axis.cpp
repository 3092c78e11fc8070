// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/time_axis.h"
#include "app/desktop/charts/time_axis_input.h"
#include "tests/app/window_test.h"

#include <QMouseEvent>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>
#include <QWidget>

using app::TimeAxis;

namespace {

QPointF rangeOf(const TimeAxis& axis) {
    return {axis.from(), axis.until()};
}

} // namespace

class TestChartTimeAxis : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void itFollowsTheWholeRunFromTheStart() {
        TimeAxis axis;
        QSignalSpy moved(&axis, &TimeAxis::rangeChanged);
        axis.setExtent(0, 4);
        QCOMPARE(rangeOf(axis), QPointF(0, 10)); // room for the first seconds
        axis.setExtent(0, 100);
        QCOMPARE(rangeOf(axis), QPointF(0, 100));
        axis.setExtent(0, 100);
        QCOMPARE(moved.size(), 2); // nothing is said of what did not change
    }

    void itFollowsTheLastSeconds() {
        TimeAxis axis;
        axis.followLast(60);
        axis.setExtent(0, 20);
        QCOMPARE(rangeOf(axis), QPointF(0, 60)); // grows from left to right
        axis.setExtent(0, 100);
        QCOMPARE(rangeOf(axis), QPointF(40, 100));
    }

    void aZoomKeepsTheInstantUnderTheMouseAndEndsFollowing() {
        TimeAxis axis;
        axis.setExtent(0, 100);
        QSignalSpy followed(&axis, &TimeAxis::followChanged);
        axis.zoom(0.5, 20);
        QCOMPARE(rangeOf(axis), QPointF(10, 60));
        QCOMPARE(axis.follow(), TimeAxis::Follow::Nothing);
        QCOMPARE(followed.size(), 1);
        axis.setExtent(0, 200);
        QCOMPARE(rangeOf(axis), QPointF(10, 60)); // where the user has put it
    }

    void theRangeStaysWithinTheRun_data() {
        QTest::addColumn<QPointF>("wanted");
        QTest::addColumn<QPointF>("range");
        QTest::newRow("inside") << QPointF(20, 30) << QPointF(20, 30);
        QTest::newRow("too early") << QPointF(-20, 10) << QPointF(0, 30);
        QTest::newRow("too late") << QPointF(90, 110) << QPointF(80, 100);
        QTest::newRow("too long") << QPointF(-50, 500) << QPointF(0, 100);
        QTest::newRow("too short") << QPointF(20, 20.1) << QPointF(20, 21);
    }

    void theRangeStaysWithinTheRun() {
        QFETCH(QPointF, wanted);
        TimeAxis axis;
        axis.setExtent(0, 100);
        axis.setRange(wanted.x(), wanted.y());
        QTEST(rangeOf(axis), "range");
    }

    void aFrozenViewStandsStillUntilItIsReleased() {
        TimeAxis axis;
        axis.setExtent(0, 100);
        QSignalSpy frozen(&axis, &TimeAxis::frozenChanged);
        axis.setFrozen(true);
        axis.setExtent(0, 150);
        QCOMPARE(rangeOf(axis), QPointF(0, 100));
        axis.setFrozen(false);
        QCOMPARE(rangeOf(axis), QPointF(0, 150));
        QCOMPARE(frozen.size(), 2);
    }

    void theInstantIsToldOnce() {
        TimeAxis axis;
        QSignalSpy moved(&axis, &TimeAxis::instantChanged);
        axis.setInstant(3);
        axis.setInstant(3);
        axis.setInstant(std::nullopt);
        QCOMPARE(moved.size(), 2);
    }

    void keysSteerIt_data() {
        QTest::addColumn<int>("key");
        QTest::addColumn<QPointF>("range");
        QTest::newRow("left pans to earlier times") << int(Qt::Key_Left) << QPointF(38, 58);
        QTest::newRow("right pans to later times") << int(Qt::Key_Right) << QPointF(42, 62);
        QTest::newRow("plus shows less") << int(Qt::Key_Plus) << QPointF(42, 58);
        QTest::newRow("minus shows more") << int(Qt::Key_Minus) << QPointF(37.5, 62.5);
        QTest::newRow("home shows the start") << int(Qt::Key_Home) << QPointF(0, 20);
        QTest::newRow("end shows the last stretch") << int(Qt::Key_End) << QPointF(80, 100);
        QTest::newRow("0 shows the whole run") << int(Qt::Key_0) << QPointF(0, 100);
    }

    void keysSteerIt() {
        QFETCH(int, key);
        TimeAxis axis;
        axis.setExtent(0, 100);
        axis.setRange(40, 60);
        QWidget plot;
        new app::TimeAxisInput(axis, &plot, [] { return QRectF(10, 0, 200, 100); });
        QTest::keyClick(&plot, static_cast<Qt::Key>(key));
        QTEST(rangeOf(axis), "range");
    }

    void spaceFreezesAndReleases() {
        TimeAxis axis;
        QWidget plot;
        new app::TimeAxisInput(axis, &plot, [] { return QRectF(10, 0, 200, 100); });
        QTest::keyClick(&plot, Qt::Key_Space);
        QVERIFY(axis.isFrozen());
        QTest::keyClick(&plot, Qt::Key_Space);
        QVERIFY(!axis.isFrozen());
    }

    void theCrossHairGoesByKeyAndByMouse() {
        TimeAxis axis;
        axis.setExtent(0, 100);
        QWidget plot;
        new app::TimeAxisInput(axis, &plot, [] { return QRectF(10, 0, 200, 100); });
        QTest::keyClick(&plot, Qt::Key_Right, Qt::ControlModifier);
        QCOMPARE(axis.instant(), std::optional(50.5)); // a pixel is half a second
        QTest::keyClick(&plot, Qt::Key_Escape);
        QVERIFY(!axis.instant());
        QMouseEvent move(QEvent::MouseMove, {60, 50}, {60, 50}, Qt::NoButton, Qt::NoButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&plot, &move);
        QCOMPARE(axis.instant(), std::optional(25.0));
        QMouseEvent outside(QEvent::MouseMove, {5, 50}, {5, 50}, Qt::NoButton, Qt::NoButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&plot, &outside);
        QVERIFY(!axis.instant());
    }

    void anInstantIsChosenWhereSomebodyWantsIt_data() {
        QTest::addColumn<bool>("wanted");
        QTest::newRow("Enter is left to others where nobody wants it") << false;
        QTest::newRow("Enter and a double click choose where somebody does") << true;
    }

    void anInstantIsChosenWhereSomebodyWantsIt() {
        QFETCH(bool, wanted);
        TimeAxis axis;
        axis.setExtent(0, 100);
        QWidget plot;
        new app::TimeAxisInput(axis, &plot, [] { return QRectF(0, 0, 200, 100); });
        QList<double> chosen;
        if (wanted) {
            connect(&axis, &TimeAxis::chosen, this, [&chosen](double seconds) { chosen += seconds; });
        }
        QKeyEvent enter(QEvent::KeyPress, Qt::Key_Return, Qt::NoModifier);
        QCoreApplication::sendEvent(&plot, &enter);
        QCOMPARE(enter.isAccepted(), wanted);
        QMouseEvent twice(QEvent::MouseButtonDblClick, {20, 50}, {20, 50}, Qt::LeftButton, Qt::LeftButton,
                          Qt::NoModifier);
        QCoreApplication::sendEvent(&plot, &twice);
        QCOMPARE(chosen, wanted ? (QList<double>{50, 10}) : QList<double>());
    }

    void draggingPansAndTheWheelZooms() {
        TimeAxis axis;
        axis.setExtent(0, 100);
        axis.setRange(40, 60);
        QWidget plot;
        new app::TimeAxisInput(axis, &plot, [] { return QRectF(0, 0, 200, 100); });
        QMouseEvent press(QEvent::MouseButtonPress, {100, 50}, {100, 50}, Qt::LeftButton, Qt::LeftButton,
                          Qt::NoModifier);
        QMouseEvent drag(QEvent::MouseMove, {150, 50}, {150, 50}, Qt::NoButton, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&plot, &press);
        QCoreApplication::sendEvent(&plot, &drag);
        QCOMPARE(rangeOf(axis), QPointF(35, 55)); // a pixel is a tenth of a second
        QWheelEvent turn({100, 50}, {100, 50}, {}, {0, 120}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(&plot, &turn);
        QCOMPARE(rangeOf(axis), QPointF(37, 53));
    }
};

WINDOW_TEST(TestChartTimeAxis)
#include "tst_chart_time_axis.moc"
