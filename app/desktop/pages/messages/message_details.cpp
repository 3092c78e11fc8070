// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/messages/message_details.h"

#include "app/desktop/pages/messages/messages_model.h"
#include "app/desktop/widgets/figures.h"
#include "app/desktop/widgets/hit_delegate.h"
#include "core/browse/message_text.h"
#include "core/text/base64.h"
#include "core/text/utf8.h"

#include <QApplication>
#include <QClipboard>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QTableWidget>
#include <QVBoxLayout>

namespace app {

namespace {

constexpr std::size_t kMostFormatted = std::size_t{128} << 10U; // bytes; more would hold up the window
constexpr std::size_t kShownOfFact = 500;

QPlainTextEdit* messageText(const QString& objectName, const QString& accessibleName) {
    auto* text = new QPlainTextEdit;
    text->setObjectName(objectName);
    text->setAccessibleName(accessibleName);
    text->setReadOnly(true);
    text->setTabChangesFocus(true);
    text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    return text;
}

QString formattedText(const core::TopicMessage& message) {
    if (!message.payload) {
        return MessageDetails::tr("There is no payload: in a compacted topic this deletes the key.");
    }
    const std::string text = core::formattedPayload(*message.payload);
    const std::string_view shown = core::cutAtCharacter(text, kMostFormatted);
    QString all = QString::fromUtf8(shown.data(), static_cast<qsizetype>(shown.size()));
    if (shown.size() < text.size() || message.isCut()) {
        all += MessageDetails::tr("\n… The payload goes on: it has %1, and its beginning is shown.")
                   .arg(bytesFigure(core::Bytes{message.payloadSize}));
    }
    return all;
}

QString factsOf(const core::TopicMessage& message) {
    const QString key =
        message.key ? QString::fromStdString(core::oneLineOf(*message.key, kShownOfFact)) : unknownFigure();
    return MessageDetails::tr("%1 · partition %2 · offset %3 · %4 · key %5")
        .arg(messageTimeText(message), QString::number(message.partition.id), QString::number(message.offset.value),
             message.payload ? bytesFigure(core::Bytes{message.payloadSize}) : MessageDetails::tr("no payload"), key);
}

/// As text; bytes that are none as base64.
void copyBytes(const std::string& bytes) {
    QApplication::clipboard()->setText(QString::fromStdString(core::isUtf8(bytes) ? bytes : core::toBase64(bytes)));
}

} // namespace

MessageDetails::MessageDetails(QWidget* parent) : QWidget(parent) {
    m_facts = new QLabel(this);
    m_facts->setObjectName(QStringLiteral("facts"));
    m_facts->setAccessibleDescription(tr("Place, size and key of the chosen message"));
    m_facts->setTextFormat(Qt::PlainText);
    m_facts->setWordWrap(true);
    m_facts->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_facts->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_formatted = messageText(QStringLiteral("formatted"), tr("Payload of the chosen message"));
    m_bytes = messageText(QStringLiteral("bytes"), tr("Bytes of the chosen message's payload"));
    m_bytes->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_headers = new QTableWidget(0, 2);
    m_headers->setObjectName(QStringLiteral("headers"));
    m_headers->setAccessibleName(tr("Headers of the chosen message"));
    m_headers->setHorizontalHeaderLabels({tr("Name"), tr("Value")});
    m_headers->horizontalHeader()->setStretchLastSection(true);
    m_headers->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_headers->verticalHeader()->hide();
    m_headers->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_headers->setTabKeyNavigation(false);
    m_tabs = new QTabWidget(this);
    m_tabs->setObjectName(QStringLiteral("tabs"));
    m_tabs->setAccessibleName(tr("Ways to read the chosen message"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_formatted, tr("Formatted"));
    m_tabs->addTab(m_bytes, tr("Original bytes"));
    m_tabs->addTab(m_headers, tr("Headers"));
    connect(m_tabs, &QTabWidget::currentChanged, this, &MessageDetails::showTab);

    const auto button = [this](const char* name, const QString& text, const QString& accessible, const QString& tip) {
        auto* made = new QPushButton(text, this);
        made->setObjectName(QLatin1String(name));
        made->setAccessibleName(accessible);
        made->setToolTip(tip);
        return made;
    };
    m_copyMessage = button("copyMessage", tr("Cop&y message"), tr("Copy the message"),
                           tr("All of it as a line of JSON: place, time, key, headers and payload."));
    m_copyKey =
        button("copyKey", tr("Copy &key"), tr("Copy the key"), tr("As text; bytes that are no text as base64."));
    m_copyValue = button("copyValue", tr("Copy &value"), tr("Copy the value"),
                         tr("The payload as it is; bytes that are no text as base64."));
    m_save = button("saveValue", tr("Save value…"), tr("Save the value to a file"),
                    tr("Writes the payload, byte by byte, to a file."));
    connect(m_copyMessage, &QPushButton::clicked, this,
            [this] { QApplication::clipboard()->setText(QString::fromStdString(core::jsonLineOf(*m_message))); });
    connect(m_copyKey, &QPushButton::clicked, this, [this] { copyBytes(*m_message->key); });
    connect(m_copyValue, &QPushButton::clicked, this, [this] { copyBytes(*m_message->payload); });
    connect(m_save, &QPushButton::clicked, this, [this] { Q_EMIT saveWanted(*m_message); });
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_facts, 1);
    for (QPushButton* each : {m_copyMessage, m_copyKey, m_copyValue, m_save}) {
        buttons->addWidget(each, 0, Qt::AlignTop);
    }
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->addLayout(buttons);
    column->addWidget(m_tabs, 1);
    clear();
}

void MessageDetails::setMessage(const core::TopicMessage& message) {
    m_message = message;
    m_facts->setText(factsOf(message));
    m_tabs->setTabText(2, tr("Headers (%1)").arg(QLocale().toString(static_cast<int>(message.headers.size()))));
    m_copyMessage->setEnabled(true);
    m_copyKey->setEnabled(message.key.has_value());
    m_copyValue->setEnabled(message.payload.has_value());
    m_save->setEnabled(message.payload.has_value());
    showTab();
}

/// Only what is in front is laid out.
void MessageDetails::showTab() {
    if (!m_message) {
        return;
    }
    if (m_tabs->currentWidget() == m_formatted) {
        m_formatted->setPlainText(formattedText(*m_message));
        markHits(*m_formatted, m_wanted);
    } else if (m_tabs->currentWidget() == m_bytes) {
        m_bytes->setPlainText(QString::fromStdString(core::byteDump(m_message->payload.value_or(""))));
    } else {
        showHeaders();
    }
}

void MessageDetails::showHeaders() {
    m_headers->setRowCount(static_cast<int>(m_message->headers.size()));
    for (int row = 0; row < m_headers->rowCount(); ++row) {
        const core::MessageHeader& header = m_message->headers[static_cast<std::size_t>(row)];
        const QString value =
            header.value ? QString::fromStdString(core::oneLineOf(*header.value, kShownOfFact)) : unknownFigure();
        m_headers->setItem(row, 0,
                           new QTableWidgetItem(QString::fromStdString(core::oneLineOf(header.name, kShownOfFact))));
        m_headers->setItem(row, 1, new QTableWidgetItem(value));
    }
    m_headers->resizeColumnToContents(0);
}

void MessageDetails::setWanted(const QString& wanted) {
    m_wanted = wanted;
    markHits(*m_formatted, m_wanted);
}

void MessageDetails::clear() {
    m_message.reset();
    m_facts->setText(tr("Choose a message to read all of it here."));
    m_formatted->clear();
    m_bytes->clear();
    m_headers->setRowCount(0);
    m_tabs->setTabText(2, tr("Headers"));
    for (QPushButton* each : {m_copyMessage, m_copyKey, m_copyValue, m_save}) {
        each->setEnabled(false);
    }
}

} // namespace app
