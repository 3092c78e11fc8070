#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs on a cluster that others use and change meanwhile: what the verdict says of transactions, messages that expired,
members of the same group, topics that change, and brokers that cannot be reached.
    tst_run_beside.py MILLRACED [CASE…]"""

import concurrent.futures
import json
import os
import re
import signal
import subprocess
import sys
import time

import service_parts
from service_parts import PATIENCE, wait_until

STACK = service_parts.SOURCE / "tests/stack"
AT_ONCE = 2  # cases, which wait most of the time
TOO_BUSY = 5  # this machine was, and could not generate the load in time; the counts hold all the same
QUIET = "{duration: 2s, rate: 30/s}, {pause: 4s}"  # time for others after the last event


class Beside(service_parts.Own):
    """A topic of 6 partitions and a group for each case."""

    def __init__(self, checks, case):
        super().__init__()
        self.checks, self.case, self.started = checks, case, 0

    def __enter__(self):
        super().__enter__()
        self.broker = os.environ["MILLRACE_BROKER"]
        return self

    def write(self, stages, drain="20s", label="beside", group=""):
        file = self.folder / f"{label}.yaml"
        file.write_text(
            f"version: 1\nname: {label}\nkafka: {{topic: {self.name}, group: {self.name}{group}, partitions: 6}}\n"
            f"dedupe: {{prefix: '{self.name}/'}}\ndrain: {drain}\nstreams: [{{name: a, stages: [{stages}]}}]\nthresholds: [lost == 0]\n",
            encoding="utf-8",
        )
        return file

    def start(self, file):
        self.started += 1
        out = self.folder / f"out-{self.started}"
        command = [self.millraced, "run", file, "--broker", self.broker, "--store", self.store, "--dedupe", "memory", "--out", out]
        return Run(self, self.spawn(f"run-{self.started}", *command), out)

    def run(self, *arguments, **options):
        return self.start(self.write(*arguments, **options)).end()

    def tool(self, name, *arguments):
        return subprocess.run(
            [STACK / "kafka-tool", name, *arguments], check=True, capture_output=True, text=True, timeout=PATIENCE
        ).stdout

    def kcat(self, *options):
        """A kcat that goes on; its standard input stays open."""
        process = subprocess.Popen(
            ["kcat", "-b", self.broker, *options], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.callback(process.wait)
        self.callback(process.kill)
        return process

    def produce(self, lines, *options):
        subprocess.run(
            ["kcat", "-P", "-b", self.broker, "-t", self.name, *options],
            input="".join(f"{line}\n" for line in lines),
            text=True,
            check=True,
            timeout=PATIENCE,
        )

    def transaction(self, partition, *options):
        """One that stays open until its standard input is closed (commit) or its time is over (abort)."""
        producer = self.kcat("-P", "-t", self.name, "-p", str(partition), "-X", f"transactional.id={self.name}", *options)
        producer.stdin.write(b"of a transaction\n" * 500)  # kcat reads its input in blocks
        producer.stdin.flush()
        return producer

    def expect(self, name, holds, figures=""):
        self.checks.expect(f"{self.case}: {name}", holds, figures)

    def passes(self, result):
        counts = {key: result["ledger"][key] for key in ("lost", "doubled", "undrained")}
        self.expect("the run passes", result["exit"] in (0, TOO_BUSY) and not any(counts.values()), f"{result['verdict']['summary']} {counts}")


class Run:
    def __init__(self, own, process, out):
        self.own, self.process, self.out = own, process, out
        self.began = time.monotonic()

    def stored(self, least=1):
        """Waits until it has stored something."""
        wait_until(lambda: self.rows() >= least or self.process.poll() is not None, "the run stores")
        return self

    def rows(self):
        if self.own.psql("select count(*) from pg_tables where tablename = 'log_events'") == "0":
            return 0
        return int(self.own.psql("select count(*) from log_events"))

    def end(self, limit=120):
        code = self.process.wait(limit)
        file = self.out / "result.json"
        log = (self.own.folder / f"run-{self.own.started}.log").read_text(encoding="utf-8")
        result = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {"timeline": [], "verdict": {"summary": log}}
        result["exit"] = code
        result["took"] = time.monotonic() - self.began
        result["marks"] = [mark.get("detail", "") for mark in result["timeline"]]
        return result


def account(result):
    return {key: result["ledger"][key] for key in ("acked", "stored", "lost", "undrained")}


def said(result):
    """The verdict's sentence; with the time line where it says that this machine was too busy."""
    return " ".join([result["verdict"]["summary"], *(result["marks"] if result["exit"] == TOO_BUSY else [])])


def told(result, pattern):
    return next((mark for mark in result["marks"] if re.search(pattern, mark)), None)


# --- transactions ---------------------------------------------------------------------------------------------------


def control_records(own):
    run = own.start(own.write(QUIET)).stored(50)
    for partition in range(6):
        own.transaction(partition).communicate(timeout=PATIENCE)  # ends its input: commit
    result = run.end()
    own.passes(result)
    own.expect("it does not wait for what is no message", result["run"]["drain_s"] < 5, result["run"]["drain_s"])
    again = own.run("{duration: 1s, rate: 3/s}")  # most partitions get nothing new
    own.passes(again)
    own.expect("nothing of others is said to wait", not told(again, "messages of others"), again["marks"])


def aborted_transaction(own):
    run = own.start(own.write("{duration: 6s, rate: 50/s}", drain="40s")).stored(50)
    producer = own.transaction(2, "-X", "transaction.timeout.ms=2000")
    time.sleep(1)
    producer.kill()  # the broker aborts it, within ten seconds after its time
    result = run.end()
    own.passes(result)
    own.expect("a mark says what was held back meanwhile", told(result, "open transaction"))
    own.expect("nothing of it is read", result["ledger"]["foreign"] == 0, result["ledger"]["foreign"])


def open_transaction(own):
    run = own.start(own.write("{duration: 6s, rate: 100/s}", drain="5s")).stored(50)
    producer = own.transaction(3)
    result = run.end()
    ids, summary = account(result), said(result)
    own.expect("events behind it are undrained and not lost", result["exit"] in (3, TOO_BUSY) and ids["undrained"] > 0 and ids["lost"] == 0, ids)
    own.expect("what holds back which partition is said", f"open transaction of another producer holds {own.name} 3 back" in summary, summary)
    own.expect("the run ends within its drain limit", result["took"] < 25, result["took"])
    refused = own.run("{duration: 1s, rate: 20/s}")  # the stored position waits behind the transaction
    own.expect(
        "the next run says it before the load",
        refused["exit"] == 6 and "open transaction" in refused["verdict"]["summary"] and refused["took"] < 40,
        refused["verdict"]["summary"],
    )
    producer.communicate(timeout=PATIENCE)
    own.passes(own.run("{duration: 1s, rate: 20/s}"))
    acked = sum(json.loads(file.read_text())["ledger"]["acked"] for file in own.folder.glob("out-*/result.json"))
    own.expect("everything is stored in the end", own.stored() == (acked, acked), (own.stored(), acked))


def open_transaction_of_others_only(own):
    run = own.start(own.write(QUIET)).stored(60)
    own.transaction(3)
    result = run.end()
    own.passes(result)
    own.expect("a mark says what is held back", told(result, "open transaction"), result["marks"])


# --- an earlier time ------------------------------------------------------------------------------------------------


def earlier_time(own):
    short = "{duration: 2s, rate: 50/s}"
    own.passes(own.run(short))
    foreign = [f"foreign {i}" for i in range(30_000)]
    own.produce(foreign)
    second = own.run(short)
    own.passes(second)
    own.expect("the foreign backlog is told", told(second, f"30000 messages of others wait in topic {own.name}"), second["marks"])
    own.expect("and consumed", second["ledger"]["foreign"] == 30_000, second["ledger"]["foreign"])
    own.produce(foreign)
    file = own.folder / "delete.json"
    file.write_text(
        json.dumps({"version": 1, "partitions": [{"topic": own.name, "partition": i, "offset": -1} for i in range(6)]}), encoding="utf-8"
    )
    own.tool("DeleteRecordsCommand", "--offset-json-file", str(file))
    third = own.run(short)
    own.passes(third)
    own.expect("what expired is a note", told(third, "older than this run had expired"), third["marks"])
    own.expect("and no gap", third["offset_gap"] == 0)


# --- the group ------------------------------------------------------------------------------------------------------


def member_before(own):
    own.passes(own.run("{duration: 1s, rate: 20/s}"))
    other = own.kcat("-G", own.name, own.name)
    wait_until(lambda: own.name in own.tool("ConsumerGroupCommand", "--describe", "--group", own.name, "--members"), "kcat is a member")
    time.sleep(1)
    result = own.run("{duration: 1s, rate: 20/s}")
    summary = result["verdict"]["summary"]
    own.expect("the run is refused in time", result["exit"] == 6 and result["took"] < 40, f"exit {result['exit']}, {result['took']:.1f} s")
    own.expect("who holds what is said", f"'rdkafka' at 127.0.0.1 holds {own.name} 0 to 5" in summary, summary)
    own.expect("the other keeps its partitions", other.poll() is None)


def member_meanwhile(own):
    run = own.start(own.write("{duration: 12s, rate: 50/s}", drain="5s")).stored(50)
    own.kcat("-G", own.name, own.name)
    result = run.end()
    ids, summary = account(result), said(result)
    own.expect("events are undrained and not lost", result["exit"] in (3, TOO_BUSY) and ids["undrained"] > 0 and ids["lost"] == 0, ids)
    own.expect("who holds what is said", re.search(f"'rdkafka' at 127.0.0.1 holds {own.name} [0-5]", summary), summary)
    own.expect("and on the time line", told(result, "'rdkafka' at 127.0.0.1"))


def second_run(own):
    first = own.start(own.write("{duration: 25s, rate: 50/s}")).stored(50)
    second = own.run("{duration: 1s, rate: 20/s}", label="second")
    summary = second["verdict"]["summary"]
    own.expect("the second is refused", second["exit"] == 6 and f"'millrace-normal-1' at 127.0.0.1 holds {own.name} " in summary, summary)
    result = first.end()
    own.passes(result)
    own.expect("the first is left alone", not told(result, "holds|revoked|lost"), result["marks"])


# --- the topic ------------------------------------------------------------------------------------------------------


def partitions_added(own):
    run = own.start(own.write("{duration: 20s, rate: 50/s}")).stored(50)
    own.tool("TopicCommand", "--alter", "--topic", own.name, "--partitions", "12")
    own.produce(["foreign"] * 100, "-p", "9")
    result = run.end()
    own.passes(result)
    own.expect("a mark says so", told(result, f"topic {own.name} has 12 partitions now, 6 before"), result["marks"])
    own.expect("what came into a new one is consumed", result["ledger"]["foreign"] == 100, result["ledger"]["foreign"])


def topic_deleted(own):
    run = own.start(own.write("{duration: 40s, rate: 50/s}", drain="5s")).stored(50)
    own.tool("TopicCommand", "--delete", "--topic", own.name)
    result = run.end()
    summary = result["verdict"]["summary"]
    own.expect("the run says so and ends", result["exit"] in (4, 6) and f"topic {own.name} was deleted under the run" in summary, summary)
    lost = result["ledger"]["lost"]
    own.expect("4 where events went with it, else 6", (result["exit"] == 4) == (lost > 0), f"exit {result['exit']}, lost {lost}")
    own.expect("before its load was over", result["took"] < 40, result["took"])


def topic_recreated(own):
    own.passes(own.run("{duration: 2s, rate: 500/s}"))
    run = own.start(own.write("{duration: 40s, rate: 50/s}", drain="5s")).stored(1_050)
    own.tool("TopicCommand", "--delete", "--topic", own.name)
    own.tool("TopicCommand", "--create", "--topic", own.name, "--partitions", "6")
    result = run.end()
    summary = result["verdict"]["summary"]
    own.expect(
        "the run says so and ends",
        result["exit"] in (4, 6) and re.search(f"topic {own.name} was (deleted|created anew) under the run", summary),
        f"exit {result['exit']} {summary}",
    )
    own.expect("before its load was over", result["took"] < 45, result["took"])


# --- brokers that cannot be reached ---------------------------------------------------------------------------------


def advertised_listeners(own):
    nowhere = "127.0.0.1:1"
    with service_parts.kafka(own, nowhere):
        sentence = f"The broker at {own.broker} answers, but tells clients to connect to {nowhere} (its advertised.listeners), which does not answer"
        result = own.run("{duration: 1s, rate: 20/s}")
        summary = re.sub(r"\s+", " ", result["verdict"]["summary"])
        own.expect("the run says why", result["exit"] == 6 and sentence in summary, summary)
        own.expect("within ten seconds or so", result["took"] < 15, result["took"])
        doctor = subprocess.run(
            [own.millraced, "doctor", "--broker", own.broker, "--store", own.store, "--dedupe", "memory"],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        text = re.sub(r"\s+", " ", doctor.stdout + doctor.stderr)
        own.expect("and so does the doctor", doctor.returncode == 6 and sentence in text, f"exit {doctor.returncode} {text}")


# --- the table ------------------------------------------------------------------------------------------------------

FEWER = "are in log_events: somebody has deleted rows, or a trigger or a rule drops them"


def rows_refused(own):
    own.passes(own.run("{duration: 1s, rate: 20/s}"))
    own.psql("alter table log_events add check (message = '') not valid")
    result = own.run("{duration: 2s, rate: 20/s}")
    own.expect("the run fails", result["exit"] in (3, TOO_BUSY) and result["ledger"]["refused"] == 40, f"exit {result['exit']} {result['ledger']}")
    own.expect("and says why", "dead letter" in said(result) and "the store refuses the row: " in said(result), said(result))
    own.expect("a mark says when", told(result, "An event became a dead letter: the store refuses the row"), result["marks"])
    own.expect("what is refused is no throughput", result["rate_per_s"]["stored"] == 0, result["rate_per_s"])


def rows_dropped(own):
    own.passes(own.run("{duration: 1s, rate: 20/s}"))
    own.psql("create function skip() returns trigger language plpgsql as 'begin if new.level = ''INFO'' then return null; end if; return new; end'")
    own.psql("create trigger skip before insert on log_events for each row execute function skip()")
    result = own.run("{duration: 2s, rate: 20/s}")
    own.expect("what is not in the table is lost", result["exit"] == 4 and "a trigger or a rule" in said(result), said(result))


def rows_deleted(own):
    run = own.start(own.write("{duration: 5s, rate: 20/s}")).stored(50)
    own.psql("delete from log_events")
    result = run.end()
    own.expect("what is not in the table is lost", result["exit"] == 4 and FEWER in said(result), said(result))


def counts_deleted(own):
    run = own.start(own.write("{duration: 5s, rate: 20/s}")).stored(50)
    own.psql("delete from run_counts")
    result = run.end()
    own.passes(result)
    own.expect("a mark says so", told(result, "run_counts.*somebody else has changed it"), result["marks"])


def other_group_with_the_same_table(own):
    own.passes(own.run("{duration: 1s, rate: 20/s}"))
    other = own.start(own.write("{duration: 16s, rate: 40/s}", label="other", group="-other")).stored(60)
    result = own.run("{duration: 3s, rate: 40/s}", drain="8s")
    own.passes(result)
    other.process.wait(PATIENCE)


def offsets_locked(own):
    own.passes(own.run("{duration: 1s, rate: 20/s}"))
    lock = own.spawn("lock", "psql", "-Xqd", own.store, "-c", "begin; lock table kafka_offsets in exclusive mode; select pg_sleep(14)")
    result = own.run("{duration: 1s, rate: 20/s}")
    lock.wait(PATIENCE)
    own.passes(result)
    own.expect("its own consumers are no strangers", not told(result, "holds"), result["marks"])


def broker_away_at_the_end(own):
    with service_parts.kafka(own) as broker:
        run = own.start(own.write("{duration: 4s, rate: 50/s}", drain="4s")).stored(100)
        broker.send_signal(signal.SIGSTOP)
        result = run.end()
        broker.send_signal(signal.SIGCONT)
    ids, summary = account(result), result["verdict"]["summary"]
    own.expect("nothing is called lost", result["exit"] == 6 and ids["lost"] == 0, f"exit {result['exit']}, {ids}, {summary}")


CASES = [
    control_records,
    aborted_transaction,
    open_transaction,
    open_transaction_of_others_only,
    earlier_time,
    member_before,
    member_meanwhile,
    second_run,
    partitions_added,
    topic_deleted,
    topic_recreated,
    advertised_listeners,
    rows_refused,
    rows_dropped,
    rows_deleted,
    counts_deleted,
    other_group_with_the_same_table,
    offsets_locked,
    broker_away_at_the_end,
]


def main():
    checks = service_parts.Checks()

    def tried(case):
        with Beside(checks, case.__name__.replace("_", " ")) as own:
            case(own)

    chosen = [case for case in CASES if len(sys.argv) < 3 or case.__name__ in sys.argv[2:]]
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        for outcome in [pool.submit(tried, case) for case in chosen]:
            outcome.result()
    return checks.exit_code()


if __name__ == "__main__":
    sys.exit(main())
