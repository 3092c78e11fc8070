// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/target/remedy.h"

namespace services {

std::string withRemedy(const core::Error& error, std::string_view remedy) {
    const bool needsOne = error.kind == core::ErrorKind::Transient && error.hint.empty();
    return (needsOne ? core::transient(error.message, std::string(remedy)) : error).text();
}

} // namespace services
