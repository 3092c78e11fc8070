// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>

namespace services {

/// Millrace and the libraries it runs on, by name.
std::map<std::string, std::string> softwareVersions();

} // namespace services
