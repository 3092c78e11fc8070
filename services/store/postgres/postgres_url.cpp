// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/postgres/postgres_url.h"

#include <libpq-fe.h>

#include <memory>
#include <string_view>

namespace services {

core::Result<core::PostgresAddress> readPostgresUrl(const std::string& url) {
    constexpr std::string_view kPassword = "*"; // libpq's manual, PQconndefaults: how to show the value in a form
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> parsed(PQconninfoParse(url.c_str(), nullptr),
                                                                              &PQconninfoFree);
    if (!parsed) {
        return core::invalid(core::postgresForm());
    }
    core::PostgresAddress::Settings settings;
    core::PostgresAddress::Secrets secrets;
    for (const PQconninfoOption* option = parsed.get(); option->keyword != nullptr; ++option) {
        if (option->val == nullptr || *option->val == '\0') {
            continue;
        }
        if (option->dispchar == kPassword) {
            secrets.emplace_back(option->keyword, core::Secret(option->val));
        } else {
            settings.emplace_back(option->keyword, option->val);
        }
    }
    return core::PostgresAddress::create(std::move(settings), std::move(secrets));
}

} // namespace services
