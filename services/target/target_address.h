// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace services {

/// The address without the password of its user part or its query; fit for logs, journals and results.
std::string withoutPassword(const std::string& url);

} // namespace services
