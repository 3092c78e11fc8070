// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/consumer/text_arena.h"

#include <algorithm>
#include <cstring>

namespace services {

std::string_view TextArena::keep(std::string_view text) {
    if (text.empty()) {
        return {};
    }
    if (m_chunks.empty() || m_chunks[m_current].size - m_filled < text.size()) {
        makeRoom(text.size());
    }
    char* const at = m_chunks[m_current].bytes.get() + m_filled;
    std::memcpy(at, text.data(), text.size());
    m_filled += text.size();
    m_used += text.size();
    return {at, text.size()};
}

void TextArena::makeRoom(std::size_t size) {
    if (!m_chunks.empty()) {
        ++m_current;
    }
    m_filled = 0;
    if (m_current < m_chunks.size() && m_chunks[m_current].size >= size) {
        return;
    }
    const std::size_t length = std::max(kChunk, size);
    const auto place = m_chunks.begin() + static_cast<std::ptrdiff_t>(m_current);
    m_chunks.insert(place, {std::unique_ptr<char[]>(new char[length]), length}); // not make_unique: it would zero it
}

void TextArena::clear() {
    // Outsized chunks go, so that one batch of huge texts does not stay in memory for ever.
    std::erase_if(m_chunks, [](const Chunk& chunk) { return chunk.size > kChunk; });
    if (m_chunks.size() > kChunksKept) {
        m_chunks.resize(kChunksKept);
    }
    m_current = 0;
    m_filled = 0;
    m_used = 0;
}

} // namespace services
