// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/monitor/monitor_page.h"
#include "app/desktop/pages/scenario/scenario_document.h"
#include "app/desktop/shell/language.h"
#include "app/desktop/shell/side_bar.h"
#include "tests/app/desktop_fixture.h"
#include "tests/app/monitor_views.h"
#include "tests/app/scenario_page_fixture.h"
#include "tests/app/window_test.h"

#include <QAbstractButton>
#include <QLabel>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTimer>
#include <QToolBar>
#include <QToolButton>

namespace {

/// Letters, and what each leads to.
class Letters {
public:
    void add(const QString& text) {
        if (const QKeySequence letter = QKeySequence::mnemonic(text); !letter.isEmpty()) {
            m_texts[letter.toString()] += text;
        }
    }

    /// A line for each letter that leads to more than one place.
    QStringList repeated(const QString& where) const {
        QStringList lines;
        for (auto it = m_texts.begin(); it != m_texts.end(); ++it) {
            if (it->size() > 1) {
                lines += QStringLiteral("%1: %2: %3").arg(where, it.key(), it->join(QStringLiteral(" | ")));
            }
        }
        return lines;
    }
    int count() const { return static_cast<int>(m_texts.size()); }

private:
    QMap<QString, QStringList> m_texts;
};

void addActions(Letters& letters, const QList<QAction*>& actions) {
    for (const QAction* const action : actions) {
        if (!action->isSeparator()) {
            letters.add(action->text());
        }
    }
}

/// All that Alt and a letter can reach in the window as it stands.
Letters lettersOf(const QMainWindow& window) {
    Letters letters;
    addActions(letters, window.menuBar()->actions());
    for (const auto* const button : window.findChildren<QAbstractButton*>()) {
        if (button->isVisible()) {
            letters.add(button->text());
        }
    }
    for (const auto* const label : window.findChildren<QLabel*>()) {
        if (label->isVisible() && label->buddy() != nullptr) {
            letters.add(label->text());
        }
    }
    for (const auto* const tabs : window.findChildren<QTabWidget*>()) {
        for (int tab = 0; tabs->isVisible() && tab < tabs->count(); ++tab) {
            letters.add(tabs->tabText(tab));
        }
    }
    return letters;
}

} // namespace

/// What the keyboard does all over the window.
class WindowKeysTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { useTestSettings(); }

    void aLetterLeadsToOnePlace_data() {
        QTest::addColumn<QString>("language");
        for (const char* const language : {"en", "de", "es", "fr", "ja", "zh_CN"}) {
            QTest::newRow(language) << QString::fromLatin1(language);
        }
    }

    void aLetterLeadsToOnePlace() {
        QFETCH(const QString, language);
        const QLocale before;
        QStringList repeated;
        int seen = 0;
        {
            const app::Language chosen(language);
            Desktop desktop;
            desktop.window().resize(1280, 800);
            desktop.window().monitorPage().takeView(monitor_views::viewAt(10, std::chrono::steady_clock::now()));
            repeated = lookEverywhere(desktop.window(), seen);
        }
        QLocale::setDefault(before);
        for (const QString& line : repeated) {
            qWarning("%s", qPrintable(line));
        }
        QVERIFY2(seen > 60, qPrintable(QString::number(seen))); // else nothing was looked at
        QCOMPARE(repeated.size(), 0);
    }

    void enterStartsTheRunAtTheFirstStart() {
        Desktop desktop;
        app::MainWindow& window = desktop.window();
        window.begin();
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        auto* const start = qobject_cast<QToolButton*>(QApplication::focusWidget());
        QVERIFY(start != nullptr && start->defaultAction() == window.scenarioPage().startAction());
        QSignalSpy started(&window.scenarioPage(), &app::ScenarioPage::startRequested);
        QTest::keyClick(start, Qt::Key_Return);
        QCOMPARE(started.size(), 1);
        QTRY_VERIFY_WITH_TIMEOUT(window.model().state() == app::RunModel::State::Running, 30'000);
        window.livePage().controls().stopAction()->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(window.model().state() == app::RunModel::State::Ended, 30'000);
    }

    void theFocusOfStartIsSeenAtTheFirstStart() {
        Desktop desktop;
        app::MainWindow& window = desktop.window();
        window.begin();
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        QWidget* const start = QApplication::focusWidget();
        const QImage with = start->grab().toImage();
        window.centralWidget()->setFocus();
        start->clearFocus();
        QVERIFY(with != start->grab().toImage());
    }

    void undoOfAFieldWithNothingToUndoIsTheDocuments() {
        Desktop desktop;
        app::MainWindow& window = desktop.window();
        const app::ScenarioDocument& document = *window.scenarioPage().document();
        const QString before = document.plainText();
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        auto* const name = window.scenarioPage().findChild<QLineEdit*>(QStringLiteral("name"));
        auto* const seed = window.scenarioPage().findChild<QLineEdit*>(QStringLiteral("seed"));
        name->setFocus();
        name->selectAll();
        QTest::keyClicks(name, QStringLiteral("other"));
        QTest::keyClick(name, Qt::Key_Tab);
        QVERIFY(document.plainText().contains(QStringLiteral("name: other\n")));
        const QString after = document.plainText();
        QCOMPARE(QApplication::focusWidget(), seed);
        QTest::keyClick(seed, Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(document.plainText(), before);
        QTest::keyClick(seed, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(document.plainText(), after);
        name->setFocus(); // what it wrote is the document's, too
        QTest::keyClick(name, Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(document.plainText(), before);
    }

    void undoOfAFieldBeingWrittenIsItsOwn() {
        Desktop desktop;
        app::MainWindow& window = desktop.window();
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        auto* const seed = window.scenarioPage().findChild<QLineEdit*>(QStringLiteral("seed"));
        writeField(window.scenarioPage().findChild<QLineEdit*>(QStringLiteral("name")), QStringLiteral("other"));
        const QString after = window.scenarioPage().document()->plainText();
        seed->setFocus();
        QTest::keyClicks(seed, QStringLiteral("12"));
        QTest::keyClick(seed, Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(seed->text().isEmpty());
        QCOMPARE(window.scenarioPage().document()->plainText(), after);
    }

    void everyAnswerAboutUnsavedChangesHasAKey() {
        Desktop desktop;
        app::ScenarioPage& page = desktop.window().scenarioPage();
        page.document()->startNew(QStringLiteral("version: 1\n"));
        page.document()->text()->setModified(true);
        QStringList withoutKey;
        QTimer::singleShot(0, &page, [&] {
            auto* const box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
            for (const QAbstractButton* const button : box->buttons()) {
                const bool isEscape = box->buttonRole(const_cast<QAbstractButton*>(button)) == QMessageBox::RejectRole;
                if (!isEscape && QKeySequence::mnemonic(button->text()).isEmpty()) {
                    withoutKey += button->text();
                }
            }
            box->reject();
        });
        QVERIFY(!page.mayDiscard());
        QCOMPARE(withoutKey, QStringList());
    }

private:
    QStringList lookEverywhere(app::MainWindow& window, int& seen) {
        QStringList repeated;
        const auto look = [&](const QString& where) {
            QCoreApplication::processEvents();
            const Letters letters = lettersOf(window);
            seen += letters.count();
            repeated += letters.repeated(where);
        };
        auto* const sideBar = window.findChild<app::SideBar*>();
        auto* const pages = window.findChild<QStackedWidget*>();
        for (int page = 0; page < pages->count(); ++page) {
            sideBar->show(pages->widget(page));
            prepare(*pages->widget(page));
            const QString title = sideBar->item(page)->text();
            look(title);
            for (QTabWidget* const tabs : pages->widget(page)->findChildren<QTabWidget*>()) {
                for (int tab = 1; tabs->isVisible() && tab < tabs->count(); ++tab) {
                    tabs->setCurrentIndex(tab);
                    look(title + QLatin1Char('/') + tabs->tabText(tab));
                }
            }
        }
        for (const auto* const menu : window.findChildren<QMenu*>()) {
            Letters letters;
            addActions(letters, menu->actions());
            repeated += letters.repeated(QStringLiteral("menu ") + menu->title());
        }
        return repeated;
    }

    /// Shows what comes with the first use.
    static void prepare(QWidget& page) {
        if (auto* const first = page.findChild<QAbstractButton*>(QStringLiteral("addFirst"))) {
            first->click();
        }
    }
};

WINDOW_TEST(WindowKeysTest)
#include "tst_window_keys.moc"
