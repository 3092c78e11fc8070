// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/kafka/cluster_probe.h"

#include "services/kafka/broker_reach.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace services {

using std::chrono::seconds;
using std::chrono::steady_clock;

namespace {

/// The first thing that went wrong and says more than 'no connection'.
struct Complaint {
    std::mutex mutex;
    rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
    std::string reason;

    static int weight(rd_kafka_resp_err_t error) {
        switch (error) {
        case RD_KAFKA_RESP_ERR__AUTHENTICATION:
            return 4;
        case RD_KAFKA_RESP_ERR__SSL:
            return 3;
        case RD_KAFKA_RESP_ERR__RESOLVE:
            return 2;
        case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
        case RD_KAFKA_RESP_ERR_NO_ERROR:
            return 0;
        default:
            return 1;
        }
    }

    void hear(rd_kafka_resp_err_t what, const char* why) {
        const std::scoped_lock lock(mutex);
        if (weight(what) <= weight(error)) {
            return;
        }
        error = what;
        reason = why;
    }
};

/// A failed handshake is an error of TLS in librdkafka 2.0, and a transport's with these words in 2.8.
rd_kafka_resp_err_t kindOf(rd_kafka_resp_err_t error, std::string_view reason) {
    const bool isHandshake = error == RD_KAFKA_RESP_ERR__TRANSPORT && reason.find("SSL handshake") != reason.npos;
    return isHandshake ? RD_KAFKA_RESP_ERR__SSL : error;
}

void rememberError(rd_kafka_t*, int error, const char* reason, void* opaque) {
    static_cast<Complaint*>(opaque)->hear(kindOf(static_cast<rd_kafka_resp_err_t>(error), reason), reason);
}

std::string securityOf(const ClusterAccess& access) {
    const auto found = access.client.find("security.protocol");
    return found == access.client.end() ? "plaintext" : found->second;
}

core::Error errorOf(const ClusterAccess& access, Complaint& complaint) {
    const std::scoped_lock lock(complaint.mutex);
    const auto& reason = complaint.reason;
    const auto& where = access.bootstrap;
    switch (complaint.error) {
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
        return core::refused(fmt::format("Kafka at {} denies access: {}.", where, reason),
                             "Check sasl.mechanism, sasl.username and the password in the scenario's kafka.client.");
    case RD_KAFKA_RESP_ERR__SSL:
        return core::refused(fmt::format("The TLS handshake with Kafka at {} failed: {}.", where, reason),
                             "Check that the port speaks TLS (security.protocol) and ssl.ca.location.");
    case RD_KAFKA_RESP_ERR__RESOLVE:
        return core::transient(fmt::format("The name in {} is not known: {}.", where, reason), "Check the address.");
    default:
        break;
    }
    if (reason.find("Disconnected") != std::string::npos || reason.find("ApiVersion") != std::string::npos ||
        reason.find("Invalid response size") != std::string::npos) {
        return core::transient(
            fmt::format("Something at {} takes connections but does not speak Kafka's protocol over {}: {}.", where,
                        securityOf(access), reason),
            "Check the port and security.protocol.");
    }
    return core::transient(
        fmt::format("Kafka at {} cannot be reached: {}.", where, reason.empty() ? "no answer in time" : reason),
        "Check the address, and that Kafka is running there.");
}

/// How long one question over the standing connection takes, and which brokers there are.
using Brokers = std::pair<core::Nanoseconds, std::vector<AdvertisedBroker>>;
std::optional<Brokers> ask(rd_kafka_t& client, core::Nanoseconds limit) {
    const auto start = steady_clock::now();
    const rd_kafka_metadata_t* answer = nullptr;
    if (rd_kafka_metadata(&client, 0, nullptr, &answer, wholeMilliseconds(limit)) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return std::nullopt;
    }
    const core::Nanoseconds took = steady_clock::now() - start;
    std::vector<AdvertisedBroker> brokers;
    for (int i = 0; i < answer->broker_cnt; ++i) {
        const auto& broker = answer->brokers[i];
        brokers.push_back({broker.id, fmt::format("{}:{}", broker.host, broker.port)});
    }
    rd_kafka_metadata_destroy(answer);
    return std::pair(took, std::move(brokers));
}

/// The bootstrap address answers, but everything else goes to the addresses that the brokers advertise.
core::Status reach(rd_kafka_t& client, const ClusterAccess& access, Complaint& complaint,
                   const std::vector<AdvertisedBroker>& brokers, core::Nanoseconds timeout,
                   const std::stop_token& stop) {
    if (brokers.empty() || reachesOne(client, brokers, timeout, stop)) {
        return {};
    }
    rd_kafka_poll(&client, 0); // complaints
    {
        const std::scoped_lock lock(complaint.mutex);
        if (Complaint::weight(complaint.error) < 3) {
            std::vector<std::string> addresses;
            std::ranges::transform(brokers, std::back_inserter(addresses), &AdvertisedBroker::address);
            return core::transient(
                fmt::format("The broker at {} answers, but tells clients to connect to {} (its advertised.listeners), "
                            "which does not answer{}{}.",
                            access.bootstrap, fmt::join(addresses, ", "), complaint.reason.empty() ? "" : ": ",
                            complaint.reason),
                "Let the broker advertise an address that can be reached from here.");
        }
    }
    return errorOf(access, complaint);
}

core::Result<ClusterProbe> probe(rd_kafka_t& client, const ClusterAccess& access, Complaint& complaint,
                                 core::Nanoseconds timeout, const std::stop_token& stop) {
    const auto until = steady_clock::now() + timeout;
    std::optional<Brokers> answer;
    // In slices, to hear of a refusal before the time-out: nothing fixes a wrong password. Ever longer ones, for an
    // answer from far away that comes after its slice is lost.
    core::Nanoseconds slice = std::chrono::milliseconds(100);
    while (!answer && steady_clock::now() < until && !stop.stop_requested()) {
        answer = ask(client, slice);
        slice = std::min<core::Nanoseconds>(2 * slice, seconds(1));
        rd_kafka_poll(&client, 0); // complaints
        const std::scoped_lock lock(complaint.mutex);
        if (Complaint::weight(complaint.error) > 2) {
            break;
        }
    }
    if (!answer) {
        return errorOf(access, complaint);
    }
    if (const auto again = ask(client, timeout)) { // the first one opened the connection
        answer = again;
    }
    if (const core::Status reached = reach(client, access, complaint, answer->second, timeout, stop); !reached) {
        return reached.error();
    }
    const auto milliseconds = std::chrono::duration<double, std::milli>(answer->first).count();
    return ClusterProbe{fmt::format("Kafka at {} answers: {} broker{}, in {:.1f} ms.", access.bootstrap,
                                    answer->second.size(), answer->second.size() == 1 ? "" : "s", milliseconds),
                        answer->first};
}

} // namespace

core::Result<ClusterProbe> probeCluster(const ClusterAccess& access, core::Nanoseconds timeout,
                                        const std::stop_token& stop) {
    auto conf = kafkaConf(access, {{"client.id", "millrace-doctor"}, {"reconnect.backoff.max.ms", "500"}},
                          {{"allow.auto.create.topics", "false"}, {"log_level", "0"}}); // our sentence says it all
    if (!conf) {
        return conf.error();
    }
    Complaint complaint; // outlives the client's last callback: only rd_kafka_poll() calls it
    rd_kafka_conf_set_opaque(conf->get(), &complaint);
    rd_kafka_conf_set_error_cb(conf->get(), &rememberError);
    std::array<char, 512> reason{};
    auto* client = rd_kafka_new(RD_KAFKA_CONSUMER, conf->get(), reason.data(), reason.size());
    if (!client) {
        return core::invalid(
            fmt::format("The Kafka client for {} could not be created: {}.", access.bootstrap, reason.data()));
    }
    static_cast<void>(conf->release()); // the client owns it now
    auto result = probe(*client, access, complaint, timeout, stop);
    destroyWithin(client, seconds(5));
    return result;
}

} // namespace services
