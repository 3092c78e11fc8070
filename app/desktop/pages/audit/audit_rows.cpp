// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/audit/audit_rows.h"

#include "app/desktop/widgets/figures.h"

#include <QCoreApplication>

namespace app {

namespace {

struct AuditTexts { // the translator's context
    Q_DECLARE_TR_FUNCTIONS(app::AuditRows)
};

Cell auditCount(quint64 count, const QString& tip, bool bad = false) {
    return {countFigure(count), tip, bad && count > 0, static_cast<double>(count), {}};
}

Cell auditPercentile(const core::LatencyHistogram& latency, double percentile, const QString& whyNot) {
    const QString text = percentileFigure(latency, percentile);
    return {text, text == unknownFigure() ? whyNot : AuditTexts::tr("Of %1 rows.").arg(countFigure(latency.count()))};
}

CellRow auditRow(const core::RunAudit& run, const core::AuditReport& report) {
    const bool acked = run.knowsAcked();
    const QString whyNot = run.known ? QString::fromStdString(run.known->whyNot)
                                     : AuditTexts::tr("No result of this run is known; name its folder.");
    const Cell unknown{unknownFigure(), whyNot};
    const QString noTimes = run.found.latency.count() > 0 ? AuditTexts::tr("Too few rows for this percentile.")
                                                          : QString::fromStdString(report.storedAt);
    QStringList lost;
    for (const std::string& each : run.examples) {
        lost += QString::fromStdString(each);
    }
    return {{QString::fromStdString(run.title())},
            acked ? auditCount(run.acked, AuditTexts::tr("Acknowledged by the broker.")) : unknown,
            auditCount(run.found.stored(), AuditTexts::tr("Events that are in the table.")),
            acked ? auditCount(run.lost,
                               lost.isEmpty() ? AuditTexts::tr("Acknowledged, and in no row.")
                                              : AuditTexts::tr("Acknowledged, and in no row; the first ones: %1.")
                                                    .arg(lost.join(QStringLiteral(", "))),
                               true)
                  : unknown,
            acked ? Cell{unknownFigure(), AuditTexts::tr("It is known what was acknowledged: see 'Lost'.")}
                  : auditCount(run.found.gaps(),
                               AuditTexts::tr("Numbers without a row between the first and the last seen of each "
                                              "stream: lost, or never sent.")),
            auditCount(run.found.doubled(), AuditTexts::tr("Rows beyond the first of their id."), true),
            auditPercentile(run.found.latency, 50, noTimes),
            auditPercentile(run.found.latency, 99, noTimes),
            auditPercentile(run.found.latency, 99.9, noTimes)};
}

} // namespace

QStringList auditColumns() {
    return {AuditTexts::tr("Run"),  AuditTexts::tr("Acked"),   AuditTexts::tr("Stored"),
            AuditTexts::tr("Lost"), AuditTexts::tr("Missing"), AuditTexts::tr("Doubled"),
            AuditTexts::tr("p50"),  AuditTexts::tr("p99"),     AuditTexts::tr("p99.9")};
}

std::vector<CellRow> auditRows(const core::AuditReport& report) {
    std::vector<CellRow> rows;
    for (const core::RunAudit& run : report.runs) {
        rows.push_back(auditRow(run, report));
    }
    return rows;
}

} // namespace app
