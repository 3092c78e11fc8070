// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/yaml/yaml_events.h"

#include <fmt/format.h>
#include <yaml.h>

#include <algorithm>
#include <vector>

namespace core {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Turns libyaml's marks, which count characters, into ours, which also count bytes.
class Places {
public:
    explicit Places(std::string_view text) : m_skipped(text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0) {
        for (std::size_t i = m_skipped; i < text.size(); ++i) {
            if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U) {
                m_offsets.push_back(i);
            }
        }
        m_offsets.push_back(text.size());
    }

    std::size_t skipped() const { return m_skipped; }

    YamlMark at(const yaml_mark_t& mark) const {
        return {.line = static_cast<int>(mark.line) + 1,
                .column = static_cast<int>(mark.column) + 1,
                .offset = m_offsets[std::min(mark.index, m_offsets.size() - 1)]};
    }

private:
    std::size_t m_skipped;
    std::vector<std::size_t> m_offsets; // of each character
};

YamlMark placeOfByte(std::string_view text, std::size_t offset) {
    const std::string_view before = text.substr(0, std::min(offset, text.size()));
    const std::size_t lineStart = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    const auto characters = std::ranges::count_if(
        before.substr(lineStart), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
    return {.line = static_cast<int>(std::ranges::count(before, '\n')) + 1,
            .column = static_cast<int>(characters) + 1,
            .offset = before.size()};
}

struct ReleasedEvent {
    yaml_event_t raw{};

    ReleasedEvent() = default;
    ~ReleasedEvent() { yaml_event_delete(&raw); }
    ReleasedEvent(const ReleasedEvent&) = delete;
    ReleasedEvent& operator=(const ReleasedEvent&) = delete;
};

void fillScalar(YamlEvent& event, const yaml_event_t& raw) {
    event.kind = YamlEvent::Kind::Scalar;
    event.hasAnchor = raw.data.scalar.anchor != nullptr;
    event.hasTag = raw.data.scalar.tag != nullptr;
    event.quoted = raw.data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    event.text.assign(reinterpret_cast<const char*>(raw.data.scalar.value), raw.data.scalar.length);
}

void fillSequence(YamlEvent& event, const yaml_event_t& raw) {
    event.kind = YamlEvent::Kind::SequenceStart;
    event.hasAnchor = raw.data.sequence_start.anchor != nullptr;
    event.hasTag = raw.data.sequence_start.tag != nullptr;
    event.block = raw.data.sequence_start.style == YAML_BLOCK_SEQUENCE_STYLE;
}

void fillMapping(YamlEvent& event, const yaml_event_t& raw) {
    event.kind = YamlEvent::Kind::MappingStart;
    event.hasAnchor = raw.data.mapping_start.anchor != nullptr;
    event.hasTag = raw.data.mapping_start.tag != nullptr;
    event.block = raw.data.mapping_start.style == YAML_BLOCK_MAPPING_STYLE;
}

void fill(YamlEvent& event, const yaml_event_t& raw) {
    switch (raw.type) {
    case YAML_DOCUMENT_START_EVENT:
        event.kind = YamlEvent::Kind::DocumentStart;
        break;
    case YAML_DOCUMENT_END_EVENT:
        event.kind = YamlEvent::Kind::DocumentEnd;
        break;
    case YAML_STREAM_END_EVENT:
        event.kind = YamlEvent::Kind::StreamEnd;
        break;
    case YAML_ALIAS_EVENT:
        event.kind = YamlEvent::Kind::Alias;
        break;
    case YAML_SCALAR_EVENT:
        fillScalar(event, raw);
        break;
    case YAML_SEQUENCE_START_EVENT:
        fillSequence(event, raw);
        break;
    case YAML_MAPPING_START_EVENT:
        fillMapping(event, raw);
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        event.kind = YamlEvent::Kind::End;
        break;
    case YAML_STREAM_START_EVENT:
    case YAML_NO_EVENT:
        event.kind = YamlEvent::Kind::Nothing;
        break;
    }
}

} // namespace

struct YamlEvents::Parser {
    explicit Parser(std::string_view whole) : text(whole), places(whole) {
        ready = yaml_parser_initialize(&raw) == 1;
        if (!ready) {
            return;
        }
        const std::string_view body = text.substr(places.skipped());
        yaml_parser_set_encoding(&raw, YAML_UTF8_ENCODING);
        yaml_parser_set_input_string(&raw, reinterpret_cast<const unsigned char*>(body.data()), body.size());
    }
    ~Parser() {
        if (ready) {
            yaml_parser_delete(&raw);
        }
    }
    Parser(const Parser&) = delete;
    Parser& operator=(const Parser&) = delete;

    void noteProblem() {
        if (!ready || raw.error == YAML_MEMORY_ERROR) {
            problem = {{.line = 1, .column = 1}, "there is not enough memory to read this text"};
            return;
        }
        if (raw.error == YAML_READER_ERROR) {
            problem.at = placeOfByte(text, raw.problem_offset + places.skipped());
            problem.message = "the text is not readable as UTF-8: a byte or character here is not allowed";
            return;
        }
        problem.at = places.at(raw.problem_mark);
        if (problem.at.offset == text.size()) { // behind the last line, where nobody looks
            const std::size_t last = text.find_last_not_of(" \t\r\n");
            problem.at = placeOfByte(text, last == std::string_view::npos ? 0 : last + 1);
        }
        if (problem.at.offset < text.size() && text[problem.at.offset] == '\t') {
            problem.message = "not YAML: a tab cannot stand here; indent with spaces";
            return;
        }
        problem.message = fmt::format("not YAML: {}", raw.problem == nullptr ? "bad syntax" : raw.problem);
        if (raw.context != nullptr) {
            problem.message += fmt::format(" {}, which begins in line {}", raw.context, raw.context_mark.line + 1);
        }
    }

    std::string_view text;
    Places places;
    yaml_parser_t raw{};
    bool ready = false;
    YamlProblem problem;
};

YamlEvents::YamlEvents(std::string_view text) : m_parser(std::make_unique<Parser>(text)) {}

YamlEvents::~YamlEvents() = default;

std::optional<YamlEvent> YamlEvents::next() {
    ReleasedEvent read;
    if (!m_parser->ready || yaml_parser_parse(&m_parser->raw, &read.raw) == 0) {
        m_parser->noteProblem();
        return std::nullopt;
    }
    YamlEvent event;
    fill(event, read.raw);
    event.start = m_parser->places.at(read.raw.start_mark);
    event.end = m_parser->places.at(read.raw.end_mark);
    return event;
}

const YamlProblem& YamlEvents::problem() const {
    return m_parser->problem;
}

} // namespace core
