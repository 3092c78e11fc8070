// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/event_id.h"

#include <cassert>
#include <cstring>

namespace core {

namespace {

constexpr std::int64_t kNanosecondsPerMillisecond = 1'000'000;
constexpr std::int64_t kParts = 4096; // of a millisecond: rand_a's 12 bits
constexpr std::uint64_t kVariant = 0b10;
constexpr std::uint8_t kVersion = 7;
/// A later millisecond does not fit WallTime (it is in the year 2262).
constexpr std::uint64_t kLastMillisecond = 9'223'372'036'853;

void writeBigEndian(std::uint64_t value, int bytes, std::uint8_t* out) {
    for (int i = bytes - 1; i >= 0; --i) {
        out[i] = static_cast<std::uint8_t>(value & 0xffU);
        value >>= 8U;
    }
}

std::uint64_t readBigEndian(const std::uint8_t* in, int bytes) {
    std::uint64_t value = 0;
    for (int i = 0; i < bytes; ++i) {
        value = value << 8U | in[i];
    }
    return value;
}

constexpr std::array<std::int16_t, 256> createHexValues() {
    std::array<std::int16_t, 256> values{};
    values.fill(-1);
    for (std::size_t i = 0; i < 10; ++i) {
        values['0' + i] = static_cast<std::int16_t>(i);
    }
    for (std::size_t i = 0; i < 6; ++i) {
        values['a' + i] = static_cast<std::int16_t>(10 + i);
        values['A' + i] = static_cast<std::int16_t>(10 + i);
    }
    return values;
}

constexpr auto kHexValues = createHexValues();
/// The two digits of each byte.
constexpr auto kHexPairs = [] {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::array<char, 512> pairs{};
    for (std::size_t byte = 0; byte < 256; ++byte) {
        pairs[2 * byte] = kDigits[byte >> 4U];
        pairs[2 * byte + 1] = kDigits[byte & 0xfU];
    }
    return pairs;
}();
/// Where each byte's two digits stand in the 36-character form.
constexpr std::array<std::uint8_t, 16> kTextPositions{0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34};
constexpr std::array<std::uint8_t, 4> kDashes{8, 13, 18, 23};

} // namespace

EventId EventId::compose(const EventIdParts& parts) {
    assert(parts.due.time_since_epoch().count() >= 0);
    assert(parts.runTag < kRunTags);
    assert(parts.sequence < kSequences);
    const std::int64_t due = parts.due.time_since_epoch().count();
    const auto millisecond = static_cast<std::uint64_t>(due / kNanosecondsPerMillisecond);
    const auto part =
        static_cast<std::uint64_t>(due % kNanosecondsPerMillisecond * kParts / kNanosecondsPerMillisecond);
    EventId id;
    writeBigEndian(millisecond, 6, id.bytes.data());
    writeBigEndian(std::uint64_t{kVersion} << 12U | part, 2, &id.bytes[6]);
    writeBigEndian(kVariant << 62U | std::uint64_t{parts.runTag} << 44U | std::uint64_t{parts.stream} << 36U |
                       parts.sequence,
                   8, &id.bytes[8]);
    return id;
}

std::optional<EventIdParts> EventId::parts() const {
    const std::uint64_t millisecond = readBigEndian(bytes.data(), 6);
    const std::uint64_t versionAndPart = readBigEndian(&bytes[6], 2);
    const std::uint64_t rest = readBigEndian(&bytes[8], 8);
    if (versionAndPart >> 12U != kVersion || rest >> 62U != kVariant || millisecond > kLastMillisecond) {
        return std::nullopt;
    }
    // Rounded up to a whole nanosecond, so that composing again gives the same id; still never later than the due time.
    const auto part = static_cast<std::int64_t>(versionAndPart & 0xfffU);
    const std::int64_t below = (part * kNanosecondsPerMillisecond + kParts - 1) / kParts;
    EventIdParts result;
    result.due = WallTime(Nanoseconds(static_cast<std::int64_t>(millisecond) * kNanosecondsPerMillisecond + below));
    result.runTag = static_cast<std::uint32_t>(rest >> 44U & (kRunTags - 1));
    result.stream = static_cast<std::uint8_t>(rest >> 36U & 0xffU);
    result.sequence = rest & (kSequences - 1);
    return result;
}

std::optional<EventId> EventId::parse(std::string_view text) {
    if (text.size() != kTextLength) {
        return std::nullopt;
    }
    for (const std::uint8_t dash : kDashes) {
        if (text[dash] != '-') {
            return std::nullopt;
        }
    }
    EventId id;
    int wrong = 0; // negative as soon as one digit is
    for (std::size_t i = 0; i < id.bytes.size(); ++i) {
        const int high = kHexValues[static_cast<std::uint8_t>(text[kTextPositions[i]])];
        const int low = kHexValues[static_cast<std::uint8_t>(text[kTextPositions[i] + 1U])];
        wrong |= high | low;
        id.bytes[i] = static_cast<std::uint8_t>((high & 0xf) << 4 | (low & 0xf));
    }
    if (wrong < 0) {
        return std::nullopt;
    }
    return id;
}

void EventId::print(char* out) const {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        std::memcpy(out + kTextPositions[i], &kHexPairs[2U * bytes[i]], 2);
    }
    for (const std::uint8_t dash : kDashes) {
        out[dash] = '-';
    }
}

std::string EventId::text() const {
    std::string result(kTextLength, '-');
    print(result.data());
    return result;
}

std::optional<EventIdParts> RunIdentity::own(const EventId& id) const {
    auto parts = id.parts();
    if (everyEventAs) {
        if (parts) {
            parts->stream = *everyEventAs;
        }
        return parts;
    }
    if (!parts || parts->runTag != runTag || parts->stream >= streams || parts->due < from || parts->due > until) {
        return std::nullopt;
    }
    return parts;
}

} // namespace core
