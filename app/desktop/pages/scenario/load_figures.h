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

    void show(const ScenarioLoad& load);
    void showUnknown(); ///< dashes: the scenario has problems

private:
    QLabel* addRow(QFormLayout* layout, const QString& name, const QString& label, const QString& tip);

    QLabel *m_events, *m_warmup, *m_peak, *m_length, *m_bytes, *m_disk, *m_redis;
};

} // namespace app
