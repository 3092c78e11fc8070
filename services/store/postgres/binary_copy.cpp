// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/postgres/binary_copy.h"

#include <algorithm>

namespace services {

namespace {

constexpr std::string_view kSignature{"PGCOPY\n\377\r\n\0", 11};
constexpr std::size_t kHeader = 11 + 4 + 4;                    // signature, flags, length of the header's extension
constexpr std::int64_t kPostgresEpochUs = 946'684'800'000'000; // 2000-01-01 in Unix time

/// Length of the UTF-8 sequence at the beginning (RFC 3629), 0 if it is none.
std::size_t sequenceLength(std::string_view bytes) {
    const auto at = [bytes](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    const unsigned char lead = at(0);
    if (lead < 0x80) {
        return lead == 0 ? 0 : 1;
    }
    const std::size_t length = lead >= 0xC2 && lead <= 0xDF   ? 2
                               : lead >= 0xE0 && lead <= 0xEF ? 3
                               : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                              : 0;
    if (length == 0 || bytes.size() < length) {
        return 0;
    }
    for (std::size_t i = 1; i < length; ++i) {
        if ((at(i) & 0xC0U) != 0x80) {
            return 0;
        }
    }
    const bool overlong = (lead == 0xE0 && at(1) < 0xA0) || (lead == 0xF0 && at(1) < 0x90);
    const bool surrogate = lead == 0xED && at(1) > 0x9F;
    const bool beyond = lead == 0xF4 && at(1) > 0x8F;
    return overlong || surrogate || beyond ? 0 : length;
}

} // namespace

void BinaryCopy::start() {
    m_buffer.assign(kSignature);
    put32(0);
    put32(0);
}

void BinaryCopy::row(std::int16_t fields) {
    put16(static_cast<std::uint16_t>(fields));
}

void BinaryCopy::uuid(const core::EventId& id) {
    put32(static_cast<std::uint32_t>(id.bytes.size()));
    m_buffer.append(id.bytes.begin(), id.bytes.end());
}

void BinaryCopy::text(std::string_view value) {
    put32(static_cast<std::uint32_t>(value.size()));
    m_buffer.append(value);
}

void BinaryCopy::integer(std::int32_t value) {
    put32(4);
    put32(static_cast<std::uint32_t>(value));
}

void BinaryCopy::bigint(std::int64_t value) {
    put32(8);
    put64(static_cast<std::uint64_t>(value));
}

void BinaryCopy::timestamp(core::WallTime time) {
    const auto sinceUnix = std::chrono::floor<std::chrono::microseconds>(time.time_since_epoch()).count();
    bigint(sinceUnix - kPostgresEpochUs);
}

void BinaryCopy::null() {
    put32(0xFFFFFFFFU);
}

std::string_view BinaryCopy::finish() {
    put16(0xFFFFU);
    return m_buffer;
}

void BinaryCopy::put16(std::uint16_t value) {
    const char bytes[]{static_cast<char>(value >> 8U), static_cast<char>(value)};
    m_buffer.append(bytes, sizeof bytes);
}

void BinaryCopy::put32(std::uint32_t value) {
    const char bytes[]{static_cast<char>(value >> 24U), static_cast<char>(value >> 16U), static_cast<char>(value >> 8U),
                       static_cast<char>(value)};
    m_buffer.append(bytes, sizeof bytes);
}

void BinaryCopy::put64(std::uint64_t value) {
    put32(static_cast<std::uint32_t>(value >> 32U));
    put32(static_cast<std::uint32_t>(value));
}

std::optional<core::EventId> idOfCopiedRow(std::string_view message) {
    if (message.starts_with(kSignature)) {
        message.remove_prefix(std::min(message.size(), kHeader));
    }
    constexpr std::size_t kPrefix = 2 + 4; // number of fields, length of the field
    core::EventId id;
    if (message.size() != kPrefix + id.bytes.size()) {
        return std::nullopt;
    }
    std::ranges::copy(message.substr(kPrefix), reinterpret_cast<char*>(id.bytes.data()));
    return id;
}

std::string asUtf8(std::string_view bytes) {
    std::string text;
    text.reserve(bytes.size());
    while (!bytes.empty()) {
        const std::size_t length = sequenceLength(bytes);
        if (length == 0) {
            text += '?';
        } else {
            text += bytes.substr(0, length);
        }
        bytes.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return text;
}

} // namespace services
