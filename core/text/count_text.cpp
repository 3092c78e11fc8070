// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/count_text.h"

namespace core {

std::string countText(std::uint64_t count) {
    auto text = std::to_string(count);
    for (auto place = text.size(); place > 3;) {
        place -= 3;
        text.insert(place, 1, ',');
    }
    return text;
}

} // namespace core
