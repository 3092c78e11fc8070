#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A consumer that lives on: half an hour at 5,000 events per second, in which PostgreSQL is restarted twice and Redis flushed once.
Its memory of the last minute is that of its third minute, within 5 %; each event is stored once. It begins with something to
catch up with, as after an outage: its buffers for whole batches remain, so what comes on top of them later would be a leak.
    tst_services_soak.py MILLRACED [SECONDS]"""

import os
import pathlib
import subprocess
import sys
import time

import service_parts
from service_parts import wait_until

RATE = 5000
SECONDS = int(sys.argv[2]) if len(sys.argv) > 2 else 1800
BACKLOG = 15  # seconds, more than a restart of PostgreSQL takes
STACK = pathlib.Path(os.environ["MILLRACE_STACK_SCRIPTS"])


def resident(process):
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS:"))


def restart_postgres(_):
    subprocess.run([STACK / "signal", "postgres", "INT"], check=True)
    time.sleep(5)
    subprocess.run([STACK / "up"], check=True, stdout=subprocess.DEVNULL)


def flush_redis(own):
    port = own.environment["MILLRACE_DEDUPE"].rsplit(":", 1)[1].split("/")[0]
    subprocess.run(["redis-cli", "-p", port, "FLUSHALL"], check=True, stdout=subprocess.DEVNULL)


def main():
    checks = service_parts.Checks()
    with service_parts.Own() as own:
        file = own.scenario(f"{{name: baseline, event: {{key: none}}, stages: [{{duration: 1s, rate: {RATE}/s}}]}}")
        producer = own.serve("producer", "--scenario", file)
        wait_until(lambda: producer.json("/api/load/stats")["acked"] >= BACKLOG * RATE, "there is something to catch up with")
        consumer = own.serve("consumer", "--scenario", file)
        events = [(SECONDS * 0.25, restart_postgres), (SECONDS * 0.5, flush_redis), (SECONDS * 0.7, restart_postgres)]
        began, memory = time.monotonic(), []
        while (now := time.monotonic() - began) < SECONDS:
            memory.append((now, resident(consumer.process)))
            if events and now >= events[0][0]:
                _, event = events.pop(0)
                print(f"{now:.0f} s: {event.__name__}, memory {memory[-1][1]:.1f} MB", flush=True)
                event(own)
            time.sleep(1)
        producer.post("/api/load/stop")
        acked = wait_until(
            lambda: (state := producer.json("/api/load/stats"))["queued"] == 0 and state["acked"], "everything is acknowledged"
        )
        wait_until(lambda: own.stored()[0] >= acked, "everything is stored", limit=300, every=2)
        early = [size for at, size in memory if 120 <= at < 180]
        late = [size for at, size in memory if at >= SECONDS - 60]
        checks.agree("memory of the last minute, MB", sum(late) / len(late), sum(early) / len(early), 0.05)
        rows, ids = own.stored()
        checks.same("each event is stored once", acked=acked, rows=rows, ids=ids)
        checks.expect("both end in good order", producer.terminate() == 0 and consumer.terminate() == 0)
    sys.exit(checks.exit_code())


main()
