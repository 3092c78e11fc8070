// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/target/remedy.h"

#include <fmt/format.h>

namespace services {

std::string withRemedy(const core::Error& error, std::string_view remedy) {
    const bool absent = error.kind == core::ErrorKind::Transient;
    if (!absent || error.message.find("Check ") != std::string::npos) {
        return error.message;
    }
    return fmt::format("{}{} {}", error.message, error.message.ends_with('.') ? "" : ".", remedy);
}

} // namespace services
