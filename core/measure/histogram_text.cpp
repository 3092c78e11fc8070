// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/latency_histogram.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <limits>

namespace core {

namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string toBase64(const std::vector<std::uint8_t>& bytes) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto left = std::min<std::size_t>(bytes.size() - i, 3);
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            group = (group << 8U) | (k < left ? bytes[i + k] : 0U);
        }
        for (std::size_t k = 0; k < 4; ++k) {
            text += k <= left ? kAlphabet[(group >> (18U - 6U * k)) & 63U] : '=';
        }
    }
    return text;
}

std::optional<std::vector<std::uint8_t>> fromBase64(std::string_view text) {
    if (text.size() % 4 != 0) {
        return std::nullopt;
    }
    std::size_t padding = 0;
    while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') {
        ++padding;
    }
    std::vector<std::uint8_t> bytes;
    bytes.reserve(text.size() / 4 * 3);
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool pad = i + padding >= text.size();
        const auto digit = pad ? 0 : kAlphabet.find(text[i]);
        if (digit == std::string_view::npos) {
            return std::nullopt;
        }
        group = (group << 6U) | static_cast<std::uint32_t>(digit);
        if (i % 4 == 3) {
            for (const auto shift : {16U, 8U, 0U}) {
                bytes.push_back(static_cast<std::uint8_t>(group >> shift));
            }
            group = 0;
        }
    }
    bytes.erase(bytes.end() - static_cast<std::ptrdiff_t>(padding), bytes.end());
    return bytes;
}

void appendNumber(std::vector<std::uint8_t>& bytes, std::uint64_t number) {
    for (; number >= 0x80; number >>= 7U) {
        bytes.push_back(static_cast<std::uint8_t>(number | 0x80U));
    }
    bytes.push_back(static_cast<std::uint8_t>(number));
}

/// Reads LEB128 numbers of at most 64 bits.
class NumberReader {
public:
    explicit NumberReader(const std::vector<std::uint8_t>& bytes) : m_bytes(bytes) {}

    bool done() const { return m_position == m_bytes.size(); }

    std::optional<std::uint64_t> next() {
        std::uint64_t number = 0;
        for (unsigned shift = 0; shift < 64 && !done(); shift += 7) {
            const std::uint64_t byte = m_bytes[m_position++];
            if (shift == 63 && byte > 1) {
                return std::nullopt;
            }
            number |= (byte & 0x7FU) << shift;
            if ((byte & 0x80U) == 0) {
                return number;
            }
        }
        return std::nullopt;
    }

private:
    const std::vector<std::uint8_t>& m_bytes;
    std::size_t m_position = 0;
};

/// Counts from bucket `first` on; nothing where they leave the buckets, overflow their sum, or are not as written.
std::optional<std::vector<std::uint64_t>> readCounts(NumberReader& numbers, std::uint64_t first) {
    std::vector<std::uint64_t> counts;
    std::uint64_t total = 0;
    while (!numbers.done()) {
        const auto count = numbers.next();
        const auto zeros = count == 0U ? numbers.next() : 0;
        const auto room = LatencyBuckets::kCount - first - counts.size();
        if (!count || !zeros || room == 0 || *zeros > room) {
            return std::nullopt;
        }
        if (*count == 0) {
            counts.resize(counts.size() + static_cast<std::size_t>(*zeros));
            continue;
        }
        if (*count > std::numeric_limits<std::uint64_t>::max() - total) {
            return std::nullopt;
        }
        total += *count;
        counts.push_back(*count);
    }
    if (counts.empty() || counts.front() == 0 || counts.back() == 0) {
        return std::nullopt;
    }
    return counts;
}

} // namespace

std::string LatencyHistogram::encode() const {
    if (count() == 0) {
        return {};
    }
    std::vector<std::uint8_t> bytes;
    appendNumber(bytes, firstIndex());
    for (std::size_t i = 0; i < counts().size(); ++i) {
        appendNumber(bytes, counts()[i]);
        if (counts()[i] == 0) {
            const auto start = i;
            while (counts()[i + 1] == 0) { // the last count is never 0
                ++i;
            }
            appendNumber(bytes, i - start + 1);
        }
    }
    return toBase64(bytes);
}

std::optional<LatencyHistogram> LatencyHistogram::decode(std::string_view text) {
    constexpr std::size_t kLongest = (LatencyBuckets::kCount + 1) * 10 * 4 / 3 + 4; // 10 bytes a number at the most
    if (text.empty()) {
        return LatencyHistogram();
    }
    if (text.size() > kLongest) {
        return std::nullopt;
    }
    const auto bytes = fromBase64(text);
    if (!bytes) {
        return std::nullopt;
    }
    NumberReader numbers(*bytes);
    const auto first = numbers.next();
    if (!first || *first >= LatencyBuckets::kCount) {
        return std::nullopt;
    }
    auto counts = readCounts(numbers, *first);
    if (!counts) {
        return std::nullopt;
    }
    return fromCounts(static_cast<std::size_t>(*first), std::move(*counts));
}

} // namespace core
