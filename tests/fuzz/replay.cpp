// SPDX-License-Identifier: GPL-3.0-or-later
// Reads every file of the corpus again, with any compiler: what was found once stays found.
//     fuzz_replay CORPUS [PARSER]
#include "parsers.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: %s CORPUS [PARSER]\n", argv[0]);
        return 2;
    }
    int poor = 0;
    for (const fuzz::Parser& parser : fuzz::parsers()) {
        if (argc > 2 && parser.name != argv[2]) {
            continue;
        }
        int files = 0;
        std::error_code missing;
        for (const auto& entry :
             std::filesystem::directory_iterator(std::filesystem::path(argv[1]) / parser.name, missing)) {
            std::ifstream in(entry.path(), std::ios::binary);
            const std::string bytes{std::istreambuf_iterator<char>(in), {}};
            std::printf("%s\n", entry.path().c_str());
            std::fflush(stdout); // the last one named is the one that it died of
            parser.read(bytes);
            ++files;
        }
        poor += files < 3 ? 1 : 0;
        std::printf("%.*s: %d files\n", static_cast<int>(parser.name.size()), parser.name.data(), files);
    }
    return poor == 0 ? 0 : 1; // a parser without a corpus is not tested
}
