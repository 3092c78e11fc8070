// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/browse/topic_message.h"

#include <QAbstractTableModel>
#include <deque>
#include <vector>

namespace app {

/// The messages that are shown, the newest last. Memory is bounded: what comes takes the place of the oldest, and
/// older ones are let in only where there is room.
class MessagesModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Time, Partition, Offset, Key, Size, Payload, ColumnCount };

    static constexpr std::size_t kMostRows = 10'000;
    static constexpr std::size_t kMostBytes = std::size_t{64} << 20U;

    using QAbstractTableModel::QAbstractTableModel;

    void clear();
    void append(const std::vector<core::TopicMessage>& messages);  ///< newer than all that are there
    void prepend(const std::vector<core::TopicMessage>& messages); ///< older; the newest of them that there is room for
    bool isFull() const { return m_messages.size() >= kMostRows || m_bytes >= kMostBytes; }
    const core::TopicMessage& at(int row) const { return m_messages[static_cast<std::size_t>(row)]; }
    const std::deque<core::TopicMessage>& messages() const { return m_messages; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void removeOldest(std::size_t count);

    std::deque<core::TopicMessage> m_messages;
    std::size_t m_bytes = 0;
};

/// When it was created or appended, as local time; a dash where it has no time.
QString messageTimeText(const core::TopicMessage& message);

} // namespace app
