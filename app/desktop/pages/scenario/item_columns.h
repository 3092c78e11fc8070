// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/pages/scenario/item_table_model.h"

/// The tables of the scenario page: what their rows are and where the values lie.
namespace app {

QList<ItemColumn> streamColumns();
QList<ItemColumn> stageColumns();
/// `lastValue`: of a rule, in the last run; empty: not known.
QList<ItemColumn> ruleColumns(const std::function<QString(const core::YamlNode& rule)>& lastValue);

/// What the buttons 'Add' insert.
core::YamlNode newStream(const core::YamlNode* streams); ///< with a name that none of them has
core::YamlNode newStage();
core::YamlNode newRule();

/// A name for a copy of a stream that none has yet.
QString freeStreamName(const core::YamlNode* streams, const QString& wanted);

/// A stage in words: "1000/s for 20s".
QString stageSummary(const core::YamlNode& stage);

} // namespace app
