// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/latency_histogram.h"
#include "core/text/base64.h"

#include <cstdint>
#include <limits>
#include <utility>

namespace core {

namespace {

void appendNumber(std::string& bytes, std::uint64_t number) {
    for (; number >= 0x80; number >>= 7U) {
        bytes += static_cast<char>(number | 0x80U);
    }
    bytes += static_cast<char>(number);
}

/// Reads LEB128 numbers of at most 64 bits.
class NumberReader {
public:
    explicit NumberReader(std::string_view bytes) : m_bytes(bytes) {}

    bool done() const { return m_position == m_bytes.size(); }

    std::optional<std::uint64_t> next() {
        std::uint64_t number = 0;
        for (unsigned shift = 0; shift < 64 && !done(); shift += 7) {
            const std::uint64_t byte = static_cast<std::uint8_t>(m_bytes[m_position++]);
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
    std::string_view m_bytes;
    std::size_t m_position = 0;
};

constexpr std::uint64_t kLargestSum = std::numeric_limits<std::int64_t>::max(); // as HdrHistogram's, in a result

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
        if (*count > kLargestSum - total) {
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
    std::string bytes;
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
    constexpr std::size_t kLongest = (LatencyBuckets::kCount + 1) * 10 * 4 / 3 + 4; // 10 bytes per number at most
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
