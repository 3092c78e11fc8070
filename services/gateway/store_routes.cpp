// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/gateway/store_routes.h"

#include "core/format/timestamp_text.h"
#include "core/text/plain_number.h"
#include "core/text/wording.h"
#include "services/api/json_response.h"
#include "services/store/store_search.h"

#include <fmt/format.h>

#include <memory>
#include <semaphore>

namespace services {
namespace {

using http::Method;
using http::Request;
using http::Response;
using StoreJson = nlohmann::ordered_json;

/// Searches take a connection and seconds: two at a time, and the next one is told to come back.
class Searches {
public:
    explicit Searches(core::StoreAddress address) : m_address(std::move(address)) {}

    template <typename Ask>
    Response once(const Ask& ask) {
        if (m_address.isEmbedded()) {
            return http::problem(404, "This gateway has no store: --store postgresql://… names one.");
        }
        if (!m_free.try_acquire()) {
            Response busy = http::problem(503, "Two searches are under way already.");
            busy.headers.push_back({"Retry-After", "2"});
            return busy;
        }
        auto reader = openStoreReader({.address = m_address});
        Response response = reader ? ask(**reader) : failed(reader.error());
        m_free.release();
        return response;
    }
    static Response failed(const core::Error& error) {
        return http::problem(error.kind == core::ErrorKind::Invalid ? 400 : 503, error.text());
    }

private:
    const core::StoreAddress m_address;
    std::counting_semaphore<2> m_free{2};
};

std::vector<std::string> listOf(const Request& request, std::string_view name) {
    std::vector<std::string> items;
    for (const auto& [key, value] : request.query) {
        for (const std::string_view item : key == name ? core::itemsOf(value) : std::vector<std::string_view>()) {
            items.emplace_back(item);
        }
    }
    return items;
}

/// The query, or the sentence about what is wrong in it.
std::variant<core::LogQuery, std::string> queryOf(const Request& request) {
    core::LogQuery query;
    query.sources = listOf(request, "source");
    for (const std::string& name : listOf(request, "level")) {
        const auto level = core::levelOf(name);
        if (!level) {
            return fmt::format("level is TRACE, DEBUG, INFO, WARN, ERROR or FATAL, not '{}'.", name);
        }
        query.levels.push_back(*level);
    }
    for (const auto& [name, into] : {std::pair("from", &query.from), std::pair("to", &query.until)}) {
        if (const auto text = request.parameter(name)) {
            *into = core::TimestampReader().read(*text);
            if (!*into) {
                return fmt::format("{} is a time such as 2026-01-31T23:59:59Z, not '{}'.", name, *text);
            }
        }
    }
    query.text = request.parameter("text").value_or("");
    if (const auto text = request.parameter("limit")) {
        query.limit = core::numberFrom<std::uint32_t>(*text).value_or(0);
        if (query.limit < 1 || query.limit > 1'000) {
            return fmt::format("limit is a whole number from 1 to 1000, not '{}'.", *text);
        }
    }
    if (const auto text = request.parameter("after")) {
        query.before = core::EventId::parse(*text);
        if (!query.before) {
            return fmt::format("after is the 'next' of the page before, not '{}'.", *text);
        }
    }
    return query;
}

std::string timeText(core::WallTime time) {
    std::string text(core::TimestampText::kLength, ' ');
    core::TimestampText().write(text.data(), time);
    return text;
}

std::string_view nameOf(core::LogPage::End end) {
    switch (end) {
    case core::LogPage::End::Complete:
        return "complete";
    case core::LogPage::End::Limit:
        return "limit";
    case core::LogPage::End::MostRead:
        return "most_read";
    case core::LogPage::End::TimedOut:
        return "timed_out";
    }
    return {};
}

StoreJson timeOrNull(const std::optional<core::WallTime>& time) {
    return time ? StoreJson(timeText(*time)) : StoreJson(nullptr);
}

Response logs(const Request& request, core::StoreReader& reader) {
    const auto query = queryOf(request);
    if (const auto* wrong = std::get_if<std::string>(&query)) {
        return http::problem(400, *wrong);
    }
    const auto page = reader.search(std::get<core::LogQuery>(query), {});
    if (!page) {
        return Searches::failed(page.error());
    }
    StoreJson rows = StoreJson::array();
    for (const core::LogRow& row : page->rows) {
        rows.push_back({{"id", row.id.text()},
                        {"level", row.level},
                        {"message", row.message},
                        {"source", row.source},
                        {"timestamp", timeOrNull(row.timestamp)},
                        {"traceId", row.traceId},
                        {"processedAt", timeOrNull(row.processedAt)}});
    }
    return jsonResponse({{"logs", std::move(rows)},
                         {"next", page->next ? StoreJson(page->next->text()) : StoreJson(nullptr)},
                         {"end", nameOf(page->end)},
                         {"reachedBackTo", timeOrNull(page->reachedBackTo)}});
}

Response runs(core::StoreReader& reader) {
    constexpr std::uint32_t kMostRuns = 200;
    const auto found = reader.runs(kMostRuns, {});
    if (!found) {
        return Searches::failed(found.error());
    }
    StoreJson all = StoreJson::array();
    for (const core::StoredRun& run : *found) {
        all.push_back({{"id", run.id},
                       {"name", run.name},
                       {"started", timeOrNull(run.started)},
                       {"verdict", run.verdict.empty() ? StoreJson(nullptr) : StoreJson(run.verdict)},
                       {"tags", run.tags}});
    }
    return jsonResponse({{"runs", std::move(all)}});
}

Response oneRun(std::string_view id, core::StoreReader& reader) {
    const auto head = reader.runHead(std::string(id), {});
    if (!head) {
        return Searches::failed(head.error());
    }
    if (!*head) {
        return http::problem(404, fmt::format("The store knows no run {}.", id));
    }
    return {.status = 200, .type = "application/json", .body = **head};
}

} // namespace

void addStoreRoutes(http::Router& router, core::StoreAddress store) {
    const auto get = [&router](std::string pattern, http::Router::Handler handler) {
        router.add({Method::Get, std::move(pattern), std::move(handler)});
    };
    const auto searches = std::make_shared<Searches>(std::move(store)); // shared by handlers, which have to be copyable
    get("/api/logs", [searches](const Request& request) {
        return searches->once([&](core::StoreReader& reader) { return logs(request, reader); });
    });
    get("/api/runs",
        [searches](const Request&) { return searches->once([](core::StoreReader& reader) { return runs(reader); }); });
    get("/api/runs/{id}", [searches](const Request& request) {
        return searches->once([&](core::StoreReader& reader) { return oneRun(request.variable("id"), reader); });
    });
}

} // namespace services
