// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <functional>
#include <vector>

class QHBoxLayout;
class QLabel;

namespace app {

/// One sentence on top of a page and what can be done about it. Hidden as long as there is nothing to say.
class NoticeBar : public QWidget {
    Q_OBJECT

public:
    struct Answer {
        QString text;
        std::function<void()> act; ///< empty: the notice only goes away
    };

    explicit NoticeBar(QWidget* parent = nullptr);

    void show(const QString& sentence, const std::vector<Answer>& answers); ///< in place of an earlier notice
    QString sentence() const;

private:
    QLabel* m_sentence;
    QHBoxLayout* m_answers;
};

} // namespace app
