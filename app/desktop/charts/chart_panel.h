// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/charts/chart_legend.h"
#include "app/desktop/charts/chart_table.h"
#include "app/desktop/charts/plot_canvas.h"

#include <QAction>
#include <QTimer>
#include <QWidget>
#include <memory>

class QLabel;
class QStackedLayout;
class QTableView;
class QToolButton;

namespace app {

class JobThread;

/// What all charts share: title, legend with the figures under the cross-hair, the plot, the same figures as a table,
/// saving as PNG, SVG and CSV, a summary in words for those who cannot see the plot, and a text while there is nothing
/// to show. GUI thread.
class ChartPanel : public QWidget {
    Q_OBJECT

public:
    ~ChartPanel() override;

    QString title() const { return m_titleText; }
    void setEmptyText(const QString& text); ///< what will be here
    void showTable(bool on);
    bool showsTable() const;

    /// 'End-to-end p99: 9.8 ms at the median second, highest 31 ms at 42 s.'
    virtual QString textSummary() const = 0;
    virtual ChartTable table() const = 0;

    /// The chart with title and legend as a picture of `size` pixels at 96 dpi; `scale` 2 doubles a PNG's pixels.
    QByteArray png(QSize size, qreal scale = 1);
    QByteArray svg(QSize size);
    QByteArray csv() const { return toCsv(table()); }
    /// Writes one of these by the name's suffix (.png, .svg, .csv); saved() or a message in the panel follows.
    void save(const QString& file);

    PlotCanvas* canvas() const { return m_canvas; }
    ChartTableModel* model() const { return m_model; }

Q_SIGNALS:
    void saved(const QString& file);

protected:
    ChartPanel(const QString& title, QWidget* parent);

    /// To be called after each change of what is shown; cheap while the panel is hidden. The plot follows at once,
    /// the table and the summary at most once a second.
    void contentChanged();
    ChartLegend* legend() const { return m_legend; }
    void setTitle(const QString& title);

    virtual bool isEmpty() const = 0;
    virtual void paintPlot(QPainter& painter, const QRectF& whole) = 0; ///< the ground is painted already

    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    virtual void themeChanged() {} ///< colours have to be asked for again

private:
    void addActions();
    void write(const QString& file, const QByteArray& bytes);
    void askWhere(const QString& suffix, const QString& filter);
    void refresh();
    void describe();
    void paintWhole(QPainter& painter, QSize size);
    void say(const QString& message);

    QString m_titleText;
    QLabel* m_title;
    ChartLegend* m_legend;
    QToolButton* m_menuButton;
    QLabel* m_message;
    QStackedLayout* m_stack;
    PlotCanvas* m_canvas;
    QTableView* m_tableView;
    QLabel* m_empty;
    ChartTableModel* m_model;
    QAction* m_tableAction = nullptr;
    std::unique_ptr<JobThread> m_saving; // made when first needed; waits for the disk
    QTimer m_describing;                 // runs for a second after each description
    bool m_undescribed = false;
    bool m_stale = true;
};

} // namespace app
