// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ports/audited_rows.h"

#include <array>

namespace core {

std::string_view nameOf(StoredAtSource source) {
    constexpr std::array<std::string_view, 3> kNames{"column", "commit", "none"};
    return kNames[static_cast<std::size_t>(source)];
}

} // namespace core
