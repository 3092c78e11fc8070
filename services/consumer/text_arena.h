// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace services {

/// Copies of texts that live until clear(). Memory comes in chunks that never move, so views stay good while it grows,
/// and the usual batch needs no allocation once the chunks are there.
class TextArena {
public:
    std::string_view keep(std::string_view text);
    void clear(); ///< all views die; a few chunks stay for the next batch
    std::size_t used() const { return m_used; }

    static constexpr std::size_t kChunk = std::size_t{256} << 10U;
    static constexpr std::size_t kChunksKept = 64; ///< 16 MiB

private:
    struct Chunk {
        std::unique_ptr<char[]> bytes;
        std::size_t size = 0;
    };
    void makeRoom(std::size_t size);

    std::vector<Chunk> m_chunks;
    std::size_t m_current = 0; // index of the chunk that is being filled
    std::size_t m_filled = 0;  // bytes of it
    std::size_t m_used = 0;
};

} // namespace services
