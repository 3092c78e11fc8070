#include "app/cli/console.h"
#include "app/cli/log_lines.h"
#include "app/cli/target_choice.h"
#include "app/cli/target_request.h"
#include "app/cli/text_columns.h"
#include "app/cli/verbs.h"
#include "core/load/schedule.h"
#include "services/dedupe/redis_filter.h"
#include "services/kafka/cluster_admin.h"
#include "services/kafka/cluster_probe.h"
#include "services/store/store_probe.h"

#include <fmt/format.h>

#include <algorithm>

namespace app {
namespace {

using core::ExitCode;

VerbSyntax syntax() {
    return {.name = "doctor",
            .operands = "[FILE]",
            .maxOperands = 1,
            .summary = "check each server of a target and say how to mend what is wrong",
            .explanation =
                "\nChanges nothing. FILE, a scenario, adds its topics, client settings and rate to the questions.\n"
                "Ends with 0 if a run can start, with 6 if a server would keep it from that.",
            .options = targetOptions(),
            .example = "doctor\ndoctor sustained-10k --broker localhost:9092 --store postgresql://me@localhost/logs"};
}

enum class Health { Ok, Warn, Fail };

struct Finding {
    std::string part;
    Health health = Health::Ok;
    std::string sentence;
};

class Findings {
public:
    void add(std::string_view part, Health health, std::string sentence) {
        m_all.push_back({std::string(part), health, std::move(sentence)});
    }
    void warn(std::string_view part, const std::vector<std::string>& sentences) {
        for (const std::string& sentence : sentences)
            add(part, Health::Warn, sentence);
    }
    const std::vector<Finding>& all() const { return m_all; }

private:
    std::vector<Finding> m_all;
};

void checkTopics(const TargetRequest& request, const services::ClusterAccess& access, Findings& findings) {
    auto admin = services::ClusterAdmin::create(access);
    if (!admin)
        return findings.add("broker", Health::Fail, admin.error().message);
    std::map<std::string, int> known;
    for (const std::string& topic : request.topics()) {
        const auto partitions = (*admin)->partitionCount(topic);
        if (!partitions) {
            findings.add("broker", Health::Fail, partitions.error().message);
        } else if (*partitions == 0) {
            findings.add("broker", Health::Warn,
                         fmt::format("Topic {} is not there yet; 'init' makes it, and so does a run.", topic));
        } else {
            known[topic] = *partitions;
            findings.add("broker", Health::Ok, fmt::format("Topic {} has {} partitions.", topic, *partitions));
        }
    }
    findings.warn("broker", services::ClusterAdmin::shortages(known, request.scenario.consumer.concurrency));
}

void checkBroker(const TargetRequest& request, Findings& findings) {
    if (request.target.broker == "embedded")
        return findings.add("broker", Health::Ok, "Embedded: a run brings its own.");
    const services::ClusterAccess access{request.target.broker, request.scenario.kafka.client};
    const auto probe = services::probeCluster(access, std::chrono::seconds(5));
    if (!probe)
        return findings.add("broker", Health::Fail,
                            withRemedy(probe.error(), "Check the address and that it is running."));
    findings.add("broker", Health::Ok, probe->sentence);
    checkTopics(request, access, findings);
}

void checkStore(const TargetRequest& request, Findings& findings) {
    if (request.target.store == "embedded")
        return findings.add("store", Health::Ok, "Embedded: a run makes events.sqlite in its folder.");
    services::StoreOptions options;
    options.url = request.target.store;
    options.group = request.scenario.kafka.group;
    options.timeout = std::chrono::seconds(10);
    const auto probe = services::probeStore(options);
    if (!probe)
        return findings.add("store", Health::Fail,
                            withRemedy(probe.error(), "Check the address and that it is running."));
    findings.add("store", Health::Ok, probe->sentence);
    findings.warn("store", probe->warnings);
}

void checkDedupe(const TargetRequest& request, Findings& findings) {
    if (request.target.dedupe == "memory")
        return findings.add("dedupe", Health::Ok, "In memory: nothing to check.");
    services::RedisOptions options;
    options.url = request.target.dedupe;
    options.prefix = request.scenario.dedupe.prefix;
    options.ttl = request.scenario.dedupe.ttl;
    const auto probe = services::probeRedis(options);
    if (!probe)
        return findings.add("dedupe", Health::Fail,
                            withRemedy(probe.error(), "Check the address and that it is running."));
    findings.add("dedupe", Health::Ok, probe->sentence);
    findings.warn("dedupe", probe->warnings);
    if (!request.fromFile)
        return;
    if (const auto warning = services::redisMemoryWarning(options, core::peakRate(request.scenario)))
        findings.add("dedupe", Health::Warn, *warning);
}

std::string_view wordOf(Health health) {
    switch (health) {
    case Health::Ok:
        return "ok";
    case Health::Warn:
        return "warn";
    case Health::Fail:
        return "fail";
    }
    return {};
}

ExitCode body(const Arguments& arguments) {
    const LogLines log; // not shown: the findings say it better
    const auto request = readTargetRequest(arguments);
    if (!request)
        return ExitCode::Usage;
    Findings findings;
    checkBroker(*request, findings);
    checkStore(*request, findings);
    checkDedupe(*request, findings);
    for (const Finding& finding : findings.all())
        say(fmt::format("{:<6}  {:<4}  {}\n", finding.part, wordOf(finding.health), finding.sentence));
    const bool failed = std::any_of(findings.all().begin(), findings.all().end(),
                                    [](const Finding& finding) { return finding.health == Health::Fail; });
    return failed ? ExitCode::Unreachable : ExitCode::Passed;
}

} // namespace

Verb doctorVerb() {
    return {syntax(), body};
}

} // namespace app
