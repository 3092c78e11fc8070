#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stop means stop (K6, T19): with a Kafka that does not answer any more and more than 10,000 events queued, SIGTERM ends a
run within 15 s and a second signal within 2 s, with every event accounted for and the result written.
    tst_stop.py MILLRACED"""

import contextlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

import service_parts
from service_parts import PATIENCE, wait_until

STACK = pathlib.Path(__file__).resolve().parent.parent / "stack"
SCENARIO = """version: 1
name: stop
drain: 60s
streams:
  - {{name: baseline, stages: [{{duration: {load}, rate: 5000/s}}]}}
  - {{name: payments, tier: critical, stages: [{{duration: {load}, rate: 100/s}}]}}
thresholds: [lost == 0]
"""
QUEUED = 10_000
SLACK = 1.5  # a start of the process that is asked, on a machine that does other things as well


class Kafka:
    """A Kafka of this test's own, for other tests do not like it frozen."""

    def __init__(self, folder):
        self.environment = {**os.environ, "MILLRACE_STACK_DIR": str(folder)}
        self.script("up", "kafka")
        lines = self.script("env")
        self.address = next(line.split("=", 1)[1] for line in lines.splitlines() if line.startswith("export MILLRACE_BROKER="))

    def script(self, name, *arguments):
        return subprocess.run(
            [STACK / name, *arguments], env=self.environment, stdout=subprocess.PIPE, text=True, check=True, timeout=PATIENCE
        ).stdout

    @contextlib.contextmanager
    def frozen(self):
        self.script("signal", "kafka", "STOP")
        try:
            yield
        finally:
            self.script("signal", "kafka", "CONT")


def so_far(out):
    """The result as the journal has it: behind a line about the run."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return json.loads((out / "run.journal").read_text(encoding="utf-8").split("\n", 1)[1])
    return {}


def ledger_so_far(out):
    return so_far(out).get("ledger", {})


def drains(out):
    return any(mark["kind"] == "phase" and "drain" in json.dumps(mark) for mark in so_far(out).get("timeline", []))


def accounted(checks, what, out, least, code):
    """Every event of the run has its place in the result."""
    result = json.loads((out / "result.json").read_text(encoding="utf-8"))
    ledger = result["ledger"]
    checks.same(
        f"{what}: planned = sent + unsent + shed",
        planned=ledger["planned"],
        accounted=ledger["sent"] + ledger["unsent"] + ledger["shed"],
    )
    checks.same(
        f"{what}: sent = acked + failed + in doubt",
        sent=ledger["sent"],
        accounted=ledger["acked"] + ledger["failed"] + ledger["in_doubt"],
    )
    waiting = ledger["failed"] + ledger["in_doubt"]
    checks.expect(f"{what}: what was queued is failed or in doubt", waiting >= least, ledger)
    checks.same(f"{what}: nothing is called lost that nobody could look up", lost=ledger["lost"], none=0)
    checks.expect(f"{what}: the verdict is that of the process", result["verdict"]["exit"] == code, result["verdict"]["summary"])


def stop(checks, kafka, folder, what, load, signals, limit):
    """Freezes Kafka under load, waits for 10,000 queued events, and sends as many signals as told, a second apart."""
    name = what.replace(" ", "-")
    scenario = folder / f"{name}.yaml"
    scenario.write_text(SCENARIO.format(load=load), encoding="utf-8")
    out = folder / name
    command = [sys.argv[1], "run", scenario, "--broker", kafka.address, "--store", "embedded", "--dedupe", "memory", "--quiet", "--out", out]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as run:
        try:
            wait_until(lambda: ledger_so_far(out).get("stored", 0) > 0, f"{what}: the run stores")
            with kafka.frozen():

                def queued():
                    ledger = ledger_so_far(out)
                    return ledger.get("sent", 0) - ledger.get("acked", 0)

                wait_until(lambda: queued() >= QUEUED, f"{what}: {QUEUED} events are queued")
                if load != "60s":
                    wait_until(lambda: drains(out), f"{what}: it drains")
                for number in range(signals):
                    if number > 0:
                        time.sleep(1)
                    run.send_signal(signal.SIGTERM)
                began = time.monotonic()
                said = run.communicate(timeout=PATIENCE)[1].strip().rpartition("\n")[2]
                took = time.monotonic() - began
            checks.expect(f"{what}: it ends within {limit} s", took <= limit + SLACK, f"{took:.2f} s: {said}")
            accounted(checks, what, out, QUEUED, run.returncode)
            # Who did not wait for an answer knows nothing of Kafka.
            expected = 6 if signals == 1 else 130
            checks.expect(f"{what}: exit code {expected}", run.returncode == expected, f"{run.returncode}: {said}")
        finally:
            run.kill()


def main():
    checks = service_parts.Checks()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        kafka = Kafka(folder / "stack")
        try:
            stop(checks, kafka, folder, "SIGTERM under load", "60s", 1, 15)
            stop(checks, kafka, folder, "two under load", "60s", 2, 2)
            stop(checks, kafka, folder, "SIGTERM while it drains", "5s", 1, 15)
            stop(checks, kafka, folder, "two while it drains", "5s", 2, 2)
        finally:
            kafka.script("down")
    return checks.exit_code()


if __name__ == "__main__":
    sys.exit(main())
