// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/pages/scenario/value_text.h"

#include <QStringList>
#include <optional>

/// The six kinds of stages, each with its keys, as one table shows them.
namespace app {

enum class StagePart { Duration, Rate, From, Steps, Amplitude, Period };

QStringList stageKinds();                       ///< constant, ramp, …
QString stageKind(const core::YamlNode& stage); ///< by its keys; empty: it is none

/// Where a part lies below a stage: "rate", "to", "staircase.hold"; nothing: this kind has no such part.
std::optional<QString> placeOf(StagePart part, const core::YamlNode& stage);

/// Makes the stage one of another kind, with as much of its duration and rate as that takes.
ScenarioDocument::Edit kindEdit(const QString& path, const core::YamlNode& stage, const QString& kind);

} // namespace app
