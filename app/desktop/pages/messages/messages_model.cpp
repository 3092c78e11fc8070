// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/messages/messages_model.h"

#include "app/desktop/pages/logs/log_rows_model.h"
#include "app/desktop/widgets/figures.h"
#include "app/desktop/widgets/page_colours.h"
#include "core/browse/message_text.h"

#include <QCoreApplication>
#include <QFontDatabase>
#include <QGuiApplication>
#include <algorithm>

namespace app {

namespace {

constexpr std::size_t kShownOfPayload = 1'000; // bytes in the table; the whole stands below it
constexpr std::size_t kShownOfKey = 200;

QString textOf(const QModelIndex& index, const core::TopicMessage& message) {
    switch (index.column()) {
    case MessagesModel::Time:
        return messageTimeText(message);
    case MessagesModel::Partition:
        return QString::number(message.partition.id);
    case MessagesModel::Offset:
        return QString::number(message.offset.value);
    case MessagesModel::Key:
        return message.key ? QString::fromStdString(core::oneLineOf(*message.key, kShownOfKey)) : unknownFigure();
    case MessagesModel::Size:
        return message.payload ? bytesFigure(core::Bytes{message.payloadSize}) : unknownFigure();
    default:
        return message.payload ? QString::fromStdString(core::oneLineOf(*message.payload, kShownOfPayload))
                               : QCoreApplication::translate("app::MessagesModel", "no payload: it deletes its key");
    }
}

QString tipOf(const QModelIndex& index, const core::TopicMessage& message) {
    if (index.column() == MessagesModel::Time && message.timeKind != core::TopicMessage::TimeKind::None) {
        return message.timeKind == core::TopicMessage::TimeKind::Created
                   ? MessagesModel::tr("When its producer created it, by that machine's clock.")
                   : MessagesModel::tr("When the broker appended it to the log.");
    }
    return {};
}

} // namespace

QString messageTimeText(const core::TopicMessage& message) {
    const bool isTimed = message.timeKind != core::TopicMessage::TimeKind::None;
    return timeText(isTimed ? std::optional(message.time) : std::nullopt);
}

void MessagesModel::clear() {
    beginResetModel();
    m_messages.clear();
    m_messages.shrink_to_fit();
    m_bytes = 0;
    endResetModel();
}

void MessagesModel::append(const std::vector<core::TopicMessage>& messages) {
    const std::size_t skipped = messages.size() - std::min(messages.size(), kMostRows);
    if (messages.size() == skipped) {
        return;
    }
    const auto first = static_cast<int>(m_messages.size());
    beginInsertRows({}, first, first + static_cast<int>(messages.size() - skipped) - 1);
    for (auto at = messages.begin() + static_cast<std::ptrdiff_t>(skipped); at != messages.end(); ++at) {
        m_bytes += at->bytes();
        m_messages.push_back(*at);
    }
    endInsertRows();
    std::size_t tooMany = m_messages.size() - std::min(m_messages.size(), kMostRows);
    std::size_t bytes = m_bytes;
    for (std::size_t i = 0; i < m_messages.size() && (i < tooMany || bytes > kMostBytes); ++i) {
        bytes -= m_messages[i].bytes();
        tooMany = std::max(tooMany, i + 1);
    }
    removeOldest(std::min(tooMany, m_messages.size() - 1)); // one stays, however large
}

void MessagesModel::removeOldest(std::size_t count) {
    if (count == 0) {
        return;
    }
    beginRemoveRows({}, 0, static_cast<int>(count) - 1);
    for (; count > 0; --count) {
        m_bytes -= m_messages.front().bytes();
        m_messages.pop_front();
    }
    endRemoveRows();
}

void MessagesModel::prepend(const std::vector<core::TopicMessage>& messages) {
    std::size_t taken = 0;
    for (std::size_t bytes = m_bytes;
         taken < messages.size() && m_messages.size() + taken < kMostRows && bytes < kMostBytes; ++taken) {
        bytes += messages[messages.size() - 1 - taken].bytes();
    }
    if (taken == 0) {
        return;
    }
    beginInsertRows({}, 0, static_cast<int>(taken) - 1);
    for (auto at = messages.rbegin(); at != messages.rbegin() + static_cast<std::ptrdiff_t>(taken); ++at) {
        m_bytes += at->bytes();
        m_messages.push_front(*at);
    }
    endInsertRows();
}

int MessagesModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_messages.size());
}

int MessagesModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant MessagesModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) {
        return {};
    }
    const core::TopicMessage& message = at(index.row());
    const bool isNumber = index.column() == Partition || index.column() == Offset || index.column() == Size;
    switch (role) {
    case Qt::DisplayRole:
        return textOf(index, message);
    case Qt::ToolTipRole:
        return tipOf(index, message);
    case Qt::TextAlignmentRole:
        return isNumber ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant();
    case Qt::FontRole:
        return index.column() == Payload && message.payload
                   ? QVariant(QFontDatabase::systemFont(QFontDatabase::FixedFont))
                   : QVariant();
    case Qt::ForegroundRole:
        return index.column() == Payload && !message.payload ? QVariant(faintColour(QGuiApplication::palette()))
                                                             : QVariant();
    default:
        return {};
    }
}

QVariant MessagesModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) {
        return {};
    }
    const bool isNumber = section == Partition || section == Offset || section == Size;
    if (role == Qt::TextAlignmentRole) {
        return QVariant((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case Time:
        return tr("Time");
    case Partition:
        return tr("Partition");
    case Offset:
        return tr("Offset");
    case Key:
        return tr("Key");
    case Size:
        return tr("Size");
    case Payload:
        return tr("Payload");
    default:
        return {};
    }
}

} // namespace app
