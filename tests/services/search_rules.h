// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/store/store_search.h"
#include "tests/services/store_rows.h"

#include <QtTest>
#include <algorithm>
#include <map>
#include <string>
#include <vector>

/// What both stores' searches promise, over the same rows.
namespace search_rules {

using namespace std::chrono_literals;
using End = core::LogPage::End;

/// An event of the second `second` after kDue.
inline core::EventRow rowAt(std::int64_t second, core::Level level, std::string_view source, std::string_view message) {
    core::EventRow row = store_rows::rowOf(static_cast<std::uint64_t>(second));
    row.id = store_rows::idOf(static_cast<std::uint64_t>(second), std::chrono::seconds(second));
    row.timestamp = store_rows::kDue + std::chrono::seconds(second);
    row.level = level;
    row.source = source;
    row.message = message;
    return row;
}

/// Version 4, so it says no time; its bytes sort before all of ours (01 99 …).
inline core::EventId foreignId() {
    return *core::EventId::parse("0000aaaa-1111-4222-8333-444455556666");
}

inline std::vector<core::EventRow> sampleRows() {
    using core::Level;
    std::vector<core::EventRow> rows{
        rowAt(0, Level::Info, "api-gateway", "started"),
        rowAt(1, Level::Warn, "user-service", "100% of the quota is used"),
        rowAt(2, Level::Error, "api-gateway", "cannot open C:\\data_1 'now'"),
        rowAt(3, Level::Error, "payment-service", "Payment \"4711\" declined"),
        rowAt(4, Level::Info, "it's a \"source\", {odd}", "1000 of the quota"),
        rowAt(5, Level::Debug, "api-gateway", "cannot open C:\\dataX1"),
    };
    core::EventRow foreign = rowAt(6, Level::Info, "foreign", "from elsewhere");
    foreign.id = foreignId();
    rows.push_back(foreign);
    return rows;
}

inline core::LogQuery withText(std::string text) {
    core::LogQuery query;
    query.text = std::move(text);
    return query;
}

/// The rows of sampleRows() that the answer holds, in its order; the foreign one is 6.
inline std::vector<int> numbersOf(const core::LogPage& page) {
    std::vector<int> numbers;
    for (const core::LogRow& row : page.rows) {
        numbers.push_back(static_cast<int>((*row.timestamp - store_rows::kDue) / 1s));
    }
    return numbers;
}

inline core::LogPage pageOf(core::StoreReader& reader, const core::LogQuery& query) {
    auto page = reader.search(query, {});
    if (!page) {
        qFatal("%s", page.error().message.c_str());
    }
    return std::move(*page);
}

struct Rule {
    const char* name;
    core::LogQuery query;
    std::vector<int> found;
};

inline std::vector<Rule> rules() {
    using core::Level;
    const auto sources = [](std::vector<std::string> names) {
        core::LogQuery query;
        query.sources = std::move(names);
        return query;
    };
    const auto levels = [](std::vector<Level> wanted) {
        core::LogQuery query;
        query.levels = std::move(wanted);
        return query;
    };
    const auto between = [](std::optional<core::Nanoseconds> from, std::optional<core::Nanoseconds> until) {
        core::LogQuery query;
        if (from) {
            query.from = store_rows::kDue + *from;
        }
        if (until) {
            query.until = store_rows::kDue + *until;
        }
        return query;
    };
    core::LogQuery all = between(1s, 6s);
    all.sources = {"api-gateway"};
    all.levels = {Level::Error, Level::Debug};
    all.text = "cannot";
    return {
        {"without filters every row is found, the newest first", {}, {5, 4, 3, 2, 1, 0, 6}},
        {"a source is compared as a whole", sources({"api-gateway"}), {5, 2, 0}},
        {"several sources are alternatives", sources({"user-service", "payment-service"}), {3, 1}},
        {"a source may hold quotes and braces", sources({"it's a \"source\", {odd}"}), {4}},
        {"a source is no pattern", sources({"api%"}), {}},
        {"levels are alternatives", levels({Level::Error, Level::Warn}), {3, 2, 1}},
        {"a text is found anywhere", withText("quota"), {4, 1}},
        {"a text is found in either case", withText("pAYMENT"), {3}},
        {"a percent sign stands for itself", withText("100%"), {1}},
        {"an underscore stands for itself", withText("data_1"), {2}},
        {"a backslash stands for itself", withText("C:\\data"), {5, 2}},
        {"quotes stand for themselves", withText("'now'"), {2}},
        {"double quotes stand for themselves", withText("\"4711\""), {3}},
        {"a text that ends the statement ends nothing", withText("'; DROP TABLE log_events; --"), {}},
        {"from is within, until is not", between(1s, 4s), {3, 2, 1}},
        {"a start alone leaves ids without a time out", between(0s, std::nullopt), {5, 4, 3, 2, 1, 0}},
        {"an end alone leaves ids without a time out", between(std::nullopt, 2s), {1, 0}},
        {"an empty time range finds nothing", between(4s, 4s), {}},
        {"all filters hold together", all, {5, 2}},
    };
}

inline void addRuleRows() {
    QTest::addColumn<core::LogQuery>("query");
    QTest::addColumn<std::vector<int>>("found");
    for (const Rule& rule : rules()) {
        QTest::newRow(rule.name) << rule.query << rule.found;
    }
}

inline void verifyFields(core::StoreReader& reader) {
    const core::LogPage page = pageOf(reader, withText("Payment"));
    QCOMPARE(page.rows.size(), std::size_t{1});
    const core::LogRow& row = page.rows.front();
    QCOMPARE(row.id, store_rows::idOf(3, 3s));
    QCOMPARE(row.level, std::string("ERROR"));
    QCOMPARE(row.message, std::string("Payment \"4711\" declined"));
    QVERIFY(!row.cut);
    QCOMPARE(row.source, std::string("payment-service"));
    QVERIFY(row.timestamp == store_rows::kDue + 3s);
    QCOMPARE(row.traceId, std::string("trace-1"));
    QVERIFY(row.processedAt > store_rows::kDue - std::chrono::years(10));
    QCOMPARE(page.end, End::Complete);
    QVERIFY(!page.next);
}

/// Pages of `limit` rows until the search is complete; `between` is called after each page.
inline std::vector<std::string> allIds(core::StoreReader& reader, core::LogQuery query,
                                       const std::function<void(int)>& between) {
    std::vector<std::string> ids;
    for (int number = 0; number < 10'000; ++number) {
        const core::LogPage page = pageOf(reader, query);
        for (const core::LogRow& row : page.rows) {
            ids.push_back(row.id.text());
        }
        if (!page.next) {
            break;
        }
        query.before = page.next;
        between(number);
    }
    return ids;
}

/// `write` commits rows. While 1,000 rows are paged, newer ones come in above and must not shift the pages.
inline void verifyPagingWhileRowsAreAdded(core::StoreReader& reader,
                                          const std::function<void(std::vector<core::EventRow>)>& write) {
    std::vector<std::string> expected;
    std::vector<core::EventRow> rows;
    for (int i = 100; i < 1'100; ++i) {
        rows.push_back(rowAt(i, core::Level::Trace, "paged", "row"));
    }
    write(rows);
    for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
        expected.push_back(row->id.text());
    }
    core::LogQuery query;
    query.sources = {"paged"};
    query.limit = 37;
    QCOMPARE(allIds(reader, query,
                    [&](int number) { write({rowAt(10'000 + number, core::Level::Trace, "paged", "newer")}); }),
             expected);
}

/// A rare text: pages without a row that say how far they came, and the row at last.
inline void verifyBoundOfRowsLookedAt(core::StoreReader& reader,
                                      const std::function<void(std::vector<core::EventRow>)>& write) {
    std::vector<core::EventRow> rows;
    for (int i = 100; i < 1'100; ++i) {
        rows.push_back(rowAt(i, core::Level::Trace, "many", "row"));
    }
    write(rows);
    core::LogQuery query = withText("started"); // row 0, below all of them
    query.mostRead = 400;
    const core::LogPage first = pageOf(reader, query);
    QVERIFY(first.rows.empty());
    QCOMPARE(first.end, End::MostRead);
    QVERIFY(first.reachedBackTo == store_rows::kDue + 700s);
    query.before = first.next;
    QCOMPARE(pageOf(reader, query).end, End::MostRead);
    query.before = pageOf(reader, query).next;
    const core::LogPage third = pageOf(reader, query);
    QCOMPARE(numbersOf(third), std::vector<int>{0});
    QCOMPARE(third.end, End::Complete);
}

inline void verifyLongMessagesAreCut(core::StoreReader& reader,
                                     const std::function<void(std::vector<core::EventRow>)>& write) {
    const std::string message(200'000, 'x');
    write({rowAt(50, core::Level::Info, "long", message)});
    core::LogQuery query;
    query.sources = {"long"};
    const core::LogPage page = pageOf(reader, query);
    QCOMPARE(page.rows.front().message.size(), std::size_t{65'536});
    QVERIFY(page.rows.front().cut);
}

inline void verifyRuns(core::Store& store, core::StoreReader& reader) {
    const auto head = [](const char* name, const char* status, const char* summary) {
        return QStringLiteral(R"({"run": {"name": "%1"}, "verdict": {"status": "%2", "summary": "%3"}})")
            .arg(QLatin1String(name), QLatin1String(status), QLatin1String(summary))
            .toStdString();
    };
    QVERIFY(store.registerRun("a", head("baseline", "internal", ""), store_rows::kDue));
    QVERIFY(store.registerRun("b", head("spike", "internal", ""), store_rows::kDue + 10s));
    QVERIFY(store.finishRun("a", head("baseline", "passed", "Passed.")));
    const auto runs = reader.runs(10, {});
    QVERIFY2(runs, runs ? "" : runs.error().message.c_str());
    QCOMPARE(runs->size(), std::size_t{2});
    QCOMPARE(runs->at(0).id, std::string("b"));
    QCOMPARE(runs->at(0).name, std::string("spike"));
    QCOMPARE(runs->at(0).verdict, std::string());
    QVERIFY(runs->at(0).started == store_rows::kDue + 10s);
    QCOMPARE(runs->at(1).verdict, std::string("passed"));
    QVERIFY(runs->at(1).tags.empty());
    QCOMPARE(reader.runs(1, {})->size(), std::size_t{1});
}

inline void verifyRefusals(core::StoreReader& reader) {
    core::LogQuery none;
    none.limit = 0;
    for (const core::LogQuery& query : {none, withText(std::string(5'000, 'x')), withText(std::string("a\0b", 3))}) {
        const auto refused = reader.search(query, {});
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, core::ErrorKind::Invalid);
    }
}

} // namespace search_rules
