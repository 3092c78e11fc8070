// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/format/timestamp_text.h"

#include <array>
#include <cstring>

namespace core {

namespace {

/// The two decimal digits of 0 to 99.
constexpr auto kDecimalPairs = [] {
    std::array<char, 200> pairs{};
    for (std::size_t number = 0; number < 100; ++number) {
        pairs[2 * number] = static_cast<char>('0' + number / 10);
        pairs[2 * number + 1] = static_cast<char>('0' + number % 10);
    }
    return pairs;
}();

void writePair(char* out, std::uint64_t number) {
    std::memcpy(out, &kDecimalPairs[2 * number], 2);
}

/// Value of the two decimal digits at `at`; 100 if they are none.
int twoDigits(std::string_view text, std::size_t at) {
    if (text.size() < at + 2) {
        return 100;
    }
    const auto tens = static_cast<unsigned>(text[at] - '0');
    const auto ones = static_cast<unsigned>(text[at + 1] - '0');
    return tens <= 9 && ones <= 9 ? static_cast<int>(10 * tens + ones) : 100;
}

/// Hours, minutes and seconds without their fraction.
std::optional<Nanoseconds> takeTime(std::string_view& text) {
    const int hours = twoDigits(text, 0);
    const int minutes = twoDigits(text, 3);
    const int seconds = twoDigits(text, 6);
    if (hours > 23 || minutes > 59 || seconds > 60 || text[2] != ':' || text[5] != ':') {
        return std::nullopt;
    }
    text.remove_prefix(8);
    return std::chrono::seconds(hours * 3600 + minutes * 60 + seconds);
}

/// The fraction of a second with its point, if there is one.
std::optional<Nanoseconds> takeFraction(std::string_view& text) {
    if (text.empty() || text.front() != '.') {
        return Nanoseconds::zero();
    }
    std::size_t digits = 0;
    std::int64_t nanoseconds = 0;
    std::int64_t unit = 100'000'000;
    while (digits + 1 < text.size() && text[digits + 1] >= '0' && text[digits + 1] <= '9') {
        nanoseconds += unit * (text[digits + 1] - '0');
        unit /= 10;
        ++digits;
    }
    text.remove_prefix(digits + 1);
    return digits > 0 ? std::optional(Nanoseconds(nanoseconds - nanoseconds % 1000)) : std::nullopt;
}

/// What the whole text says as an offset from UTC: Z, +02:00, +0200, +02 or nothing.
std::optional<Nanoseconds> offsetOf(std::string_view text) {
    if (text.empty() || text == "Z" || text == "z") {
        return Nanoseconds::zero();
    }
    const int hours = twoDigits(text, 1);
    const bool colon = text.size() == 6 && text[3] == ':';
    const int minutes = text.size() == 3 ? 0 : twoDigits(text, colon ? 4 : 3);
    const bool shape = text.size() == 3 || text.size() == 5 || colon;
    if (!shape || hours > 23 || minutes > 59 || (text.front() != '+' && text.front() != '-')) {
        return std::nullopt;
    }
    const Nanoseconds offset = std::chrono::minutes(hours * 60 + minutes);
    return text.front() == '-' ? -offset : offset;
}

} // namespace

char* TimestampText::write(char* out, WallTime time) {
    const auto second = std::chrono::floor<std::chrono::seconds>(time);
    if (second.time_since_epoch().count() != m_second) {
        m_second = second.time_since_epoch().count();
        const auto day = std::chrono::floor<std::chrono::days>(second);
        const std::chrono::year_month_day date(day);
        const std::chrono::hh_mm_ss clock(second - day);
        const auto year = static_cast<std::uint64_t>(static_cast<int>(date.year()));
        std::memcpy(m_text, "yyyy-mm-ddThh:mm:ss.", 20);
        writePair(m_text, year / 100 % 100);
        writePair(m_text + 2, year % 100);
        writePair(m_text + 5, static_cast<unsigned>(date.month()));
        writePair(m_text + 8, static_cast<unsigned>(date.day()));
        writePair(m_text + 11, static_cast<std::uint64_t>(clock.hours().count()));
        writePair(m_text + 14, static_cast<std::uint64_t>(clock.minutes().count()));
        writePair(m_text + 17, static_cast<std::uint64_t>(clock.seconds().count()));
    }
    const auto microseconds = static_cast<std::uint64_t>((time - second).count() / 1000);
    std::memcpy(out, m_text, 20);
    writePair(out + 20, microseconds / 10'000);
    writePair(out + 22, microseconds / 100 % 100);
    writePair(out + 24, microseconds % 100);
    out[26] = 'Z';
    return out + kLength;
}

std::optional<std::chrono::sys_days> TimestampReader::takeDate(std::string_view& text) {
    constexpr std::size_t kLength = sizeof m_dateText;
    if (text.size() < kLength) {
        return std::nullopt;
    }
    if (std::memcmp(text.data(), m_dateText, kLength) != 0) {
        const int century = twoDigits(text, 0);
        const int year = twoDigits(text, 2);
        const std::chrono::year_month_day date(std::chrono::year(century * 100 + year),
                                               std::chrono::month(static_cast<unsigned>(twoDigits(text, 5))),
                                               std::chrono::day(static_cast<unsigned>(twoDigits(text, 8))));
        const bool held = century < 100 && year < 100 && date.year() >= std::chrono::year(1700) &&
                          date.year() <= std::chrono::year(2260);
        if (!held || !date.ok() || text[4] != '-' || text[7] != '-') {
            return std::nullopt;
        }
        m_date = date;
        std::memcpy(m_dateText, text.data(), kLength);
    }
    text.remove_prefix(kLength);
    return m_date;
}

std::optional<WallTime> TimestampReader::read(std::string_view text) {
    const auto date = takeDate(text);
    if (!date || text.empty() || (text.front() != 'T' && text.front() != 't' && text.front() != ' ')) {
        return std::nullopt;
    }
    text.remove_prefix(1);
    const auto time = takeTime(text);
    const auto fraction = time ? takeFraction(text) : std::nullopt;
    const auto offset = fraction ? offsetOf(text) : std::nullopt;
    if (!offset) {
        return std::nullopt;
    }
    return WallTime(date->time_since_epoch()) + *time + *fraction - *offset;
}

} // namespace core
