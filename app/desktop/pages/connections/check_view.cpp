// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/connections/check_view.h"

#include "app/desktop/widgets/figures.h"

#include <QHeaderView>
#include <algorithm>

namespace app {

namespace {

QString wordOf(services::Health health) {
    switch (health) {
    case services::Health::Ok:
        return CheckView::tr("ok");
    case services::Health::Warn:
        return CheckView::tr("warning");
    case services::Health::Fail:
        return CheckView::tr("failed");
    }
    Q_UNREACHABLE();
}

const QString kDash = QStringLiteral("–");

} // namespace

CheckView::CheckView(QWidget* parent) : QTableWidget(3, ColumnCount, parent) {
    setObjectName(QStringLiteral("checkView"));
    setAccessibleName(tr("What each server has answered"));
    setHorizontalHeaderLabels({tr("Server"), tr("State"), tr("Round trip"), tr("Answer")});
    horizontalHeaderItem(RoundTrip)->setToolTip(tr("The time of one question and its answer over a connection that "
                                                   "stands."));
    verticalHeader()->hide();
    horizontalHeader()->setStretchLastSection(true);
    horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    horizontalHeader()->setSectionResizeMode(Answer, QHeaderView::Stretch);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    horizontalHeader()->setHighlightSections(false);
    setEditTriggers(NoEditTriggers);
    setSelectionBehavior(SelectRows);
    setShowGrid(false);
    setTabKeyNavigation(false);
    setWordWrap(true);
    setFixedHeight(fontMetrics().lineSpacing() * 12); // three servers with some warnings each
    begin();
}

void CheckView::begin() {
    m_lines = {};
    const std::array names{tr("Broker"), tr("Store"), tr("Duplicate filter")};
    for (int row = 0; row < rowCount(); ++row) {
        setCell(row, Server, names.at(static_cast<std::size_t>(row)));
        setCell(row, State, tr("asking…"));
        setCell(row, RoundTrip, kDash);
        setCell(row, Answer, {});
    }
    resizeRowsToContents();
}

void CheckView::add(const services::Finding& finding) {
    const auto row = static_cast<int>(finding.part);
    Line& line = m_lines.at(static_cast<std::size_t>(row));
    line.answered = true;
    line.worst = std::max(line.worst, finding.health);
    line.sentences +=
        (line.sentences.isEmpty() ? QString() : QStringLiteral("\n")) + QString::fromStdString(finding.sentence);
    setCell(row, State, wordOf(line.worst));
    setCell(row, Answer, line.sentences);
    if (finding.roundTrip) {
        setCell(row, RoundTrip, durationFigure(*finding.roundTrip));
    }
    resizeRowsToContents();
}

void CheckView::cancel() {
    for (std::size_t i = 0; i < m_lines.size(); ++i) {
        if (!m_lines[i].answered) {
            setCell(static_cast<int>(i), State, tr("not waited for"));
        }
    }
}

void CheckView::setCell(int row, Column column, const QString& text) {
    if (item(row, column) == nullptr) {
        setItem(row, column, new QTableWidgetItem);
        item(row, column)
            ->setTextAlignment(column == RoundTrip ? Qt::AlignRight | Qt::AlignTop : Qt::AlignLeft | Qt::AlignTop);
    }
    item(row, column)->setText(text);
}

void CheckView::resizeEvent(QResizeEvent* event) {
    QTableWidget::resizeEvent(event);
    resizeRowsToContents();
}

} // namespace app
