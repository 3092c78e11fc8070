// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measure/ledger.h"

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

/// The names that counts have in result.json, in their order there; for its writer and its reader.
namespace core {

inline constexpr std::string_view kResultSchema = "millrace.result/2";
inline constexpr std::string_view kFirstResultSchema = "millrace.result/1"; ///< read, no longer written

constexpr bool isReadableSchema(std::string_view schema) {
    return schema == kResultSchema || schema == kFirstResultSchema;
}

template <typename Counts>
using CountField = std::pair<std::string_view, std::uint64_t Counts::*>;

inline constexpr std::array<CountField<ProducerCounts>, 7> kProducerFields{{
    {"planned", &ProducerCounts::planned},
    {"sent", &ProducerCounts::sent},
    {"unsent", &ProducerCounts::unsent},
    {"shed", &ProducerCounts::shed},
    {"acked", &ProducerCounts::acked},
    {"failed", &ProducerCounts::failed},
    {"in_doubt", &ProducerCounts::inDoubt},
}};

inline constexpr std::array<CountField<ConsumerCounts>, 2> kConsumedFields{{
    {"polled", &ConsumerCounts::polled},
    {"stored", &ConsumerCounts::stored},
}};

inline constexpr std::array<CountField<ConsumerCounts>, 3> kDuplicateFields{{
    // in an object "duplicate"
    {"filter", &ConsumerCounts::duplicateFilter},
    {"batch", &ConsumerCounts::duplicateBatch},
    {"store", &ConsumerCounts::duplicateStore},
}};

inline constexpr std::array<CountField<ConsumerCounts>, 3> kOtherFields{{
    {"dead_lettered", &ConsumerCounts::deadLettered},
    {"foreign", &ConsumerCounts::foreign},
    {"abandoned", &ConsumerCounts::abandoned},
}};

inline constexpr std::array<CountField<IdCounts>, 6> kIdFields{{
    {"recovered", &IdCounts::recovered},
    {"unexpected", &IdCounts::unexpected},
    {"reordered", &IdCounts::reordered},
    {"lost", &IdCounts::lost},
    {"doubled", &IdCounts::doubled},
    {"undrained", &IdCounts::undrained},
}};

} // namespace core
