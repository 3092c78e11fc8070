// SPDX-License-Identifier: GPL-3.0-or-later
// libFuzzer's entries. The environment variable MILLRACE_PARSER names the parser: one program is linked once.
#include "parsers.h"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace {
const fuzz::Parser* chosen = nullptr; // libFuzzer hands nothing through
}

extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
    const char* const name = std::getenv("MILLRACE_PARSER");
    chosen = name == nullptr ? nullptr : fuzz::parserOf(name);
    if (chosen == nullptr) {
        std::fprintf(stderr, "MILLRACE_PARSER names one of:");
        for (const fuzz::Parser& parser : fuzz::parsers()) {
            std::fprintf(stderr, " %.*s", static_cast<int>(parser.name.size()), parser.name.data());
        }
        std::fprintf(stderr, "\n");
        std::exit(2);
    }
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    chosen->read({reinterpret_cast<const char*>(data), size});
    return 0;
}
