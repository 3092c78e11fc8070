// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>

/// Our readers of what others wrote, each as one function of some bytes. It aborts where a promise of the reader's
/// header does not hold; libFuzzer and the sanitizers see the rest.
namespace fuzz {

struct Parser {
    std::string_view name; ///< of its folder in tests/fuzz/corpus too
    void (*read)(std::string_view bytes);
};

std::span<const Parser> parsers();
/// Null: there is none.
const Parser* parserOf(std::string_view name);

} // namespace fuzz
