// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace core {

/// Next value of the splitmix64 sequence; also the mixing step that makes a seed of several numbers.
inline std::uint64_t splitMix(std::uint64_t& state) {
    std::uint64_t value = state += 0x9e3779b97f4a7c15ULL;
    value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    value = (value ^ (value >> 27U)) * 0x94d049bb133111ebULL;
    return value ^ (value >> 31U);
}

/// xoshiro256** by Blackman and Vigna (prng.di.unimi.it), seeded by splitmix64 as they advise. The same numbers on
/// every platform, unlike the standard library's distributions.
class Random {
public:
    explicit Random(std::uint64_t seed) {
        for (auto& word : m_state) {
            word = splitMix(seed);
        }
    }
    /// Independent sequences for each `part` of one seed.
    Random(std::uint64_t seed, std::uint64_t part) : Random(mixed(seed, part)) {}

    std::uint64_t next() {
        const std::uint64_t result = std::rotl(m_state[1] * 5, 7) * 9;
        const std::uint64_t shifted = m_state[1] << 17U;
        m_state[2] ^= m_state[0];
        m_state[3] ^= m_state[1];
        m_state[1] ^= m_state[2];
        m_state[0] ^= m_state[3];
        m_state[2] ^= shifted;
        m_state[3] = std::rotl(m_state[3], 45);
        return result;
    }
    /// Uniform in [0, 1).
    double unit() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }
    /// Uniform in (0, 1]: its logarithm exists.
    double positiveUnit() { return static_cast<double>((next() >> 11U) + 1) * 0x1.0p-53; }
    /// Uniform in [0, limit); the bias of this multiplication is below limit / 2^32.
    std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>((next() >> 32U) * limit >> 32U); }

    static std::uint64_t mixed(std::uint64_t seed, std::uint64_t part) {
        std::uint64_t state = seed;
        state = splitMix(state) ^ part;
        return splitMix(state);
    }

private:
    std::array<std::uint64_t, 4> m_state{};
};

} // namespace core
