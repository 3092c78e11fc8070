// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/scenario/scenario_document.h"
#include "app/desktop/pages/scenario/yaml_editor.h"
#include "app/desktop/widgets/notice_bar.h"
#include "tests/app/scenario_page_fixture.h"
#include "tests/app/window_test.h"

#include <QFileDialog>
#include <QMessageBox>
#include <QPushButton>

using app::ScenarioDocument;

namespace {

void append(ScenarioDocument& document, const QString& text) {
    QTextCursor cursor(document.text());
    cursor.movePosition(QTextCursor::End);
    cursor.insertText(text);
}

/// Answers the question that comes up next.
void answerWith(QMessageBox::StandardButton button) {
    QTimer::singleShot(0, qApp, [button] {
        auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
        QVERIFY(box != nullptr);
        box->button(button)->click();
    });
}

void clickNotice(app::ScenarioPage& page, const QString& text) {
    for (QPushButton* button : page.findChild<app::NoticeBar*>()->findChildren<QPushButton*>()) {
        if (button->text() == text && !button->isHidden()) {
            button->click();
            return;
        }
    }
    QFAIL(qPrintable(QStringLiteral("there is no answer ") + text));
}

} // namespace

class ScenarioDocumentTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { useTestSettings(); }
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void savingKeepsEveryByte_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("line ends of Windows") << QByteArray("version: 1\r\nname: a # \t x\r\n");
        QTest::newRow("a byte order mark") << QByteArray("\xEF\xBB\xBFversion: 1\n");
        QTest::newRow("no line end at the end") << QByteArray("version: 1\nname: a");
        QTest::newRow("no-break and narrow spaces") << QByteArray("name: a\xC2\xA0"
                                                                  "b\xE2\x80\xAF"
                                                                  "c\n");
        QTest::newRow("characters beyond the basic plane") << QByteArray("name: \xF0\x9F\x98\x80\n");
        QTest::newRow("nothing") << QByteArray();
    }

    void savingKeepsEveryByte() {
        QFETCH(QByteArray, bytes);
        writeFile(file(), bytes);
        ScenarioDocument document{QString()};
        QVERIFY(document.open(file()));
        QVERIFY(!document.isModified());
        append(document, QStringLiteral("# x"));
        QVERIFY(document.isModified());
        QVERIFY(document.save());
        QCOMPARE(contentOfFile(file()), bytes + "# x");
        document.text()->undo();
        QVERIFY(document.save());
        QCOMPARE(contentOfFile(file()), bytes);
    }

    void aFileThatIsNoTextIsRefused_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("not UTF-8") << QByteArray("name: \xFF\n");
        QTest::newRow("longer than 1 MiB") << QByteArray(1024 * 1024 + 1, 'a');
    }

    void aFileThatIsNoTextIsRefused() {
        QFETCH(QByteArray, bytes);
        writeFile(file(), bytes);
        ScenarioDocument document{QString()};
        document.startNew(QStringLiteral("name: kept\n"));
        QVERIFY(!document.open(file()));
        QCOMPARE(document.plainText(), QStringLiteral("name: kept\n"));
    }

    void mixedLineEndsCountAsAChange() {
        writeFile(file(), "a: 1\r\nb: 2\n");
        ScenarioDocument document{QString()};
        QVERIFY(document.open(file()));
        QVERIFY(document.isModified());
    }

    void aFileChangedBySomebodyElseIsNotOverwritten() {
        writeFile(file(), "a: 1\n");
        app::ScenarioPage page{testSettings(), QString()};
        page.show();
        page.open(file());
        append(*page.document(), QStringLiteral("# mine\n"));
        writeFile(file(), "a: 2\n");
        auto* notice = page.findChild<app::NoticeBar*>();
        QTRY_VERIFY(notice->isVisible());
        QVERIFY(notice->sentence().startsWith(QStringLiteral("Another program has changed")));
        QVERIFY(!page.document()->save());
        QCOMPARE(contentOfFile(file()), QByteArray("a: 2\n"));
        clickNotice(page, QStringLiteral("Load the file"));
        QCOMPARE(page.document()->plainText(), QStringLiteral("a: 2\n"));
        page.undoAction()->trigger();
        QCOMPARE(page.document()->plainText(), QStringLiteral("a: 1\n# mine\n"));
        QVERIFY(page.document()->save());
        QCOMPARE(contentOfFile(file()), QByteArray("a: 1\n# mine\n"));
    }

    void unsavedChangesAreAskedAbout() {
        writeFile(file(), "a: 1\n");
        app::ScenarioPage page{testSettings(), QString()};
        page.show();
        page.open(file());
        QVERIFY(page.mayDiscard()); // nothing to ask
        append(*page.document(), QStringLiteral("# mine\n"));
        answerWith(QMessageBox::Cancel);
        QVERIFY(!page.mayDiscard());
        answerWith(QMessageBox::Discard);
        QVERIFY(page.mayDiscard());
        QCOMPARE(contentOfFile(file()), QByteArray("a: 1\n"));
        answerWith(QMessageBox::Save);
        QVERIFY(page.mayDiscard());
        QCOMPARE(contentOfFile(file()), QByteArray("a: 1\n# mine\n"));
        QVERIFY(!page.document()->isModified());
    }

    void whatWasBeingEditedSurvivesAKill() {
        writeFile(file(), "a: 1\n");
        const QString recovery = m_folder->filePath(QStringLiteral("state/recovery.json"));
        {
            ScenarioDocument killed(recovery);
            QVERIFY(killed.open(file()));
            append(killed, QStringLiteral("# unsaved"));
            QTRY_VERIFY(QFile::exists(recovery));
        }
        app::ScenarioPage page(testSettings(), recovery);
        page.show();
        QVERIFY(page.findChild<app::NoticeBar*>()->isVisible());
        clickNotice(page, QStringLiteral("Restore"));
        QCOMPARE(page.document()->plainText(), QStringLiteral("a: 1\n# unsaved"));
        QCOMPARE(page.document()->filePath(), file());
        QVERIFY(page.document()->isModified());
        QVERIFY(page.document()->save());
        QVERIFY(!QFile::exists(recovery));
    }

    void whatWasDiscardedIsNoCrash() {
        writeFile(file(), "a: 1\n");
        const QString recovery = m_folder->filePath(QStringLiteral("state/recovery.json"));
        {
            app::ScenarioPage page(testSettings(), recovery);
            page.show();
            page.open(file());
            append(*page.document(), QStringLiteral("# unsaved"));
            QTRY_VERIFY(QFile::exists(recovery));
            answerWith(QMessageBox::Discard);
            QVERIFY(page.mayDiscard());
        }
        QVERIFY(!QFile::exists(recovery));
    }

    void discardedRecoveryIsNotOfferedAgain() {
        const QString recovery = m_folder->filePath(QStringLiteral("recovery.json"));
        QVERIFY(app::RecoveryFile(recovery).keep({QString(), QStringLiteral("a: 1\n")}));
        app::ScenarioPage page(testSettings(), recovery);
        page.show();
        clickNotice(page, QStringLiteral("Discard"));
        QVERIFY(!QFile::exists(recovery));
        writeFile(recovery, "damaged");
        QVERIFY(!page.document()->recovered());
    }

    void aScenarioThatCannotBeOpenedSaysWhy() {
        app::ScenarioPage page{testSettings(), QString()};
        page.show();
        page.open(m_folder->filePath(QStringLiteral("missing.yaml")));
        QVERIFY(page.findChild<app::NoticeBar*>()->sentence().endsWith(QStringLiteral("cannot be read.")));
    }

    void recentFilesAreRemembered() {
        writeFile(file(), "a: 1\n");
        app::ScenarioPage page{testSettings(), QString()};
        page.open(file());
        QMenu* menu = page.files()->recentMenu();
        Q_EMIT menu->aboutToShow();
        QCOMPARE(menu->actions().front()->text(), file());
    }

private:
    QString file() const { return m_folder->filePath(QStringLiteral("scenario.yaml")); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

WINDOW_TEST(ScenarioDocumentTest)
#include "tst_scenario_document.moc"
