// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/plain_number.h"

#include <fmt/format.h>

#include <cmath>

namespace core {

std::string plainNumber(double value, int decimals) {
    if (!std::isfinite(value)) {
        return {};
    }
    std::string text = fmt::format("{:.{}f}", value, decimals);
    if (text.find('.') != std::string::npos) {
        text.erase(text.find_last_not_of('0') + 1);
    }
    if (text.back() == '.') {
        text.pop_back();
    }
    return text == "-0" ? "0" : text;
}

} // namespace core
