// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/audited_rows.h"
#include "core/ports/store.h"

#include <memory>
#include <stop_token>

namespace services {

/// Somebody else's table as the store of a run that somebody else's program consumes: it can be asked what it holds,
/// and nothing is ever written to it. One thread at a time.
class AuditedStore final : public core::Store {
public:
    /// `stop` ends a call that is on.
    AuditedStore(std::unique_ptr<core::AuditedRows> rows, std::stop_token stop)
        : m_rows(std::move(rows)), m_stop(std::move(stop)) {}

    core::Status prepare(core::WallTime) override { return {}; }
    core::Status dropBefore(core::WallTime) override { return notOurs(); }
    core::Result<std::unique_ptr<core::StoreSession>> session(const std::string&, std::stop_token) override {
        return notOurs();
    }
    core::Result<std::string> tag() override { return std::string(); }
    core::Status registerRun(const std::string&, const std::string&, core::WallTime) override { return {}; }
    core::Status finishRun(const std::string&, const std::string&) override { return {}; }
    /// As the last eachId() found them: a row is a message that was polled and stored, or a foreign one that came while
    /// the run was on.
    core::Result<core::ConsumerCounts> runCounts(const std::string&) override { return m_counts; }
    core::Status eachId(const core::RunIdentity& run, const std::function<void(const core::StoredId&)>& take) override;
    core::Result<std::vector<std::pair<core::TopicPartition, core::Offset>>> positions() override {
        return std::vector<std::pair<core::TopicPartition, core::Offset>>();
    }
    std::string describe() const override { return m_rows->describe(); }
    std::vector<std::pair<std::string, std::string>> facts() override;

private:
    core::Error notOurs() const;

    std::unique_ptr<core::AuditedRows> m_rows;
    std::stop_token m_stop;
    core::ConsumerCounts m_counts;
};

/// The store of a run that nobody consumes: it holds nothing.
class NoStore final : public core::Store {
public:
    core::Status prepare(core::WallTime) override { return {}; }
    core::Status dropBefore(core::WallTime) override { return {}; }
    core::Result<std::unique_ptr<core::StoreSession>> session(const std::string&, std::stop_token) override {
        return core::refused("Nobody consumes, and nothing is stored.");
    }
    core::Result<std::string> tag() override { return std::string(); }
    core::Status registerRun(const std::string&, const std::string&, core::WallTime) override { return {}; }
    core::Status finishRun(const std::string&, const std::string&) override { return {}; }
    core::Result<core::ConsumerCounts> runCounts(const std::string&) override { return core::ConsumerCounts(); }
    core::Status eachId(const core::RunIdentity&, const std::function<void(const core::StoredId&)>&) override {
        return {};
    }
    core::Result<std::vector<std::pair<core::TopicPartition, core::Offset>>> positions() override {
        return std::vector<std::pair<core::TopicPartition, core::Offset>>();
    }
    std::string describe() const override { return "none"; }
    std::vector<std::pair<std::string, std::string>> facts() override { return {}; }
};

} // namespace services
