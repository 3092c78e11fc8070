// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/report/report_document.h"

#include <QScrollArea>
#include <memory>

class QMenu;
class QVBoxLayout;

namespace app {

/// A report on the screen: the blocks of a ReportDocument one below the other, as the HTML and the PDF have them.
class ReportView : public QScrollArea {
    Q_OBJECT

public:
    explicit ReportView(QWidget* parent = nullptr);

    void show(std::shared_ptr<const core::ReportDocument> document);
    const core::ReportDocument* document() const { return m_document.get(); }

Q_SIGNALS:
    /// The user wants this chart as a file: its SVG is in the document.
    void chartWanted(const QString& name, const QString& format);

private:
    void add(const core::ReportHeading& heading);
    void add(const core::ReportVerdict& verdict);
    void add(const core::ReportParagraph& paragraph);
    void add(const core::ReportTable& table);
    void add(const core::ReportChart& chart);
    void add(const core::ReportPreformatted& content);
    QMenu* addChartMenu(const core::ReportChart& chart);

    std::shared_ptr<const core::ReportDocument> m_document;
    QVBoxLayout* m_column = nullptr;
};

} // namespace app
