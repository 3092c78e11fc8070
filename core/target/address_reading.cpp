// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/target/address_reading.h"

#include "core/target/broker_address.h"
#include "core/target/dedupe_address.h"
#include "core/target/store_address.h"

namespace core {

namespace {

template <typename Address>
Result<AddressReading> readingOf(const Result<Address>& address) {
    if (!address) {
        return address.error();
    }
    return AddressReading{address->shown(), address->secrets()};
}

} // namespace

Result<AddressReading> readAddress(TargetPart part, const std::string& text, const ReadPostgres& readPostgres) {
    switch (part) {
    case TargetPart::Store:
        return readingOf(StoreAddress::create(text, readPostgres));
    case TargetPart::Dedupe:
        return readingOf(DedupeAddress::create(text));
    case TargetPart::Broker:
        break;
    }
    const auto broker = BrokerAddress::create(text);
    return broker ? Result(AddressReading{broker->shown(), {}}) : Result<AddressReading>(broker.error());
}

} // namespace core
