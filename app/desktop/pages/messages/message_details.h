// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/browse/topic_message.h"

#include <QWidget>
#include <optional>

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QTableWidget;
class QTabWidget;

namespace app {

/// The chosen message in full, as plain text whatever it holds: laid out, as bytes, and its headers.
class MessageDetails : public QWidget {
    Q_OBJECT

public:
    explicit MessageDetails(QWidget* parent = nullptr);

    void setMessage(const core::TopicMessage& message);
    void setWanted(const QString& wanted); ///< marked in what is laid out from now on
    void clear();

Q_SIGNALS:
    void saveWanted(const core::TopicMessage& message);

private:
    void showTab();
    void showHeaders();

    std::optional<core::TopicMessage> m_message;
    QString m_wanted;
    QLabel* m_facts;
    QTabWidget* m_tabs;
    QPlainTextEdit* m_formatted;
    QPlainTextEdit* m_bytes;
    QTableWidget* m_headers;
    QPushButton* m_copyMessage;
    QPushButton* m_copyKey;
    QPushButton* m_copyValue;
    QPushButton* m_save;
};

} // namespace app
