// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace app {

/// One option of a verb, as "--out" with the value "DIR", or a switch without a value.
struct Option {
    std::string_view name;
    std::string_view value; ///< what stands for the value in the help; empty: a switch
    std::string_view help;
    bool repeatable = false;
};

/// What a verb takes, as a table: the parser and the help both read it.
struct VerbSyntax {
    std::string_view name{};
    std::string_view operands{}; ///< as in the help: "FILE", "FILE…"
    std::size_t minOperands = 0;
    std::size_t maxOperands = 0;
    std::string_view summary{};     ///< one line
    std::string_view explanation{}; ///< paragraphs; lines are broken already
    std::vector<Option> options{};
    std::string_view example{}; ///< command lines without the program's name
};

/// A command line as written, checked against a verb's table.
class Arguments {
public:
    /// Takes '--name value', '--name=value' and, after '--', operands only. The error is a sentence for the user.
    static core::Result<Arguments> parse(const VerbSyntax& verb, std::span<const std::string> words);

    bool helpWanted() const { return m_helpWanted; }
    bool has(std::string_view option) const { return m_options.contains(option); }
    std::optional<std::string> value(std::string_view option) const; ///< the last one
    std::vector<std::string> values(std::string_view option) const;
    const std::vector<std::string>& operands() const { return m_operands; }

private:
    std::map<std::string, std::vector<std::string>, std::less<>> m_options;
    std::vector<std::string> m_operands;
    bool m_helpWanted = false;
};

/// The text of `PROGRAM VERB --help`.
std::string helpText(const VerbSyntax& verb, std::string_view program);

} // namespace app
