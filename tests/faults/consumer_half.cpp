// SPDX-License-Identifier: GPL-3.0-or-later
// The consumer half of a run as a program of its own, for tests that kill it: the real adapters around one
// ConsumerWorker. What it does comes from the environment (see settings() below); it runs until SIGTERM.
#include "crash_points.h"
#include "services/consumer/consumer_worker.h"
#include "services/consumer/dead_letter_topic.h"
#include "services/dedupe/redis_filter.h"
#include "services/kafka/cluster_admin.h"
#include "services/kafka/kafka_publisher.h"
#include "services/kafka/kafka_subscriber.h"
#include "services/store/store.h"
#include "services/store/store_address.h"

#include <fmt/format.h>
#include <pthread.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>

using namespace std::chrono_literals;

namespace {

struct Settings {
    std::string broker, store, dedupe; // as for every verb
    std::string topic, group, runId, name;
    std::uint32_t runTag = 0;
    std::string deadLetterTopic; ///< empty: the store's table
    std::uint32_t batch = 500;
    std::chrono::milliseconds linger{5};
    std::chrono::milliseconds sessionTimeout{1'000};
    std::string crash;             ///< see CrashPlan
    bool rememberTooEarly = false; ///< the mutation of D1
};

std::string env(const char* name) {
    const char* const value = std::getenv(name);
    return value == nullptr ? std::string() : value;
}

Settings settings() {
    Settings read;
    read.broker = env("MILLRACE_BROKER");
    read.store = env("MILLRACE_STORE");
    read.dedupe = env("MILLRACE_DEDUPE");
    read.topic = env("MILLRACE_TEST_TOPIC");
    read.group = env("MILLRACE_TEST_GROUP");
    read.runId = env("MILLRACE_TEST_RUN");
    read.name = env("MILLRACE_TEST_WORKER");
    read.runTag = static_cast<std::uint32_t>(std::strtoul(env("MILLRACE_TEST_RUN_TAG").c_str(), nullptr, 10));
    if (const std::string batch = env("MILLRACE_TEST_BATCH"); !batch.empty()) {
        read.batch = static_cast<std::uint32_t>(std::strtoul(batch.c_str(), nullptr, 10));
    }
    if (const std::string linger = env("MILLRACE_TEST_LINGER_MS"); !linger.empty()) {
        read.linger = std::chrono::milliseconds(std::strtol(linger.c_str(), nullptr, 10));
    }
    if (const std::string session = env("MILLRACE_TEST_SESSION_MS"); !session.empty()) {
        read.sessionTimeout = std::chrono::milliseconds(std::strtol(session.c_str(), nullptr, 10));
    }
    read.deadLetterTopic = env("MILLRACE_TEST_DEAD_LETTER_TOPIC");
    read.crash = env("MILLRACE_CRASH_POINT");
    read.rememberTooEarly = !env("MILLRACE_REMEMBER_TOO_EARLY").empty();
    return read;
}

/// Keeps no account: the judge reads the database.
struct NoAccount final : core::EventAccount {
    void committed(std::span<const core::OwnFate>) override {}
    std::optional<core::Nanoseconds> sendDelay(std::uint8_t, std::uint64_t) const override { return std::nullopt; }
};

struct Servers {
    std::unique_ptr<services::ClusterAdmin> cluster;
    std::unique_ptr<core::Store> store;
    std::string storeTag;
};

core::Result<Servers> connect(const Settings& settings) {
    Servers servers;
    auto cluster = services::ClusterAdmin::create({settings.broker, {}});
    if (!cluster) {
        return cluster.error();
    }
    servers.cluster = std::move(*cluster);
    services::StoreOptions options;
    options.address = *services::readStoreAddress(settings.store);
    options.clusterId = env("MILLRACE_TEST_CLUSTER");
    if (options.clusterId.empty()) {
        const auto facts = servers.cluster->brokerFacts();
        if (!facts) {
            return facts.error();
        }
        options.clusterId = facts->clusterId;
    }
    options.group = settings.group;
    options.runId = settings.runId;
    options.timeout = 5s;
    auto store = services::openStore(options);
    if (!store) {
        return store.error();
    }
    servers.store = std::move(*store);
    const auto tag = servers.store->tag();
    if (!tag) {
        return tag.error();
    }
    servers.storeTag = *tag;
    return servers;
}

std::unique_ptr<core::DuplicateFilter> redis(const Settings& settings, const Servers& servers) {
    return std::make_unique<services::RedisFilter>(services::RedisOptions{*core::RedisAddress::create(settings.dedupe),
                                                                          settings.topic + ":", 1h, servers.storeTag});
}

std::shared_ptr<services::DeadLetterTopic> deadLetterTopic(const Settings& settings) {
    // Shared for the sake of std::function, which wants to be copied.
    return std::make_shared<services::DeadLetterTopic>(
        [&settings](core::DeliverySink& sink, bool) -> core::Result<std::unique_ptr<core::Publisher>> {
            services::PublisherOptions options;
            options.cluster.bootstrap = settings.broker;
            options.stream = "dead-letters";
            options.tier.topic = settings.deadLetterTopic;
            options.tier.deadline = 5s;
            auto publisher = services::KafkaPublisher::create(options, sink);
            if (!publisher) {
                return publisher.error();
            }
            return std::unique_ptr<core::Publisher>(std::move(*publisher));
        });
}

services::ConsumerPorts ports(const Settings& settings, Servers& servers, faults::CrashPlan& plan) {
    services::ConsumerPorts ports;
    ports.subscribe = [&](core::AssignmentListener& listener) -> core::Result<std::unique_ptr<core::Subscriber>> {
        services::SubscriberOptions options;
        options.cluster.bootstrap = settings.broker;
        options.group = settings.group;
        options.topics = {settings.topic};
        options.sessionTimeout = settings.sessionTimeout;
        options.clientId = settings.name;
        auto crashing = faults::withCrashes(listener, plan);
        auto subscriber = services::KafkaSubscriber::create(options, *crashing);
        if (!subscriber) {
            return subscriber.error();
        }
        return faults::withCrashes(std::move(*subscriber), std::move(crashing), plan);
    };
    ports.openStore = [&](std::stop_token stop) -> core::Result<std::unique_ptr<core::StoreSession>> {
        auto session = servers.store->session(settings.name, std::move(stop));
        if (!session) {
            return session.error();
        }
        auto early = settings.rememberTooEarly ? redis(settings, servers) : nullptr;
        return faults::withCrashes(std::move(*session), std::move(early), plan);
    };
    ports.openFilter = [&](const std::string&) { return faults::withCrashes(redis(settings, servers), plan); };
    ports.startOf = [](const core::TopicPartition&) -> core::Result<core::Offset> { return core::Offset{0}; };
    ports.bounds = [&](const core::TopicPartition& partition) { return servers.cluster->watermarks(partition); };
    if (!settings.deadLetterTopic.empty()) {
        ports.deadLetterTopic = [&, topic = deadLetterTopic(settings)](std::span<const core::DeadLetter> letters) {
            plan.pass("before-dead-letters");
            auto sent = topic->send(letters);
            plan.pass("after-dead-letters");
            return sent;
        };
    }
    ports.note = [](const core::Mark& met) {
        fmt::print(stderr, "{}: {}\n", nameOf(met.kind), textOf(met));
        std::fflush(stderr);
    };
    ports.now = [] { return std::chrono::steady_clock::now(); };
    ports.wallNow = [] { return std::chrono::system_clock::now(); };
    return ports;
}

services::ConsumerOptions options(const Settings& settings) {
    services::ConsumerOptions options;
    const core::WallTime now = std::chrono::system_clock::now();
    options.settings.sessionTimeout = settings.sessionTimeout;
    options.settings.linger = settings.linger;
    options.batch = settings.batch;
    options.clocks = {now, std::chrono::steady_clock::now(), "test"};
    options.run = {settings.runTag, 1, now - 24h, now + 24h};
    return options;
}

core::Status consume(const Settings& settings, std::stop_token stop) {
    auto servers = connect(settings);
    if (!servers) {
        return servers.error();
    }
    faults::CrashPlan plan(settings.crash);
    core::WorkerLane lane;
    const core::RunTimes times({});
    NoAccount account;
    services::ConsumerWorker worker(options(settings), ports(settings, *servers, plan), lane, times, account);
    const core::Status ended = worker.run(std::move(stop));
    fmt::print("{} {} {}\n", lane.polled.value(), lane.filterBypassed.value(), lane.abandoned.value());
    return ended;
}

} // namespace

int main() {
    // Blocked before any thread is made, so that only sigwait() below sees it.
    sigset_t terminate;
    sigemptyset(&terminate);
    sigaddset(&terminate, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &terminate, nullptr);
    std::stop_source stop;
    std::jthread waiting([&] {
        int signal = 0;
        sigwait(&terminate, &signal);
        stop.request_stop();
    });
    const core::Status ended = consume(settings(), stop.get_token());
    if (!ended) {
        fmt::print(stderr, "error: {}\n", ended.error().message);
        std::_Exit(1);
    }
    waiting.join();
    return 0;
}
