// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/message_text.h"

#include "core/format/json_text.h"

#include <array>

namespace core {

namespace {

// Figures: %n 0 to 99, %d up to six digits, %t a duration in ms with decimals, %h eight hexadecimal digits, %i an IPv4
// address, %u a user, %m a machine, %p a path, %w a word, %s a status of success, %e one of failure.
constexpr std::array<std::string_view, 18> kRoutine{
    "GET %p completed with status %s in %t ms, %d bytes sent to %i",
    "POST %p accepted order %d of customer %u in %t ms",
    "PUT %p completed with status %s in %t ms for user %u",
    "Session %h opened for user %u from %i port %d",
    "Session %h closed for user %u after %d s",
    "User %u logged in with method password from %i",
    "Token refreshed for client %w, expires in %d s",
    "Cache hit for key %w:%d, age %n s, time to live %d s",
    "Cache miss for key %w:%d, loaded from the database in %t ms",
    "Query on table %w returned %d rows in %t ms on connection %n",
    "Connection pool %w: active=%n idle=%n waiting=%n max=100",
    "Scheduled job %w-cleanup finished in %t ms, %d records processed",
    "Payment %h authorised: amount %d.%n EUR, provider %w, order %d",
    "Message at offset %d of topic %w partition %n processed in %t ms",
    "Published event %w.created with correlation id %h to %n subscribers",
    "Health check of %m passed in %t ms, load %n percent",
    "Configuration %w reloaded in %t ms: version %d, %n settings changed",
    "Batch %h written to %w storage: %d records, %d bytes, %t ms",
};
constexpr std::array<std::string_view, 14> kTrouble{
    "Request to http://%m:8080%p failed with status %e after %t ms, attempt %n",
    "Timeout after %d ms while waiting for a connection of pool %w: active=%n waiting=%n",
    "Payment %h declined by provider %w: insufficient funds, code %d",
    "Retrying message at offset %d of topic %w in %t ms, attempt %n",
    "java.lang.IllegalStateException: order %d is closed already at "
    "com.example.%w.OrderService.close(OrderService.java:%d)",
    "java.net.SocketTimeoutException: Read timed out after %t ms at com.example.%w.HttpClient.call(HttpClient.java:%d)",
    "Disk usage on %m at %n percent, above the limit of 80 percent",
    "Circuit breaker %w opened after %n failures within %t ms",
    "Slow query on table %w: %t ms, %d rows examined, %n returned",
    "Invalid token from %i for user %u: signature does not match, request %h",
    "Deadlock detected in transaction %h on table %w, rolled back after %t ms",
    "Rate limit exceeded for client %u at %i: %d requests in 60 s",
    "Heap usage at %n percent after a collection of %t ms on %m",
    "Connection to %m reset by peer after %d bytes, %n messages unsent",
};
constexpr std::array<std::string_view, 8> kDetails{
    " [env=production, region=eu-west-1, version=3.14.2]",
    " [thread=http-worker-%n, pool=default]",
    " [host=%m.eu-west-1.example.com]",
    " [scheduler=default, queue depth=%n]",
    " [client=%i, protocol=HTTP/1.1]",
    " [feature flags: none, tenant=default]",
    " [span=%h]",
    " [request=%h%h]",
};
constexpr std::array<std::string_view, 16> kWords{"order",   "customer", "invoice", "session",   "catalog", "basket",
                                                  "account", "shipment", "search",  "inventory", "pricing", "ledger",
                                                  "profile", "coupon",   "refund",  "audit"};
constexpr std::array<std::string_view, 12> kPaths{
    "/api/v1/orders",    "/api/v1/orders/history", "/api/v1/customers",        "/api/v2/search", "/api/v1/basket/items",
    "/api/v1/payments",  "/api/v1/auth/refresh",   "/api/v1/catalog/products", "/health",        "/api/v1/invoices",
    "/api/v2/recommend", "/static/app.js"};
constexpr std::array<std::string_view, 4> kSuccess{"200", "200", "201", "304"};
constexpr std::array<std::string_view, 8> kFailure{"500", "502", "503", "503", "504", "404", "429", "408"};

template <std::size_t N>
std::string_view pick(const std::array<std::string_view, N>& texts, std::uint64_t bits) {
    return texts[(bits & 0xffffffffU) * N >> 32U];
}

/// Small figures are more frequent than large ones, as in real logs.
std::uint64_t figureBelow(std::uint64_t bits, unsigned maxBits) {
    return bits >> (64U - maxBits) >> (bits % 8);
}

char* writeAddress(char* out, std::uint64_t bits) {
    out = writeText(out, "10.");
    out = writeNumber(out, bits & 0xfU);
    *out++ = '.';
    out = writeNumber(out, bits >> 8U & 0xffU);
    *out++ = '.';
    return writeNumber(out, bits >> 16U & 0xffU);
}

char* writeDuration(char* out, std::uint64_t bits) {
    out = writeNumber(out, figureBelow(bits, 10));
    *out++ = '.';
    return writeNumber(out, bits >> 8U & 0x3fU);
}

char* writeShortHex(char* out, std::uint64_t bits) {
    char digits[16];
    writeHex(digits, bits);
    return writeText(out, {digits, 8});
}

} // namespace

MessageText::MessageText() {
    for (const std::string_view text : kRoutine) {
        m_routine.push_back(sentenceOf(text));
    }
    for (const std::string_view text : kTrouble) {
        m_trouble.push_back(sentenceOf(text));
    }
    for (const std::string_view text : kDetails) {
        m_details.push_back(sentenceOf(text));
    }
}

MessageText::Sentence MessageText::sentenceOf(std::string_view text) {
    Sentence sentence;
    while (!text.empty()) {
        const std::size_t literal = std::min(text.find('%'), text.size());
        const bool figure = literal < text.size();
        sentence.push_back({text.substr(0, literal), figure ? text[literal + 1] : '\0'});
        text.remove_prefix(figure ? literal + 2 : literal);
    }
    return sentence;
}

void MessageText::write(char* out, std::size_t length, bool trouble, Draws& draws) const {
    const char* const end = out + length;
    // The first sentences are the most frequent by far: a few places in a program write most of its log.
    const auto choose = [&](const std::vector<Sentence>& sentences) -> const Sentence& {
        const std::uint32_t limit = draws.below(static_cast<std::uint32_t>(sentences.size())) + 1;
        return sentences[draws.below(limit)];
    };
    out = writeSentence(out, end, choose(trouble ? m_trouble : m_routine), draws);
    while (out < end) {
        out = writeSentence(out, end, choose(m_details), draws);
    }
}

char* MessageText::writeSentence(char* out, const char* end, const Sentence& sentence, Draws& draws) {
    for (const Piece& piece : sentence) {
        if (out >= end) {
            break;
        }
        out = writeText(out, piece.literal);
        out = piece.figure != 0 ? writeFigure(out, piece.figure, draws) : out;
    }
    return out;
}

char* MessageText::writeFigure(char* out, char figure, Draws& draws) {
    const std::uint64_t bits = draws.next();
    switch (figure) {
    case 'n':
        return writeNumber(out, (bits & 0xffffU) * 100 >> 16U);
    case 'd':
        return writeNumber(out, figureBelow(bits, 19));
    case 't':
        return writeDuration(out, bits);
    case 'h':
        return writeShortHex(out, bits);
    case 'i':
        return writeAddress(out, bits);
    case 'u':
        return writeNumber(writeText(out, "u-"), figureBelow(bits, 17));
    case 'm':
        return writeNumber(writeText(out, "node-"), bits & 0x1fU);
    case 'p':
        return writeText(out, pick(kPaths, bits));
    case 'w':
        return writeText(out, pick(kWords, bits));
    case 's':
        return writeText(out, pick(kSuccess, bits));
    default:
        return writeText(out, pick(kFailure, bits));
    }
}

} // namespace core
