// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace services {

std::string_view millraceVersion(); ///< "0.14.0"

/// Millrace and the libraries it runs on, by name.
std::map<std::string, std::string> softwareVersions();

} // namespace services
