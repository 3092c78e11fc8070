// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QListWidget>

class QStackedWidget;

namespace app {

/// The pages of the window, by name; Ctrl+1 … Ctrl+9 lead to them.
class SideBar : public QListWidget {
    Q_OBJECT

public:
    explicit SideBar(QStackedWidget& pages, QWidget* parent = nullptr);

    /// `icon` is a name in resources/icons.
    void addPage(QWidget* page, const QString& title, const QString& icon);
    void show(QWidget* page);

protected:
    void changeEvent(QEvent* event) override; // to another theme

private:
    QStackedWidget& m_pages;
    int m_widest = 0;
};

} // namespace app
