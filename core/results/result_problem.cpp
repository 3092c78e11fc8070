// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/results/result_problem.h"

#include "core/results/result_file.h"
#include "core/text/wording.h"

#include <fmt/format.h>

#include <algorithm>

namespace core {

Error damaged(const std::string& text, const std::string& fileName, std::size_t position) {
    const auto good = std::min(position == 0 ? 0 : position - 1, text.size());
    const auto before = std::string_view(text).substr(0, good);
    const auto line = 1 + std::ranges::count(before, '\n');
    const auto lastBreak = before.rfind('\n');
    const auto column = lastBreak == std::string_view::npos ? good + 1 : good - lastBreak;
    return invalid(fmt::format("{}:{}:{}: the result file is {}", fileName, line, column,
                               position > text.size() ? "cut off here" : "damaged here; this is not JSON"));
}

std::optional<Error> schemaProblem(const std::string& schema, const std::string& fileName) {
    constexpr std::string_view kFamily = "millrace.result/";
    if (isReadableSchema(schema)) {
        return std::nullopt;
    }
    if (schema.starts_with(kFamily)) {
        return invalid(fmt::format("{}: written by a newer Millrace (schema {}; this program reads {})", fileName,
                                   inQuotes(schema), kResultSchema));
    }
    const auto found = schema.empty() ? "it names no schema" : "its schema is " + inQuotes(schema);
    return invalid(fmt::format("{}: not a result of Millrace: {}", fileName, found));
}

} // namespace core
