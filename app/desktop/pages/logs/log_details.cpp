// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/logs/log_details.h"

#include "app/desktop/pages/logs/log_rows_model.h"
#include "app/desktop/widgets/figures.h"
#include "app/desktop/widgets/hit_delegate.h"

#include <QApplication>
#include <QClipboard>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace app {

namespace {

QString orDash(const std::string& text) {
    return text.empty() ? QStringLiteral("–") : QString::fromStdString(text);
}

/// From the due time, in the id, to the time that the store noted; a dash for steps that no store keeps.
QString stepsOf(const core::LogRow& row) {
    const auto parts = row.id.parts();
    const bool isKnown = parts && row.processedAt;
    return LogDetails::tr("due %1 · sent – · acked – · polled – · stored %2 after it was due")
        .arg(parts ? timeText(parts->due) : unknownFigure(),
             isKnown ? durationFigure(*row.processedAt - parts->due) : unknownFigure());
}

QString factsOf(const core::LogRow& row) {
    QString facts =
        LogDetails::tr("%1 · %2 · %3 · trace %4\nid %5 · processed %6")
            .arg(timeText(row.timestamp), QString::fromStdString(row.level), QString::fromStdString(row.source),
                 orDash(row.traceId), QString::fromStdString(row.id.text()), timeText(row.processedAt)) +
        QLatin1Char('\n') + stepsOf(row);
    if (row.cut) {
        facts += LogDetails::tr("\nThe message goes on; the store holds all of it, and the first 65,536 characters are "
                                "shown.");
    }
    return facts;
}

} // namespace

LogDetails::LogDetails(QWidget* parent) : QWidget(parent) {
    m_facts = new QLabel(this);
    m_facts->setObjectName(QStringLiteral("facts"));
    m_facts->setAccessibleDescription(tr("Fields of the chosen event"));
    m_facts->setTextFormat(Qt::PlainText);
    m_facts->setToolTip(tr("When an event was due stands in its id; when it was stored is the time that the store "
                           "noted with its batch, by its own clock. When it was sent, acked and polled is counted for "
                           "all events together and kept with none."));
    m_facts->setWordWrap(true);
    m_facts->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_facts->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_message = new QPlainTextEdit(this);
    m_message->setObjectName(QStringLiteral("message"));
    m_message->setAccessibleName(tr("Message of the chosen event"));
    m_message->setReadOnly(true);
    m_message->setTabChangesFocus(true);
    m_message->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_copyMessage = new QPushButton(tr("Copy messa&ge"), this);
    m_copyMessage->setObjectName(QStringLiteral("copyMessage"));
    m_copyMessage->setAccessibleName(tr("Copy the message"));
    m_copyRow = new QPushButton(tr("Copy a&ll"), this);
    m_copyRow->setObjectName(QStringLiteral("copyRow"));
    m_copyRow->setAccessibleName(tr("Copy all fields of the event"));
    connect(m_copyMessage, &QPushButton::clicked, this, &LogDetails::copyMessage);
    connect(m_copyRow, &QPushButton::clicked, this, &LogDetails::copyRow);

    auto* top = new QHBoxLayout;
    top->addWidget(m_facts, 1);
    top->addWidget(m_copyMessage, 0, Qt::AlignTop);
    top->addWidget(m_copyRow, 0, Qt::AlignTop);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->addLayout(top);
    column->addWidget(m_message, 1);
    clear();
}

void LogDetails::setRow(const core::LogRow& row) {
    m_facts->setText(factsOf(row));
    m_message->setPlainText(QString::fromStdString(row.message));
    markHits(*m_message, m_wanted);
    m_copyMessage->setEnabled(true);
    m_copyRow->setEnabled(true);
}

void LogDetails::setWanted(const QString& wanted) {
    m_wanted = wanted;
    markHits(*m_message, m_wanted);
}

void LogDetails::clear() {
    m_facts->setText(tr("Choose an event to read all of it here."));
    m_message->clear();
    m_copyMessage->setEnabled(false);
    m_copyRow->setEnabled(false);
}

void LogDetails::copyMessage() const {
    QApplication::clipboard()->setText(m_message->toPlainText());
}

void LogDetails::copyRow() const {
    QApplication::clipboard()->setText(m_facts->text() + QLatin1Char('\n') + m_message->toPlainText());
}

} // namespace app
