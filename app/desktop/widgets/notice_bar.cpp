// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/widgets/notice_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace app {

NoticeBar::NoticeBar(QWidget* parent) : QWidget(parent), m_sentence(new QLabel(this)), m_answers(new QHBoxLayout) {
    m_sentence->setObjectName(QStringLiteral("notice"));
    m_sentence->setTextFormat(Qt::PlainText);
    m_sentence->setWordWrap(true);
    m_sentence->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::ToolTipBase);
    m_sentence->setForegroundRole(QPalette::ToolTipText);
    auto* layout = new QHBoxLayout(this);
    layout->addWidget(m_sentence, 1);
    layout->addLayout(m_answers);
    hide();
}

void NoticeBar::show(const QString& sentence, const std::vector<Answer>& answers) {
    while (QLayoutItem* old = m_answers->takeAt(0)) {
        old->widget()->hide();
        old->widget()->deleteLater(); // it may be the one that was just clicked
        delete old;
    }
    m_sentence->setText(sentence);
    m_sentence->setAccessibleName(sentence);
    for (const Answer& answer : answers) {
        auto* button = new QPushButton(answer.text, this);
        connect(button, &QPushButton::clicked, this, [this, act = answer.act] {
            hide();
            if (act) {
                act();
            }
        });
        m_answers->addWidget(button);
        button->show(); // at once, also if the bar is visible already
    }
    QWidget::show();
}

QString NoticeBar::sentence() const {
    return m_sentence->text();
}

} // namespace app
