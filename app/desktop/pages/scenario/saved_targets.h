// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/scenario/scenario.h"

#include <QAbstractListModel>
#include <QString>
#include <optional>

namespace app {

/// The saved connections that a run can be sent to: a row each, its name under Qt::DisplayRole.
class SavedTargets : public QAbstractListModel {
    Q_OBJECT

public:
    using QAbstractListModel::QAbstractListModel;

    /// Where connection `row` leads, secrets included: it goes to a run and is never shown or written.
    virtual core::Target target(int row) const = 0;
};

/// What one part of a target said when it was tried.
struct TargetAnswer {
    QString part; ///< broker, store or duplicate filter
    bool reached = false;
    QString text; ///< what it is, or why it did not answer
    std::optional<double> roundTripMs;
};

} // namespace app
