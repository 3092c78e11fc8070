// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/markup_text.h"
#include "core/text/utf8.h"
#include "tests/test_class.h"

#include <QTest>

class TestUtf8 : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void bytesBecomeText_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("text");
        const auto row = [](const char* rule, const QByteArray& bytes, const char* text) {
            QTest::newRow(rule) << bytes << QByteArray(text);
        };
        row("UTF-8 of every length stays", "a\xC3\xBC\xE6\x97\xA5\xF0\x9F\x9A\x80",
            "a\xC3\xBC\xE6\x97\xA5\xF0\x9F\x9A\x80");
        row("NUL", QByteArray("a\0b", 3), "a?b");
        row("a lonely continuation", "a\x80z", "a?z");
        row("cut short", "a\xE6\x97", "a??");
        row("overlong", "\xC0\xAF\xE0\x80\xAF", "?????");
        row("a surrogate", "\xED\xA0\x80", "???");
        row("beyond Unicode", "\xF4\x90\x80\x80", "????");
    }
    void bytesBecomeText() {
        QFETCH(QByteArray, bytes);
        QTEST(QByteArray::fromStdString(core::repairedText(bytes.toStdString(), "?")), "text");
    }

    void markupHoldsWhatXmlHolds_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("markup");
        const auto row = [](const char* rule, const char* text, const char* markup) {
            QTest::newRow(rule) << QByteArray(text) << QByteArray(markup);
        };
        row("UTF-8 of every length stays", "a\xC3\xBC\xE6\x97\xA5\xF0\x9F\x9A\x80",
            "a\xC3\xBC\xE6\x97\xA5\xF0\x9F\x9A\x80");
        row("entities", "<a b='\"&\"'>", "&lt;a b=&#39;&quot;&amp;&quot;&#39;&gt;");
        row("white space stays", "a\t\r\nb", "a\t\r\nb");
        row("control characters", "\x01\x7F", "\uFFFD\uFFFD");
        row("a surrogate", "\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD");
        row("a byte that begins nothing", "a\xC0z", "a\uFFFDz");
        row("cut short", "\xF0\x9F\x9A", "\uFFFD\uFFFD\uFFFD");
        row("U+FFFD itself", "\uFFFD", "\uFFFD");
        row("U+FFFE and U+FFFF", "\xEF\xBF\xBE|\xEF\xBF\xBF", "\uFFFD\uFFFD\uFFFD|\uFFFD\uFFFD\uFFFD");
    }
    void markupHoldsWhatXmlHolds() {
        QFETCH(QByteArray, text);
        QTEST(QByteArray::fromStdString(core::markupText(text.toStdString())), "markup");
    }
};

TEST_CLASS(TestUtf8)
#include "tst_utf8.moc"
