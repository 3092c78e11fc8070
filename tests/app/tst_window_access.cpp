// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/scenario/yaml_editor.h"
#include "app/desktop/shell/help_window.h"
#include "app/desktop/shell/side_bar.h"
#include "tests/app/desktop_fixture.h"
#include "tests/app/page_pictures.h"
#include "tests/app/scenario_page_fixture.h"
#include "tests/app/window_test.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QComboBox>
#include <QFileDialog>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QRegularExpression>
#include <QScrollArea>
#include <QScrollBar>
#include <QStackedWidget>
#include <QTabBar>
#include <QTabWidget>
#include <QTextBrowser>
#include <QTimer>

namespace {

template <typename... Kinds>
bool isOneOf(const QWidget* widget) {
    return ((qobject_cast<const Kinds*>(widget) != nullptr) || ...);
}

/// What a user operates. Parts that Qt makes within a control belong to it; texts that can be copied, and areas that
/// scroll with the focus, are none.
bool isControl(const QWidget& widget) {
    const bool isPart = isOneOf<QComboBox, QAbstractSpinBox, QLineEdit, QTabBar, QHeaderView, QAbstractItemView>(
                            widget.parentWidget()) ||
                        isOneOf<QScrollBar, QHeaderView, QLabel>(&widget) ||
                        isOneOf<QScrollArea, QTabWidget>(&widget) ||
                        widget.objectName().startsWith(QLatin1String("qt_"));
    return !isPart && (widget.focusPolicy() != Qt::NoFocus ||
                       isOneOf<QAbstractButton, QComboBox, QAbstractSpinBox, QAbstractSlider, QLineEdit,
                               QAbstractItemView, QPlainTextEdit>(&widget));
}

QList<QWidget*> controlsOf(QWidget& page) {
    QList<QWidget*> found;
    for (QWidget* const widget : page.findChildren<QWidget*>()) {
        if (widget->isVisible() && widget->isEnabled() && isControl(*widget)) {
            found += widget;
        }
    }
    return found;
}

QString describe(const QWidget& widget) {
    const auto* const button = qobject_cast<const QAbstractButton*>(&widget);
    return QStringLiteral("%1 '%2' '%3' in %4")
        .arg(QString::fromLatin1(widget.metaObject()->className()), widget.objectName(),
             button != nullptr ? button->text() : widget.accessibleName(),
             QString::fromLatin1(widget.parentWidget()->metaObject()->className()));
}

/// What a screen reader says first.
QString spokenName(QWidget& widget) {
    QAccessibleInterface* const spoken = QAccessible::queryAccessibleInterface(&widget);
    return spoken != nullptr ? spoken->text(QAccessible::Name) : QString();
}

/// What a screen reader takes it for.
bool hasRole(QWidget& widget) {
    QAccessibleInterface* const spoken = QAccessible::queryAccessibleInterface(&widget);
    return spoken != nullptr && spoken->role() != QAccessible::NoRole;
}

/// The widgets that have the focus one after the other while Tab is pressed, from where it is now, once around.
QSet<const QWidget*> reachedByTab() {
    constexpr int kMost = 600;
    QSet<const QWidget*> reached;
    for (int presses = 0; presses < kMost; ++presses) {
        QWidget* const at = QApplication::focusWidget();
        if (at == nullptr) {
            break;
        }
        reached += at;
        const bool isText = qobject_cast<app::YamlEditor*>(at) != nullptr; // where Tab indents
        QTest::keyClick(at, Qt::Key_Tab, isText ? Qt::ControlModifier : Qt::NoModifier);
    }
    return reached;
}

/// Arrow keys lead on within a group of buttons of which one is chosen.
bool isReachedByArrows(const QWidget& widget, const QSet<const QWidget*>& reached) {
    const auto* const button = qobject_cast<const QAbstractButton*>(&widget);
    return button != nullptr && button->autoExclusive() &&
           std::ranges::any_of(button->parentWidget()->findChildren<QAbstractButton*>(),
                               [&](const QAbstractButton* each) { return reached.contains(each); });
}

} // namespace

/// Whoever has no mouse, and whoever sees no picture, can use every control of every page.
class WindowAccessTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { useTestSettings(); }

    void everyControlHasANameAndIsReachedByTab() {
        Desktop desktop;
        lookAtEveryPage(desktop.window(), QStringLiteral("empty"));
        desktop.window().open(copyOfReadyMade(QStringLiteral("quickstart.yaml"), m_files));
        desktop.window().scenarioPage().startAction()->trigger();
        const app::RunModel& model = desktop.window().model();
        QTRY_VERIFY_WITH_TIMEOUT(model.status().phase == core::Phase::Stages, kPatience);
        lookAtEveryPage(desktop.window(), QStringLiteral("running"));
        desktop.window().livePage().controls().stopAction()->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(desktop.window().reportPage().result() != nullptr, kPatience);
        lookAtEveryPage(desktop.window(), QStringLiteral("ended"));
        for (const QString& fault : m_faults) {
            qWarning("%s", qPrintable(fault));
        }
        QCOMPARE(m_faults.size(), 0);
        QVERIFY2(m_controls > 200, qPrintable(QString::number(m_controls))); // else nothing was looked at
    }

    void fromTheStartToAnExportedReportByKeysAlone() {
        Desktop desktop;
        app::MainWindow& window = desktop.window();
        window.begin();
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return); // Start has the focus
        QTRY_VERIFY_WITH_TIMEOUT(window.model().status().phase == core::Phase::Stages, kPatience);
        QTest::keyClick(&window, Qt::Key_F5, Qt::ShiftModifier);
        QTRY_VERIFY_WITH_TIMEOUT(window.reportPage().result() != nullptr, kPatience);
        QTest::keyClick(&window, Qt::Key_3, Qt::ControlModifier);
        QVERIFY(window.reportPage().isVisible());
        QWidget* const button = tabTo(QStringLiteral("E&xport"));
        QVERIFY(button != nullptr);
        const QString file = m_files.filePath(QStringLiteral("by-keys.html"));
        QTimer menu, question; // each within an event loop of its own
        connect(&menu, &QTimer::timeout, this, &WindowAccessTest::chooseFirst);
        connect(&question, &QTimer::timeout, this, [&file] { nameFile(file); });
        menu.start(50);
        question.start(50);
        QSignalSpy exported(&window.reportPage(), &app::ReportPage::exported);
        QTest::keyClick(button, Qt::Key_Space);
        QVERIFY(exported.count() == 1 || exported.wait(kPatience));
        QVERIFY(QFileInfo(file).size() > 10'000);
    }

    void everyPageHasAKey() {
        Desktop desktop;
        app::MainWindow& window = desktop.window();
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        auto* const pages = window.findChild<QStackedWidget*>();
        for (int page = pages->count() - 1; page >= 0; --page) {
            QTest::keyClick(&window, static_cast<Qt::Key>(Qt::Key_1 + page), Qt::ControlModifier);
            QCOMPARE(pages->currentIndex(), page);
            QWidget* const focus = QApplication::focusWidget();
            QVERIFY(focus != nullptr && pages->currentWidget()->isAncestorOf(focus));
        }
    }

    void theHelpOpensAtThePageAndItsLinksLeadSomewhere() {
        Desktop desktop;
        app::MainWindow& window = desktop.window();
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        window.findChild<app::SideBar*>()->show(&window.reportPage());
        QTest::keyClick(&window, Qt::Key_F1);
        auto* const help = window.findChild<app::HelpWindow*>();
        QVERIFY(help != nullptr && help->isVisible());
        QCOMPARE(help->document(), QStringLiteral("report.md"));
        auto* const text = help->findChild<QTextBrowser*>();
        for (const QString& document :
             {QStringLiteral("command-line.md"), QStringLiteral("contract.md"), QStringLiteral("fleet.md"),
              QStringLiteral("messages.md"), QStringLiteral("monitor.md"), QStringLiteral("report.md"),
              QStringLiteral("result-file.md"), QStringLiteral("scenario-file.md"), QStringLiteral("window.md")}) {
            help->read(document);
            QCOMPARE(help->document(), document);
            QVERIFY(text->toPlainText().size() > 500);
            static const QRegularExpression links(QStringLiteral("href=\"([a-z-]+\\.md)[\"#]"));
            for (auto link = links.globalMatch(text->toHtml()); link.hasNext();) {
                QVERIFY(QFile::exists(QStringLiteral(":/docs/") + link.next().captured(1)));
            }
            takePicture(*help, QStringLiteral("help-") + document);
        }
        Q_EMIT text->anchorClicked(QUrl(QStringLiteral("result-file.md")));
        QCOMPARE(help->document(), QStringLiteral("result-file.md"));
    }

private:
    static constexpr int kPatience = 30'000; // ms

    /// The button of that text, with the focus; nullptr: Tab does not lead to it.
    static QWidget* tabTo(const QString& text) {
        for (int presses = 0; presses < 600 && QApplication::focusWidget() != nullptr; ++presses) {
            QWidget* const at = QApplication::focusWidget();
            const auto* const button = qobject_cast<QAbstractButton*>(at);
            if (button != nullptr && button->text() == text) {
                return at;
            }
            QTest::keyClick(at, Qt::Key_Tab);
        }
        return nullptr;
    }

    /// The first entry of the menu that opens.
    static void chooseFirst() {
        if (auto* const menu = qobject_cast<QMenu*>(QApplication::activePopupWidget())) {
            QTest::keyClick(menu, Qt::Key_Down);
            QTest::keyClick(menu, Qt::Key_Return);
        }
    }

    /// A step at a time, as soon as the question for a file is there: its proposals are put away, the name is typed,
    /// and confirmed.
    static void nameFile(const QString& file) {
        const auto* const question = qobject_cast<QFileDialog*>(QApplication::activeModalWidget());
        if (question == nullptr) {
            return;
        }
        auto* const line = question->findChild<QLineEdit*>();
        if (QWidget* const proposals = QApplication::activePopupWidget()) {
            QTest::keyClick(proposals, Qt::Key_Escape);
        } else if (line->text() != file) {
            QTest::keyClick(line, Qt::Key_A, Qt::ControlModifier);
            QTest::keyClicks(line, file);
        } else {
            QTest::keyClick(line, Qt::Key_Return);
        }
    }

    void lookAtEveryPage(app::MainWindow& window, const QString& when) {
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        auto* const sideBar = window.findChild<app::SideBar*>();
        auto* const pages = window.findChild<QStackedWidget*>();
        for (int page = 0; page < pages->count(); ++page) {
            sideBar->show(pages->widget(page));
            lookAtEveryTab(*pages->widget(page), when);
        }
    }

    void lookAtEveryTab(QWidget& page, const QString& when) {
        look(page, when);
        for (QTabWidget* const tabs : page.findChildren<QTabWidget*>()) {
            for (int tab = 1; tabs->isVisible() && tab < tabs->count(); ++tab) {
                tabs->setCurrentIndex(tab);
                look(page, when);
            }
        }
    }

    void look(QWidget& page, const QString& when) {
        QCoreApplication::processEvents();
        const QList<QWidget*> controls = controlsOf(page);
        page.setFocus();
        const QSet<const QWidget*> reached = reachedByTab();
        for (QWidget* const control : controls) {
            if (!control->isVisible() || !control->isEnabled()) {
                continue; // since then
            }
            ++m_controls;
            if (!hasRole(*control)) {
                m_faults += QStringLiteral("%1: no role: %2").arg(when, describe(*control));
            }
            if (spokenName(*control).isEmpty()) {
                m_faults += QStringLiteral("%1: no name: %2").arg(when, describe(*control));
            }
            if (!reached.contains(control) && !isReachedByArrows(*control, reached)) {
                m_faults += QStringLiteral("%1: Tab does not lead to %2").arg(when, describe(*control));
            }
        }
    }

    QTemporaryDir m_files;
    QStringList m_faults;
    int m_controls = 0;
};

WINDOW_TEST(WindowAccessTest)
#include "tst_window_access.moc"
