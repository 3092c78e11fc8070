#pragma once

#include "app/desktop/bridge/target_check.h"

namespace app {

/// Asks the servers for TargetCheck, in its thread.
class TargetCheckWorker : public QObject {
    Q_OBJECT

public:
    void check(const TargetCheckRequest& request);

Q_SIGNALS:
    void found(int number, const services::Finding& finding);
    void finished(int number);
};

} // namespace app
