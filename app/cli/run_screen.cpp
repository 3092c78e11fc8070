// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/run_screen.h"

#include "app/cli/text_columns.h"

namespace app {
namespace {

constexpr std::chrono::seconds kBetweenLines(5);

} // namespace

RunScreen::RunScreen(Kind kind, std::string title, std::string place, LogLines& log)
    : m_kind(kind), m_log(log), m_view(std::move(title), std::move(place)) {
    draw();
}

RunScreen::~RunScreen() {
    m_block.clear(terminalSize());
    // A run that could not start has said why in one sentence; the libraries' words would hide it.
    if (m_updated) {
        showLog();
    }
}

void RunScreen::showLog() {
    for (const std::string& line : m_log.pop()) {
        complain(line);
    }
}

void RunScreen::notice(std::string text) {
    if (m_kind == Kind::Lines) {
        say(text + "\n");
    }
    m_notice = std::move(text);
    draw();
}

void RunScreen::update(core::RunStatus status) {
    m_updated = true;
    m_view.observe(std::move(status));
    draw();
    if (m_kind != Kind::Block) {
        showLog();
    }
    if (m_kind != Kind::Lines) {
        return;
    }
    for (const std::string& mark : m_view.newMarks()) {
        say(mark + "\n");
    }
    const auto now = std::chrono::steady_clock::now();
    if (now < m_nextLine) {
        return;
    }
    // The first line would only say that nothing has happened yet.
    if (m_nextLine != std::chrono::steady_clock::time_point{}) {
        say(m_view.line() + "\n");
    }
    m_nextLine = now + kBetweenLines;
}

void RunScreen::draw() {
    if (m_kind != Kind::Block) {
        return;
    }
    const TerminalSize size = terminalSize();
    const std::size_t width = size.columns > 1 ? size.columns - 1 : 1; // a full line would break by itself
    std::vector<std::string> lines = m_view.block(width);
    if (!m_notice.empty()) {
        lines.push_back(cutToColumns(m_notice, width));
    }
    m_block.show(lines, m_log.pop(), size);
}

} // namespace app
