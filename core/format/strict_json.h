// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>

#include <concepts>
#include <cstdint>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace core {

/// As the library's, but whole numbers: it would make a large count of a negative one and a whole one of a fraction,
/// and what it makes of 1e99 is undefined. Throws std::out_of_range.
template <typename T, typename = void>
struct StrictNumbers : nlohmann::adl_serializer<T> {};

template <std::integral T>
    requires(!std::same_as<T, bool>)
struct StrictNumbers<T> : nlohmann::adl_serializer<T> {
    template <typename Json>
    static void from_json(const Json& json, T& value) {
        const bool fits =
            json.is_number_unsigned()
                ? std::in_range<T>(json.template get_ref<const std::uint64_t&>())
                : json.is_number_integer() && std::in_range<T>(json.template get_ref<const std::int64_t&>());
        if (!fits) {
            throw std::out_of_range(json.dump() + " is no whole number, or too large a one");
        }
        nlohmann::adl_serializer<T>::from_json(json, value);
    }
};

using StrictJson = nlohmann::basic_json<std::map, std::vector, std::string, bool, std::int64_t, std::uint64_t, double,
                                        std::allocator, StrictNumbers>;

} // namespace core
