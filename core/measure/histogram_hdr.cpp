// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/latency_histogram.h"
#include "core/text/base64.h"

#include <zlib.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

/// HdrHistogram's V2 encoding (its AbstractHistogram and ZigZagEncoding): two headers in network byte order, the outer
/// one before the deflated rest.
namespace core {

namespace {

constexpr std::uint64_t kPlainCookie = 0x1c849303 | 0x10;
constexpr std::uint64_t kDeflatedCookie = 0x1c849304 | 0x10;
constexpr std::uint64_t kSignificantDigits = 3;
constexpr std::size_t kPlainHeader = 40;
constexpr std::size_t kDeflatedHeader = 8;
constexpr std::size_t kLongestNumber = 9;
constexpr std::size_t kLongestPlain = kPlainHeader + LatencyBuckets::kCount * kLongestNumber;
constexpr std::int64_t kMostCounted = std::numeric_limits<std::int64_t>::max(); // HdrHistogram's counts have a sign

void appendBytes(std::string& bytes, std::uint64_t value, unsigned size) {
    while (size > 0) {
        --size;
        bytes += static_cast<char>(value >> (8 * size));
    }
}

std::string plainHeader(std::size_t payload) {
    std::string bytes;
    appendBytes(bytes, kPlainCookie, 4);
    appendBytes(bytes, payload, 4);
    appendBytes(bytes, 0, 4); // normalizing index offset
    appendBytes(bytes, kSignificantDigits, 4);
    appendBytes(bytes, 1, 8); // lowest value that is told from 0
    appendBytes(bytes, LatencyBuckets::kHighest, 8);
    appendBytes(bytes, std::bit_cast<std::uint64_t>(1.0), 8); // conversion ratio
    return bytes;
}

std::string deflatedHeader(std::size_t deflated) {
    std::string bytes;
    appendBytes(bytes, kDeflatedCookie, 4);
    appendBytes(bytes, deflated, 4);
    return bytes;
}

/// ZigZag, then LEB128 whose ninth byte holds eight bits, so that no number takes ten.
void appendSigned(std::string& bytes, std::int64_t number) {
    auto rest = (static_cast<std::uint64_t>(number) << 1U) ^ static_cast<std::uint64_t>(number >> 63U);
    for (std::size_t i = 1; i < kLongestNumber && rest >= 0x80; ++i) {
        bytes += static_cast<char>(rest | 0x80U);
        rest >>= 7U;
    }
    bytes += static_cast<char>(rest);
}

std::optional<std::int64_t> takeSigned(std::string_view& bytes) {
    std::uint64_t number = 0;
    for (unsigned i = 0; i < bytes.size(); ++i) {
        const std::uint64_t byte = static_cast<std::uint8_t>(bytes[i]);
        const bool ninth = i + 1 == kLongestNumber;
        number |= (ninth ? byte : byte & 0x7fU) << (7 * i);
        if (ninth || byte < 0x80) {
            bytes.remove_prefix(i + 1);
            return static_cast<std::int64_t>((number >> 1U) ^ (0 - (number & 1U)));
        }
    }
    return std::nullopt;
}

/// A run of zeros is one number: theirs, negative; a single one is 0.
void appendZeros(std::string& bytes, std::size_t zeros) {
    if (zeros > 0) {
        appendSigned(bytes, zeros == 1 ? 0 : -static_cast<std::int64_t>(zeros));
    }
}

std::string payloadOf(const LatencyHistogram& histogram) {
    std::string bytes;
    std::size_t zeros = histogram.count() == 0 ? 1 : histogram.firstIndex();
    for (const auto count : histogram.counts()) {
        if (count == 0) {
            ++zeros;
            continue;
        }
        appendZeros(bytes, std::exchange(zeros, 0));
        appendSigned(bytes, static_cast<std::int64_t>(std::min<std::uint64_t>(count, kMostCounted)));
    }
    appendZeros(bytes, zeros);
    return bytes;
}

std::optional<LatencyHistogram> histogramOf(std::string_view payload) {
    std::vector<std::uint64_t> counts;
    std::int64_t total = 0;
    while (!payload.empty()) {
        const auto number = takeSigned(payload);
        const auto room = LatencyBuckets::kCount - counts.size();
        if (!number || room == 0 || *number > kMostCounted - total) {
            return std::nullopt;
        }
        if (*number > 0) {
            total += *number;
            counts.push_back(static_cast<std::uint64_t>(*number));
            continue;
        }
        const auto zeros = *number == 0 ? 1 : 0 - static_cast<std::uint64_t>(*number);
        if (zeros > room) {
            return std::nullopt;
        }
        counts.resize(counts.size() + zeros);
    }
    return LatencyHistogram::fromCounts(0, std::move(counts));
}

std::string deflated(const std::string& plain) {
    auto length = compressBound(plain.size());
    std::string bytes(length, '\0');
    // With this much room it can only fail for want of memory.
    if (compress(reinterpret_cast<Bytef*>(bytes.data()), &length, reinterpret_cast<const Bytef*>(plain.data()),
                 plain.size()) != Z_OK) {
        throw std::bad_alloc();
    }
    bytes.resize(length);
    return bytes;
}

std::optional<std::string> inflated(std::string_view bytes) {
    std::string plain(kLongestPlain, '\0');
    auto length = static_cast<uLongf>(plain.size());
    auto read = static_cast<uLong>(bytes.size());
    const auto answer = uncompress2(reinterpret_cast<Bytef*>(plain.data()), &length,
                                    reinterpret_cast<const Bytef*>(bytes.data()), &read);
    if (answer != Z_OK || read != bytes.size()) {
        return std::nullopt;
    }
    plain.resize(length);
    return plain;
}

} // namespace

std::string LatencyHistogram::hdrText() const {
    const auto payload = payloadOf(*this);
    const auto body = deflated(plainHeader(payload.size()) + payload);
    return toBase64(deflatedHeader(body.size()) + body);
}

std::optional<LatencyHistogram> LatencyHistogram::fromHdrText(std::string_view text) {
    constexpr std::size_t kLongest = 2 * kLongestPlain; // more than base64 of what does not deflate at all
    const auto bytes = text.size() <= kLongest ? fromBase64(text) : std::nullopt;
    if (!bytes || bytes->size() < kDeflatedHeader) {
        return std::nullopt;
    }
    const auto body = std::string_view(*bytes).substr(kDeflatedHeader);
    const auto plain = bytes->starts_with(deflatedHeader(body.size())) ? inflated(body) : std::nullopt;
    if (!plain || plain->size() < kPlainHeader) {
        return std::nullopt;
    }
    const auto payload = std::string_view(*plain).substr(kPlainHeader);
    return plain->starts_with(plainHeader(payload.size())) ? histogramOf(payload) : std::nullopt;
}

} // namespace core
