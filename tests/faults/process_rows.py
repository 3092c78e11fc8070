#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows T20 and T26 of the fault table: producers that are killed; too few file descriptors; the soak, an hour at half load with
T2, T6 and T11 at random.
    process_rows.py MILLRACED ROW"""

import os
import random
import re
import signal
import time

import bench
import service_parts
from bench import wait_until


def killed_producers(millraced):
    """T20. A producer service is killed again and again, a consumer service goes on."""
    kills = 20 if bench.IN_FULL else 4
    seed = bench.seeds(1)[0]
    times = random.Random(seed)
    checks, began, acked = bench.Checks(), time.monotonic(), 0
    with service_parts.Own() as own:
        tiers = ", ".join(f"{{name: {tier}, tier: {tier}, stages: [{{duration: 1s, rate: 300/s}}]}}" for tier in ("critical", "normal", "analytics"))
        file = own.scenario(tiers, consumer="concurrency: 2")
        own.serve("consumer", "--scenario", file)
        for _ in range(kills):
            producer = own.serve("producer", "--scenario", file)
            wait_until(lambda producer=producer: producer.json("/api/load/stats")["acked"] > 100, "events are acknowledged")
            time.sleep(times.uniform(0.5, 2.5))
            acked += producer.json("/api/load/stats")["acked"]
            producer.send(signal.SIGKILL)
            producer.process.wait(bench.PATIENCE)
        topics = (own.name, f"{own.name}-critical", f"{own.name}-analytics")
        logged = bench.log_ids(os.environ["MILLRACE_BROKER"], topics)
        wait_until(lambda: own.stored()[0] >= len(logged), "everything in Kafka is stored")
        rows, ids = own.stored()
        missing = logged - set(own.psql("select id from log_events").split())
        print(
            f"T20: {kills} producers killed, seed {seed}; {acked} known to be acked, {len(logged)} in Kafka, {rows} stored, lost {len(missing)}, "
            f"doubled {rows - ids}, {time.monotonic() - began:.1f} s"
        )
        checks.expect("nothing is lost", not missing and rows >= acked)
        checks.expect("nothing is stored twice", rows == ids)
    return checks.exit_code()


DESCRIPTORS = 64


def few_descriptors(millraced):
    """T26. A run that needs more than it may open says so, and its exit code tells it from a verdict."""
    with bench.Bench("T26", millraced) as row:
        streams = ", ".join(f"{{name: s{n}, stages: [{{duration: 3s, rate: 10/s}}]}}" for n in range(40))
        file = row.folder / "many.yaml"
        file.write_text(
            f"version: 1\nname: many\nkafka: {{topic: {row.name}, group: {row.name}, partitions: 1}}\nstreams: [{streams}]\nthresholds: [lost == 0]\n",
            encoding="utf-8",
        )
        run = row.start(file, "few", prefix=("prlimit", f"--nofile={DESCRIPTORS}"))
        code = run.wait(120)
        said = run.result["verdict"]["summary"]
        print(f"T26: {DESCRIPTORS} descriptors for 40 producers; ended with {code} after {run.seconds():.0f} s: {said}")
        row.checks.expect("it ends by itself, with a code of its own", code in (1, 2, 6), code)
        row.checks.expect("and a sentence that names the cause", re.search(r"descriptor|open files", said) is not None and run.process.returncode >= 0)
        run = row.start(row.scenario(300, 3), "enough", prefix=("prlimit", "--nofile=1024"))
        row.judge("1,024 descriptors for 3 producers", [row.ended(run, 0)["ledger"]])
        return row.checks.exit_code()


RATE = 2500  # half of the table's load


def resident(process):
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS:"))


def soak(millraced):
    minutes = float(os.environ.get("MILLRACE_SOAK_MINUTES", "60"))
    seed = int(os.environ.get("MILLRACE_SEED", "1"))
    dice = random.Random(seed)
    checks, began = bench.Checks(), time.monotonic()
    with bench.Bench("T26", millraced, own=("kafka", "postgres", "redis")) as row:
        os.environ.update(row.environment)
        os.environ.update({name: value for name, value in row.servers.addresses.items()})
        with service_parts.Own() as own:
            tiers = ", ".join(
                f"{{name: {tier}, tier: {tier}, event: {{key: none}}, stages: [{{duration: 1s, rate: {RATE * part // 10}/s}}]}}"
                for tier, part in (("critical", 2), ("normal", 5), ("analytics", 3))
            )
            file = own.scenario(tiers, consumer="concurrency: 2")
            producer = own.serve("producer", "--scenario", file)
            lasting = own.serve("consumer", "--scenario", file)  # its memory is judged; the other one is killed
            others = [own.serve("consumer", "--scenario", file)]

            def kill_consumer():
                others[0].send(signal.SIGKILL)
                others[0].process.wait(bench.PATIENCE)
                others[0] = own.serve("consumer", "--scenario", file, ready=False)

            def kill_postgres():
                row.servers.signal("postgres", "QUIT")
                time.sleep(dice.uniform(2, 10))
                row.servers.up("postgres")

            def break_redis():
                row.servers.signal("redis", dice.choice(("KILL", "STOP")))
                time.sleep(dice.uniform(2, 10))
                row.servers.up("redis")  # one that is stopped is deaf, and started anew

            memory, done, began_load = {producer.role: [], lasting.role: []}, [], time.monotonic()
            due = 20.0
            while (now := time.monotonic() - began_load) < 60 * minutes:
                for part in (producer, lasting):
                    memory[part.role].append((now, resident(part.process)))
                if now >= due and now < 60 * minutes - 45:
                    fault = dice.choice((kill_consumer, kill_postgres, break_redis))
                    done.append(fault.__name__)
                    fault()
                    due = time.monotonic() - began_load + dice.uniform(10, 30)
                time.sleep(1)
            producer.post("/api/load/stop")
            acked = wait_until(
                lambda: (state := producer.json("/api/load/stats"))["queued"] == 0 and state["acked"], "everything is acknowledged"
            )
            wait_until(lambda: own.stored()[0] >= acked, "everything is stored", limit=300, every=2)
            rows, ids = own.stored()
            growth = {}
            for role, sizes in memory.items():
                early = [size for at, size in sizes if 0.1 <= at / (60 * minutes) < 0.2]
                late = [size for at, size in sizes if at / (60 * minutes) >= 0.9]
                growth[role] = (sum(late) / len(late)) / (sum(early) / len(early)) - 1
            print(
                f"T26: {minutes:g} minutes at {RATE}/s, seed {seed}, {', '.join(f'{done.count(name)} × {name}' for name in sorted(set(done)))}; "
                f"{acked} acked, {rows} stored, doubled {rows - ids}, memory {', '.join(f'{role} {100 * share:+.1f} %' for role, share in growth.items())}, "
                f"{time.monotonic() - began:.0f} s"
            )
            checks.same("each event is stored once", acked=acked, rows=rows, ids=ids)
            for role, share in growth.items():
                checks.expect(f"the {role}'s memory grows by less than 5 %", share < 0.05, f"{100 * share:.1f} %")
    return checks.exit_code()


bench.drill({"t20_killed_producers": killed_producers, "t26_few_descriptors": few_descriptors, "t26_soak": soak})
