// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/broker.h"
#include "core/ports/store.h"
#include "core/scenario/scenario.h"
#include "services/archive/run_head.h"
#include "services/consumer/consumer_worker.h"

#include <filesystem>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace services {

/// The target of a run, connected: the broker with its topics, the store with its tables, the duplicate filter.
/// Makes the ends that streams and consumers use. The makers may be called from any thread.
class Pipeline {
public:
    struct Options {
        core::Scenario scenario;
        core::Target target;
        std::filesystem::path directory;
        RunHead head;
        bool resetOffsets = false;
        bool resuming = false;    ///< no new topics; what is in the log already belongs to the run
        std::stop_token giveUp{}; ///< ends create() early
    };
    using Note = std::function<void(core::Mark)>;

    /// Connects to every server and makes what is missing. Errors as Run::start().
    static core::Result<std::unique_ptr<Pipeline>> create(Options options, Note note);
    ~Pipeline();

    core::Result<std::unique_ptr<core::Publisher>> publisher(const core::Stream& stream, core::DeliverySink& sink);
    /// Ends for a worker of the tier; `name` tells workers apart in the store.
    ConsumerPorts consumerPorts(core::Tier tier, const std::string& name);
    ConsumerOptions consumerOptions(core::Tier tier) const;
    core::Store& store();

    /// Reads where the log ends now; from then on undrained() compares with it. To be called when all is sent.
    core::Status markEnd();
    /// Messages before the mark that are not stored yet, summed over the partitions.
    std::uint64_t undrained() const;
    std::vector<std::pair<core::TopicPartition, core::Offset>> positions() const;

    bool embeddedBroker() const;
    /// For the result's head, without secrets.
    std::map<std::string, std::string> targetFacts();
    std::map<std::string, std::string> settings();
    std::map<std::string, std::string> versions();

private:
    struct State;
    explicit Pipeline(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace services
