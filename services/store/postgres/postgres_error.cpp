// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/postgres/postgres_error.h"

#include "services/store/postgres/pqxx_compat.h"

#include <pqxx/pqxx>

#include <algorithm>
#include <array>
#include <cctype>

namespace services {

namespace {

bool startsWithAny(std::string_view text, std::initializer_list<std::string_view> prefixes) {
    return std::ranges::any_of(prefixes, [text](std::string_view prefix) { return text.starts_with(prefix); });
}

bool isState(std::string_view text) {
    return text.size() == 5 &&
           std::ranges::all_of(text, [](unsigned char c) { return std::isdigit(c) || std::isupper(c); });
}

} // namespace

PostgresFailure unfit(std::string text) {
    return {.sqlstate = {}, .text = std::move(text), .lost = true, .unfit = true};
}

FailureClass classOf(const PostgresFailure& failure) {
    const std::string_view state = failure.sqlstate;
    if (failure.unfit) {
        return FailureClass::Refused;
    }
    // 53: out of disk, memory, connections; 55P03: lock time-out; 57014: statement time-out; 57P0x: shut down, starting
    // up
    if (state.empty() ||
        startsWithAny(state, {"08", "53", "40001", "40P01", "25006", "25P03", "55P03", "57014", "57P0", "58"})) {
        return FailureClass::Retry;
    }
    if (state == "23505") {
        return FailureClass::Duplicate;
    }
    // 23: constraints, also such as others have added; 44: those of a view; 54: too long for an index; P0: a trigger's
    // own refusal
    if (startsWithAny(state, {"22", "23", "44", "54", "P0"})) {
        return FailureClass::BadRecord;
    }
    // 42601: the grammar of our own statements; XX000: a library that is used wrongly
    return startsWithAny(state, {"42601", "XX000"}) ? FailureClass::OurBug : FailureClass::Refused;
}

core::ErrorKind kindOf(const PostgresFailure& failure) {
    switch (classOf(failure)) {
    case FailureClass::Retry:
        return core::ErrorKind::Transient;
    case FailureClass::OurBug:
        return core::ErrorKind::Fatal;
    default:
        return core::ErrorKind::Refused;
    }
}

PostgresFailure currentFailure() {
    try {
        throw;
    } catch (const pqxx::failure& error) {
        return failureOf(error.what());
    } catch (const std::exception& error) { // libpqxx's usage_error and such
        return {"XX000", error.what(), true};
    }
}

PostgresFailure failureOf(std::string_view message) {
    PostgresFailure failure{.sqlstate = {}, .text = std::string(message.substr(0, message.find('\n'))), .lost = true};
    // The lines in front of the one with the SQLSTATE are about other addresses of the same host.
    for (std::string_view rest = message; !rest.empty();
         rest.remove_prefix(std::min(rest.find('\n'), rest.size() - 1) + 1)) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        const auto severity = line.find(":  ");
        if (severity == std::string_view::npos || !isState(line.substr(severity + 3, 5))) {
            continue;
        }
        failure.sqlstate = line.substr(severity + 3, 5);
        const std::string_view text = line.substr(severity + 3 + 5);
        failure.text = text.starts_with(": ") ? text.substr(2) : text;
        failure.lost = startsWithAny(failure.sqlstate, {"08", "57P0", "25P03"});
        break;
    }
    return failure;
}

} // namespace services
