// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace core {

/// What the caller of a failed operation does next.
enum class ErrorKind {
    Invalid,   ///< The request is wrong: tell the user; trying again does not help.
    Transient, ///< The other side may recover: try again later.
    Refused,   ///< The other side refuses for good: stop, somebody must change something there.
    Fatal,     ///< This program or this machine cannot go on: stop.
};

/// An expected failure, in sentences for the user.
struct Error {
    ErrorKind kind = ErrorKind::Invalid;
    std::string message; ///< what was attempted, on what, and what came back
    std::string hint{};  ///< what to do about it; empty: the message says it all

    /// Both.
    std::string text() const { return hint.empty() ? message : message + (message.ends_with('.') ? " " : ". ") + hint; }
    bool operator==(const Error&) const = default;
};

[[nodiscard]] inline Error invalid(std::string message, std::string hint = {}) {
    return {ErrorKind::Invalid, std::move(message), std::move(hint)};
}
[[nodiscard]] inline Error transient(std::string message, std::string hint = {}) {
    return {ErrorKind::Transient, std::move(message), std::move(hint)};
}
[[nodiscard]] inline Error refused(std::string message, std::string hint = {}) {
    return {ErrorKind::Refused, std::move(message), std::move(hint)};
}
[[nodiscard]] inline Error fatal(std::string message, std::string hint = {}) {
    return {ErrorKind::Fatal, std::move(message), std::move(hint)};
}

/// A value, or the reason why there is none. Reading the wrong side is a programming error.
template <typename T>
class [[nodiscard]] Result {
public:
    Result(T value) : m_content(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : m_content(std::in_place_index<1>, std::move(error)) {}

    explicit operator bool() const { return m_content.index() == 0; }

    T& operator*() & {
        assert(*this);
        return *std::get_if<0>(&m_content);
    }
    const T& operator*() const& {
        assert(*this);
        return *std::get_if<0>(&m_content);
    }
    T&& operator*() && {
        assert(*this);
        return std::move(*std::get_if<0>(&m_content));
    }
    T* operator->() { return &**this; }
    const T* operator->() const { return &**this; }

    const Error& error() const {
        assert(!*this);
        return *std::get_if<1>(&m_content);
    }

private:
    std::variant<T, Error> m_content;
};

/// Success without a value, or the reason for failure.
template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error) : m_error(std::move(error)), m_failed(true) {}

    explicit operator bool() const { return !m_failed; }

    const Error& error() const {
        assert(m_failed);
        return m_error;
    }

private:
    Error m_error;
    bool m_failed = false;
};

using Status = Result<void>;

} // namespace core
