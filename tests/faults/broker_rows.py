#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows T13 and T19 of the fault table: a real broker that is killed, stopped and restarted; a stop while it is away.
    broker_rows.py MILLRACED ROW"""

import json
import os
import signal
import time

import bench


def broker_away(millraced):
    """T13. Killed, stopped, bounced."""
    down, stopped, bounces = (30, 40, 5) if bench.IN_FULL else (3, 4, 0)
    with bench.Bench("T13", millraced, own=("kafka",)) as row:
        run = row.start(row.scenario(1000, 600))
        row.when_stored(run, 1000)
        row.servers.signal("kafka", "KILL")
        time.sleep(down)
        row.servers.up("kafka")
        row.goes_on(run, "after a kill")
        row.servers.signal("kafka", "STOP")
        time.sleep(stopped)
        row.servers.signal("kafka", "CONT")
        row.goes_on(run, "after a stop")
        for _ in range(bounces):
            row.servers.signal("kafka", "KILL")
            row.servers.up("kafka")
            row.goes_on(run, "after a bounce")
        result = row.stopped(run)
        row.judge(f"Kafka killed for {down} s, stopped for {stopped} s, restarted {bounces} times at once", [result["ledger"]])
        critical = next(tier for tier in result["tiers"] if tier["tier"] == "critical")
        row.checks.expect("critical: nothing unsent", critical["unsent"] == 0, critical["unsent"])
        return row.checks.exit_code()


QUEUED = 10000


def stop_without_broker(millraced):
    """T19. SIGTERM with the broker dead and 10,000 events queued, then the same with a second one."""
    with bench.Bench("T19", millraced, own=("kafka",)) as row:
        for label, signals, limit in (("once", 1, 15), ("twice", 2, 2)):
            row.servers.up("kafka")
            port = bench.free_ports(1)[0]
            run = row.start(row.scenario(4000, 600, label, name=f"{row.name}-{label}"), label, "--serve", f"127.0.0.1:{port}")
            before = row.stored()
            row.when_stored(run, before + 1000)
            row.servers.signal("kafka", "KILL")
            stats = lambda port=port: json.loads(bench.ask(f"http://127.0.0.1:{port}/api/load/stats").body)  # noqa: E731
            bench.wait_until(lambda stats=stats: stats()["queued"] >= QUEUED, "10,000 events are queued")
            for n in range(signals):
                if n > 0:
                    time.sleep(0.5)
                run.send(signal.SIGTERM)
                last = time.monotonic()
            code = run.wait(120)
            took = time.monotonic() - last
            ledger = run.result["ledger"]
            off = bench.identities(ledger)
            print(
                f"T19: SIGTERM {label}, Kafka dead; ended with {code} {took:.1f} s after the last; planned {ledger['planned']}, acked {ledger['acked']}, "
                f"failed {ledger['failed']}, in doubt {ledger['in_doubt']}, unsent {ledger['unsent']}, lost {ledger['lost']}, identities {'exact' if not off else off}"
            )
            if os.environ.get("MILLRACE_SANITIZERS"):  # whose own time is in it
                limit *= 2
            row.checks.expect(f"{label}: it ends within {limit} s", took <= limit, f"{took:.1f} s")
            row.checks.expect(f"{label}: interrupted, or without the broker that it has to ask", code in (130, 6), code)
            row.checks.expect(f"{label}: the queued events are accounted for", not off and ledger["failed"] + ledger["in_doubt"] >= QUEUED, off)
            row.checks.expect(f"{label}: nothing is lost or doubled", ledger["lost"] == ledger["doubled"] == 0)
        return row.checks.exit_code()


bench.drill({"t13_broker_away": broker_away, "t19_stop_without_broker": stop_without_broker})
