// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/arguments.h"

#include "app/launch/target_choice.h"
#include "core/text/wording.h"

#include <fmt/format.h>

#include <algorithm>

namespace app {
namespace {

constexpr std::string_view kHelp = "--help";

std::string didYouMean(const VerbSyntax& verb, std::string_view name) {
    std::vector<std::string_view> known{kHelp};
    for (const Option& option : verb.options) {
        known.push_back(option.name);
    }
    const auto near = core::nearest(name, known);
    return near ? fmt::format(" Did you mean {}?", *near) : fmt::format(" See '{} --help'.", verb.name);
}

/// Cuts '--name=value' in two.
std::pair<std::string, std::optional<std::string>> cut(const std::string& word) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos) {
        return {word, std::nullopt};
    }
    return {word.substr(0, equals), word.substr(equals + 1)};
}

core::Status checkOperands(const VerbSyntax& verb, const std::vector<std::string>& operands) {
    if (std::ranges::any_of(operands, [](const std::string& word) { return withoutSecret(word) != word; })) {
        return core::invalid(fmt::format("'{}' was given a password in an address, and everyone on this machine can "
                                         "read a command line. See '{} --help' for where an address belongs.",
                                         verb.name, verb.name));
    }
    if (operands.size() < verb.minOperands) {
        return core::invalid(fmt::format("'{}' needs {}. See '{} --help'.", verb.name, verb.operands, verb.name));
    }
    if (operands.size() <= verb.maxOperands) {
        return {};
    }
    const std::string extra = core::inQuotes(operands[verb.maxOperands]);
    if (verb.maxOperands == 0) {
        return core::invalid(fmt::format("'{}' takes options only, not {}.", verb.name, extra));
    }
    return core::invalid(fmt::format("'{}' takes one {}; {} is too much.", verb.name, verb.operands, extra));
}

} // namespace

core::Result<Arguments> Arguments::parse(const VerbSyntax& verb, std::span<const std::string> words) {
    Arguments found;
    bool optionsOver = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string& word = words[i];
        if (optionsOver || word.size() < 2 || word.front() != '-') {
            found.m_operands.push_back(word);
            continue;
        }
        if (word == "--") {
            optionsOver = true;
            continue;
        }
        if (word == kHelp || word == "-h") {
            found.m_helpWanted = true;
            return found;
        }
        auto [name, value] = cut(word);
        const auto option = std::find_if(verb.options.begin(), verb.options.end(),
                                         [&wanted = name](const Option& known) { return known.name == wanted; });
        if (option == verb.options.end()) {
            return core::invalid(
                fmt::format("'{}' has no option {}.{}", verb.name, core::inQuotes(name), didYouMean(verb, name)));
        }
        const bool isSwitch = option->value.empty();
        if (isSwitch && value) {
            return core::invalid(fmt::format("{} takes no value.", name));
        }
        if (!isSwitch && !value && i + 1 < words.size()) {
            value = words[++i];
        }
        if (!isSwitch && value.value_or("").empty()) {
            return core::invalid(fmt::format("{} needs a value: {} {}.", name, name, option->value));
        }
        auto& values = found.m_options[name];
        if (!values.empty() && !option->repeatable) {
            return core::invalid(fmt::format("{} is given twice.", name));
        }
        values.push_back(value.value_or(""));
    }
    if (const core::Status checked = checkOperands(verb, found.m_operands); !checked) {
        return checked.error();
    }
    return found;
}

std::optional<std::string> Arguments::value(std::string_view option) const {
    const auto found = m_options.find(option);
    return found == m_options.end() ? std::nullopt : std::optional(found->second.back());
}

std::vector<std::string> Arguments::values(std::string_view option) const {
    const auto found = m_options.find(option);
    return found == m_options.end() ? std::vector<std::string>{} : found->second;
}

std::string helpText(const VerbSyntax& verb, std::string_view program) {
    std::string text =
        fmt::format("{} {} {}{}{}\n\n{}\n", program, verb.name, verb.operands, verb.operands.empty() ? "" : " ",
                    verb.options.empty() ? "" : "[options]", verb.summary);
    if (!verb.explanation.empty()) {
        text += fmt::format("{}\n", verb.explanation);
    }
    text += "\nOptions\n";
    std::vector<std::pair<std::string, std::string_view>> rows;
    for (const Option& option : verb.options) {
        rows.emplace_back(fmt::format("{} {}", option.name, option.value), option.help);
    }
    rows.emplace_back(std::string(kHelp), "this text");
    std::size_t width = 0;
    for (const auto& row : rows) {
        width = std::max(width, row.first.size());
    }
    for (const auto& [name, help] : rows) {
        text += fmt::format("  {:<{}}  {}\n", name, width, help);
    }
    text += "\nExample\n";
    for (std::string_view rest = verb.example; !rest.empty();) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        text += fmt::format("  {} {}\n", program, rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return text;
}

} // namespace app
