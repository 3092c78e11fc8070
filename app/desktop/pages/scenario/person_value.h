// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/pages/scenario/value_text.h"

namespace app {

/// What a person wrote into a field of this kind as scenarios write it: "3000" as a rate is 3000/s, "2 s" is 2s,
/// "1,000,000/s" is 1000000/s. Where it could mean two things, or is no such value at all, it stays as it is, and the
/// reader says what is wrong. One comma before three digits counts as the user's locale has it.
QString scenarioValue(const QString& written, ValueKind kind);

} // namespace app
