// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace app {

/// What a page shows while it has nothing else: a sentence that says why, and a button for what comes next.
class EmptyView : public QWidget {
    Q_OBJECT

public:
    explicit EmptyView(QWidget* parent = nullptr);

    void say(const QString& sentence, const QString& action); ///< no button without an action
    QPushButton* button() const { return m_action; }

Q_SIGNALS:
    void acted();

private:
    QLabel* m_sentence;
    QPushButton* m_action;
};

} // namespace app
