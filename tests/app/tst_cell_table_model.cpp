// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/widgets/cell_table_model.h"
#include "tests/test_class.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QtTest>

namespace {

app::CellRow row(const char* name, const char* figure) {
    return {{QString::fromUtf8(name)}, {QString::fromUtf8(figure)}};
}

} // namespace

class CellTableModelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void growsAndShrinksAsAModelMust() {
        app::CellTableModel model({QStringLiteral("Name"), QStringLiteral("Figure")});
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        for (const int rows : {0, 3, 1, 5, 0}) {
            std::vector<app::CellRow> content;
            for (int i = 0; i < rows; ++i) {
                content.push_back(row("sent", "1"));
            }
            model.setRows(content);
            QCOMPARE(model.rowCount(), rows);
        }
    }

    void announcesOnlyTheRowsThatDiffer() {
        app::CellTableModel model({QStringLiteral("Name"), QStringLiteral("Figure")});
        model.setRows({row("planned", "1"), row("sent", "1")});
        QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        model.setRows({row("planned", "1"), row("sent", "2")});
        QCOMPARE(changes.size(), 1);
        QCOMPARE(changes[0][0].toModelIndex().row(), 1);
        model.setRows({row("planned", "1"), row("sent", "2")});
        QCOMPARE(changes.size(), 1);
    }

    void figuresAreRightAlignedAndTextsLeft() {
        app::CellTableModel model({QStringLiteral("At"), QStringLiteral("Event")});
        model.setFigureColumns({true, false});
        model.setRows({row("1.5 s", "burst")});
        const auto side = [&](int column) {
            return model.index(0, column).data(Qt::TextAlignmentRole).value<Qt::Alignment>() & Qt::AlignHorizontal_Mask;
        };
        QCOMPARE(side(0), Qt::AlignRight);
        QCOMPARE(side(1), Qt::AlignLeft);
    }

    void tipsAreTextsNotMarkup() {
        app::CellTableModel model({QStringLiteral("Name")});
        model.setRows({{{QStringLiteral("<b>"), QStringLiteral("<b>bold</b>")}}});
        QCOMPARE(model.index(0, 0).data(Qt::ToolTipRole).toString(), QStringLiteral("<p>&lt;b&gt;bold&lt;/b&gt;</p>"));
        QCOMPARE(model.index(0, 0).data().toString(), QStringLiteral("<b>"));
    }

    void theClipboardGetsALineARow() {
        app::CellTableModel model({QStringLiteral("Name"), QStringLiteral("Figure")});
        model.setRows({row("sent", "1,000")});
        QCOMPARE(model.asText(), QStringLiteral("Name\tFigure\nsent\t1,000"));
    }
};

TEST_CLASS(CellTableModelTest)
#include "tst_cell_table_model.moc"
