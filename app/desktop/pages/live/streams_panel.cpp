// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/live/streams_panel.h"

#include "app/desktop/pages/live/live_tables.h"
#include "app/desktop/pages/live/run_model.h"
#include "app/desktop/widgets/figure_table.h"
#include "app/desktop/widgets/spark_line.h"

#include <QHeaderView>
#include <QLabel>
#include <QScrollBar>
#include <QVBoxLayout>

namespace app {

namespace {

constexpr double kLineSeconds = 60;
constexpr int kName = 0, kTier = 1, kLine = 2; // columns
constexpr int kNameLetters = 26;
constexpr int kRefreshEvery = 1'000; // ms

} // namespace

StreamsPanel::StreamsPanel(const RunModel& model, QWidget* parent) : QWidget(parent), m_model(model) {
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(4, 4, 4, 4);
    m_tiers = new FigureTable(tr("Figures of each tier"), liveTierColumns());
    m_streams = new FigureTable(tr("Figures of each stream"), liveStreamColumns());
    m_streams->makeSortable();
    std::vector<bool> figures(static_cast<std::size_t>(liveStreamColumns().size()), true);
    figures[kName] = figures[kTier] = figures[kLine] = false;
    m_streams->setFigureColumns(figures);
    m_streams->setItemDelegateForColumn(kLine, new SparkLine(m_streams));
    m_streams->setTextElideMode(Qt::ElideMiddle);
    m_streams->setStretched(kLine);
    m_streams->horizontalHeader()->setSectionResizeMode(kName, QHeaderView::Interactive);
    m_streams->setColumnWidth(kName, kNameLetters * fontMetrics().averageCharWidth());
    connect(m_streams, &FigureTable::rowChosen, this, &StreamsPanel::streamChosen);
    auto* const hint = new QLabel(tr("Figures of the last five to ten seconds. Choose a stream to see the charts of it "
                                     "alone."));
    hint->setWordWrap(true);
    column->addWidget(m_tiers);
    column->addWidget(hint);
    column->addWidget(m_streams, 1);
}

void StreamsPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    refreshNow();
}

void StreamsPanel::refreshNow() {
    m_refreshed.invalidate();
    refresh();
}

void StreamsPanel::refresh() {
    const core::Snapshot* const earlier = m_model.base();
    if (!isVisible() || (m_refreshed.isValid() && m_refreshed.elapsed() < kRefreshEvery)) {
        return; // with hundreds of streams it costs much
    }
    m_refreshed.start();
    if (earlier == nullptr) { // nothing to compare with
        m_tiers->setRows({});
        m_streams->setRows({});
        return;
    }
    const core::Snapshot& snapshot = m_model.status().snapshot;
    const auto line = [this](std::size_t stream) {
        std::vector<double> values;
        if (const core::LiveSeries* const series = m_model.series(stream)) {
            series->forEach([&](const core::LivePoint& point) {
                if (point.until > series->until() - kLineSeconds) {
                    values.push_back(point.stored.value);
                }
            });
        }
        return values;
    };
    m_tiers->setRows(tierRows(snapshot, *earlier));
    m_tiers->setFixedHeight(m_tiers->horizontalHeader()->sizeHint().height() +
                            m_tiers->cells().rowCount() * m_tiers->verticalHeader()->defaultSectionSize() +
                            m_tiers->horizontalScrollBar()->sizeHint().height());
    m_streams->setRows(streamRows(snapshot, *earlier, line));
}

} // namespace app
