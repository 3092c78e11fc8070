#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lag that the gateway reports while a consumer is away and while it drains: in seconds against the due time of the first
event that the store lacks, in events against Kafka's own group tool and against the store.
    tst_services_lag.py MILLRACED"""

import bisect
import collections
import json
import math
import pathlib
import subprocess
import sys
import threading
import time

import service_parts
from service_parts import PATIENCE, wait_until

RATE = 500
SHARE, LEAST = 0.05, 0.05  # of the truth, or seconds
STACK = pathlib.Path(__file__).resolve().parents[1] / "stack"
FIRST_MISSING = """
with stored as (select ('x' || substr(translate(id::text, '-', ''), 24))::bit(36)::bigint as sequence from log_events)
select extract(epoch from clock_timestamp()), coalesce((select min(sequence) + 1 from stored where not exists
    (select 1 from stored as next where next.sequence = stored.sequence + 1)), 0), count(*) from stored"""

Moment = collections.namedtuple("Moment", "at due")  # the store as of `at` lacks nothing that was due before


class Truth:
    """When the first event that the store lacks was due, by the plan: event n of the baseline is due n / RATE after the first."""

    def __init__(self, own):
        self.own = own
        self.first_due = min(due for _, due, _ in own.rows())

    def now(self):
        before = time.time()
        _, sequence, _ = self.own.psql(FIRST_MISSING).split("|")
        return before, Moment(time.time(), self.first_due + int(sequence) / RATE)


class Report:
    """An answer of /api/lag, and when what it says was so."""

    def __init__(self, gateway):
        answer = gateway.get("/api/lag")
        self.body = answer.json
        age = self.body["ageSeconds"]
        self.known = age is not None
        self.earliest = answer.began - (age or 0)
        self.latest = answer.ended - (age or 0)

    def __getitem__(self, name):
        return self.body[name]


def lag_falls_within(report, low, high):
    """The report's seconds are between two truths, each with its tolerance."""
    return low - max(SHARE * low, LEAST) <= report["seconds"] <= high + max(SHARE * high, LEAST)


def while_stopped(checks, truth, gateway):
    """The store does not move; the lag grows by a second per second."""
    began, moment = truth.now()
    wait_until(lambda: Report(gateway).earliest > began, "a report of then")
    worst, shown = 0, []
    for _ in range(12):
        time.sleep(0.5)
        report = Report(gateway)
        expected = (report.earliest + report.latest) / 2 - moment.due
        if report["seconds"] is None:
            shown.append((None, round(expected, 3)))
            worst = math.inf
            continue
        shown.append((round(report["seconds"], 3), round(expected, 3)))
        worst = max(worst, abs(report["seconds"] - expected) / max(SHARE * expected, LEAST))
    checks.expect(
        "a stopped consumer: the lag in seconds agrees with the truth within 5 % or 50 ms",
        worst <= 1,
        f"at worst {worst:.2f} of that tolerance; reported and true: {shown}",
    )
    grows = Report(gateway)["slopePerSecond"]
    checks.expect("the lag grows", grows > 0, f"{grows:.1f} events/s, load {RATE}/s")


def kafka_tool(group):
    """Kafka's own words: for each partition of the group the end of the log and the lag, by topic and partition."""
    text = subprocess.run(
        [STACK / "kafka-tool", "ConsumerGroupCommand", "--describe", "--group", group],
        check=True,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    ).stdout
    table = [line.split() for line in text.splitlines() if line.startswith(group)]
    number = lambda field: int(field) if field != "-" else 0
    return {(topic, int(partition)): (number(end), number(lag)) for _, topic, partition, _, end, lag, *_ in table}


def in_events(checks, own, producer, gateway):
    """All stands still: every figure is exact."""
    stats = wait_until(
        lambda: (now := producer.json("/api/load/stats"))["status"] == "paused" and now["queued"] == 0 and now,
        "the load has paused",
    )
    still = time.time()
    report = wait_until(lambda: (now := Report(gateway)).earliest > still and now, "a report of what stands still")
    tool = kafka_tool(own.name)
    ours = {(one["topic"], one["partition"]): (one["end"], one["events"]) for one in report["partitions"]}
    known = {partition for partition in ours if partition in tool}
    checks.expect(
        "the lag per partition equals what Kafka's group tool prints",
        known and all(ours[each] == tool[each] for each in known),
        {
            f"{topic}-{partition}": (
                ours[topic, partition]
                if ours[topic, partition] == tool[topic, partition]
                else (ours[topic, partition], tool[topic, partition])
            )
            for topic, partition in sorted(known)
            if ours[topic, partition][0]
        },
    )
    checks.expect(
        "what the tool does not list has no lag",
        all(ours[each][1] == 0 for each in ours.keys() - tool.keys()),
        f"{len(ours) - len(known)} partitions",
    )
    checks.same(
        "the lag in events",
        gateway=report["events"],
        tool=sum(lag for _, lag in tool.values()),
        sql=stats["acked"] - own.stored()[0],
    )


class Follower:
    """Reports and truths side by side, until it is left."""

    def __init__(self, truth, gateway):
        self.moments, self.reports = [], []
        self.truth, self.gateway = truth, gateway
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.repeat, args=(each,)) for each in (self.see, self.hear)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join()

    def repeat(self, each):
        while not self.over.is_set():
            each()
            self.over.wait(0.1)

    def see(self):
        before, moment = self.truth.now()
        self.moments.append((before, moment))

    def hear(self):
        self.reports.append(Report(self.gateway))

    def judged(self):
        """Of each report that has events: its seconds, the least and the most that was true around it, and whether it agrees."""
        begins, ends = [before for before, _ in self.moments], [moment.at for _, moment in self.moments]
        seen = {}
        for report in self.reports:
            # It reads the store first, up to a second before its time: the store of then, the clock of now.
            earlier = bisect.bisect_right(ends, report.earliest - 1) - 1
            later = bisect.bisect_left(begins, report.latest)
            if report["events"] == 0 or earlier < 0 or later >= len(begins):
                continue
            low = max(0, report.earliest - self.moments[later][1].due)
            high = report.latest - self.moments[earlier][1].due
            seen[round(report.earliest, 1)] = (
                report["seconds"],
                low,
                high,
                report["seconds"] is not None and lag_falls_within(report, low, high),
            )
        return list(seen.values())


def while_draining(checks, own, truth, producer, gateway, serve):
    with Follower(truth, gateway) as follower:
        serve()
        wait_until(lambda: own.stored()[0] == producer.json("/api/load/stats")["acked"], "all is stored")
        wait_until(lambda: Report(gateway)["events"] == 0, "the gateway sees it")
    judged = follower.judged()
    figures = [tuple(figure if figure is None else round(figure, 2) for figure in each[:3]) for each in judged]
    checks.expect(
        "a consumer that drains: the lag in seconds is what was true around the report",
        len(judged) >= 3 and all(each[3] for each in judged),
        f"{len(judged)} reports (reported, least, most): {figures}",
    )
    events = [report["events"] for report in [*follower.reports, Report(gateway)]]
    checks.expect("the lag falls to 0", events[-1] == 0 and Report(gateway)["seconds"] == 0, sorted(set(events), reverse=True))
    # Not the few events that are always on their way.
    falling = [
        report
        for report in follower.reports
        if report["events"] > RATE / 2 and report["slopePerSecond"] < 0 and report["drainSeconds"] is not None
    ]
    checks.expect(
        "on the way the slope is negative, and the time to drain is said",
        falling,
        sorted(
            {
                (report["events"], round(report["slopePerSecond"], 1), report["drainSeconds"])
                for report in falling or follower.reports
            },
            key=str,
        ),
    )
    final = Report(gateway)
    checks.expect(
        "without lag there is no time to drain",
        final["drainSeconds"] is None,
        json.dumps({key: final[key] for key in ("events", "seconds", "drainSeconds")}),
    )


def main():
    checks = service_parts.Checks()
    with service_parts.Own() as own:
        load = f"{{name: baseline, stages: [{{duration: 60s, rate: {RATE}/s}}]}}"
        scenario = ("--scenario", own.scenario(load, consumer="batch: 1, concurrency: 1"))  # slow, so that draining takes a while
        quick = ("--scenario", own.scenario(load, label="quick"))
        consumer = own.serve("consumer", *quick)
        producer = own.serve("producer", *scenario)
        gateway = own.serve("gateway", "--producers", producer.address, "--consumers", consumer.address, *scenario)
        wait_until(lambda: own.stored()[0] > 2 * RATE, "events are stored")
        wait_until(lambda: (now := Report(gateway)).known and now["events"] < RATE, "the gateway sees a small lag")
        checks.expect("SIGTERM ends the consumer in good order", consumer.terminate() == 0)
        truth = Truth(own)
        while_stopped(checks, truth, gateway)
        producer.post("/api/load/pause")
        in_events(checks, own, producer, gateway)
        while_draining(checks, own, truth, producer, gateway, lambda: own.serve("consumer", *scenario))
        producer.post("/api/load/resume")
        time.sleep(1)
        producer.post("/api/load/stop")
        stats = wait_until(
            lambda: (now := producer.json("/api/load/stats"))["status"] == "idle" and now["queued"] == 0 and now,
            "the load has stopped",
        )
        wait_until(lambda: own.stored()[0] >= stats["acked"], "all is stored")
        rows, ids = own.stored()
        checks.same("nothing lost or doubled, in SQL", acked=stats["acked"], rows=rows, ids=ids)
    return checks.exit_code()


if __name__ == "__main__":
    sys.exit(main())
