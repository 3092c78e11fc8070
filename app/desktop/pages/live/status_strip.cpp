// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/live/status_strip.h"

#include "app/desktop/pages/live/health_text.h"
#include "app/desktop/pages/live/phase_text.h"
#include "app/desktop/pages/live/rule_table.h"
#include "app/desktop/pages/live/run_limits.h"
#include "app/desktop/pages/live/run_model.h"
#include "app/desktop/widgets/figures.h"
#include "app/desktop/widgets/fleet_rows.h"
#include "app/desktop/widgets/flow_layout.h"
#include "app/desktop/widgets/page_colours.h"
#include "app/desktop/widgets/steady_width.h"
#include "app/desktop/widgets/target_text.h"
#include "app/desktop/widgets/tool_tip.h"

#include <QGuiApplication>
#include <QMetaEnum>
#include <QProgressBar>
#include <QResizeEvent>
#include <QToolButton>
#include <array>
#include <cmath>

namespace app {

namespace {

constexpr core::Nanoseconds kRates = std::chrono::seconds(2);
constexpr core::Nanoseconds kLatency = std::chrono::seconds(10);
constexpr int kStageLetters = 28;

QString trendText(const core::BacklogTrend& trend) {
    switch (trend.word) {
    case core::BacklogTrend::Word::Steady:
        return StatusStrip::tr("steady");
    case core::BacklogTrend::Word::Growing:
        return StatusStrip::tr("growing by %1").arg(rateFigure({trend.perSecond}));
    case core::BacklogTrend::Word::Draining:
        return StatusStrip::tr("draining: %1 to empty").arg(durationFigure(trend.empty));
    }
    Q_UNREACHABLE();
}

/// The same in little room.
QString trendSign(const core::BacklogTrend& trend) {
    switch (trend.word) {
    case core::BacklogTrend::Word::Steady:
        return QStringLiteral("→");
    case core::BacklogTrend::Word::Growing:
        return QStringLiteral("↑ ") + rateFigure({trend.perSecond});
    case core::BacklogTrend::Word::Draining:
        return QStringLiteral("↓ ") + durationFigure(trend.empty);
    }
    Q_UNREACHABLE();
}

} // namespace

StatusStrip::StatusStrip(const RunModel& model, QWidget* parent) : QWidget(parent), m_model(model) {
    auto* const row = new FlowLayout(this);
    row->setContentsMargins(6, 2, 6, 2);
    row->addWidget(addFigure(Figure::Broker, tr("Health of the broker")));
    row->addWidget(addFigure(Figure::Store, tr("Health of the store")));
    row->addWidget(addFigure(Figure::Filter, tr("Health of the duplicate filter")));
    row->addWidget(addFigure(Figure::Program, tr("Health of Millrace itself")));
    row->addWidget(addFigure(Figure::Target, tr("Where the run goes")));
    row->addWidget(addFigure(Figure::Phase, tr("Phase of the run")));
    m_progress = new QProgressBar(this);
    m_progress->setAccessibleName(tr("Progress of the load"));
    m_progress->setRange(0, 1'000);
    m_progress->setTextVisible(false);
    m_progress->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    m_progress->setMaximumHeight(fontMetrics().height());
    row->addWidget(m_progress);
    row->addWidget(addFigure(Figure::Rates, tr("Rates: target, sent, stored")));
    row->addWidget(addFigure(Figure::Backlog, tr("Events that wait to be stored")));
    row->addWidget(addFigure(Figure::Latency, tr("End-to-end latency of the last ten seconds")));
    row->addWidget(addFigure(Figure::Rules, tr("Rules that are broken")));
    row->addWidget(addFigure(Figure::Losses, tr("Lost and doubled events")));
    row->addWidget(addFigure(Figure::Limit, tr("What is nearest to its limit")));
    connect(&m_model, &RunModel::progressed, this, &StatusStrip::refresh);
    connect(&m_model, &RunModel::stateChanged, this, &StatusStrip::refresh);
    refresh();
}

QToolButton* StatusStrip::addFigure(Figure figure, const QString& name) {
    auto* const button = new QToolButton(this);
    button->setAutoRaise(true);
    button->setAccessibleName(name);
    button->setObjectName(QString::fromLatin1(QMetaEnum::fromType<Figure>().valueToKey(static_cast<int>(figure))));
    button->setFocusPolicy(Qt::TabFocus);
    connect(button, &QToolButton::clicked, this, [this, figure] { Q_EMIT chosen(figure); });
    m_figures += button;
    return button;
}

QString StatusStrip::text(Figure figure) const {
    return m_figures[static_cast<qsizetype>(figure)]->text();
}

void StatusStrip::set(Figure figure, const QString& text, const QString& tip, bool alarm) {
    QToolButton* const button = m_figures[static_cast<qsizetype>(figure)];
    button->setText(text);
    button->setToolTip(plainToolTip(tip));
    setAlarm(*button, alarm);
    keepSteadyWidth(*button);
    button->show(); // makeRoom() may take it away again
}

void StatusStrip::setAlarm(QToolButton& button, bool alarm) {
    const QColor colour = problemColour(QGuiApplication::palette()); // of the theme, which may change
    const bool coloured = !alarm || button.palette().color(QPalette::ButtonText) == colour;
    if (alarm == button.font().bold() && coloured) {
        return; // a new palette costs more than all the rest
    }
    QFont font = button.font();
    font.setBold(alarm);
    button.setFont(font);
    QPalette palette; // what is not set here comes from the parent
    if (alarm) {
        palette.setColor(QPalette::ButtonText, colour);
    }
    button.setPalette(palette);
}

void StatusStrip::refresh() {
    setVisible(m_model.state() == RunModel::State::Starting || m_model.state() == RunModel::State::Running);
    if (!isVisibleTo(parentWidget())) {
        for (QToolButton* const button : std::as_const(m_figures)) {
            button->setMinimumWidth(0); // the next run's figures may be shorter
        }
        m_slow = false;
        return;
    }
    showHealth();
    showPhase();
    showRates();
    showBacklog();
    const auto recent = m_model.recent(kLatency);
    showLatency(recent);
    showRules();
    showLosses();
    showLimit(recent);
    makeRoom();
    layout()->activate(); // at once, so that no text is cut until the next turn of the event loop
}

/// Two rows at most: what is well leaves, the least important first, before anything is cut.
void StatusStrip::makeRoom() {
    static constexpr std::array kLeave{Figure::Limit,  Figure::Target, Figure::Program, Figure::Filter, Figure::Backlog,
                                       Figure::Losses, Figure::Phase,  Figure::Store,   Figure::Broker};
    const QMargins margins = layout()->contentsMargins();
    const int twoRows =
        margins.top() + margins.bottom() + layout()->spacing() + 2 * m_figures.front()->sizeHint().height();
    for (const Figure each : kLeave) {
        QToolButton* const button = m_figures[static_cast<qsizetype>(each)];
        if (layout()->heightForWidth(width()) <= twoRows) {
            return;
        }
        if (!button->font().bold()) { // an alarm stays
            button->hide();
        }
    }
}

void StatusStrip::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    if (event->size().width() != event->oldSize().width()) { // the height follows from what is shown
        refresh();
    }
}

void StatusStrip::showHealth() {
    const core::RunStatus& status = m_model.status();
    for (const core::Dependency each : core::kDependencies) {
        const core::DependencyHealth& health = status.health.of(each);
        const core::DependencyName& name = status.health.nameOf(each);
        const QString ofFleet = each == core::Dependency::Program ? fleetTrouble(status.fleet) : QString();
        const bool alarm = health.ailment != core::Ailment::None || !ofFleet.isEmpty();
        // Late because of a daemon: then that is to be said.
        const QString words = ofFleet.isEmpty() ? ailmentText(name, health, status.snapshot.at) : ofFleet;
        QToolButton* const button = m_figures[static_cast<qsizetype>(each)];
        button->setVisible(!name.name.empty()); // they are known as soon as the run has begun
        button->setText(alarm ? fontMetrics().elidedText(tr("✗ %1").arg(words), Qt::ElideMiddle, width() * 9 / 10)
                              : tr("✓ %1").arg(dependencyName(name)));
        button->setToolTip(plainToolTip(words));
        setAlarm(*button, alarm);
    }
}

void StatusStrip::showPhase() {
    const core::RunStatus& status = m_model.status();
    m_progress->setValue(static_cast<int>(status.progress * 1'000));
    const QString target = m_model.run() ? targetText(m_model.run()->target) : unknownFigure();
    set(Figure::Target,
        tr("on %1").arg(fontMetrics().elidedText(target, Qt::ElideMiddle, 30 * fontMetrics().averageCharWidth())),
        tr("The load goes to: %1").arg(target));
    set(Figure::Phase, phaseText(status, kStageLetters), tr("%1: %2").arg(m_model.name(), phaseText(status)),
        status.paused);
}

void StatusStrip::showRates() {
    const auto window = m_model.recent(kRates);
    const QString tip =
        tr("Events per second over the last two seconds: as planned, handed to the broker's client, and "
           "committed in the store.");
    if (!window) {
        set(Figure::Rates, unknownFigure(), tr("No event is due yet."));
        return;
    }
    const core::Rate sent = window->rate(window->producer.sent);
    const bool late = sent.perSecond < 0.97 * window->target.perSecond && window->target.perSecond > 100;
    const core::Health& health = m_model.status().health;
    const bool behind = late || health.of(core::Dependency::Broker).ailment != core::Ailment::None ||
                        health.of(core::Dependency::Store).ailment != core::Ailment::None;
    set(Figure::Rates,
        tr("%1 → %2 → %3")
            .arg(rateFigure(window->target), rateFigure(sent), rateFigure(window->rate(window->consumer.stored))),
        tip, behind);
}

void StatusStrip::showBacklog() {
    const core::BacklogTrend trend = m_model.trend();
    const core::Snapshot& snapshot = m_model.status().snapshot;
    const QString tip =
        tr("Events that are sent and not stored yet: %1 that the broker has not acknowledged, and %2 that "
           "the store has not committed.")
            .arg(countFigure(snapshot.producer().queued()), countFigure(snapshot.backlog));
    set(Figure::Backlog, tr("waiting %1 %2").arg(countFigure(core::waitingIn(snapshot)), trendSign(trend)),
        tip + QLatin1Char(' ') + trendText(trend),
        trend.word == core::BacklogTrend::Word::Growing && m_model.status().phase == core::Phase::Stages);
}

void StatusStrip::showLatency(const std::optional<core::Window>& recent) {
    const core::LatencyHistogram none;
    const core::LatencyHistogram& latency = recent ? core::of(recent->latency, core::Metric::EndToEnd) : none;
    const QString figure = percentileFigure(latency, 99);
    QString text = tr("p99 (10 s) %1").arg(figure);
    QString tip =
        m_model.embeddedBroker()
            ? tr("End-to-end p99 of the last ten seconds, from the due time to the commit, with the embedded broker: "
                 "not Kafka's.")
            : tr("End-to-end p99 of the last ten seconds, from the due time to the commit.");
    if (const auto limit = m_model.run() ? endToEndP99Limit(m_model.run()->scenario) : std::nullopt) {
        const auto value = latency.percentile(99);
        if (value && figure != unknownFigure()) { // what is not known ends no alarm
            m_slow = core::Nanoseconds(std::chrono::microseconds(*value)) > *limit;
        }
        text = tr("p99 (10 s) %1, limit %2").arg(figure, durationFigure(*limit));
        tip += QLatin1Char(' ') + tr("The rule's limit stands behind it.");
    }
    set(Figure::Latency, m_model.embeddedBroker() ? tr("%1 (embedded broker)").arg(text) : text, tip, m_slow);
}

void StatusStrip::showRules() {
    QString tip;
    const QString text = brokenRulesText(m_model.status().rules, tip);
    set(Figure::Rules, text, tip, !text.isEmpty());
    m_figures[static_cast<qsizetype>(Figure::Rules)]->setVisible(!text.isEmpty()); // calm while they hold
}

void StatusStrip::showLosses() {
    const core::Snapshot& snapshot = m_model.status().snapshot;
    const core::ProducerCounts producer = snapshot.producer();
    const std::uint64_t bad = producer.failed + producer.inDoubt + producer.unsent + snapshot.offsetGap;
    if (bad == 0) {
        set(Figure::Losses, tr("nothing missing"),
            tr("No event is unsent, failed, in doubt or forgotten by the broker so far. Lost and doubled are known "
               "when the "
               "ledger is closed."));
        return;
    }
    set(Figure::Losses, tr("%1 events missing").arg(countFigure(bad)),
        tr("Unsent %1, failed %2, in doubt %3, forgotten by the broker %4.")
            .arg(countFigure(producer.unsent), countFigure(producer.failed), countFigure(producer.inDoubt),
                 countFigure(snapshot.offsetGap)),
        true);
}

void StatusStrip::showLimit(const std::optional<core::Window>& recent) {
    const NearestLimit nearest = nearestLimit(m_model.status().snapshot.host, recent);
    const QString share = percentFigure(std::round(nearest.share * 1'000) / 1'000);
    switch (nearest.what) {
    case NearestLimit::What::Nothing:
        set(Figure::Limit, unknownFigure(), tr("Nothing is measured yet."));
        return;
    case NearestLimit::What::MachineCpu:
        set(Figure::Limit, tr("CPU %1").arg(share), tr("The processors of this machine are nearest to their limit."),
            nearest.share > 0.95);
        return;
    case NearestLimit::What::Generator:
        set(Figure::Limit, tr("generator %1").arg(share),
            tr("How late the generator's own threads wake up, at p99, as a share of the 10 ms beyond which a run is "
               "invalid."),
            nearest.share > 0.8);
        return;
    }
}

} // namespace app
