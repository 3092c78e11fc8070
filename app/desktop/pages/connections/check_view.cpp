// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/connections/check_view.h"

#include "app/desktop/widgets/figures.h"
#include "app/desktop/widgets/page_colours.h"

#include <QHeaderView>
#include <algorithm>

namespace app {

namespace {

QString wordOf(services::Health health) {
    switch (health) {
    case services::Health::Ok:
        return CheckView::tr("ok");
    case services::Health::Warn:
        return QStringLiteral("! ") + CheckView::tr("warning");
    case services::Health::Fail:
        return QStringLiteral("✗ ") + CheckView::tr("failed");
    }
    Q_UNREACHABLE();
}

const QString kDash = QStringLiteral("–");

// What the services advise those who have a scenario and an environment only.
const QString kKafkaRemedy =
    QStringLiteral("Check sasl.mechanism, sasl.username and the password in the scenario's kafka.client.");
const QString kPostgresRemedy =
    QStringLiteral("check the user, and the password in PGPASSWORD, in ~/.pgpass or behind the scenario's ${NAME}");
const QString kTokenRemedy = QStringLiteral("It wants a token, and MILLRACE_TOKEN has not the one that it knows.");
const QString kRedisRemedy = QStringLiteral("set the password in MILLRACE_REDIS_PASSWORD or behind the URL's ${NAME}");

} // namespace

QString remedyInTheForm(QString sentence) {
    for (const auto& [elsewhere, here] :
         {std::pair(kKafkaRemedy, CheckView::tr("Check SASL mechanism, SASL user and SASL password above.")),
          std::pair(kPostgresRemedy, CheckView::tr("check the user in the store's address, and its password above")),
          std::pair(kTokenRemedy, CheckView::tr("It wants a token, and the one above is not the one that it knows.")),
          std::pair(kRedisRemedy, CheckView::tr("set the duplicate filter's password above"))}) {
        sentence.replace(elsewhere, here);
    }
    return sentence;
}

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
        for (const Column column : {Server, State, RoundTrip, Answer}) {
            delete takeItem(row, column); // with its colour
        }
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
    line.sentences += (line.sentences.isEmpty() ? QString() : QStringLiteral("\n")) +
                      remedyInTheForm(QString::fromStdString(finding.sentence));
    setCell(row, State, wordOf(line.worst));
    item(row, State)->setForeground(line.worst == services::Health::Fail ? QBrush(problemColour(palette())) : QBrush());
    setCell(row, Answer, line.sentences);
    if (finding.roundTrip) {
        setCell(row, RoundTrip, durationFigure(*finding.roundTrip));
    }
    resizeRowsToContents();
}

void CheckView::cancel() {
    for (std::size_t i = 0; i < m_lines.size(); ++i) {
        if (!m_lines[i].answered) {
            setCell(static_cast<int>(i), State, tr("not tested"));
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
