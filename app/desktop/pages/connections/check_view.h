// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/target/doctor.h"

#include <QTableWidget>
#include <array>

namespace app {

/// The answer, with the field of the form where it advises something of a scenario or of the environment.
QString remedyInTheForm(QString sentence);

/// What each server of a target has answered: a line a server, with the time of one question and answer.
class CheckView : public QTableWidget {
    Q_OBJECT

public:
    explicit CheckView(QWidget* parent = nullptr);

    void begin(); ///< nobody has answered yet
    void add(const services::Finding& finding);
    void cancel(); ///< those that have not answered are not waited for any more

private:
    enum Column { Server, State, RoundTrip, Answer, ColumnCount };
    struct Line {
        bool answered = false;
        services::Health worst = services::Health::Ok;
        QString sentences;
    };
    void setCell(int row, Column column, const QString& text);
    void resizeEvent(QResizeEvent* event) override;

    std::array<Line, 3> m_lines;
};

} // namespace app
