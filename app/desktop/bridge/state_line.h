#pragma once

#include "services/run/run.h"

#include <QString>

namespace app {

/// One line on a run: where it is, how fast it was since `earlier`, how late, and how much waits. A figure that is not
/// known is a dash. A latency of the embedded broker says so: it is not Kafka's.
QString stateLine(const services::RunStatus& now, const core::Snapshot& earlier, bool embeddedBroker);

} // namespace app
