// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/event_generator.h"

#include "core/format/json_text.h"
#include "core/format/timestamp_text.h"
#include "core/load/breakage.h"
#include "core/load/message_text.h"
#include "core/load/zipf.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <queue>

namespace core {

namespace {

constexpr std::string_view kHead = R"({"id":")";
constexpr std::string_view kTrace = R"(","traceId":")";
constexpr std::string_view kTail = R"("})";
constexpr std::size_t kTraceDigits = 32;
constexpr std::size_t kFixed =
    kHead.size() + EventId::kTextLength + TimestampText::kLength + kTrace.size() + kTraceDigits + kTail.size();
/// Of sent events at most this share repeats earlier ones: each original would have 99 copies.
constexpr double kMaxRepeated = 0.99;

/// A copy of an event that is still to come. What it holds is generated again when its turn has come: 24 bytes each.
struct Copy {
    WallTime wanted;
    std::uint64_t sequence = 0;
    WallTime due; ///< of the original

    bool operator>(const Copy& other) const {
        return wanted != other.wanted ? wanted > other.wanted : sequence > other.sequence;
    }
};

/// Size of an event, in bytes. Normal: mean in the middle, six standard deviations from min to max. Exponential: most
/// near min, five times its mean from min to max, nothing beyond.
double drawnSize(const EventSize& size, Draws& draws) {
    const auto min = static_cast<double>(size.min.count);
    const auto max = static_cast<double>(size.max.count);
    const double u = draws.unit();
    switch (size.distribution) {
    case SizeDistribution::Uniform:
        return std::floor(min + u * (max - min + 1));
    case SizeDistribution::Normal: {
        const double deviation = std::sqrt(-2 * std::log(1 - u)) * std::cos(2 * std::numbers::pi * draws.unit());
        return std::clamp(std::round((min + max) / 2 + deviation * (max - min) / 6), min, max);
    }
    case SizeDistribution::Exponential:
        break;
    }
    return std::round(min - std::log(1 - u * (1 - std::exp(-5.0))) / 5 * (max - min));
}

} // namespace

struct EventGenerator::State {
    State(const EventShape& shape, std::uint64_t seed, std::uint8_t stream, std::uint32_t runTag,
          const MessageLines* lines, Share share);

    const GeneratedEvent& next(WallTime due);
    void makeOriginal(WallTime due);
    void planCopies(Draws& fate, std::uint64_t sequence, WallTime due);
    void write(std::uint64_t sequence, WallTime due);
    char* writeMessage(char* out, std::size_t length, Level level, Draws& draws);
    void chooseKey(std::size_t source, Draws& draws);
    std::size_t drawLevel(Draws& draws) const;
    std::size_t messageLength(std::size_t level, std::size_t source, Draws& draws) const;
    void reserve(std::size_t bytes);

    const EventShape m_shape;
    const std::uint64_t m_contentSeed;
    const std::uint64_t m_fateSeed;
    const std::uint32_t m_runTag;
    const std::uint8_t m_stream;
    const Share m_share;
    const MessageLines* const m_lines;
    const MessageText m_text;
    TimestampText m_timestamp;
    std::optional<Zipf> m_zipf;
    std::vector<double> m_levelLimits;  ///< cumulative weights
    std::vector<std::string> m_levels;  ///< from the id's end to the message's begin
    std::vector<std::string> m_sources; ///< from the message's end to the timestamp's begin
    double m_unreadableShare = 0;       ///< of the originals
    double m_copies = 0;                ///< of each readable original
    std::priority_queue<Copy, std::vector<Copy>, std::greater<>> m_waiting;
    std::uint64_t m_originals = 0;

    GeneratedEvent m_event;
    std::string m_buffer;
    std::string m_line;
    std::string m_broken;
    std::array<char, EventId::kTextLength> m_idText{};
    std::string m_key;
};

EventGenerator::State::State(const EventShape& shape, std::uint64_t seed, std::uint8_t stream, std::uint32_t runTag,
                             const MessageLines* lines, Share share)
    : m_shape(shape),
      m_contentSeed(Random::mixed(seed, 2U * stream)),
      m_fateSeed(Random::mixed(seed, 2U * stream + 1U)),
      m_runTag(runTag),
      m_stream(stream),
      m_share(share),
      m_lines(lines) {
    double sum = 0;
    for (const auto& [level, weight] : m_shape.levels) {
        m_levelLimits.push_back(sum += weight);
        m_levels.push_back(R"(","level":")" + std::string(nameOf(level)) + R"(","message":")");
    }
    for (const std::string& source : m_shape.sources) {
        std::string& part = m_sources.emplace_back(R"(","source":")");
        appendEscaped(source, part);
        part += R"(","timestamp":")";
    }
    if (const auto* key = std::get_if<ZipfKey>(&m_shape.key)) {
        m_zipf.emplace(key->exponent, key->keys);
    }
    // Ratios are shares of all sent events. Only readable originals are copied, so both shares of the originals
    // are larger.
    const double repeated = std::clamp(m_shape.duplicates.ratio.value, 0.0, kMaxRepeated);
    m_unreadableShare = std::clamp(m_shape.unreadable.value / (1 - repeated), 0.0, 1.0);
    m_copies = m_unreadableShare < 1 ? repeated / (1 - repeated) / (1 - m_unreadableShare) : 0;
    reserve(std::max(m_shape.size.max.count, kFixed));
}

void EventGenerator::State::reserve(std::size_t bytes) {
    constexpr std::size_t kMargin = 2048; // level, source and what a sentence may write too much
    if (m_buffer.size() < bytes + kMargin) {
        m_buffer.resize(bytes + kMargin);
    }
}

const GeneratedEvent& EventGenerator::State::next(WallTime due) {
    m_event = {};
    if (!m_waiting.empty() && due >= m_waiting.top().wanted) {
        const Copy copy = m_waiting.top();
        m_waiting.pop();
        write(copy.sequence, copy.due);
        m_event.duplicate = true;
    } else {
        makeOriginal(due);
    }
    m_event.due = due;
    return m_event;
}

void EventGenerator::State::makeOriginal(WallTime due) {
    const std::uint64_t sequence = m_share.sequenceOf(m_originals);
    write(sequence, due);
    if (m_unreadableShare > 0 || m_copies > 0) {
        Draws fate(Random::mixed(m_fateSeed, sequence));
        m_event.unreadable = fate.unit() < m_unreadableShare;
        if (m_event.unreadable) {
            const Breakage breakage = kBreakages[fate.below(kBreakages.size())];
            m_broken = brokenPayload(m_event.payload, breakage, fate);
            m_event.payload = m_broken;
        } else {
            planCopies(fate, sequence, due);
        }
    }
    ++m_originals;
}

void EventGenerator::State::planCopies(Draws& fate, std::uint64_t sequence, WallTime due) {
    const double whole = std::floor(m_copies);
    const int copies = static_cast<int>(whole) + (fate.unit() < m_copies - whole ? 1 : 0);
    const auto within = static_cast<double>(m_shape.duplicates.within.count());
    for (int i = 0; i < copies; ++i) {
        m_waiting.push({due + Nanoseconds(static_cast<std::int64_t>(fate.unit() * within)), sequence, due});
    }
}

std::size_t EventGenerator::State::drawLevel(Draws& draws) const {
    const double drawn = draws.unit() * m_levelLimits.back();
    std::size_t level = 0;
    while (level + 1 < m_levelLimits.size() && drawn >= m_levelLimits[level]) {
        ++level;
    }
    return level;
}

std::size_t EventGenerator::State::messageLength(std::size_t level, std::size_t source, Draws& draws) const {
    const bool fixed = m_shape.size.min == m_shape.size.max;
    const std::size_t size = fixed ? m_shape.size.min.count : static_cast<std::size_t>(drawnSize(m_shape.size, draws));
    const std::size_t others = kFixed + m_levels[level].size() + m_sources[source].size();
    return size > others ? size - others : 0;
}

/// Writes the event into the buffer: a function of the seed, the stream, the sequence number, the due time and the tag.
void EventGenerator::State::write(std::uint64_t sequence, WallTime due) {
    Draws draws(Random::mixed(m_contentSeed, sequence));
    const std::size_t level = drawLevel(draws);
    const std::size_t source = draws.below(static_cast<std::uint32_t>(m_sources.size()));
    const std::size_t length = messageLength(level, source, draws);
    m_event.id = EventId::compose({due, m_runTag, m_stream, sequence});
    m_event.sequence = sequence;
    m_event.id.print(m_idText.data());
    chooseKey(source, draws);
    if (m_lines != nullptr) {
        m_line.clear();
        appendEscaped(m_lines->line(sequence), m_line);
        reserve(kFixed + m_line.size());
    }
    char* out = writeText(m_buffer.data(), kHead);
    out = writeText(out, {m_idText.data(), m_idText.size()});
    out = writeText(out, m_levels[level]);
    out = writeMessage(out, length, m_shape.levels[level].first, draws);
    out = writeText(out, m_sources[source]);
    out = m_timestamp.write(out, due);
    out = writeText(out, kTrace);
    out = writeHex(out, draws.next());
    out = writeHex(out, draws.next());
    out = writeText(out, kTail);
    m_event.payload = std::string_view(m_buffer.data(), static_cast<std::size_t>(out - m_buffer.data()));
}

char* EventGenerator::State::writeMessage(char* out, std::size_t length, Level level, Draws& draws) {
    if (m_lines != nullptr) {
        return writeText(out, m_line);
    }
    m_text.write(out, length, level >= Level::Warn, draws);
    return out + length;
}

void EventGenerator::State::chooseKey(std::size_t source, Draws& draws) {
    if (std::holds_alternative<KeyById>(m_shape.key)) {
        m_event.key = std::string_view(m_idText.data(), m_idText.size());
    } else if (std::holds_alternative<KeyBySource>(m_shape.key)) {
        m_event.key = m_shape.sources[source];
    } else if (m_zipf) {
        m_key.resize(24);
        char* const end = writeNumber(writeText(m_key.data(), "key-"), m_zipf->draw(draws));
        m_event.key = std::string_view(m_key.data(), static_cast<std::size_t>(end - m_key.data()));
    }
}

EventGenerator::EventGenerator(const EventShape& shape, std::uint64_t seed, std::uint8_t stream, std::uint32_t runTag,
                               const MessageLines* lines, Share share)
    : m_state(std::make_unique<State>(shape, seed, stream, runTag, lines, share)) {}

EventGenerator::~EventGenerator() = default;
EventGenerator::EventGenerator(EventGenerator&&) noexcept = default;

const GeneratedEvent& EventGenerator::next(WallTime due) {
    return m_state->next(due);
}

std::uint64_t EventGenerator::originals() const {
    return m_state->m_originals;
}

} // namespace core
