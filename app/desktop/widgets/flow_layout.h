// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLayout>
#include <memory>
#include <vector>

namespace app {

/// Lays widgets out in reading order, in as many rows as its width needs: with a large font or in a long-winded
/// language a row of controls becomes two, and the window no wider. Widgets that expand share the rest of their row.
class FlowLayout : public QLayout {
public:
    using QLayout::QLayout;
    ~FlowLayout() override;

    void addItem(QLayoutItem* item) override; ///< takes it over
    int count() const override;
    QLayoutItem* itemAt(int index) const override;
    QLayoutItem* takeAt(int index) override;
    Qt::Orientations expandingDirections() const override { return Qt::Horizontal; }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;    ///< all in one row
    QSize minimumSize() const override; ///< each in a row of its own
    void setGeometry(const QRect& whole) override;

private:
    using Row = std::vector<QLayoutItem*>;
    std::vector<Row> rowsOf(int width) const;
    int widthOf(const Row& row) const;

    std::vector<std::unique_ptr<QLayoutItem>> m_items;
};

} // namespace app
