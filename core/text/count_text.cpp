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

std::string counted(std::uint64_t count, std::string_view noun) {
    return countText(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

} // namespace core
