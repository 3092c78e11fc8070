// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/charts/chart_panel.h"
#include "app/desktop/charts/plot_lines.h"
#include "services/archive/result_catalogue.h"

#include <optional>
#include <vector>

namespace app {

/// The runs of one name from the oldest to the newest: end-to-end p99 with the verdict's sign on it, and stored rate.
/// Latencies of the embedded broker are a line of their own. A click on the plot, or Left and Right, chooses a run.
class RunTrend : public ChartPanel {
    Q_OBJECT

public:
    static constexpr std::size_t kMostRuns = 200; ///< the newest ones

    explicit RunTrend(QWidget* parent = nullptr);

    /// Of `runs` those of this name that have a result.
    void setRuns(const std::vector<services::CatalogueEntry>& runs, const std::string& name);
    void mark(const std::filesystem::path& folder); ///< the run whose figures are shown; none: the newest run's
    const std::vector<services::CatalogueEntry>& runs() const { return m_runs; } ///< those shown, the oldest first

    QString textSummary() const override;
    ChartTable table() const override;
    core::Plot plot(const QRectF& whole) const;

Q_SIGNALS:
    void chosen(const QString& folder);

protected:
    bool isEmpty() const override { return m_runs.size() < 2; } ///< one point is no trend
    void paintPlot(QPainter& painter, const QRectF& whole) override;
    void themeChanged() override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    bool hasEmbedded(bool embedded) const;
    core::SeriesStyle styleOf(core::SeriesRole role, bool embedded) const;
    core::PlotAxis runAxis(const QRectF& area) const;
    void paintSigns(QPainter& painter, const QRectF& area, const core::Plot& shown) const;
    std::optional<std::size_t> runAt(double x) const; ///< pixels of the canvas
    void choose(std::size_t run);
    void showFigures();

    std::vector<services::CatalogueEntry> m_runs;
    std::optional<std::size_t> m_marked;
    PlotLines m_lines;
};

} // namespace app
