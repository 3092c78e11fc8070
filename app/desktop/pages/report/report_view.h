// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/latency_bins.h"
#include "core/report/report_document.h"
#include "core/results/result_file.h"

#include <QScrollArea>
#include <memory>
#include <vector>

class QVBoxLayout;

namespace app {

/// The run that a report is about, for charts that answer the mouse.
struct ReportedRun {
    std::shared_ptr<const core::RunResult> result;
    std::shared_ptr<const core::LiveSeries> series; ///< core::liveSeriesOf() its samples
    std::vector<core::LatencyBin> bins;             ///< core::latencyBinsOf() its samples
};

/// A report on the screen: the blocks of a ReportDocument one below the other, as the HTML and the PDF have them. Of a
/// run that is given the charts are those of the Live page; else they are pictures.
class ReportView : public QScrollArea {
    Q_OBJECT

public:
    explicit ReportView(QWidget* parent = nullptr);

    void show(std::shared_ptr<const core::ReportDocument> document, ReportedRun run = {});
    const core::ReportDocument* document() const { return m_document.get(); }

private:
    void add(const core::ReportHeading& heading);
    void add(const core::ReportVerdict& verdict);
    void add(const core::ReportParagraph& paragraph);
    void add(const core::ReportTable& table);
    void add(const core::ReportChart& chart);
    void add(const core::ReportPreformatted& content);
    void place(QWidget* block);
    void addOverTime();
    void addSpread(const core::ReportChart& chart);
    void addPicture(const core::ReportChart& chart);

    std::shared_ptr<const core::ReportDocument> m_document;
    ReportedRun m_run;
    QVBoxLayout* m_column = nullptr;
};

} // namespace app
