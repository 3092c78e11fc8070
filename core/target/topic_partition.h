// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/units.h"

#include <compare>
#include <string>

namespace core {

struct TopicPartition {
    std::string topic;
    Partition partition;

    auto operator<=>(const TopicPartition&) const = default;
};

} // namespace core
