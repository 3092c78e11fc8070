// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/postgres/postgres_connecting.h"

#include "services/store/postgres/postgres_places.h"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <charconv>

namespace services {

namespace {

using Watch = SocketWatchdog::Watch;
using RawConnection = std::unique_ptr<PGconn, FinishPostgres>;

constexpr int kPollMs = 20;

core::Instant instantNow() {
    return std::chrono::steady_clock::now();
}

/// One address of one server.
RawConnection startConnecting(const PostgresSettings& all, const PostgresPlace& place, const std::string& address) {
    std::vector<const char*> keys;
    std::vector<const char*> values;
    const auto add = [&](const char* key, const std::string& value) {
        if (!value.empty()) {
            keys.push_back(key);
            values.push_back(value.c_str());
        }
    };
    for (const auto& [key, value] : all.settings) {
        if (key != "host" && key != "hostaddr" && key != "port") {
            add(key.c_str(), value);
        }
    }
    for (const auto& [key, secret] : all.secrets) {
        add(key.c_str(), secret.reveal());
    }
    add("host", place.host);
    add("hostaddr", address);
    add("port", place.port);
    keys.push_back(nullptr);
    values.push_back(nullptr);
    RawConnection connection(PQconnectStartParams(keys.data(), values.data(), 0));
    if (connection) {
        PQsetErrorVerbosity(connection.get(), PQERRORS_VERBOSE); // failureOf() reads the SQLSTATE off the message
    }
    return connection;
}

/// libpq's manual, section 34.1, PQconnectStart: wait for what the last poll asked for, then poll again.
PostgresPollingStatusType finishConnecting(PGconn* connection, Watch& watch, core::Instant deadline) {
    PostgresPollingStatusType next = PGRES_POLLING_WRITING;
    while (next != PGRES_POLLING_OK && next != PGRES_POLLING_FAILED && !watch.expired() && instantNow() < deadline) {
        pollfd waiting{.fd = PQsocket(connection),
                       .events = static_cast<short>(next == PGRES_POLLING_READING ? POLLIN : POLLOUT),
                       .revents = 0};
        if (::poll(&waiting, 1, kPollMs) > 0) {
            next = PQconnectPoll(connection);
        }
    }
    return next;
}

/// What libpq said, in our words where they say what to do.
PostgresFailure inOurWords(PostgresFailure failure, const PostgresPlace& place) {
    const auto says = [&](const char* text) { return failure.text.find(text) != std::string::npos; };
    if (says("unsupported startup parameter")) { // no server of PostgreSQL's own says that
        return poolerFailure();
    }
    if (says("session is read-only") || says("server is in hot standby mode")) {
        return unfit(fmt::format("{} is a standby and takes no rows: name the primary", place.shown()));
    }
    return failure;
}

/// libpq's rule: whoever answers decides, unless it cannot take anybody yet.
bool endsTheSearch(const PostgresFailure& failure) {
    return !failure.sqlstate.empty() && failure.sqlstate != "57P03";
}

/// connect_timeout as libpq reads it: nothing for 0 or less, and 2 s at least.
std::optional<core::Nanoseconds> connectTimeout(const PostgresSettings& settings) {
    const std::string text = settingOr(settings.settings, "connect_timeout", "PGCONNECT_TIMEOUT");
    int seconds = 0;
    std::from_chars(text.data(), text.data() + text.size(), seconds);
    return seconds <= 0 ? std::nullopt : std::optional<core::Nanoseconds>(std::chrono::seconds(std::max(seconds, 2)));
}

class Search {
public:
    Search(const PostgresSettings& settings, Watch& watch)
        : m_settings(settings),
          m_watch(watch),
          m_timeout(connectTimeout(settings)),
          m_end(instantNow() + watch.limit()) {}

    std::variant<OpenedPostgres, PostgresFailure> run() {
        const std::vector<PostgresPlace> places = placesOf(m_settings.settings);
        if (places.size() > 1) { // ends before the watch does, so that it can say what became of each
            m_end -= m_watch.limit() / 20;
        }
        for (std::size_t i = 0; i < places.size() && !m_over && !m_watch.expired(); ++i) {
            tryPlace(places[i], places.size() - i);
        }
        if (m_opened.connection) {
            return std::move(m_opened);
        }
        return m_failures.size() == 1 ? m_failures[0] : together();
    }

private:
    /// `left` places share what is left of the time.
    void tryPlace(const PostgresPlace& place, std::size_t left) {
        const core::Instant mine = deadline(m_end, left);
        const FoundAddresses found = addressesOf(place, mine, [this] { return m_watch.expired(); });
        if (!found.failure.empty()) {
            m_failures.push_back({{}, found.failure, true});
        }
        const std::size_t count = found.addresses.size();
        for (std::size_t i = 0; i < count && !m_over && !m_watch.expired(); ++i) {
            tryAddress(place, found.addresses[i], deadline(mine, count - i));
        }
    }

    void tryAddress(const PostgresPlace& place, const std::string& address, core::Instant until) {
        const core::Instant began = instantNow();
        RawConnection raw = startConnecting(m_settings, place, address);
        if (!raw) {
            m_failures.push_back({"53200", "out of memory", true});
            m_over = true;
            return;
        }
        const bool bad = PQstatus(raw.get()) == CONNECTION_BAD;
        const auto reached = bad ? PGRES_POLLING_FAILED : finishConnecting(raw.get(), m_watch, until);
        if (reached == PGRES_POLLING_OK) {
            m_opened = {std::move(raw), place.shown()};
            m_over = true;
        } else if (reached == PGRES_POLLING_FAILED) {
            m_failures.push_back(inOurWords(failureOf(PQerrorMessage(raw.get())), place));
            m_over = endsTheSearch(m_failures.back());
        } else {
            m_failures.push_back({{},
                                  fmt::format("no answer from {} within {:.3g} s", place.shown(),
                                              std::chrono::duration<double>(instantNow() - began).count()),
                                  true});
        }
    }

    core::Instant deadline(core::Instant end, std::size_t left) const {
        const core::Instant now = instantNow();
        const core::Instant share = now + (end - now) / static_cast<int>(left);
        return m_timeout ? std::min(end, now + *m_timeout) : share;
    }

    /// The last one tells its kind, and all say what became of them.
    PostgresFailure together() const {
        PostgresFailure all = m_failures.empty() ? PostgresFailure{{}, "not connected", true} : m_failures.back();
        all.unfit = std::ranges::all_of(m_failures, &PostgresFailure::unfit);
        all.text.clear();
        for (const PostgresFailure& failure : m_failures) {
            all.text += (all.text.empty() ? "" : "; ") + failure.text;
        }
        return all;
    }

    const PostgresSettings& m_settings;
    Watch& m_watch;
    std::optional<core::Nanoseconds> m_timeout;
    core::Instant m_end;
    OpenedPostgres m_opened;
    std::vector<PostgresFailure> m_failures;
    bool m_over = false;
};

} // namespace

void FinishPostgres::operator()(pg_conn* connection) const {
    PQfinish(connection);
}

std::variant<OpenedPostgres, PostgresFailure> connectPostgres(const PostgresSettings& settings, Watch& watch) {
    return Search(settings, watch).run();
}

PostgresFailure poolerFailure() {
    return unfit("this is a pooler (PgBouncer or one like it): connect to PostgreSQL itself");
}

} // namespace services
