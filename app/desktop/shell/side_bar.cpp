// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/shell/side_bar.h"

#include "app/desktop/shell/themed_icon.h"

#include <QAction>
#include <QEvent>
#include <QStackedWidget>
#include <QStyle>
#include <algorithm>

namespace app {

namespace {

constexpr int kIconName = Qt::UserRole;

} // namespace

SideBar::SideBar(QStackedWidget& pages, QWidget* parent) : QListWidget(parent), m_pages(pages) {
    setAccessibleName(tr("Pages"));
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
    connect(this, &QListWidget::currentRowChanged, &pages, &QStackedWidget::setCurrentIndex);
}

void SideBar::addPage(QWidget* page, const QString& title, const QString& icon) {
    const int number = m_pages.addWidget(page) + 1;
    auto* const item = new QListWidgetItem(themedIcon(icon, palette()), title, this);
    const QKeySequence key(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_0 + number));
    item->setToolTip(tr("%1 (%2)").arg(title, key.toString(QKeySequence::NativeText)));
    item->setData(kIconName, icon);
    item->setSizeHint({0, fontMetrics().height() * 2});
    auto* const jump = new QAction(title, this);
    jump->setShortcut(key);
    jump->setShortcutContext(Qt::WindowShortcut);
    connect(jump, &QAction::triggered, this, [this, page] { show(page); });
    addAction(jump);
    const int margins = fontMetrics().averageCharWidth() * 3;
    const int pictureWidth = style()->pixelMetric(QStyle::PM_ListViewIconSize, nullptr, this);
    m_widest = std::max(m_widest, pictureWidth + fontMetrics().horizontalAdvance(title) + margins);
    setFixedWidth(m_widest);
}

void SideBar::changeEvent(QEvent* event) {
    QListWidget::changeEvent(event);
    if (event->type() != QEvent::PaletteChange) {
        return;
    }
    for (int row = 0; row < count(); ++row) {
        item(row)->setIcon(themedIcon(item(row)->data(kIconName).toString(), palette()));
    }
}

void SideBar::show(QWidget* page) {
    setCurrentRow(m_pages.indexOf(page));
    page->setFocus();
}

} // namespace app
