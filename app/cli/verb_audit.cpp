// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/audit_text.h"
#include "app/cli/console.h"
#include "app/cli/log_lines.h"
#include "app/cli/verbs.h"
#include "app/launch/table_audit.h"
#include "app/launch/target_choice.h"
#include "core/report/audit_json.h"
#include "services/target/remedy.h"

#include <utility>

namespace app {
namespace {

using core::ExitCode;

VerbSyntax syntax() {
    return {
        .name = "audit",
        .summary = "judge a table that another consumer filled: what is lost, doubled, and how late",
        .explanation =
            "\nReads the ids in any PostgreSQL table, once and without locks, and says per run what is stored, lost,\n"
            "doubled and foreign, and how long after its due time it was stored. What was acknowledged it knows from\n"
            "the run's folder, or from the table runs in the same database; without either, sequence numbers that are\n"
            "missing between the first and the last seen are named, and never called lost.\n"
            "\nWhen a row was stored says the column of --stored-at, or else the server, where it keeps the times of\n"
            "commits (track_commit_timestamp). The id may be of type uuid or text.\n"
            "\nEnds with 0; 4: events are lost or doubled; 3: gaps, and nobody knows of what, or no event of a run;\n"
            "2: no such table or column; 6: the server is unreachable.",
        .options = {{"--store", "URL", "postgresql://USER@HOST:PORT/DATABASE; otherwise MILLRACE_STORE"},
                    {"--table", "TABLE", "as in SQL: events, app.events or '\"Events\"'"},
                    {"--id", "COLUMN", "the column with the events' ids"},
                    {"--stored-at", "COLUMN", "the timestamptz or timestamp at which a row was stored"},
                    {"--run", "RUN", "only this run: its folder or result.json, its id, or its tag"},
                    {"--json", "", "the report as JSON on standard output, and nothing else"}},
        .example = "audit --store postgresql://me@localhost/logs --table app.events --id event_id\n"
                   "audit --table events --id id --stored-at created_at --run runs/baseline-20260102T030405Z"};
}

core::Result<AuditRequest> requestOf(const Arguments& arguments) {
    const auto table = arguments.value("--table");
    const auto id = arguments.value("--id");
    if (!table || !id) {
        return core::invalid("audit needs --table TABLE and --id COLUMN. See 'audit --help'.");
    }
    const auto flags = targetFlags(arguments);
    if (!flags) {
        return flags.error();
    }
    auto target = chooseTarget(*flags, {}, environmentVariable);
    if (!target) {
        return target.error();
    }
    return AuditRequest{std::move(target->store),
                        {*table, *id, arguments.value("--stored-at").value_or("")},
                        arguments.value("--run").value_or("")};
}

ExitCode body(const Arguments& arguments) {
    const LogLines log;
    const auto request = requestOf(arguments);
    if (!request) {
        complain(request.error().text());
        return ExitCode::Usage;
    }
    AuditProgress progress;
    const auto report = auditTable(*request, progress, {});
    if (!report) {
        complain(services::withRemedy(report.error(), kAskDoctor));
        return exitCodeOf(report.error());
    }
    say(arguments.has("--json") ? core::auditJson(*report) : auditText(*report, terminalSize().columns));
    return report->exit();
}

} // namespace

Verb auditVerb() {
    return {syntax(), body};
}

} // namespace app
