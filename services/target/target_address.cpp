// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/target/target_address.h"

#include "services/store/postgres/postgres_url.h"

namespace services {

namespace {

std::string withoutSecrets(core::TargetPart part, const std::string& text) {
    if (text.empty()) {
        return {};
    }
    const auto address = readAddress(part, text);
    return address ? address->shown : "(unreadable)";
}

} // namespace

core::Result<core::AddressReading> readAddress(core::TargetPart part, const std::string& text) {
    return core::readAddress(part, text, readPostgresUrl);
}

core::Target withoutSecrets(const core::Target& target) {
    return {withoutSecrets(core::TargetPart::Broker, target.broker),
            withoutSecrets(core::TargetPart::Store, target.store),
            withoutSecrets(core::TargetPart::Dedupe, target.dedupe)};
}

} // namespace services
