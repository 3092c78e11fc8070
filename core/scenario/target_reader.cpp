// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scenario/environment.h"
#include "core/scenario/fields.h"
#include "core/scenario/scalars.h"
#include "core/scenario/sections.h"
#include "core/target/address_reading.h"
#include "core/target/broker_address.h"
#include "core/target/dedupe_address.h"

#include <algorithm>

namespace core {

namespace {

constexpr TextLimits kAddress{1, 2'000};

/// Stands for each ${NAME} when a text is read as the file has it: a port can be so, and a name.
constexpr std::string_view kStandIn = "61837";

bool isOnlyStandIns(std::string_view text) {
    while (text.starts_with(kStandIn)) {
        text.remove_prefix(kStandIn.size());
    }
    return text.empty();
}

/// True if a secret of the address stands in the file instead of coming from the environment: the same reader reads the
/// address once more, with stand-ins for what the environment adds.
bool isWrittenOut(TargetPart part, const YamlNode& node, const AddressReading& address,
                  const ReadPostgres& readPostgres) {
    const auto bare = readAddress(part, withStandIns(node.written, kStandIn), readPostgres);
    if (!bare) { // its very form comes from the environment
        const std::string written = withStandIns(node.written, "");
        return std::ranges::any_of(address.secrets, [&written](const Secret& secret) {
            return written.find(secret.reveal()) != std::string::npos;
        });
    }
    return std::ranges::any_of(bare->secrets, [](const Secret& secret) { return !isOnlyStandIns(secret.reveal()); });
}

// Messages do not quote an address: it may hold a password.
std::optional<std::string> readPart(const Cursor& at, TargetPart part, const ReadPostgres& readPostgres) {
    auto text = readText(at, kAddress);
    if (!text) {
        return std::nullopt;
    }
    const auto address = readAddress(part, *text, readPostgres);
    if (!address) {
        at.refuse(address.error().message);
        return std::nullopt;
    }
    if (isWrittenOut(part, *at.node, *address, readPostgres)) {
        at.refuse("the password must not be written out; write ${NAME} in its place and set that environment variable");
        return std::nullopt;
    }
    return text;
}

} // namespace

Target readTarget(const Cursor& at, const ReadPostgres& readPostgres) {
    if (at.isScalar() && at.node->text == kEmbedded) {
        return {std::string(kEmbedded), std::string(kEmbedded), std::string(kMemory)};
    }
    Target target;
    if (!at.isMapping()) {
        if (!at.isBroken()) {
            at.refuse("expected embedded or {broker: …, store: …, dedupe: …}");
        }
        return target;
    }
    if (at.node->find("daemons") != nullptr) {
        at.refuse("daemons are not available in this version; write embedded or {broker: …, store: …, dedupe: …}");
        return target;
    }
    Fields fields(at);
    const auto read = [&readPostgres](TargetPart part) {
        return [part, &readPostgres](const Cursor& value) { return readPart(value, part, readPostgres); };
    };
    fields.read("broker", target.broker, read(TargetPart::Broker));
    fields.read("store", target.store, read(TargetPart::Store));
    fields.read("dedupe", target.dedupe, read(TargetPart::Dedupe));
    fields.finish();
    return target;
}

} // namespace core
