// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/logs/log_rows_model.h"

#include "app/desktop/pages/logs/level_colours.h"

#include <QDateTime>
#include <QFontDatabase>
#include <QGuiApplication>
#include <algorithm>
#include <chrono>

namespace app {

namespace {

const QString kTimeFormat = QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz");
constexpr qsizetype kLongestLine = 1'000; ///< characters of a message in the table; the whole stands below it

QDateTime dateTimeOf(core::WallTime time) {
    const auto ms = std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch());
    return QDateTime::fromMSecsSinceEpoch(ms.count());
}

/// Without anything that would break the line.
QString oneLine(const std::string& message) {
    QString line = QString::fromUtf8(message.data(), std::min(static_cast<qsizetype>(message.size()), 4 * kLongestLine))
                       .left(kLongestLine);
    for (QChar& c : line) {
        if (c == QLatin1Char('\n')) {
            c = QChar(0x23CE); // return symbol
        } else if (c.category() == QChar::Other_Control || c == QChar::LineSeparator ||
                   c == QChar::ParagraphSeparator) {
            c = QLatin1Char(' ');
        }
    }
    return line;
}

QString utcText(const std::optional<core::WallTime>& time) {
    return time ? LogRowsModel::tr("%1 UTC").arg(dateTimeOf(*time).toUTC().toString(kTimeFormat))
                : LogRowsModel::tr("The store holds a time here that no calendar of ours has.");
}

} // namespace

QString timeText(const std::optional<core::WallTime>& time) {
    return time ? dateTimeOf(*time).toString(kTimeFormat) : QStringLiteral("–");
}

void LogRowsModel::clear() {
    beginResetModel();
    m_rows.clear();
    m_rows.shrink_to_fit();
    m_bytes = 0;
    endResetModel();
}

void LogRowsModel::append(const std::vector<core::LogRow>& rows) {
    const std::size_t room = kMostRows - m_rows.size();
    std::size_t taken = 0;
    for (std::size_t bytes = m_bytes; taken < rows.size() && taken < room && bytes < kMostBytes; ++taken) {
        bytes += rows[taken].message.size();
    }
    if (taken == 0) {
        return;
    }
    const auto first = static_cast<int>(m_rows.size());
    beginInsertRows({}, first, first + static_cast<int>(taken) - 1);
    for (std::size_t i = 0; i < taken; ++i) {
        m_bytes += rows[i].message.size();
        m_rows.push_back(rows[i]);
    }
    endInsertRows();
}

void LogRowsModel::replace(const std::vector<core::LogRow>& rows) {
    if (!std::ranges::equal(rows, m_rows, {}, &core::LogRow::id, &core::LogRow::id)) {
        clear();
        append(rows);
    }
}

int LogRowsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int LogRowsModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant LogRowsModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) {
        return {};
    }
    const core::LogRow& row = at(index.row());
    if (role == Qt::FontRole && index.column() == Message) {
        return QFontDatabase::systemFont(QFontDatabase::FixedFont);
    }
    if (role == Qt::ToolTipRole && index.column() == Time) {
        return utcText(row.timestamp);
    }
    if (role == Qt::ForegroundRole && index.column() == Level) {
        const QColor colour = levelColour(row.level, QGuiApplication::palette());
        return colour.isValid() ? QVariant(colour) : QVariant();
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    switch (index.column()) {
    case Time:
        return timeText(row.timestamp);
    case Level:
        return QString::fromStdString(row.level);
    case Source:
        return oneLine(row.source);
    default:
        return oneLine(row.message);
    }
}

QVariant LogRowsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case Time:
        return tr("Time");
    case Level:
        return tr("Level");
    case Source:
        return tr("Source");
    case Message:
        return tr("Message");
    default:
        return {};
    }
}

} // namespace app
