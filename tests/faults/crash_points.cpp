// SPDX-License-Identifier: GPL-3.0-or-later
#include "crash_points.h"

#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <utility>
#include <vector>

namespace faults {

CrashPlan::CrashPlan(std::string_view text)
    : m_point(text.substr(0, text.find(':'))),
      m_left(text.find(':') == std::string_view::npos
                 ? 1
                 : std::strtol(std::string(text.substr(text.find(':') + 1)).c_str(), nullptr, 10)) {}

void CrashPlan::pass(std::string_view point) {
    if (point == m_point && --m_left == 0) {
        ::kill(::getpid(), SIGKILL);
    }
}

namespace {

class CrashingSubscriber final : public core::Subscriber {
public:
    CrashingSubscriber(std::unique_ptr<core::Subscriber> inner, std::unique_ptr<core::AssignmentListener> listener,
                       CrashPlan& plan)
        : m_plan(plan), m_listener(std::move(listener)), m_inner(std::move(inner)) {}

    core::Result<std::unique_ptr<core::PolledMessage>> poll(core::Nanoseconds timeout) override {
        auto polled = m_inner->poll(timeout);
        if (polled && *polled) {
            m_plan.pass("after-poll");
        }
        return polled;
    }
    void pause() override { m_inner->pause(); }
    void resume() override { m_inner->resume(); }
    void seek(const core::TopicPartition& partition, core::Offset offset) override { m_inner->seek(partition, offset); }
    void mirror(const std::vector<std::pair<core::TopicPartition, core::Offset>>& positions) override {
        m_plan.pass("before-mirror");
        m_inner->mirror(positions);
    }
    void close() override { m_inner->close(); }
    std::uint64_t offsetGap() const override { return m_inner->offsetGap(); }
    std::optional<std::string> popNotice() override { return m_inner->popNotice(); }

private:
    CrashPlan& m_plan;
    std::unique_ptr<core::AssignmentListener> m_listener; // outlives m_inner, which calls it
    std::unique_ptr<core::Subscriber> m_inner;
};

class CrashingListener final : public core::AssignmentListener {
public:
    CrashingListener(core::AssignmentListener& inner, CrashPlan& plan) : m_plan(plan), m_inner(inner) {}

    core::Result<std::vector<core::Offset>> assigned(const std::vector<core::TopicPartition>& partitions) override {
        return m_inner.assigned(partitions);
    }
    void revoked(const std::vector<core::TopicPartition>& partitions, bool lost) override {
        m_plan.pass("at-revoke");
        m_inner.revoked(partitions, lost);
        m_plan.pass("after-revoke");
    }
    void reached(const core::TopicPartition& partition, core::Offset next) override {
        m_inner.reached(partition, next);
    }

private:
    CrashPlan& m_plan;
    core::AssignmentListener& m_inner;
};

class CrashingFilter final : public core::DuplicateFilter {
public:
    CrashingFilter(std::unique_ptr<core::DuplicateFilter> inner, CrashPlan& plan)
        : m_plan(plan), m_inner(std::move(inner)) {}

    std::uint64_t lookUp(std::span<const core::EventId> ids, std::vector<std::uint8_t>& known) override {
        const std::uint64_t bypassed = m_inner->lookUp(ids, known);
        m_plan.pass("after-lookup");
        return bypassed;
    }
    void remember(std::span<const core::EventId> ids) override {
        m_plan.pass("after-commit");
        m_inner->remember(ids);
        m_plan.pass("after-remember");
    }
    std::optional<std::string> popNotice() override { return m_inner->popNotice(); }

private:
    CrashPlan& m_plan;
    std::unique_ptr<core::DuplicateFilter> m_inner;
};

class CrashingSession final : public core::StoreSession {
public:
    CrashingSession(std::unique_ptr<core::StoreSession> inner, std::unique_ptr<core::DuplicateFilter> early,
                    CrashPlan& plan)
        : m_plan(plan), m_early(std::move(early)), m_inner(std::move(inner)) {}

    core::Result<std::vector<core::Ownership>> own(const std::vector<core::TopicPartition>& partitions) override {
        return m_inner->own(partitions);
    }
    core::Result<core::Ownership> setPosition(const core::Ownership& owned, core::Offset next) override {
        return m_inner->setPosition(owned, next);
    }
    core::Result<core::CommitOutcome> commit(const core::StoreBatch& batch, core::Nanoseconds limit) override {
        if (m_early) {
            rememberTooEarly(batch);
        }
        m_plan.pass("before-commit");
        return m_inner->commit(batch, limit);
    }
    core::Result<std::optional<core::CommitOutcome>> resolve(core::Nanoseconds limit) override {
        return m_inner->resolve(limit);
    }

private:
    void rememberTooEarly(const core::StoreBatch& batch) {
        std::vector<core::EventId> ids;
        for (const core::EventRow& row : batch.rows) {
            ids.push_back(row.id);
        }
        m_early->remember(ids);
    }

    CrashPlan& m_plan;
    std::unique_ptr<core::DuplicateFilter> m_early;
    std::unique_ptr<core::StoreSession> m_inner;
};

} // namespace

std::unique_ptr<core::Subscriber> withCrashes(std::unique_ptr<core::Subscriber> inner,
                                              std::unique_ptr<core::AssignmentListener> listener, CrashPlan& plan) {
    return std::make_unique<CrashingSubscriber>(std::move(inner), std::move(listener), plan);
}

std::unique_ptr<core::AssignmentListener> withCrashes(core::AssignmentListener& inner, CrashPlan& plan) {
    return std::make_unique<CrashingListener>(inner, plan);
}

std::unique_ptr<core::DuplicateFilter> withCrashes(std::unique_ptr<core::DuplicateFilter> inner, CrashPlan& plan) {
    return std::make_unique<CrashingFilter>(std::move(inner), plan);
}

std::unique_ptr<core::StoreSession> withCrashes(std::unique_ptr<core::StoreSession> inner,
                                                std::unique_ptr<core::DuplicateFilter> early, CrashPlan& plan) {
    return std::make_unique<CrashingSession>(std::move(inner), std::move(early), plan);
}

} // namespace faults
