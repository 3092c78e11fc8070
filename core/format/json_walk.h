// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// JSON of anybody's, of which nothing is known before: laid out for people, and looked into.
namespace core {

inline constexpr std::size_t kLongestJson = std::size_t{1} << 20U; ///< bytes; longer texts are not parsed
inline constexpr int kDeepestJson = 32;                            ///< the outermost value is 1

/// The text with one entry per line, two spaces a level. Names, texts and numbers stay as they were written, digit by
/// digit, and so do their order and repeated names. Invalid: no JSON (RFC 8259), or beyond the limits above.
Result<std::string> laidOutJson(std::string_view json);

/// A value inside a JSON text.
struct JsonValue {
    enum class Kind { Text, Number, Word, Nested }; ///< Word: true, false or null
    Kind kind = Kind::Word;
    std::string_view text; ///< of a text what it says, escapes resolved; of others what is written
};

/// Looks values up by their path. Reads no further than the value, so that a text which is broken behind it has it all
/// the same. One thread.
class JsonLookup {
public:
    JsonLookup();
    ~JsonLookup();

    /// Names of objects' entries, of repeated ones the first, and numbers of lists' from 0 on. Nothing: it is not
    /// there, or the text is no JSON. The value lives until the next call.
    std::optional<JsonValue> find(std::string_view json, std::span<const std::string> path);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace core
