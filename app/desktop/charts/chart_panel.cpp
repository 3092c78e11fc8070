// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/charts/chart_panel.h"

#include "app/desktop/bridge/job_thread.h"
#include "app/desktop/charts/chart_theme.h"

#include <QContextMenuEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QStackedLayout>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>
#include <chrono>

namespace app {

namespace {

constexpr std::chrono::seconds kDescribeEvery{1};

} // namespace

ChartPanel::ChartPanel(const QString& title, QWidget* parent)
    : QWidget(parent),
      m_title(new QLabel(this)),
      m_legend(new ChartLegend(this)),
      m_menuButton(new QToolButton(this)),
      m_message(new QLabel(this)),
      m_stack(new QStackedLayout),
      m_canvas(new PlotCanvas([this](QPainter& painter, const QRectF& whole) {
          painter.fillRect(whole, colourOf(core::surfaceOf(themeOf(palette())).ground));
          paintPlot(painter, whole);
      })),
      m_tableView(new QTableView(this)),
      m_empty(new QLabel(this)),
      m_model(new ChartTableModel(this)) {
    auto* const head = new QHBoxLayout;
    head->addWidget(m_title);
    head->addSpacing(12);
    head->addWidget(m_legend, 1);
    head->addWidget(m_menuButton);
    auto* const whole = new QVBoxLayout(this);
    whole->setContentsMargins({});
    whole->setSpacing(2);
    whole->addLayout(head);
    whole->addWidget(m_message);
    whole->addLayout(m_stack, 1);
    m_stack->addWidget(m_canvas);
    m_stack->addWidget(m_tableView);
    m_stack->addWidget(m_empty);

    QFont bold = m_title->font();
    bold.setBold(true);
    m_title->setFont(bold);
    m_title->setTextFormat(Qt::PlainText);
    m_message->setTextFormat(Qt::PlainText);
    m_message->setWordWrap(true);
    m_message->hide();
    m_empty->setTextFormat(Qt::PlainText);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setText(tr("Nothing to show yet."));
    m_canvas->setFocusPolicy(Qt::StrongFocus);
    m_tableView->setModel(m_model);
    m_tableView->setTabKeyNavigation(false); // Tab leaves the table
    m_tableView->verticalHeader()->hide();
    m_menuButton->setAutoRaise(true);
    m_menuButton->setText(QStringLiteral("⋯"));
    m_menuButton->setPopupMode(QToolButton::InstantPopup);
    setTitle(title);
    addActions();
    m_describing.setSingleShot(true);
    connect(&m_describing, &QTimer::timeout, this, [this] {
        if (m_undescribed) {
            describe();
        }
    });
    m_stack->setCurrentWidget(m_empty);
}

ChartPanel::~ChartPanel() = default;

void ChartPanel::setTitle(const QString& title) {
    m_titleText = title;
    m_title->setText(title);
    setAccessibleName(title);
    m_canvas->setAccessibleName(title);
    m_tableView->setAccessibleName(tr("%1 as a table").arg(title));
    m_menuButton->setAccessibleName(tr("Menu of the chart %1").arg(title));
    m_menuButton->setToolTip(tr("Show as table, or save as a picture or as CSV"));
}

void ChartPanel::setEmptyText(const QString& text) {
    m_empty->setText(text);
    m_describing.stop();
    contentChanged();
}

void ChartPanel::addActions() {
    auto* const menu = new QMenu(this);
    m_tableAction = menu->addAction(tr("Show as &table"));
    m_tableAction->setCheckable(true);
    connect(m_tableAction, &QAction::toggled, this, &ChartPanel::refresh);
    menu->addSeparator();
    const auto offer = [this, menu](const QString& text, const QString& suffix, const QString& filter) {
        connect(menu->addAction(text), &QAction::triggered, this, [=, this] { askWhere(suffix, filter); });
    };
    offer(tr("Save as &PNG…"), QStringLiteral("png"), tr("PNG pictures (*.png)"));
    offer(tr("Save as &SVG…"), QStringLiteral("svg"), tr("SVG pictures (*.svg)"));
    offer(tr("Save as &CSV…"), QStringLiteral("csv"), tr("CSV tables (*.csv)"));
    m_menuButton->setMenu(menu);
}

void ChartPanel::showTable(bool on) {
    m_tableAction->setChecked(on);
}

bool ChartPanel::showsTable() const {
    return m_tableAction->isChecked();
}

void ChartPanel::contentChanged() {
    m_stale = true;
    if (isVisible()) {
        refresh();
    }
}

void ChartPanel::refresh() {
    m_stale = false;
    QWidget* shown = m_canvas;
    if (isEmpty()) {
        shown = m_empty;
    } else if (showsTable()) {
        shown = m_tableView;
    }
    if (shown != m_stack->currentWidget()) {
        m_stack->setCurrentWidget(shown);
        m_describing.stop();
    }
    if (shown == m_canvas) {
        m_canvas->repaintPlot();
    }
    describe();
}

/// Sorting all points for the summary several times a second would cost more than drawing them.
void ChartPanel::describe() {
    if (m_describing.isActive()) {
        m_undescribed = true;
        return;
    }
    m_undescribed = false;
    if (m_stack->currentWidget() == m_tableView) {
        m_model->setTable(table());
    }
    const QString text = isEmpty() ? m_empty->text() : textSummary();
    setAccessibleDescription(text);
    m_canvas->setAccessibleDescription(text);
    m_describing.start(kDescribeEvery);
}

void ChartPanel::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        themeChanged();
        contentChanged();
    }
}

void ChartPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (m_stale) {
        refresh();
    }
}

void ChartPanel::contextMenuEvent(QContextMenuEvent* event) {
    m_menuButton->menu()->popup(event->globalPos());
}

void ChartPanel::askWhere(const QString& suffix, const QString& filter) {
    auto* const dialog = new QFileDialog(this, tr("Save the chart %1").arg(m_titleText), QString(), filter);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(suffix);
    connect(dialog, &QFileDialog::fileSelected, this, &ChartPanel::save);
    dialog->open();
}

void ChartPanel::say(const QString& message) {
    m_message->setText(message);
    m_message->setVisible(!message.isEmpty());
}

} // namespace app
