// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace app {

/// Sends the log to standard error from now on: lines of text, or a JSON object per line with time, level and message.
/// SPDLOG_LEVEL says what is logged, "info" if nothing does.
void logToStandardError(bool json);

} // namespace app
