// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/bridge/killed_run.h"

#include "services/archive/result_folder.h"
#include "services/archive/result_source.h"
#include "services/run/run.h"

namespace app {

core::Status finishKilledRun(const services::CatalogueEntry& run, const std::optional<services::ServerAccess>& access,
                             const std::stop_token& giveUp) {
    const bool embedded = run.target.broker == core::kEmbedded;
    auto result = embedded ? services::readResult(run.folder) : services::resumeDrain(run.folder, access, giveUp);
    if (!result) {
        return result.error();
    }
    return services::writeResult(*result, run.folder);
}

} // namespace app
