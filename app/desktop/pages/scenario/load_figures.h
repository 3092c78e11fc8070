// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/launch/scenario_file.h"

#include <QWidget>

class QFormLayout;
class QLabel;

namespace app {

/// What the scenario asks for, in figures.
class LoadFigures : public QWidget {
    Q_OBJECT

public:
    explicit LoadFigures(QWidget* parent = nullptr);

    /// `knowsFilter`: for how long ids are remembered is known.
    void show(const ScenarioLoad& load, bool knowsFilter);
    void showUnknown(); ///< dashes: streams or warm-up have problems

private:
    static void showUnknown(QLabel* figure);
    QLabel* addRow(QFormLayout* layout, const QString& name, const QString& label, const QString& tip);

    QLabel *m_events, *m_warmup, *m_peak, *m_length, *m_bytes, *m_disk, *m_redis;
};

} // namespace app
