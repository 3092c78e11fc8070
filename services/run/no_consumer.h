// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/run/consumption.h"

namespace services {

/// Nobody: the run's account ends with the acknowledgements.
class NoConsumer final : public Consumption {
public:
    bool ready() const override { return true; }
    std::uint64_t undrained() const override { return 0; }
    void stop() override { m_left = true; }
    bool left() const override { return m_left; }
    Account account() const override { return Account::None; }

private:
    bool m_left = false;
};

} // namespace services
