// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/scenario/find_bar.h"
#include "app/desktop/pages/scenario/schema_guide.h"
#include "app/desktop/pages/scenario/yaml_editor.h"
#include "app/desktop/pages/scenario/yaml_place.h"
#include "tests/app/page_pictures.h"
#include "tests/app/scenario_page_fixture.h"
#include "tests/app/window_test.h"

#include <QAbstractItemView>
#include <QLabel>
#include <QTextBlock>

namespace {

QStringList textsOf(const QList<app::SchemaGuide::Word>& words) {
    QStringList texts;
    for (const app::SchemaGuide::Word& word : words) {
        texts += word.text;
    }
    return texts;
}

} // namespace

/// Writing the scenario's text by keyboard.
class YamlEditorTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { useTestSettings(); }

    void init() {
        m_page = std::make_unique<app::ScenarioPage>(testSettings(), QString());
        m_page->resize(1280, 700);
        m_page->show();
        m_page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    }

    void aPlaceIsKnownByItsText_data() {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("keys");
        QTest::addColumn<QString>("typed");
        QTest::addColumn<bool>("isValue");
        const auto row = [](const char* rule, const char* before, const char* path, const char* keys, const char* typed,
                            bool isValue) {
            QTest::newRow(rule) << QString::fromUtf8(before) << QString::fromUtf8(path) << QString::fromUtf8(keys)
                                << QString::fromUtf8(typed) << isValue;
        };
        row("the beginning", "", "", "", "", false);
        row("a key of the root", "version: 1\nstr", "", "version", "str", false);
        row("behind a colon", "version: 1\nkafka:\n  acks: a", "kafka/acks", "acks", "a", true);
        row("a key below a key", "kafka:\n  acks: all\n  ", "kafka", "acks", "", false);
        row("back at the root", "kafka:\n  acks: all\n", "", "kafka", "", false);
        row("an item", "streams:\n  - na", "streams/[]", "", "na", false);
        row("a later key of an item", "streams:\n  - name: a\n    ti", "streams/[]", "name", "ti", false);
        row("a dash as far left as its key", "streams:\n- name: a\n- ", "streams/[]", "", "", false);
        row("a list in a list", "streams:\n  - name: a\n    stages:\n      - ", "streams/[]/stages/[]", "", "", false);
        row("between braces", "streams:\n  - stages:\n      - {duration: 1s, ra", "streams/[]/stages/[]", "duration",
            "ra", false);
        row("a value between braces", "streams:\n  - stages: [{ramp: 1s, to: 1", "streams/[]/stages/[]/to", "ramp,to",
            "1", true);
        row("braces over more than one line", "target: {broker: a,\n  sto", "target", "broker", "sto", false);
        row("behind the closing brace", "streams:\n  - stages:\n      - {ramp: 1s}\n    ", "streams/[]", "stages", "",
            false);
        row("a text in quotes may hold anything", "name: \"a: {b\"\nse", "", "name", "se", false);
        row("an address has colons", "target:\n  store: postgresql://me@db:5432/logs\n  de", "target", "store", "de",
            false);
        row("a block of text has no keys", "name: |\n  kafka:\n    acks: 1\nse", "", "name", "se", false);
    }

    void aPlaceIsKnownByItsText() {
        QFETCH(const QString, before);
        const app::YamlPlace place = app::yamlPlaceAfter(before);
        QTEST(place.path.join(QLatin1Char('/')), "path");
        QTEST(place.keys.join(QLatin1Char(',')), "keys");
        QTEST(place.typed, "typed");
        QTEST(place.isValue, "isValue");
        QVERIFY(!place.isText);
        for (const char* const text : {"# ", "name: 'a", "name: |\n  b"}) {
            QVERIFY2(app::yamlPlaceAfter(before.section(QLatin1Char('\n'), 0, -2) + QLatin1Char('\n') +
                                         QString::fromLatin1(text))
                             .isText ||
                         before.contains(QLatin1Char('{')),
                     text);
        }
    }

    void theSchemaKnowsEveryKeyOfTheReadyMadeScenarios() {
        const app::SchemaGuide guide;
        QCOMPARE(textsOf(guide.keysAt({}, {QStringLiteral("version"), QStringLiteral("name")})),
                 QStringLiteral("consumer dedupe drain kafka seed streams target thresholds warmup")
                     .split(QLatin1Char(' ')));
        const QStringList stage{QStringLiteral("streams"), QStringLiteral("[]"), QStringLiteral("stages"),
                                QStringLiteral("[]")};
        QCOMPARE(textsOf(guide.keysAt(stage, {QStringLiteral("sine")})),
                 QStringLiteral("amplitude mean period").split(QLatin1Char(' '))); // of no other stage
        QVERIFY(guide.keysAt(stage, {}).size() > 8);
        QCOMPARE(textsOf(guide.valuesAt({QStringLiteral("streams"), QStringLiteral("[]"), QStringLiteral("tier")})),
                 QStringLiteral("critical normal analytics").split(QLatin1Char(' ')));
        QCOMPARE(guide.explanationOf({QStringLiteral("drain")}, {}),
                 QStringLiteral("How long the end of the run waits for the consumer. Default 30s."));
        QVERIFY(guide.explanationOf({QStringLiteral("drian")}, {}).isEmpty());
        int keys = 0;
        const QDir folder(QStringLiteral(MILLRACE_SOURCE_DIR "/resources/scenarios"));
        for (const QString& name : folder.entryList({QStringLiteral("*.yaml")})) {
            m_page->document()->startNew(QString::fromUtf8(contentOfFile(folder.filePath(name))));
            verifyExplained(m_page->document()->tree(), {}, name, guide, keys);
        }
        QVERIFY2(keys > 200, qPrintable(QString::number(keys)));
    }

    void aKeyIsCompletedWhileItIsWritten() {
        write(QStringLiteral("version: 1\n"));
        QTest::keyClicks(editor(), QStringLiteral("war"));
        QTRY_VERIFY(list() != nullptr);
        QCOMPARE(offered(), QStringList{QStringLiteral("warmup")});
        takePicture(*list()->window(), QStringLiteral("scenario-completion"));
        QVERIFY(list()->currentIndex().siblingAtColumn(1).data().toString().startsWith(QStringLiteral("Load at")));
        QTest::keyClick(list(), Qt::Key_Return);
        QCOMPARE(text(), QStringLiteral("version: 1\nwarmup: "));
        QTest::keyClicks(editor(), QStringLiteral("3s"));
        QVERIFY(list() == nullptr); // nothing is offered for a value unless somebody asks
    }

    void controlAndSpaceOfferValuesToo() {
        write(QStringLiteral("streams:\n  - name: a\n    tier: "));
        QTest::keyClick(editor(), Qt::Key_Space, Qt::ControlModifier);
        QTRY_VERIFY(list() != nullptr);
        QCOMPARE(offered(), QStringLiteral("critical normal analytics").split(QLatin1Char(' ')));
        QTest::keyClick(list(), Qt::Key_Down);
        QTest::keyClick(list(), Qt::Key_Return);
        QVERIFY2(text().endsWith(QStringLiteral("    tier: normal")), qPrintable(text()));
    }

    void controlAndSpaceOfferRulesInTheirList() {
        write(QStringLiteral("thresholds:\n  - {rule: lost == 0, "));
        QTest::keyClick(editor(), Qt::Key_Space, Qt::ControlModifier);
        QTRY_VERIFY(list() != nullptr);
        QCOMPARE(offered(), QStringLiteral("abort during").split(QLatin1Char(' ')));
    }

    void theListGoesWithTheWord() {
        write(QString());
        QTest::keyClicks(editor(), QStringLiteral("ka"));
        QTRY_VERIFY(list() != nullptr);
        QTest::keyClick(list(), Qt::Key_Left);
        QVERIFY(list() == nullptr);
        QTest::keyClick(editor(), Qt::Key_End);
        QTest::keyClicks(editor(), QStringLiteral("f"));
        QTRY_VERIFY(list() != nullptr);
        QTest::keyClick(list(), Qt::Key_Escape);
        QVERIFY(list() == nullptr);
        QCOMPARE(text(), QStringLiteral("kaf"));
    }

    void aKeyExplainsItself() {
        write(QStringLiteral("streams:\n  - name: a\n    stages:\n      - {ramp: 1s, to: 5/s}\n# drain: 1s\n"));
        const auto explained = [this](const char* at) {
            return editor()->explanationAt(editor()->document()->find(QString::fromLatin1(at)));
        };
        QCOMPARE(explained("to"), QStringLiteral("The rate at the end."));
        QCOMPARE(explained("stages"), QStringLiteral("What load, one stretch after the other."));
        QVERIFY(explained("5/s").isEmpty());
        QVERIFY(explained("drain").isEmpty()); // a comment
    }

    void tabMovesTheSelectedLines() {
        write(QStringLiteral("a:\nb: 1\n\nc: 2\nx: 3\n"));
        select(QStringLiteral("b: 1"), QStringLiteral("c: 2"));
        QTest::keyClick(editor(), Qt::Key_Tab);
        QCOMPARE(text(), QStringLiteral("a:\n  b: 1\n\n  c: 2\nx: 3\n"));
        QTest::keyClick(editor(), Qt::Key_Tab);
        QTest::keyClick(editor(), Qt::Key_Backtab);
        QCOMPARE(text(), QStringLiteral("a:\n  b: 1\n\n  c: 2\nx: 3\n"));
        m_page->undoAction()->trigger();
        m_page->undoAction()->trigger();
        m_page->undoAction()->trigger(); // each was one step
        QCOMPARE(text(), QStringLiteral("a:\nb: 1\n\nc: 2\nx: 3\n"));
    }

    void tabWithoutASelectionGoesToTheNextPlace() {
        write(QStringLiteral("a:\n b"));
        QTest::keyClick(editor(), Qt::Key_Tab);
        QCOMPARE(text(), QStringLiteral("a:\n b  "));
        write(QStringLiteral("a:\n b: 1"));
        QTest::keyClick(editor(), Qt::Key_Backtab);
        QCOMPARE(text(), QStringLiteral("a:\nb: 1"));
    }

    void theKeyboardFindsTheWayOut_data() {
        QTest::addColumn<bool>("byEscape");
        QTest::newRow("Ctrl+Tab leaves the text") << false;
        QTest::newRow("Esc and then Tab leave it too") << true;
    }

    void theKeyboardFindsTheWayOut() {
        QFETCH(const bool, byEscape);
        write(QStringLiteral("a: 1"));
        if (byEscape) {
            QTest::keyClick(editor(), Qt::Key_Escape);
            QTest::keyClick(editor(), Qt::Key_Tab);
        } else {
            QTest::keyClick(editor(), Qt::Key_Tab, Qt::ControlModifier);
        }
        QVERIFY(!editor()->hasFocus());
        QCOMPARE(text(), QStringLiteral("a: 1"));
        editor()->setFocus();
        QTest::keyClick(editor(), Qt::Key_Tab); // and indents when one is back
        QVERIFY(editor()->hasFocus());
        QCOMPARE(text(), QStringLiteral("a: 1  "));
    }

    void aTextIsFoundRoundAndRound() {
        write(QStringLiteral("one: 1\ntwo: 1\none: 2\n"));
        editor()->moveCursor(QTextCursor::Start);
        QTest::keyClick(editor(), Qt::Key_F, Qt::ControlModifier);
        auto* find = m_page->findChild<QLineEdit*>(QStringLiteral("findText"));
        QVERIFY(find->isVisible() && find->hasFocus());
        QTest::keyClicks(find, QStringLiteral("one"));
        QCOMPARE(line(), 0);
        QTest::keyClick(find, Qt::Key_Return);
        QCOMPARE(line(), 2);
        QTest::keyClick(find, Qt::Key_F3);
        QCOMPARE(line(), 0);
        QTest::keyClick(find, Qt::Key_F3, Qt::ShiftModifier);
        QCOMPARE(line(), 2);
        QCOMPARE(editor()->textCursor().selectedText(), QStringLiteral("one"));
        QTest::keyClicks(find, QStringLiteral("x"));
        QVERIFY(m_page->findChild<app::FindBar*>()->findChild<QLabel*>()->text() == QStringLiteral("Not found"));
        QTest::keyClick(find, Qt::Key_Escape);
        QVERIFY(!find->isVisible());
        QVERIFY(editor()->hasFocus());
    }

private:
    app::YamlEditor* editor() const { return m_page->findChild<app::YamlEditor*>(); }
    QString text() const { return m_page->document()->plainText(); }
    int line() const { return editor()->document()->findBlock(editor()->textCursor().selectionStart()).blockNumber(); }

    void write(const QString& text) const {
        m_page->document()->startNew(text);
        editor()->setFocus();
        editor()->moveCursor(QTextCursor::End);
    }
    void select(const QString& from, const QString& to) const {
        QTextCursor cursor = editor()->document()->find(from);
        cursor.setPosition(cursor.selectionStart());
        cursor.setPosition(editor()->document()->find(to).selectionEnd(), QTextCursor::KeepAnchor);
        editor()->setTextCursor(cursor);
    }

    /// The open list; null: none is open.
    static QAbstractItemView* list() {
        auto* open = qobject_cast<QAbstractItemView*>(QApplication::activePopupWidget());
        return open != nullptr && open->objectName() == QLatin1String("completions") ? open : nullptr;
    }
    static QStringList offered() {
        QStringList texts;
        for (int row = 0; row < list()->model()->rowCount(); ++row) {
            texts += list()->model()->index(row, 0).data().toString();
        }
        return texts;
    }

    static void verifyExplained(const core::YamlNode& node, const QStringList& path, const QString& file,
                                const app::SchemaGuide& guide, int& keys) {
        QStringList present;
        for (const core::YamlEntry& entry : node.entries) {
            present += QString::fromStdString(entry.key.text);
        }
        for (const core::YamlEntry& entry : node.entries) {
            const QStringList below = path + QStringList{QString::fromStdString(entry.key.text)};
            const bool isLevel = path.contains(QStringLiteral("levels")); // these explain themselves
            QVERIFY2(isLevel || !guide.explanationOf(below, present).isEmpty(),
                     qPrintable(file + QStringLiteral(": ") + below.join(QLatin1Char('.'))));
            ++keys;
            verifyExplained(entry.value, below, file, guide, keys);
        }
        for (const core::YamlNode& item : node.items) {
            verifyExplained(item, path + QStringList{QStringLiteral("[]")}, file, guide, keys);
        }
    }

    std::unique_ptr<app::ScenarioPage> m_page;
};

WINDOW_TEST(YamlEditorTest)
#include "tst_yaml_editor.moc"
