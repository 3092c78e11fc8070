// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scenario/client_settings.h"

#include "core/scenario/environment.h"
#include "core/scenario/quantities.h"
#include "core/scenario/scalars.h"
#include "core/scenario/sections.h"
#include "core/text/wording.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace core {

namespace {

constexpr auto kAllowed = std::to_array<std::string_view>({
    "security.protocol",
    "sasl.mechanism",
    "sasl.mechanisms",
    "sasl.username",
    "sasl.password",
    "ssl.ca.location",
    "ssl.certificate.location",
    "ssl.key.location",
    "ssl.key.password",
    "ssl.endpoint.identification.algorithm",
    "enable.ssl.certificate.verification",
    "socket.timeout.ms",
    "socket.blocking.max.ms",
    "socket.send.buffer.bytes",
    "socket.receive.buffer.bytes",
    "socket.keepalive.enable",
    "socket.nagle.disable",
    "socket.max.fails",
    "socket.connection.setup.timeout.ms",
    "message.max.bytes",
    "request.timeout.ms",
    "message.timeout.ms",
    "delivery.timeout.ms",
    "max.in.flight",
    "max.in.flight.requests.per.connection",
    "fetch.wait.max.ms",
    "fetch.message.max.bytes",
    "fetch.max.bytes",
    "fetch.min.bytes",
    "fetch.error.backoff.ms",
    "queued.min.messages",
    "queued.max.messages.kbytes",
    "statistics.interval.ms",
    "client.id",
    "broker.address.family",
    "reconnect.backoff.ms",
    "reconnect.backoff.max.ms",
    "retry.backoff.ms",
    "metadata.max.age.ms",
    "partition.assignment.strategy",
});

constexpr auto kSecrets = std::to_array<std::string_view>({"sasl.password", "ssl.key.password"});

struct Hint {
    std::string_view setting;
    std::string_view instead;
};
constexpr auto kHints = std::to_array<Hint>({
    {"bootstrap.servers", "write target: {broker: HOST:PORT}"},
    {"metadata.broker.list", "write target: {broker: HOST:PORT}"},
    {"acks", "write kafka.acks"},
    {"request.required.acks", "write kafka.acks"},
    {"enable.idempotence", "write kafka.idempotence"},
    {"group.id", "write kafka.group"},
    {"linger.ms", "write linger of the tier"},
    {"queue.buffering.max.ms", "write linger of the tier"},
    {"batch.size", "write batch of the tier"},
    {"queue.buffering.max.messages", "write queue of the tier"},
    {"compression.type", "write compression of the tier"},
    {"compression.codec", "write compression of the tier"},
    {"session.timeout.ms", "write consumer.session_timeout"},
    {"enable.auto.commit", "the store keeps the offsets"},
    {"enable.auto.offset.store", "the store keeps the offsets"},
    {"auto.offset.reset", "the store keeps the offsets"},
    {"plugin.library.paths", "it would load code"},
    {"ssl.engine.location", "it would load code"},
    {"sasl.kerberos.kinit.cmd", "it would run a program"},
});

void refuseSetting(const Cursor& at, const YamlEntry& entry) {
    const std::string& name = entry.key.text;
    const auto* hint = std::ranges::find(kHints, name, &Hint::setting);
    std::string reason;
    if (hint != kHints.end()) {
        reason = fmt::format("the setting {} is not allowed here: {}", inQuotes(name), hint->instead);
    } else if (const auto meant = nearest(name, kAllowed)) {
        reason = fmt::format("the setting {} is not allowed here; did you mean {}?", inQuotes(name), inQuotes(*meant));
    } else {
        reason = fmt::format("the setting {} is not allowed here", inQuotes(name));
    }
    at.problems->add(entry.key, at.entry(entry).path, std::move(reason));
}

std::optional<std::string> readSetting(const Cursor& at, std::string_view name) {
    if (!at.isScalar() || at.isNothing()) {
        at.refuseKind("a text, a number, true or false");
        return std::nullopt;
    }
    if (isSecretClientSetting(name) && !isOnlyEnvironment(at.node->written)) {
        at.refuse("must not be written out; write ${NAME} and set that environment variable");
        return std::nullopt;
    }
    const std::string& text = at.node->text;
    const bool isPlainValue = text == "true" || text == "false" || parseNumber(text);
    return at.isPlain() && isPlainValue ? std::optional(text) : readText(at, {0, 4'096});
}

} // namespace

std::span<const std::string_view> allowedClientSettings() {
    return kAllowed;
}

bool isSecretClientSetting(std::string_view name) {
    return std::ranges::find(kSecrets, name) != kSecrets.end();
}

std::map<std::string, std::string> readClientSettings(const Cursor& at) {
    std::map<std::string, std::string> settings;
    if (!at.isMapping()) {
        at.refuseKind("a mapping of librdkafka's settings");
        return settings;
    }
    for (const YamlEntry& entry : at.node->entries) {
        const std::string& name = entry.key.text;
        if (std::ranges::find(kAllowed, name) == kAllowed.end()) {
            refuseSetting(at, entry);
        } else if (const auto value = readSetting(at.entry(entry), name)) {
            settings.emplace(name, *value);
        }
    }
    return settings;
}

} // namespace core
