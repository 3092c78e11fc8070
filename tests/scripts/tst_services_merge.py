#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two producers, three consumers, one gateway: its percentiles are those of all parts' values together; and while one consumer is
killed and another one added nothing is lost or doubled, and no sum falls.
    tst_services_merge.py MILLRACED"""

import signal
import sys
import threading
import time

import service_parts
from service_parts import wait_until

RATE = 1600  # of both producers together
SECONDS = 6
DELAY = 3  # of the load after a producer's start: by then the consumers stand still
PERCENTILES = (50, 90, 95, 99)
# Nobody is thrown out of the group while the consumers stand still. Small batches: the store knows when a transaction began,
# and a histogram when it was over.
CONSUMER = "concurrency: 2, batch: 100, session_timeout: 15s"


def send_while_consumers_stand(own, scenario, consumers):
    """Latencies of seconds, beside which the length of a transaction is nothing. The producers, with everything stored."""
    for consumer in consumers:
        consumer.send(signal.SIGSTOP)
    try:
        producers = [own.serve("producer", "--share", f"{index}/2", *scenario) for index in (0, 1)]
        states = lambda: [producer.json("/api/load/stats") for producer in producers]
        wait_until(
            lambda: all(state["acked"] >= RATE * SECONDS // 2 and state["queued"] == 0 for state in states()),
            "the load is over",
            limit=12,
            every=0.05,
        )
    finally:
        for consumer in consumers:
            consumer.send(signal.SIGCONT)
    wait_until(lambda: own.stored()[0] >= sum(state["acked"] for state in states()), "everything is stored")
    return producers, states()


def percentiles(checks, own, producers, consumers, gateway, states):
    rows = own.rows()
    acked = [state["acked"] for state in states]
    checks.same(
        "generated = acked = stored",
        generated=sum(state["totalGenerated"] for state in states),
        acked=sum(acked),
        rows=len(rows),
        planned=RATE * SECONDS,
    )
    checks.same("each producer took its half", first=acked[0], second=acked[1])
    snapshots = [part.json("/api/snapshot") for part in (*producers, *consumers)]
    stored = [snapshot["consumer"]["stored"] for snapshot in snapshots[2:]]
    checks.expect("each consumer took part", min(stored) > 0 and sum(stored) == len(rows), stored)
    merged = wait_until(
        lambda: (now := gateway.json("/api/metrics/latency")["latency"])["end_to_end"]["count"] == len(rows) and now,
        "the gateway knows it",
    )
    for metric in ("send_delay", "ack", "processing", "end_to_end"):
        counts = service_parts.histograms(snapshots, metric)
        own_figures = {f"p{p}": 1000 * service_parts.percentile(counts, p) for p in PERCENTILES}
        theirs = {name: merged[metric][name] for name in own_figures}
        checks.expect(
            f"{metric}: the gateway's percentiles are those of all histograms together",
            merged[metric]["count"] == sum(counts.values())
            and all(abs(theirs[name] - own_figures[name]) < 1e-6 for name in own_figures),
            f"{merged[metric]['count']} values, {theirs} ms",
        )
    values = [stored_at - due for _, due, stored_at in rows]
    # A row says when its transaction began, the histogram when it was over: that is less than from poll to commit.
    transaction = merged["processing"]["p50"]
    raw = {f"p{p}": 1000 * service_parts.raw_percentile(values, p) for p in PERCENTILES} | {
        "mean": 1000 * sum(values) / len(values)
    }
    for name, expected in raw.items():
        checks.agree(
            f"end_to_end {name} is that of all rows in SQL within 1 % and a transaction of {transaction:.1f} ms, in ms",
            merged["end_to_end"][name],
            expected,
            0.01,
            0.01 * expected + transaction,
        )


class Watch:
    """The gateway's sums and its parts' states, several times per second."""

    def __init__(self, gateway):
        self.gateway, self.seen = gateway, []
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()

    def run(self):
        while not self.over.is_set():
            answer = self.gateway.get("/api/metrics/summary")
            self.seen.append((answer.ended, answer.json))
            self.over.wait(0.2)

    def falls(self):
        """(figure, before, after) of each that has become smaller."""
        sums = [
            {
                f"{role}.{name}": body[role][name]
                for role, names in (("producer", ("generated", "acked")), ("consumer", ("processed", "stored")))
                for name in names
            }
            | {f"{name}.count": body["latency"][name]["count"] for name in ("ack", "end_to_end")}
            for _, body in self.seen
        ]
        return [(name, one[name], other[name]) for one, other in zip(sums, sums[1:]) for name in one if other[name] < one[name]]

    def first(self, address, status, since):
        """Seconds after `since` at which the part was first seen in that state."""
        return next(
            (
                at - since
                for at, body in self.seen
                if at > since
                for part in body["parts"]
                if part["address"] == address and part["status"] == status
            ),
            None,
        )


def change_of_consumers(checks, own, scenario, producers, consumers, gateway, port):
    with Watch(gateway) as watch:
        for producer in producers:
            producer.post("/api/load/burst?durationSeconds=20&rate=300")
        wait_until(lambda: own.stored()[0] > RATE * SECONDS + 600, "the burst is being stored")
        killed = consumers.pop()
        killed.send(signal.SIGKILL)
        killed_at = time.time()
        killed.process.wait()
        time.sleep(3)
        added_at = time.time()
        consumers.append(own.serve("consumer", *scenario, port=port))
        acked = lambda: sum(producer.json("/api/load/stats")["acked"] for producer in producers)
        stats = lambda: [producer.json("/api/load/stats") for producer in producers]
        idle = lambda: all(each["status"] == "idle" and each["queued"] == 0 for each in stats())
        wait_until(lambda: idle() and own.stored()[0] >= acked(), "everything is stored")
        wait_until(lambda: watch.first(consumers[-1].address, "UP", killed_at), "the gateway sees the added one")
        time.sleep(1)  # anything doubled would come now
    stale = watch.first(killed.address, "STALE", killed_at)
    checks.expect(
        "the killed consumer is STALE within 4 s", stale is not None and stale <= 4, f"after {stale:.2f} s" if stale else "never"
    )
    checks.expect("the added consumer is UP", True, f"{watch.first(consumers[-1].address, 'UP', added_at):.2f} s after its start")
    checks.expect(
        "no sum of the gateway falls",
        len(watch.seen) > 50 and not watch.falls(),
        f"{len(watch.seen)} answers; {watch.falls() or 'none'}",
    )
    last = stats()
    rows, ids = own.stored()
    checks.same(
        "lost 0, doubled 0 in SQL",
        generated=sum(each["totalGenerated"] for each in last),
        acked=sum(each["acked"] for each in last),
        rows=rows,
        ids=ids,
    )
    took = [consumer.json("/api/snapshot")["consumer"]["stored"] for consumer in consumers]
    checks.expect("the added consumer took part", took[-1] > 0, took)
    final = gateway.json("/api/metrics/summary")["consumer"]
    print(
        f"   (the gateway knows of {final['stored']} stored events of {rows}: what the killed one stored after it was last asked is known to the store only)"
    )


def main():
    checks = service_parts.Checks()
    with service_parts.Own() as own:
        load = f"{{name: load, start: {DELAY}s, stages: [{{duration: {SECONDS}s, rate: {RATE}/s}}]}}"
        scenario = ("--scenario", own.scenario(load, CONSUMER))
        consumers = [own.serve("consumer", *scenario, ready=False) for _ in range(3)]
        wait_until(lambda: all(consumer.answers() for consumer in consumers), "the consumers have joined")
        time.sleep(3)  # until the group has come to rest
        ports = service_parts.free_ports(1)
        producers, states = send_while_consumers_stand(own, scenario, consumers)
        lists = (
            "--producers",
            ",".join(part.address for part in producers),
            "--consumers",
            ",".join([part.address for part in consumers] + [f"127.0.0.1:{ports[0]}"]),
        )
        gateway = own.serve("gateway", *lists, *scenario)
        percentiles(checks, own, producers, consumers, gateway, states)
        change_of_consumers(checks, own, scenario, producers, consumers, gateway, ports[0])
    return checks.exit_code()


if __name__ == "__main__":
    sys.exit(main())
