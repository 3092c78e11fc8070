// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/message_lines.h"

#include "core/text/count_text.h"
#include "core/text/gzip.h"
#include "core/text/utf16.h"
#include "core/text/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

namespace core {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t kMaxLine = 64 * 1024;
constexpr std::size_t kMostUnpacked = 256ULL << 20U;
constexpr std::string_view kNameText = "name a file of text lines";

struct Signature {
    std::string_view bytes;
    std::string_view name;
    std::string_view remedy;
};

/// Of files that somebody may take for a log, and that hold no lines as they are.
constexpr std::array kRefused{
    Signature{"\x28\xb5\x2f\xfd"sv, "compressed with zstd", "unpack it first"},
    Signature{"\xfd"
              "7zXZ\0"sv,
              "compressed with xz", "unpack it first"},
    Signature{"BZh"sv, "compressed with bzip2", "unpack it first"},
    Signature{"\x04\x22\x4d\x18"sv, "compressed with lz4", "unpack it first"},
    Signature{"PK\x03\x04"sv, "a zip archive", "take the log out of it first"},
    Signature{"\x1f\x8b"sv, "compressed with gzip twice", "unpack it first"}, // what gzip held
    Signature{"7z\xbc\xaf\x27\x1c"sv, "a 7z archive", "take the log out of it first"},
    Signature{"\x89PNG\r\n"sv, "a PNG picture", kNameText},
    Signature{"%PDF-"sv, "a PDF", kNameText},
    Signature{"\x7f"
              "ELF"sv,
              "a program (ELF)", kNameText},
    Signature{"SQLite format 3\0"sv, "an SQLite database", "write its texts to a file first"},
    Signature{"PAR1\x15"sv, "a Parquet file", "write its texts to a file first"}, // as its first structure begins
    Signature{"\xff\xfe\0\0"sv, "UTF-32", "convert it first, as with 'iconv -f UTF-32 -t UTF-8'"},
    Signature{"\0\0\xfe\xff"sv, "UTF-32", "convert it first, as with 'iconv -f UTF-32 -t UTF-8'"},
};

/// UTF-16 without a mark, seen by the zero half of most of its first units.
bool looksLikeUtf16(std::string_view content) {
    constexpr std::size_t kLookedAt = 4096;
    const std::string_view start = content.substr(0, kLookedAt);
    std::array<std::size_t, 2> zeros{};
    for (std::size_t i = 0; i < start.size(); ++i) {
        zeros[i % 2] += start[i] == '\0' ? 1 : 0;
    }
    const auto [fewer, more] = std::minmax(zeros[0], zeros[1]);
    return start.size() >= 4 && fewer == 0 && 2 * more > start.size() / 2;
}

std::optional<std::string> objection(std::string_view content) {
    const auto found = std::ranges::find_if(
        kRefused, [content](const Signature& signature) { return content.starts_with(signature.bytes); });
    if (found != kRefused.end()) {
        return fmt::format("is {}: {}", found->name, found->remedy);
    }
    if (!content.starts_with("\xff\xfe"sv) && !content.starts_with("\xfe\xff"sv) && looksLikeUtf16(content)) {
        return "seems to be UTF-16, but has no byte order mark: convert it first, as with 'iconv -f UTF-16LE -t UTF-8'";
    }
    return std::nullopt;
}

/// Without its mark, as UTF-8. Adds to `conversion` what it was.
std::string utf8Of(std::string content, std::vector<std::string_view>& conversion) {
    if (content.starts_with("\xef\xbb\xbf"sv)) {
        conversion.emplace_back("a UTF-8 byte order mark, dropped");
        return content.substr(3);
    }
    if (content.starts_with("\xff\xfe"sv)) {
        conversion.emplace_back("UTF-16 (little-endian)");
        return utf8OfUtf16(std::string_view(content).substr(2), ByteOrder::LittleEndian);
    }
    if (content.starts_with("\xfe\xff"sv)) {
        conversion.emplace_back("UTF-16 (big-endian)");
        return utf8OfUtf16(std::string_view(content).substr(2), ByteOrder::BigEndian);
    }
    return content;
}

std::string linesHave(std::uint64_t count, std::string_view one, std::string_view many) {
    return fmt::format("{} {}", counted(count, "line"), count == 1 ? one : many);
}

} // namespace

struct MessageLines::Tally {
    std::uint64_t repaired = 0, firstRepaired = 0;
    std::uint64_t cut = 0, firstCut = 0;
    std::uint64_t empty = 0, oldEnds = 0;

    static void count(std::uint64_t& all, std::uint64_t& first, std::uint64_t number) {
        first = all++ == 0 ? number : first;
    }
    std::string text() const {
        std::vector<std::string> parts;
        if (empty > 0) {
            parts.push_back(
                fmt::format("{} left out", empty == 1 ? "1 empty line is" : countText(empty) + " empty lines are"));
        }
        if (repaired > 0) {
            parts.push_back(fmt::format("{} bytes that are no text (line {} is the first), each replaced by U+FFFD",
                                        linesHave(repaired, "holds", "hold"), firstRepaired));
        }
        if (cut > 0) {
            parts.push_back(fmt::format("{} longer than 64 KiB (line {} is the first) and cut there",
                                        linesHave(cut, "is", "are"), firstCut));
        }
        return fmt::format("{}", fmt::join(parts, "; "));
    }
};

Result<MessageLines> MessageLines::create(std::string content, const std::string& fileName) {
    std::vector<std::string_view> conversion;
    if (isGzip(content)) {
        auto unpacked = unpackedGzip(content, kMostUnpacked);
        if (!unpacked) {
            return invalid(fmt::format("The file {} {}.", fileName, unpacked.error().message));
        }
        content = std::move(*unpacked);
        conversion.emplace_back("gzip");
    }
    if (const auto why = objection(content)) {
        return invalid(fmt::format("The file {} {}.", fileName, *why));
    }
    const std::string text = utf8Of(std::move(content), conversion);
    // A byte that is no character becomes three.
    if (text.size() > std::numeric_limits<std::uint32_t>::max() / 3) {
        return invalid(fmt::format("The file {} is too long: take a part of it for messages.", fileName));
    }
    MessageLines lines;
    lines.m_content.reserve(text.size());
    Tally tally;
    std::uint64_t number = 0;
    for (std::size_t from = 0; from < text.size();) {
        const std::size_t end = std::min(text.find_first_of("\r\n", from), text.size());
        lines.add(std::string_view(text).substr(from, end - from), ++number, tally);
        const bool both = text.compare(end, 2, "\r\n") == 0;
        tally.oldEnds += end < text.size() && text[end] == '\r' && !both ? 1 : 0;
        from = end + (both ? 2 : 1);
    }
    if (lines.m_lines.empty()) {
        return invalid(fmt::format("The file {} holds no line that could become a message.", fileName));
    }
    if (tally.oldEnds > 0) {
        conversion.emplace_back("lines that end with CR");
    }
    lines.m_conversion = fmt::format("{}", fmt::join(conversion, ", "));
    lines.m_changes = tally.text();
    lines.m_isDamaged = tally.repaired + tally.cut > 0;
    return lines;
}

void MessageLines::add(std::string_view line, std::uint64_t number, Tally& tally) {
    if (line.empty()) {
        ++tally.empty;
        return;
    }
    const std::string repaired = repairedText(std::string(line));
    if (repaired != line) {
        Tally::count(tally.repaired, tally.firstRepaired, number);
    }
    const std::string_view kept = cutAtCharacter(repaired, kMaxLine);
    if (kept.size() < repaired.size()) {
        Tally::count(tally.cut, tally.firstCut, number);
    }
    m_lines.emplace_back(static_cast<std::uint32_t>(m_content.size()), static_cast<std::uint32_t>(kept.size()));
    m_content += kept;
}

std::string_view MessageLines::line(std::uint64_t n) const {
    const auto [from, length] = m_lines[n % m_lines.size()];
    return std::string_view(m_content).substr(from, length);
}

std::size_t MessageLines::count() const {
    return m_lines.size();
}

} // namespace core
