// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/message_lines.h"
#include "core/measure/mark.h"
#include "core/result.h"
#include "core/scenario/scenario.h"

#include <map>
#include <string>
#include <vector>

namespace services {

/// The texts of a scenario's message files, by path.
using MessageFiles = std::map<std::string, core::MessageLines>;

/// Whether the path is a file that can be read and holds something. Never waits, as for a pipe. Invalid: the sentence
/// says why not, and goes on after the file's name.
core::Status checkMessageFile(const std::string& path);

/// Reads every message file of the scenario, each once; at most 256 MiB each.
core::Result<MessageFiles> readMessageFiles(const core::Scenario& scenario);

/// What was read: "1,234 lines; read as gzip; 312 lines hold bytes that are no text …".
std::string describe(const core::MessageLines& lines);

/// For the time line: a mark for each file that is not sent as it stands on the disk, a warning where something is
/// lost.
std::vector<core::Mark> marksOf(const MessageFiles& files);

} // namespace services
