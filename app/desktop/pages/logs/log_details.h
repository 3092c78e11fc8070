// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/search.h"

#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace app {

/// The chosen row in full, as plain text whatever it holds.
class LogDetails : public QWidget {
    Q_OBJECT

public:
    explicit LogDetails(QWidget* parent = nullptr);

    void setRow(const core::LogRow& row);
    void setWanted(const QString& wanted); ///< marked in the messages from now on
    void clear();

private:
    void copyMessage() const;
    void copyRow() const;

    QLabel* m_facts;
    QPlainTextEdit* m_message;
    QPushButton* m_copyMessage;
    QPushButton* m_copyRow;
    QString m_wanted;
};

} // namespace app
