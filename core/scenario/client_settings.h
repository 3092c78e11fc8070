// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>

namespace core {

/// librdkafka's settings that a scenario or a saved connection may name: none of them loads code, runs a program or
/// says what has a key of its own.
std::span<const std::string_view> allowedClientSettings();

/// True for those of them that no file may hold.
bool isSecretClientSetting(std::string_view name);

} // namespace core
