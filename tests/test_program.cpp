// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test_class.h"

#include <cstdio>
#include <map>
#include <string>

namespace tests {
namespace {

std::map<std::string, Main>& units() {
    static std::map<std::string, Main> all;
    return all;
}

} // namespace

Registration::Registration(const char* sourceFile, Main main) {
    std::string unit = sourceFile;
    unit = unit.substr(unit.rfind('/') + 1);    // tst_<unit>.cpp
    unit = unit.substr(4, unit.size() - 4 - 4); // <unit>
    units().emplace(std::move(unit), main);
}

} // namespace tests

int main(int argc, char** argv) {
    const auto unit = argc > 1 ? tests::units().find(argv[1]) : tests::units().end();
    if (unit == tests::units().end()) {
        std::fprintf(stderr, "usage: %s UNIT [option of Qt Test ...]\n", argv[0]);
        for (const auto& [name, main] : tests::units()) {
            std::fprintf(stderr, "  %s\n", name.c_str());
        }
        return 2;
    }
    argv[1] = argv[0];
    return unit->second(argc - 1, argv + 1);
}
