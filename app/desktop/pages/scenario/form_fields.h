// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/pages/scenario/scenario_field.h"

/// The single values of the form: what they are called, what holds without them, and what they mean.
namespace app {

QList<FieldSpec> generalFields();
QList<FieldSpec> eventFields(); ///< below a stream's `event`
QList<FieldSpec> kafkaFields();
QList<FieldSpec> consumedByFields();
QList<FieldSpec> consumerFields();
QList<FieldSpec> dedupeFields();

} // namespace app
