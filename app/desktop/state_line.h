#pragma once

#include "services/run/run.h"

#include <QString>

namespace app {

/// One line on a run: where it is, how fast it was since `earlier`, how late, and how much waits. A figure that is not
/// known is a dash.
QString stateLine(const services::RunStatus& now, const core::Snapshot& earlier);

} // namespace app
