// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scenario/environment.h"
#include "core/scenario/fields.h"
#include "core/scenario/scalars.h"
#include "core/scenario/sections.h"
#include "core/target/daemon_list.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace core {

namespace {

constexpr TextLimits kAddress{1, 2'000};
constexpr std::size_t kMostDaemons = 1'000;

/// Stands for each ${NAME} when a text is read as the file has it: a port can be so, and a name.
constexpr std::string_view kStandIn = "61837";

bool isOnlyStandIns(std::string_view text) {
    while (text.starts_with(kStandIn)) {
        text.remove_prefix(kStandIn.size());
    }
    return text.empty();
}

template <typename Address>
using Read = std::function<Result<Address>(const std::string& text)>;

/// True if a secret of the address stands in the file instead of coming from the environment: the same reader reads the
/// address once more, with stand-ins for what the environment adds.
template <typename Address>
bool isWrittenOut(const YamlNode& node, const Address& address, const Read<Address>& read) {
    const auto bare = read(withStandIns(node.written, kStandIn));
    if (!bare) { // its very form comes from the environment
        const std::string written = withStandIns(node.written, "");
        return std::ranges::any_of(address.secrets(), [&written](const Secret& secret) {
            return written.find(secret.reveal()) != std::string::npos;
        });
    }
    return std::ranges::any_of(bare->secrets(), [](const Secret& secret) { return !isOnlyStandIns(secret.reveal()); });
}

// Messages do not quote an address: it may hold a password.
template <typename Address>
void readPart(Fields& fields, std::string_view key, std::optional<Address>& part, const Read<Address>& read) {
    fields.read(key, part, [&read](const Cursor& at) -> std::optional<Address> {
        const auto text = readText(at, kAddress);
        if (!text) {
            return std::nullopt;
        }
        auto address = read(*text);
        if (!address) {
            at.refuse(address.error().text());
            return std::nullopt;
        }
        if (isWrittenOut(*at.node, *address, read)) {
            at.refuse(
                "the password must not be written out; write ${NAME} in its place and set that environment variable");
            return std::nullopt;
        }
        return std::move(*address);
    });
}

std::optional<std::vector<std::string>> readDaemonList(const Cursor& at) {
    std::vector<std::string> daemons;
    for (const Cursor& item : readItems(at, "a list of daemons, as [a:8081, b:8082]", kMostDaemons)) {
        const auto text = readText(item, kAddress);
        const auto daemon = text ? readDaemon(*text) : Result<std::string>(invalid(""));
        if (daemon) {
            daemons.push_back(*daemon);
        } else if (text) {
            item.refuse(daemon.error().text());
        }
    }
    return daemons;
}

} // namespace

PartialTarget readTarget(const Cursor& at, const ReadPostgres& readPostgres) {
    if (at.isScalar() && at.node->text == kEmbedded) {
        return {BrokerAddress(), StoreAddress(), DedupeAddress()};
    }
    PartialTarget target;
    if (!at.isMapping()) {
        if (!at.isBroken()) {
            at.refuse("expected embedded or {broker: …, store: …, dedupe: …}");
        }
        return target;
    }
    Fields fields(at);
    fields.read("daemons", target.daemons, readDaemonList);
    readPart<BrokerAddress>(fields, "broker", target.broker, &BrokerAddress::create);
    readPart<StoreAddress>(fields, "store", target.store, [&readPostgres](const std::string& text) {
        return StoreAddress::create(text, readPostgres);
    });
    readPart<DedupeAddress>(fields, "dedupe", target.dedupe, &DedupeAddress::create);
    fields.finish();
    return target;
}

} // namespace core
