#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Row T18 of the fault table: a bad network before each of the three servers, of a kind and at a time by the seed.
    network_rows.py MILLRACED ROW"""

import concurrent.futures
import time

import bench

LENGTH = 3 if bench.IN_FULL else 1.5  # seconds of each fault
CLIENT_TIMEOUT = 5000  # ms, of the Kafka client
# Seconds. A member of Kafka's group that vanished keeps its partitions for the session time-out (6 s), and the others hear of it with
# their next heartbeat (3 s).
PATIENCE = {"kafka": CLIENT_TIMEOUT / 1000 + 6 + 3, "postgres": 30, "redis": 2}
FAULTS = {
    "black hole": ("hold on",),
    "half open": ("half_open",),
    "one way only": ("hold on down",),
    "sliced to 1 to 100 bytes": ("slice 100",),
    "reset each second": ("reset_period 1000",),
    "64 kB/s": ("rate 64000",),
    "200 ms": ("latency 100",),
    "accepts and is silent": ("silent on", "reset"),
    "slow close": ("close_delay 2000", "reset"),
}


def bad_network(millraced):
    with concurrent.futures.ThreadPoolExecutor(2) as two:  # what a seed does most is wait
        return max(two.map(lambda seed: of_seed(millraced, seed), bench.seeds()))


def of_seed(millraced, seed):
    with bench.Bench("T18", millraced, own=("kafka", "postgres", "redis"), proxied=("kafka", "postgres", "redis"), seed=seed) as row:
        kinds = list(FAULTS)
        row.random.shuffle(kinds)
        ends = [row.random.choice(("kafka", "postgres", "redis")) for _ in kinds]
        row.environment["MILLRACE_STORE"] += "?connect_timeout=3"
        run = row.start(row.scenario(500, 600, kafka=f"client: {{socket.timeout.ms: '{CLIENT_TIMEOUT}'}}"))
        row.when_stored(run, 500)
        longest = 0.0
        for kind, end in zip(kinds, ends):
            for order in FAULTS[kind]:
                row.proxy[end].order(order)
            time.sleep(LENGTH)
            row.proxy[end].order("clear")
            pause = row.goes_on(run, f"after {kind} before {end}")
            longest = max(longest, pause)
            row.checks.expect(f"seed {seed}: {end}: {kind}: it goes on in time", pause <= PATIENCE[end] + 5, f"{pause:.1f} s")
        result = row.stopped(run)
        row.judge(f"{len(kinds)} kinds of bad network, seed {seed}, longest pause {longest:.1f} s", [result["ledger"]])
        return row.checks.exit_code()


bench.drill({"t18_bad_network": bad_network})
