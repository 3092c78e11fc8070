// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/widgets/empty_view.h"

#include "app/desktop/widgets/plain_label.h"

#include <QPushButton>
#include <QVBoxLayout>

namespace app {

EmptyView::EmptyView(QWidget* parent) : QWidget(parent) {
    m_sentence = plainLabel(QStringLiteral("nothing"), this);
    m_sentence->setAccessibleDescription(tr("Why nothing is shown"));
    m_sentence->setAlignment(Qt::AlignCenter);
    m_action = new QPushButton(this);
    m_action->setObjectName(QStringLiteral("nothingAction"));
    connect(m_action, &QPushButton::clicked, this, &EmptyView::acted);
    auto* column = new QVBoxLayout(this);
    column->addStretch();
    column->addWidget(m_sentence);
    column->addWidget(m_action, 0, Qt::AlignHCenter);
    column->addStretch();
}

void EmptyView::say(const QString& sentence, const QString& action) {
    m_sentence->setText(sentence);
    m_action->setText(action);
    m_action->setAccessibleName(action);
    m_action->setVisible(!action.isEmpty());
}

} // namespace app
