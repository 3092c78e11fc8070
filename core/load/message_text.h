// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/random.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace core {

/// The random numbers of one event: a splitmix64 sequence, so that any event can be generated again by itself.
class Draws {
public:
    explicit Draws(std::uint64_t state) : m_state(state) {}

    std::uint64_t next() { return splitMix(m_state); }
    double unit() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }
    std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>((next() >> 32U) * limit >> 32U); }

private:
    std::uint64_t m_state;
};

/// Writes log messages of a wanted length: sentences like those of real services, with numbers, ids, addresses and
/// durations in them, so that they compress as real logs do. Plain ASCII that needs no escape in JSON.
class MessageText {
public:
    MessageText();

    /// Writes exactly `length` bytes; up to kSlack bytes more behind them may be overwritten. `trouble`: sentences of
    /// warnings and errors.
    void write(char* out, std::size_t length, bool trouble, Draws& draws) const;

    static constexpr std::size_t kSlack = 256;

private:
    struct Piece { ///< a literal text, then a figure
        std::string_view literal;
        char figure = 0; ///< 0: none
    };
    using Sentence = std::vector<Piece>;

    static Sentence sentenceOf(std::string_view text);
    static char* writeFigure(char* out, char figure, Draws& draws);
    static char* writeSentence(char* out, const char* end, const Sentence& sentence, Draws& draws);

    std::vector<Sentence> m_routine;
    std::vector<Sentence> m_trouble;
    std::vector<Sentence> m_details; ///< what follows a sentence that is too short
};

} // namespace core
