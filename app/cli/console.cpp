// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/console.h"

#include "app/cli/text_columns.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace app {

namespace {

/// What became of standard output, which the whole process has once as well.
struct OutputState {
    bool taken = false; ///< a first byte was
    int error = 0;      ///< errno of the write that failed; 0: none did
};
OutputState& standardOutput() {
    static OutputState state;
    return state;
}

} // namespace

void say(std::string_view text) {
    while (!text.empty() && standardOutput().error == 0) {
        const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
        if (written >= 0) {
            standardOutput().taken = standardOutput().taken || written > 0;
            text.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno == EAGAIN) { // somebody else's end of it made it non-blocking
            pollfd room{.fd = STDOUT_FILENO, .events = POLLOUT, .revents = 0};
            ::poll(&room, 1, -1);
        } else if (errno != EINTR) {
            standardOutput().error = errno;
        }
    }
}

std::optional<std::string> outputFailure() {
    const OutputState& state = standardOutput();
    if (state.error == 0 || (state.error == EPIPE && state.taken)) {
        return std::nullopt;
    }
    return fmt::format("standard output could not be written: {}.", std::strerror(state.error));
}

void complain(std::string_view text) {
    const std::string line = fmt::format("{}: {}\n", program_invocation_short_name, text);
    std::fwrite(line.data(), 1, line.size(), stderr);
}

bool isTerminal() {
    const char* const kind = std::getenv("TERM");
    return isatty(STDOUT_FILENO) == 1 && kind != nullptr && std::string_view(kind) != "dumb";
}

bool showsColours() {
    const char* const refused = std::getenv("NO_COLOR");
    return isTerminal() && (refused == nullptr || *refused == '\0');
}

TerminalSize terminalSize() {
    winsize size{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) {
        return {};
    }
    return {size.ws_col, size.ws_row};
}

std::string cursorToTop(const std::vector<std::string>& lines, std::size_t columns) {
    std::size_t rows = 0;
    for (const std::string& line : lines) {
        rows += std::max<std::size_t>((columnsOf(line) + columns - 1) / columns, 1);
    }
    return rows == 0 ? "\r" : fmt::format("\r\033[{}A", rows);
}

std::string LiveBlock::upToTop(const TerminalSize& size) const {
    return cursorToTop(m_lines, size.columns);
}

void LiveBlock::show(const std::vector<std::string>& lines, const std::vector<std::string>& above,
                     const TerminalSize& size) {
    std::string text = upToTop(size);
    for (const std::string& line : above) {
        text += "\033[2K" + line + "\n";
    }
    m_lines = lines;
    // The cursor stands on a line of its own below, so the block has one row less than the terminal.
    m_lines.resize(std::min(m_lines.size(), std::max<std::size_t>(size.rows, 2) - 1));
    for (const std::string& line : m_lines) {
        text += "\033[2K" + line + "\n";
    }
    say(text + "\033[J"); // one write, so that nothing flickers
}

void LiveBlock::clear(const TerminalSize& size) {
    if (m_lines.empty()) {
        return;
    }
    say(upToTop(size) + "\033[J");
    m_lines.clear();
}

} // namespace app
