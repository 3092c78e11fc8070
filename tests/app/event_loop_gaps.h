// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QTimer>
#include <algorithm>

/// How long the event loop of the thread that creates it is ever held up, from then on.
class EventLoopGaps {
public:
    EventLoopGaps() {
        m_since.start();
        QObject::connect(&m_tick, &QTimer::timeout, &m_tick, [this] {
            m_largest = std::max(m_largest, m_since.nsecsElapsed());
            m_since.restart();
        });
        m_tick.setTimerType(Qt::PreciseTimer);
        m_tick.start(5);
    }
    double largestMillis() const { return static_cast<double>(m_largest) / 1e6; }

private:
    QTimer m_tick;
    QElapsedTimer m_since;
    qint64 m_largest = 0; // nanoseconds
};
