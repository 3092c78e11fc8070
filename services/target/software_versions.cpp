// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/target/software_versions.h"

namespace services {

std::string_view millraceVersion() {
    return MILLRACE_VERSION;
}

std::map<std::string, std::string> softwareVersions() {
    return {{"millrace", MILLRACE_VERSION},  {"librdkafka", MILLRACE_WITH_RDKAFKA}, {"libpqxx", MILLRACE_WITH_PQXX},
            {"libpq", MILLRACE_WITH_PQ},     {"hiredis", MILLRACE_WITH_HIREDIS},    {"sqlite", MILLRACE_WITH_SQLITE},
            {"compiler", "g++ " __VERSION__}};
}

} // namespace services
