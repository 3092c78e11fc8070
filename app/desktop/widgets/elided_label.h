// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>

namespace app {

/// A line of which the middle is left out where there is no room for all of it; its tool tip may say the whole.
class ElidedLabel : public QLabel {
public:
    using QLabel::QLabel;

    void setWhole(const QString& text) {
        m_whole = text;
        setAccessibleName(text);
        elide();
    }
    QSize minimumSizeHint() const override { return {0, QLabel::minimumSizeHint().height()}; }

protected:
    void resizeEvent(QResizeEvent* event) override {
        QLabel::resizeEvent(event);
        elide();
    }

private:
    void elide() { setText(fontMetrics().elidedText(m_whole, Qt::ElideMiddle, width())); }

    QString m_whole;
};

} // namespace app
