// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/browse/message_text.h"

#include "core/format/json_text.h"
#include "core/format/json_walk.h"
#include "core/format/timestamp_text.h"
#include "core/text/base64.h"
#include "core/text/count_text.h"
#include "core/text/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace core {

namespace {

constexpr std::size_t kBytesPerLine = 16;

bool isControl(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

bool isShown(char c) {
    return static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7F;
}

void appendDumpLine(std::string_view bytes, std::size_t at, std::string& out) {
    fmt::format_to(std::back_inserter(out), "{:08x} ", at);
    for (std::size_t i = 0; i < kBytesPerLine; ++i) {
        out += i % 8 == 0 ? " " : "";
        if (i < bytes.size()) {
            fmt::format_to(std::back_inserter(out), "{:02x} ", static_cast<unsigned char>(bytes[i]));
        } else {
            out += "   ";
        }
    }
    out += " |";
    std::ranges::transform(bytes, std::back_inserter(out), [](char c) { return isShown(c) ? c : '.'; });
    out += "|\n";
}

/// ,"name":value – as text, as base64 where it is none, or null.
void appendBytes(std::string_view name, const std::optional<std::string>& bytes, std::string& out) {
    if (!bytes) {
        out += fmt::format(",\"{}\":null", name);
    } else if (isUtf8(*bytes)) {
        out += fmt::format(",\"{}\":\"", name);
        appendEscaped(*bytes, out);
        out += '"';
    } else {
        out += fmt::format(",\"{}_base64\":\"{}\"", name, toBase64(*bytes));
    }
}

std::string timeMember(const TopicMessage& message) {
    if (message.timeKind == TopicMessage::TimeKind::None) {
        return "null,\"timestamp_type\":null";
    }
    char text[TimestampText::kLength];
    TimestampText().write(text, message.time);
    return fmt::format("\"{}\",\"timestamp_type\":\"{}\"", std::string_view(text, sizeof text),
                       message.timeKind == TopicMessage::TimeKind::Created ? "create" : "append");
}

} // namespace

bool isReadable(std::string_view bytes) {
    const auto disturbs = [](char c) { return isControl(c) && c != '\t' && c != '\n' && c != '\r'; };
    return std::ranges::none_of(bytes, disturbs) && isUtf8(bytes);
}

std::string formattedPayload(std::string_view bytes) {
    if (auto json = laidOutJson(bytes)) {
        return *std::move(json);
    }
    return isReadable(bytes) ? std::string(bytes) : byteDump(bytes);
}

std::string byteDump(std::string_view bytes, std::size_t most) {
    std::string out;
    const std::string_view dumped = bytes.substr(0, most);
    for (std::size_t at = 0; at < dumped.size(); at += kBytesPerLine) {
        appendDumpLine(dumped.substr(at, kBytesPerLine), at, out);
    }
    if (dumped.size() < bytes.size()) {
        out += fmt::format("… {} bytes more\n", countText(bytes.size() - dumped.size()));
    }
    return out;
}

std::string oneLineOf(std::string_view bytes, std::size_t most) {
    std::string line;
    const std::string beginning = repairedText(std::string(cutAtCharacter(bytes, most)));
    for (std::size_t i = 0; i < beginning.size(); ++i) {
        const char c = beginning[i];
        const bool isPair = c == '\r' && i + 1 < beginning.size() && beginning[i + 1] == '\n';
        line += isPair ? std::string_view() : c == '\n' ? "⏎" : isControl(c) ? " " : std::string_view(&beginning[i], 1);
    }
    return line;
}

std::string jsonLineOf(const TopicMessage& message) {
    std::string out = "{\"topic\":\"";
    appendEscaped(message.topic, out);
    out += fmt::format("\",\"partition\":{},\"offset\":{},\"timestamp\":{}", message.partition.id, message.offset.value,
                       timeMember(message));
    appendBytes("key", message.key, out);
    out += ",\"headers\":[";
    for (const MessageHeader& header : message.headers) {
        out += &header == message.headers.data() ? "{\"name\":\"" : ",{\"name\":\"";
        appendEscaped(repairedText(header.name), out);
        out += '"';
        appendBytes("value", header.value, out);
        out += '}';
    }
    out += ']';
    appendBytes("payload", message.payload, out);
    return out + fmt::format(",\"payload_size\":{}}}", message.payloadSize);
}

} // namespace core
