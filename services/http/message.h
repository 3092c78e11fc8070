// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace services::http {

enum class Method { Get, Head, Post };
std::string_view nameOf(Method method); ///< "GET", "HEAD", "POST"

struct Header {
    std::string name, value;
    bool operator==(const Header&) const = default;
};

/// A request whose head was accepted. Everything in it comes from the other side.
struct Request {
    Method method = Method::Get;
    std::string path;                                           ///< decoded, without the query
    std::vector<std::pair<std::string, std::string>> query;     ///< decoded, in the order of the request
    std::vector<std::pair<std::string, std::string>> variables; ///< what stands for the {names} of the route
    std::vector<Header> headers;
    std::string body;

    /// The first header of the name, in any case.
    std::optional<std::string_view> header(std::string_view name) const;
    std::optional<std::string_view> parameter(std::string_view name) const; ///< of the query
    std::string_view variable(std::string_view name) const;                 ///< the route has it
};

struct Response {
    int status = 200;
    std::string type = "application/json";
    std::string body{};
    std::vector<Header> headers{};
};

std::string_view reasonOf(int status); ///< "Not Found" of 404

/// A failure as RFC 9457 shapes it: application/problem+json with title, status and detail, a sentence.
Response problem(int status, std::string_view detail);

/// The path and query of a request's target, decoded. Nothing: it is not in origin form, or is badly percent-encoded,
/// or holds a control character or a '..' segment. Source: RFC 9112, section 3.2.1; RFC 3986, section 2.1.
struct Target {
    std::string path;
    std::vector<std::pair<std::string, std::string>> query;
    bool operator==(const Target&) const = default;
};
std::optional<Target> readTarget(std::string_view target);

} // namespace services::http
