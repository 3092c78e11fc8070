// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/pages/live/run_controls.h"

#include "app/desktop/bridge/run_session.h"
#include "app/desktop/pages/live/run_model.h"
#include "app/desktop/widgets/flow_layout.h"
#include "core/load/schedule.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QSlider>
#include <QSpinBox>
#include <QToolButton>
#include <algorithm>
#include <cmath>

namespace app {

namespace {

constexpr int kMostRate = 10'000'000; // events/s
constexpr int kLeastSpan = 1'000;     // events/s that the slider covers at least

QSpinBox* rateBox(const QString& name, QWidget* parent) {
    auto* const box = new QSpinBox(parent);
    box->setRange(0, kMostRate);
    box->setGroupSeparatorShown(true);
    box->setSuffix(RunControls::tr("/s", "events per second"));
    box->setAccessibleName(name);
    box->setKeyboardTracking(false);
    box->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
    return box;
}

QToolButton* buttonOf(QAction* action, QWidget* parent) {
    auto* const button = new QToolButton(parent);
    button->setDefaultAction(action);
    button->setToolButtonStyle(Qt::ToolButtonTextOnly);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

} // namespace

RunControls::RunControls(RunSession& session, const RunModel& model, QWidget* parent)
    : QWidget(parent), m_session(session), m_model(model) {
    createActions();
    auto* const row = new FlowLayout(this);
    row->setContentsMargins(6, 2, 6, 2);
    row->setSpacing(12);
    row->addWidget(buttonOf(m_pause, this));
    row->addWidget(buttonOf(m_stop, this));
    row->addWidget(burstFields());
    row->addWidget(rateFields());
    m_refusal = new QLabel(this);
    m_refusal->setTextFormat(Qt::PlainText);
    row->addWidget(m_refusal);
    connect(&m_model, &RunModel::stateChanged, this, &RunControls::runChanged);
    connect(&m_model, &RunModel::progressed, this, &RunControls::follow);
    connect(&m_model, &RunModel::refused, this, &RunControls::showRefusal);
    runChanged();
}

void RunControls::createActions() {
    m_pause = new QAction(tr("&Pause"), this);
    m_pause->setShortcut(Qt::Key_F6);
    connect(m_pause, &QAction::triggered, this, &RunControls::togglePause);
    m_stop = new QAction(tr("S&top"), this);
    m_stop->setShortcut(QKeySequence(Qt::SHIFT | Qt::Key_F5));
    m_stop->setToolTip(tr("Ends the load, stores what was sent and closes the ledger (Shift+F5)"));
    connect(m_stop, &QAction::triggered, &m_session, &RunSession::stop);
    m_burst = new QAction(tr("&Burst now"), this);
    m_burst->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_B));
    m_burst->setToolTip(tr("Adds a stream of this rate for so many seconds (Ctrl+B)"));
    connect(m_burst, &QAction::triggered, this, &RunControls::burst);
}

QWidget* RunControls::burstFields() {
    auto* const fields = new QWidget(this);
    auto* const row = new QHBoxLayout(fields);
    row->setContentsMargins(0, 0, 0, 0);
    m_burstRate = rateBox(tr("Rate of the burst, in events per second"), fields);
    m_burstRate->setValue(10'000);
    m_burstSeconds = new QSpinBox(fields);
    m_burstSeconds->setRange(1, 3'600);
    m_burstSeconds->setValue(10);
    m_burstSeconds->setSuffix(tr(" s", "seconds"));
    m_burstSeconds->setAccessibleName(tr("Length of the burst, in seconds"));
    row->addWidget(buttonOf(m_burst, fields));
    row->addWidget(m_burstRate);
    row->addWidget(m_burstSeconds);
    return fields;
}

QWidget* RunControls::rateFields() {
    auto* const fields = new QWidget(this);
    auto* const row = new QHBoxLayout(fields);
    row->setContentsMargins(0, 0, 0, 0);
    auto* const label = new QLabel(tr("R&ate"), fields);
    m_slider = new QSlider(Qt::Horizontal, fields);
    m_slider->setAccessibleName(tr("Rate of all streams together, in events per second"));
    m_slider->setToolTip(tr("All streams change in proportion and keep the new rate until the end of the run."));
    m_slider->setTracking(false); // a rate is set when the handle is let go
    m_rate = rateBox(tr("Rate of all streams together, in events per second"), fields);
    label->setBuddy(m_rate);
    row->addWidget(label);
    row->addWidget(m_slider, 1);
    row->addWidget(m_rate);
    connect(m_slider, &QSlider::sliderMoved, m_rate, [this](int value) {
        const QSignalBlocker quiet(m_rate);
        m_rate->setValue(value);
    });
    connect(m_slider, &QSlider::valueChanged, this, &RunControls::setRate);
    connect(m_rate, &QSpinBox::valueChanged, this, &RunControls::setRate);
    return fields;
}

void RunControls::runChanged() {
    m_refusal->clear();
    if (m_model.state() == RunModel::State::Running) {
        const double peak = core::peakRate(m_model.run()->scenario).perSecond;
        m_slider->setRange(0, std::clamp(static_cast<int>(std::min(2 * peak, 1.0 * kMostRate)), kLeastSpan, kMostRate));
    }
    follow();
}

/// The fields show the planned rate, unless the user is at them.
void RunControls::follow() {
    using core::Phase;
    const core::RunStatus& status = m_model.status();
    const bool on = m_model.state() == RunModel::State::Running;
    const bool loading = on && (status.phase == Phase::Warmup || status.phase == Phase::Stages);
    m_pause->setText(status.paused ? tr("R&esume") : tr("&Pause"));
    m_pause->setToolTip(status.paused ? tr("Goes on with the load (F6)") : tr("Holds the load; due times move (F6)"));
    m_pause->setEnabled(loading);
    m_stop->setEnabled(on || m_model.state() == RunModel::State::Starting);
    for (QWidget* const each : {static_cast<QWidget*>(m_burstRate), static_cast<QWidget*>(m_burstSeconds),
                                static_cast<QWidget*>(m_slider), static_cast<QWidget*>(m_rate)}) {
        each->setEnabled(loading);
    }
    m_burst->setEnabled(loading && !status.paused);
    if (!loading || m_slider->isSliderDown() || m_rate->hasFocus()) {
        return;
    }
    double target = 0;
    for (const core::StreamSnapshot& stream : status.snapshot.streams) {
        target += stream.target.perSecond;
    }
    const QSignalBlocker quietSlider(m_slider);
    const QSignalBlocker quietRate(m_rate);
    m_slider->setValue(static_cast<int>(std::lround(target)));
    m_rate->setValue(static_cast<int>(std::lround(target)));
}

void RunControls::togglePause() {
    m_refusal->clear();
    if (m_model.status().paused) {
        m_session.command(core::ResumeCommand{});
    } else {
        m_session.command(core::PauseCommand{});
    }
}

void RunControls::burst() {
    m_refusal->clear();
    m_session.command(core::BurstCommand{core::Rate{static_cast<double>(m_burstRate->value())},
                                         std::chrono::seconds(m_burstSeconds->value())});
}

void RunControls::setRate(int perSecond) {
    m_refusal->clear();
    m_session.command(core::RateCommand{{}, core::Rate{static_cast<double>(perSecond)}});
}

void RunControls::showRefusal() {
    m_refusal->setText(tr("Refused: %1.").arg(m_model.refusal()));
}

} // namespace app
