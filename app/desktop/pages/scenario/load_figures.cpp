// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/scenario/load_figures.h"

#include "app/desktop/widgets/figures.h"
#include "app/desktop/widgets/steady_width.h"

#include <QFormLayout>
#include <QLabel>
#include <QLocale>

namespace app {

namespace {

constexpr int kUsual = 18; // characters

QString about(core::Bytes bytes) {
    return LoadFigures::tr("about %1").arg(bytesFigure(bytes));
}

void showExact(QLabel* label, const QString& figure) {
    label->setText(figure);
    keepSteadyWidth(*label);
    label->setToolTip(label->property("tip").toString());
}

} // namespace

LoadFigures::LoadFigures(QWidget* parent) : QWidget(parent) {
    auto* layout = new QFormLayout(this);
    layout->setContentsMargins(8, 0, 0, 0);
    layout->setVerticalSpacing(3);
    layout->setFieldGrowthPolicy(QFormLayout::FieldsStayAtSizeHint); // figures stay beside their names
    m_events = addRow(layout, QStringLiteral("events"), tr("Events"),
                      tr("Events of all streams' stages, by the schedule that will run; the warm-up's are apart."));
    m_warmup = addRow(layout, QStringLiteral("warmup events"), tr("Warm-up"),
                      tr("Events before the stages, left out of the verdict but not of the ledger."));
    m_peak = addRow(layout, QStringLiteral("peak"), tr("Peak rate"), tr("The highest rate of all streams together."));
    m_length =
        addRow(layout, QStringLiteral("length"), tr("Length"), tr("Of warm-up and stages; the drain comes after."));
    m_bytes =
        addRow(layout, QStringLiteral("bytes"), tr("Payload"), tr("The bytes of all encoded events, uncompressed."));
    m_disk = addRow(layout, QStringLiteral("disk"), tr("Disk"),
                    tr("Stored rows of about 250 B each, and about 40 B each of the primary key's index."));
    m_redis = addRow(layout, QStringLiteral("redis"), tr("Redis memory"),
                     tr("About 100 B for each id that is remembered at the same time: events within dedupe.ttl."));
    showUnknown();
}

QLabel* LoadFigures::addRow(QFormLayout* layout, const QString& name, const QString& label, const QString& tip) {
    auto* figure = new QLabel(this);
    figure->setObjectName(name);
    figure->setProperty("tip", tip);
    figure->setAccessibleName(label);
    figure->setMinimumWidth(kUsual * fontMetrics().averageCharWidth());
    figure->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    figure->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout->addRow(label, figure);
    return figure;
}

void LoadFigures::show(const ScenarioLoad& load, bool knowsFilter) {
    showExact(m_events, QLocale().toString(static_cast<qulonglong>(load.events - load.warmupEvents)));
    showExact(m_warmup, QLocale().toString(static_cast<qulonglong>(load.warmupEvents)));
    showExact(m_peak, rateFigure(load.peak));
    showExact(m_length, durationFigure(load.length));
    showExact(m_bytes, about(load.bytes));
    showExact(m_disk, about(load.disk));
    showExact(m_redis, about(load.redisMemory));
    if (!knowsFilter) {
        showUnknown(m_redis);
    }
}

void LoadFigures::showUnknown() {
    for (QLabel* figure : {m_events, m_warmup, m_peak, m_length, m_bytes, m_disk, m_redis}) {
        showUnknown(figure);
    }
}

void LoadFigures::showUnknown(QLabel* figure) {
    figure->setText(unknownFigure());
    figure->setToolTip(tr("Not known: the scenario has problems."));
}

} // namespace app
