#pragma once

namespace app {

/// The programs' command line, shared by millraced and millrace: runs the verb that it names and answers the exit code
/// (resources/docs/command-line.md). Never opens a window. Call it from main, before there is another thread.
int runCommandLine(int argc, char** argv);

} // namespace app
