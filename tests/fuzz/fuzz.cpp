// SPDX-License-Identifier: GPL-3.0-or-later
// libFuzzer's entries. The environment variable MILLRACE_PARSER names the parser: one program is linked once.
#include "parsers.h"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace {
const fuzz::Parser* g_parser = nullptr; // libFuzzer hands nothing through
}

extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
    const char* const name = std::getenv("MILLRACE_PARSER");
    g_parser = name == nullptr ? nullptr : fuzz::parserOf(name);
    if (g_parser == nullptr) {
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
    g_parser->read({reinterpret_cast<const char*>(data), size});
    return 0;
}
