#include "services/store/postgres_error.h"

#include "services/store/pqxx_compat.h"

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

/// The first line without "ERROR:  " or its translation.
std::string firstLine(std::string_view text) {
    text = text.substr(0, text.find('\n'));
    const auto severity = text.find(":  ");
    if (severity != std::string_view::npos && severity < 20)
        text.remove_prefix(severity + 3);
    return std::string(text);
}

} // namespace

FailureClass classOf(const PostgresFailure& failure) {
    const std::string_view state = failure.sqlstate;
    // 53: out of disk, memory, connections; 55P03: lock time-out; 57014: statement time-out; 57P0x: shut down, starting
    // up
    if (state.empty() ||
        startsWithAny(state, {"08", "53", "40001", "40P01", "25006", "25P03", "55P03", "57014", "57P0", "58"}))
        return FailureClass::Retry;
    if (state == "23505")
        return FailureClass::Duplicate;
    // 54: too long for an index; P0: a trigger's own refusal
    if (startsWithAny(state, {"22", "23502", "23514", "54", "P0"}))
        return FailureClass::BadRecord;
    if (startsWithAny(state, {"28", "3D", "42501"}))
        return FailureClass::Refused;
    return FailureClass::OurBug;
}

core::ErrorKind kindOf(const PostgresFailure& failure) {
    return classOf(failure) == FailureClass::Retry ? core::ErrorKind::Transient : core::ErrorKind::Fatal;
}

PostgresFailure currentFailure() {
    try {
        throw;
    } catch (const pqxx::sql_error& error) {
        return {error.sqlstate(), firstLine(error.what()), startsWithAny(error.sqlstate(), {"57P0", "25P03"})};
    } catch (const pqxx::broken_connection& error) {
        return {{}, firstLine(error.what()), true};
    } catch (const pqxx::in_doubt_error& error) {
        return {{}, firstLine(error.what()), true};
    } catch (const std::exception& error) { // libpqxx's usage_error and such
        return {"XX000", firstLine(error.what()), true};
    }
}

PostgresFailure connectFailure(std::string_view message) {
    PostgresFailure failure{.sqlstate = {}, .text = firstLine(message), .lost = true};
    // Lines before the last one are about other addresses of the same host.
    std::string_view line = message;
    while (!line.empty()) {
        const auto end = line.find('\n');
        const std::string_view now = line.substr(0, end);
        const auto severity = now.find(":  ");
        if (severity != std::string_view::npos && isState(now.substr(severity + 3, 5))) {
            failure.sqlstate = now.substr(severity + 3, 5);
            const std::string_view rest = now.substr(std::min(now.size(), severity + 8));
            failure.text = rest.starts_with(": ") ? rest.substr(2) : rest;
        }
        line = end == std::string_view::npos ? std::string_view{} : line.substr(end + 1);
    }
    return failure;
}

} // namespace services
