#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows T20 and T26 of the fault table: producers that are killed; too few file descriptors; the soak, an hour at half load with
T2, T6 and T11 at random.
    process_rows.py MILLRACED ROW"""

import os
import random
import signal
import time

import bench
import service_parts
from bench import wait_until


TIERS = {"critical": 0.2, "normal": 0.5, "analytics": 0.3}  # and their shares of the load


def baselines(own, rate):
    """A scenario for each tier's producer, and one for the consumers of all."""
    stream = "{{name: {name}, tier: {tier}, stages: [{{duration: 1s, rate: {rate}/s}}]}}"
    each = {tier: stream.format(name="baseline", tier=tier, rate=round(rate * share)) for tier, share in TIERS.items()}
    files = {tier: own.scenario(text, label=tier) for tier, text in each.items()}
    files["all"] = own.scenario(", ".join(stream.format(name=tier, tier=tier, rate=1) for tier in TIERS), consumer="concurrency: 2")
    return files


def acked_by(producer):
    return producer.json("/api/load/stats")["acked"]


def killed_producers(millraced):
    """T20. Three producer services, of which one after the other is killed and started anew; a consumer service goes on."""
    kills = 20 if bench.IN_FULL else 4
    seed = bench.seeds(1)[0]
    dice = random.Random(seed)
    checks, began, acked = bench.Checks(), time.monotonic(), 0
    with service_parts.Own() as own:
        files = baselines(own, 1000)
        own.serve("consumer", "--scenario", files["all"])
        producers = {tier: own.serve("producer", "--scenario", files[tier]) for tier in TIERS}
        for n in range(kills + len(TIERS)):  # the last ones have no successor
            tier = dice.choice(list(producers))
            victim = producers.pop(tier)
            wait_until(lambda victim=victim: acked_by(victim) > 100, "events are acknowledged")
            time.sleep(dice.uniform(0.3, 1.5))
            acked += acked_by(victim)
            victim.send(signal.SIGKILL)
            victim.process.wait(bench.PATIENCE)
            if n < kills:
                producers[tier] = own.serve("producer", "--scenario", files[tier])
        topics = (own.name, f"{own.name}-critical", f"{own.name}-analytics")
        logged = bench.log_ids(os.environ["MILLRACE_BROKER"], topics)
        wait_until(lambda: own.stored()[0] >= len(logged), "everything in Kafka is stored")
        rows, ids = own.stored()
        missing = logged - set(own.psql("select id from log_events").split())
        print(
            f"T20: {kills + len(TIERS)} producers killed, seed {seed}; {acked} known to be acked, {len(logged)} in Kafka, {rows} stored, "
            f"lost {len(missing)}, doubled {rows - ids}, {time.monotonic() - began:.1f} s"
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
        if (run.folder / "result.json").exists():
            said = run.result["verdict"]["summary"]
        else:  # which needs a descriptor, too
            said = " ".join(line for line in run.says().splitlines() if line.startswith("millraced: ") and "kafka millrace-" not in line)
        print(f"T26: {DESCRIPTORS} descriptors for 40 producers; ended with {code} after {run.seconds():.0f} s: {said}")
        row.checks.expect("it ends by itself, with a code of its own", code in (1, 2, 6), code)
        row.checks.expect("and a sentence that names the cause", "open files" in said or "descriptor" in said, said)
        run = row.start(row.scenario(300, 3), "enough", prefix=("prlimit", "--nofile=1024"))
        row.judge("1,024 descriptors for 3 producers", [row.ended(run, 0)["ledger"]])
        return row.checks.exit_code()


RATE = 2500  # half of the table's load


def resident(process):
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS:"))


def growth(sizes, minutes):
    """Of the memory from the second tenth of the time to the last one."""
    early = [size for at, size in sizes if 6 * minutes <= at < 12 * minutes]
    late = [size for at, size in sizes if at >= 54 * minutes]
    return (sum(late) / len(late)) / (sum(early) / len(early)) - 1


class Soak:
    """Three producers and two consumers under faults at random; the memory of those that live on."""

    def __init__(self, row, own, dice):
        self.row, self.own, self.dice = row, own, dice
        self.files = baselines(own, RATE)
        self.producers = [own.serve("producer", "--scenario", self.files[tier]) for tier in TIERS]
        self.lasting = own.serve("consumer", "--scenario", self.files["all"])
        self.mortal = own.serve("consumer", "--scenario", self.files["all"])
        self.memory = {part.log.stem: (part, []) for part in (*self.producers, self.lasting)}
        self.done = []

    def kill_consumer(self):
        self.mortal.send(signal.SIGKILL)
        self.mortal.process.wait(bench.PATIENCE)
        self.mortal = self.own.serve("consumer", "--scenario", self.files["all"], ready=False)

    def kill_postgres(self):
        self.row.servers.signal("postgres", "QUIT")
        time.sleep(self.dice.uniform(2, 10))
        self.row.servers.up("postgres")

    def break_redis(self):
        self.row.servers.signal("redis", self.dice.choice(("KILL", "STOP")))
        time.sleep(self.dice.uniform(2, 10))
        self.row.servers.up("redis")  # one that is stopped is deaf, and started anew

    def last(self, minutes):
        began, due = time.monotonic(), 20.0
        while (now := time.monotonic() - began) < 60 * minutes:
            for part, sizes in self.memory.values():
                sizes.append((now, resident(part.process)))
            if due <= now < 60 * minutes - 45:
                fault = self.dice.choice((self.kill_consumer, self.kill_postgres, self.break_redis))
                self.done.append(fault.__name__)
                fault()
                due = time.monotonic() - began + self.dice.uniform(10, 30)
            time.sleep(1)

    def end(self):
        """What was acknowledged, and what is stored of it in the end."""
        acked = 0
        for producer in self.producers:
            producer.post("/api/load/stop")
            wait_until(lambda producer=producer: producer.json("/api/load/stats")["queued"] == 0, "everything is acknowledged")
            acked += acked_by(producer)
        wait_until(lambda: self.own.stored()[0] >= acked, "everything is stored", limit=300, every=2)
        return acked, *self.own.stored()


def soak(millraced):
    """T26, the second part. MILLRACE_SOAK_MINUTES instead of 60; of a short one the memory says little, since buffers still fill."""
    minutes = float(os.environ.get("MILLRACE_SOAK_MINUTES", "60"))
    seed = int(os.environ.get("MILLRACE_SEED", "1"))
    checks, began = bench.Checks(), time.monotonic()
    with bench.Bench("T26", millraced, own=("kafka", "postgres", "redis")) as row:
        os.environ.update(row.servers.addresses)  # of these, not of tests/stack, are the services
        with service_parts.Own() as own:
            one = Soak(row, own, random.Random(seed))
            one.last(minutes)
            acked, rows, ids = one.end()
            grown = {name: growth(sizes, minutes) for name, (_, sizes) in one.memory.items()}
            faults = ", ".join(f"{one.done.count(name)} × {name}" for name in sorted(set(one.done)))
            shares = ", ".join(f"{name} {100 * share:+.1f} %" for name, share in grown.items())
            print(
                f"T26: {minutes:g} minutes at {RATE}/s, seed {seed}, {faults}; {acked} acked, {rows} stored, doubled {rows - ids}, "
                f"memory {shares}, {time.monotonic() - began:.0f} s"
            )
            checks.same("each event is stored once", acked=acked, rows=rows, ids=ids)
            for name, share in grown.items():
                checks.expect(f"{name}: memory grows by less than 5 %", share < 0.05, f"{100 * share:.1f} %")
    return checks.exit_code()


bench.drill({"t20_killed_producers": killed_producers, "t26_few_descriptors": few_descriptors, "t26_soak": soak})
