// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/http/transfer.h"

#include "core/text/wording.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <system_error>

namespace services::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kLook{1'000}; // between looks at a transfer that nothing wakes; a stop does

template <auto Free>
struct Freed {
    template <typename T>
    void operator()(T* handle) const {
        Free(handle);
    }
};
using EasyHandle = std::unique_ptr<CURL, Freed<curl_easy_cleanup>>;
using MultiHandle = std::unique_ptr<CURLM, Freed<curl_multi_cleanup>>;
using HeaderLines = std::unique_ptr<curl_slist, Freed<curl_slist_free_all>>;

/// What libcurl's callback gets.
struct Arrival {
    const Exchange& exchange;
    steady_clock::time_point last = steady_clock::now();
};

std::size_t onBytes(char* bytes, std::size_t one, std::size_t count, void* opaque) noexcept {
    auto& arrival = *static_cast<Arrival*>(opaque);
    const bool more = arrival.exchange.take({bytes, one * count});
    arrival.last = steady_clock::now(); // after whoever took their time with it
    return more ? one * count : std::size_t{CURL_WRITEFUNC_ERROR};
}

/// The transfer is its client's for this long.
class Attached {
public:
    Attached(CURLM* multi, CURL* easy) : m_multi(multi), m_easy(easy) { curl_multi_add_handle(m_multi, m_easy); }
    ~Attached() { curl_multi_remove_handle(m_multi, m_easy); } // ends it where it is under way
    Attached(const Attached&) = delete;
    Attached& operator=(const Attached&) = delete;

private:
    CURLM* m_multi;
    CURL* m_easy;
};

void setNumber(CURL* easy, CURLoption option, std::int64_t value) {
    curl_easy_setopt(easy, option, static_cast<long>(value));
}
void setText(CURL* easy, CURLoption option, const std::string& value) {
    curl_easy_setopt(easy, option, value.c_str());
}

bool isPathAndQuery(std::string_view text) {
    const auto isAllowed = [](char c) { return c > ' ' && c < '\x7f' && c != '#'; };
    return text.starts_with('/') && std::ranges::all_of(text, isAllowed);
}

} // namespace

struct Transfer::State {
    ClientOptions options;
    std::string base;
    MultiHandle multi{curl_multi_init()}; // holds the connection
    EasyHandle easy{curl_easy_init()};    // freed before it
    std::array<char, CURL_ERROR_SIZE> detail{};

    State(ClientOptions given, std::string address) : options(std::move(given)), base(std::move(address)) {}

    HeaderLines headersOf(const Exchange& exchange) const;
    void prepare(const Exchange& exchange, curl_slist* headers, Arrival& arrival);
    void prepareConnection();
    std::string cameBack(CURLcode code, bool endless);
};

HeaderLines Transfer::State::headersOf(const Exchange& exchange) const {
    std::vector<std::string> lines = exchange.headers;
    if (options.token) {
        lines.push_back("Authorization: Bearer " + options.token->text().reveal());
    }
    HeaderLines list;
    for (const std::string& line : lines) {
        curl_slist* const longer = curl_slist_append(list.get(), line.c_str());
        static_cast<void>(list.release()); // it is part of the longer one
        list.reset(longer);
    }
    return list;
}

void Transfer::State::prepareConnection() {
    CURL* const handle = easy.get();
    setText(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    setNumber(handle, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    setNumber(handle, CURLOPT_FOLLOWLOCATION, 0);
    setText(handle, CURLOPT_PROXY, ""); // none, whatever the environment says
    setNumber(handle, CURLOPT_NETRC, CURL_NETRC_IGNORED);
    setNumber(handle, CURLOPT_DISALLOW_USERNAME_IN_URL, 1);
    setNumber(handle, CURLOPT_NOSIGNAL, 1);
    setNumber(handle, CURLOPT_QUICK_EXIT, 1); // a name server that does not answer holds up neither limit nor stop
    setNumber(handle, CURLOPT_CONNECTTIMEOUT_MS, options.connect.count());
    setNumber(handle, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    setNumber(handle, CURLOPT_SSL_VERIFYPEER, 1);
    setNumber(handle, CURLOPT_SSL_VERIFYHOST, 2);
    if (options.certificateAuthority) {
        setText(handle, CURLOPT_CAINFO, options.certificateAuthority->string());
        curl_easy_setopt(handle, CURLOPT_CAPATH, nullptr); // where the system's are
    }
}

void Transfer::State::prepare(const Exchange& exchange, curl_slist* headers, Arrival& arrival) {
    CURL* const handle = easy.get();
    curl_easy_reset(handle); // its connection stays
    detail.fill('\0');
    prepareConnection();
    setText(handle, CURLOPT_URL, base + std::string(exchange.target));
    setNumber(handle, CURLOPT_PATH_AS_IS, 1);
    setText(handle, CURLOPT_USERAGENT, "millrace");
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, detail.data());
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &onBytes);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &arrival);
    if (!exchange.endless) {
        setNumber(handle, CURLOPT_TIMEOUT_MS, options.limit.count());
    }
    if (exchange.method == Method::Post) {
        setNumber(handle, CURLOPT_POST, 1);
        curl_easy_setopt(handle, CURLOPT_POSTFIELDS, exchange.body.empty() ? "" : exchange.body.data());
        curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(exchange.body.size()));
        setNumber(handle, CURLOPT_FRESH_CONNECT, 1);
        setNumber(handle, CURLOPT_FORBID_REUSE, 1);
    }
}

std::string Transfer::State::cameBack(CURLcode code, bool endless) {
    std::string said = detail[0] == '\0' ? curl_easy_strerror(code) : detail.data();
    std::ranges::replace_if(said, [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }, '?');
    switch (code) {
    case CURLE_COULDNT_CONNECT: {
        long number = 0;
        curl_easy_getinfo(easy.get(), CURLINFO_OS_ERRNO, &number);
        return number == 0 ? said : std::generic_category().message(static_cast<int>(number));
    }
    case CURLE_OPERATION_TIMEDOUT: {
        curl_off_t connected = 0;
        curl_easy_getinfo(easy.get(), CURLINFO_PRETRANSFER_TIME_T, &connected);
        const milliseconds connect = endless ? options.connect : std::min(options.connect, options.limit);
        return connected == 0 ? fmt::format("timed out, no connection within {} ms", connect.count())
                              : fmt::format("timed out, no complete answer within {} ms", options.limit.count());
    }
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
        return "TLS: " + said;
    case CURLE_COULDNT_RESOLVE_HOST:
        return "the name has no address";
    case CURLE_GOT_NOTHING:
        return "the connection was closed without an answer";
    case CURLE_PARTIAL_FILE:
        return "the connection was closed in the middle of the answer";
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
        return "the answer is not HTTP/1.1";
    default:
        return said;
    }
}

core::Result<std::unique_ptr<Transfer>> Transfer::create(ClientOptions options, std::string base) {
    static const CURLcode kReady = curl_global_init(CURL_GLOBAL_DEFAULT); // for the life of the process
    if (kReady != CURLE_OK) {
        return core::fatal(fmt::format("libcurl cannot be used: {}", curl_easy_strerror(kReady)));
    }
    auto state = std::make_unique<State>(std::move(options), std::move(base));
    if (!state->multi || !state->easy) {
        return core::fatal("libcurl has no memory for a client");
    }
    return std::unique_ptr<Transfer>(new Transfer(std::move(state)));
}

Transfer::Transfer(std::unique_ptr<State> state) : m_state(std::move(state)) {}
Transfer::~Transfer() = default;

core::Status Transfer::perform(const Exchange& exchange, const std::stop_token& stop) {
    State& state = *m_state;
    if (!isPathAndQuery(exchange.target)) {
        return core::invalid(fmt::format("{} is not a path of {}", core::inQuotes(exchange.target), state.base));
    }
    Arrival arrival{exchange};
    const HeaderLines headers = state.headersOf(exchange);
    state.prepare(exchange, headers.get(), arrival);

    const Attached attached(state.multi.get(), state.easy.get());
    const std::stop_callback wake(stop, [&state] { curl_multi_wakeup(state.multi.get()); });
    while (!stop.stop_requested()) {
        int running = 0;
        if (const CURLMcode code = curl_multi_perform(state.multi.get(), &running); code != CURLM_OK) {
            return failed(exchange, curl_multi_strerror(code));
        }
        int left = 0;
        if (const CURLMsg* const message = curl_multi_info_read(state.multi.get(), &left)) {
            return outcomeOf(exchange, message->data.result);
        }
        milliseconds patience = kLook;
        if (exchange.endless) {
            const auto silent = std::chrono::duration_cast<milliseconds>(steady_clock::now() - arrival.last);
            if (silent >= state.options.silence) {
                return failed(exchange, fmt::format("not a byte in {} ms", state.options.silence.count()));
            }
            patience = std::min(patience, state.options.silence - silent);
        }
        curl_multi_poll(state.multi.get(), nullptr, 0, static_cast<int>(patience.count()), nullptr);
    }
    return failed(exchange, "stopped");
}

core::Status Transfer::outcomeOf(const Exchange& exchange, int code) const {
    if (code == CURLE_OK || code == CURLE_WRITE_ERROR) { // the latter by take(), whose owner knows why
        return {};
    }
    core::Error error = failed(exchange, m_state->cameBack(static_cast<CURLcode>(code), exchange.endless));
    if (code == CURLE_URL_MALFORMAT) {
        error.kind = core::ErrorKind::Invalid;
    }
    return error;
}

core::Error Transfer::failed(const Exchange& exchange, std::string_view why) const {
    return core::transient(
        fmt::format("{} {}{} failed: {}", nameOf(exchange.method), m_state->base, exchange.target, why));
}

int Transfer::status() const {
    long status = 0;
    curl_easy_getinfo(m_state->easy.get(), CURLINFO_RESPONSE_CODE, &status);
    return static_cast<int>(status);
}

std::string Transfer::type() const {
    const char* type = nullptr;
    curl_easy_getinfo(m_state->easy.get(), CURLINFO_CONTENT_TYPE, &type);
    return type == nullptr ? std::string() : type;
}

std::vector<Header> Transfer::headers() const {
    std::vector<Header> found;
    curl_header* header = nullptr;
    while ((header = curl_easy_nextheader(m_state->easy.get(), CURLH_HEADER, -1, header)) != nullptr) {
        found.push_back({header->name, header->value});
    }
    return found;
}

} // namespace services::http
