// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/consumers.h"
#include "services/remote/remote_fleet.h"

namespace services {

/// The consumers of a fleet as one; they may come and go. The fleet outlives it.
class RemoteConsumers final : public core::Consumers {
public:
    explicit RemoteConsumers(RemoteFleet& fleet) : m_fleet(fleet) {}

    bool joined() const override;
    std::optional<std::string> violation() const override;
    std::string refusal() const override;
    std::string trouble() const override;
    void stop() override;
    bool left() const override;

private:
    RemoteFleet& m_fleet;
};

} // namespace services
