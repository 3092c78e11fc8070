// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/archive/report_export.h"

namespace app {

/// Writes that fail are told by whoever writes, as on a full disk, instead of ending the program by a signal.
void surviveFailedWrites();

/// The programs' command line, shared by millraced and millrace: runs the verb that it names and answers the exit code
/// (resources/docs/command-line.md). Never opens a window. Call it from main, before there is another thread. Pictures
/// and PDF are drawn by `pictures`; without them the verbs name the program that has them.
int runCommandLine(int argc, char** argv, const services::PictureExporter& pictures = {});

} // namespace app
