// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/line_diff.h"
#include "tests/test_class.h"

#include <QTest>

/// How one text became another, by lines.
class TestLineDiff : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aTextAndItsDifferences_data() {
        QTest::addColumn<QByteArray>("first");
        QTest::addColumn<QByteArray>("other");
        QTest::addColumn<QByteArray>("difference");
        QTest::newRow("the same text has no difference")
            << QByteArray("a\nb\n") << QByteArray("a\nb\n") << QByteArray();
        QTest::newRow("empty texts have none") << QByteArray() << QByteArray() << QByteArray();
        QTest::newRow("a line end at the end is no difference")
            << QByteArray("a\nb") << QByteArray("a\nb\n") << QByteArray();
        QTest::newRow("a changed line is taken out and put in")
            << QByteArray("a\nb\nc\n") << QByteArray("a\nB\nc\n") << QByteArray("  a\n- b\n+ B\n  c\n");
        QTest::newRow("of a new text every line is put in")
            << QByteArray() << QByteArray("a\n\n") << QByteArray("+ a\n+\n");
        QTest::newRow("of a text that is gone every line is taken out")
            << QByteArray("a\nb") << QByteArray() << QByteArray("- a\n- b\n");
        QTest::newRow("a moved line is taken out and put in once")
            << QByteArray("x\na\nb\nc\n") << QByteArray("a\nb\nc\nx\n") << QByteArray("- x\n  a\n  b\n  c\n+ x\n");
        QTest::newRow("what is common stays although it repeats")
            << QByteArray("a\nb\na\nb\n") << QByteArray("b\na\n") << QByteArray("- a\n  b\n  a\n- b\n");
        QTest::newRow("two lines around a difference are shown, and what is left out")
            << QByteArray("1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n") << QByteArray("1\n2\n3\nx\n5\n6\n7\n8\n9\n10\n11\n")
            << QByteArray("  2\n  3\n- 4\n+ x\n  5\n  6\n…\n");
    }

    void aTextAndItsDifferences() {
        QFETCH(QByteArray, first);
        QFETCH(QByteArray, other);
        QTEST(QByteArray::fromStdString(core::diffText(first.toStdString(), other.toStdString())), "difference");
    }

    void veryLongTextsAreToldAsReplaced() {
        std::string first = "name: a\n", other = "name: a\n";
        for (int i = 0; i < 3'000; ++i) {
            first += "first " + std::to_string(i % 100) + "\n";
            other += "other " + std::to_string(i % 100) + "\n";
        }
        const auto diff = core::lineDiff(first, other);
        QCOMPARE(diff.size(), std::size_t{6'001});
        QCOMPARE(diff[0], (core::DiffLine{' ', "name: a"}));
        QCOMPARE(diff[1].sign, '-');
        QCOMPARE(diff[3'001].sign, '+');
    }
};

TEST_CLASS(TestLineDiff)
#include "tst_line_diff.moc"
