// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/postgres/binary_copy.h"

#include <algorithm>

namespace services {

namespace {

constexpr std::string_view kSignature{"PGCOPY\n\377\r\n\0", 11};
constexpr std::size_t kHeader = 11 + 4 + 4;                    // signature, flags, length of the header's extension
constexpr std::int64_t kPostgresEpochUs = 946'684'800'000'000; // 2000-01-01 in Unix time

std::uint64_t bigEndian(std::string_view bytes) {
    std::uint64_t value = 0;
    for (const char byte : bytes) {
        value = value << 8U | static_cast<unsigned char>(byte);
    }
    return value;
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

CopiedRow::CopiedRow(std::string_view message) : m_rest(message) {
    if (m_rest.starts_with(kSignature)) {
        m_rest.remove_prefix(std::min(m_rest.size(), kHeader));
    }
    if (m_rest.size() >= 2) {
        m_fields = static_cast<std::int16_t>(bigEndian(m_rest.substr(0, 2)));
        m_rest.remove_prefix(2);
    }
}

std::optional<std::string_view> CopiedRow::next() {
    if (m_fields <= 0 || m_rest.size() < 4) {
        return std::nullopt;
    }
    --m_fields;
    const auto length = static_cast<std::int32_t>(bigEndian(m_rest.substr(0, 4)));
    m_rest.remove_prefix(4);
    if (length < 0 || static_cast<std::size_t>(length) > m_rest.size()) {
        return std::nullopt;
    }
    const std::string_view field = m_rest.substr(0, static_cast<std::size_t>(length));
    m_rest.remove_prefix(field.size());
    return field;
}

std::optional<core::WallTime> timestampOf(std::string_view field) {
    constexpr std::int64_t kLast = 9'223'372'036'854'775; // µs since 1970 that WallTime holds
    if (field.size() != 8) {
        return std::nullopt;
    }
    const auto sincePostgres = static_cast<std::int64_t>(bigEndian(field));
    if (sincePostgres > kLast - kPostgresEpochUs || sincePostgres < -kLast) { // infinite ones are the ends of the range
        return std::nullopt;
    }
    return core::WallTime(std::chrono::microseconds(sincePostgres + kPostgresEpochUs));
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

} // namespace services
