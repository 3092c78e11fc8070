#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records runs whose trouble has a known cause, for the test of what a report names as the bottleneck:

    eval "$(tests/stack/env)"; tests/scripts/record_causes.py MILLRACED [CAUSE…]

Writes tests/core/data/causes/CAUSE.json.gz, one run of 24 s each, on the servers of tests/stack/up. The machine should
have nothing else to do. A recording is made again only where the result file or the recorder changes.
"""
import gzip
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
STACK = ROOT / "tests" / "stack"
CAUSES = ROOT / "tests" / "core" / "data" / "causes"
BEGINS, LASTS = 10, 5  # seconds into the load

SCENARIO = """version: 1
name: {name}
seed: 7
warmup: 6s
drain: 60s
streams:
  - name: baseline
    stages:
      - {{duration: 24s, rate: {rate}/s}}
{more}
consumer: {consumer}
thresholds:
  - end_to_end p99 over 2s < 100ms
  - lost == 0
"""
BURST = """  - name: burst
    start: 10s
    stages:
      - {duration: 5s, rate: 80000/s}
"""


def tell(server, name):
    subprocess.run([STACK / "signal", server, name], check=True)


def freeze(server):
    tell(server, "STOP")
    time.sleep(LASTS)
    tell(server, "CONT")


def kill(server):
    tell(server, "KILL")
    time.sleep(LASTS)
    subprocess.run([STACK / "up", server], check=True, stdout=subprocess.DEVNULL)


def slow(server):
    """Runs for a fifth of the time: slower, and never away for long."""
    for _ in range(LASTS * 2):
        tell(server, "STOP")
        time.sleep(0.4)
        tell(server, "CONT")
        time.sleep(0.1)


def hog(_):
    """Others take the processors."""
    greedy = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"], preexec_fn=lambda: os.nice(-15))
        for _ in range(4 * os.cpu_count())
    ]
    time.sleep(LASTS + 3)
    for each in greedy:
        each.kill()
        each.wait()


def nothing(_):
    """The scenario itself is the cause."""


SERVERS = ("kafka", "postgres", "redis")
HOW = {f"{server}_{word}": (how, server) for server in SERVERS
       for word, how in (("frozen", freeze), ("killed", kill), ("slowed", slow))}
HOW |= {"processors_taken": (hog, None), "burst": (nothing, None), "consumer_too_small": (nothing, None)}


def slim(result):
    """Without what no cause is read from, and without the machine's name."""
    for sample in result["samples"]:
        sample["histograms"] = {name: text for name, text in sample["histograms"].items()
                                if name in ("send_delay", "ack_uncorrected", "processing", "end_to_end")}
    result["histograms"], result["streams"] = {}, []
    result["host"] = {"cores": result["host"]["cores"]}
    return json.dumps(result).encode()


def record(program, cause):
    with tempfile.TemporaryDirectory() as folder:
        small = cause == "consumer_too_small"
        scenario = pathlib.Path(folder) / "scenario.yaml"
        scenario.write_text(SCENARIO.format(
            name=cause.replace("_", " "), rate=1500 if small else 2000, more=BURST if cause == "burst" else "",
            consumer="{concurrency: 1, batch: 1, linger: 0s}" if small else "{concurrency: 3}"))
        out = pathlib.Path(folder) / "out"
        run = subprocess.Popen([program, "run", scenario, "--out", out], stdout=subprocess.PIPE, text=True)
        for line in run.stdout:  # the load begins with the stages
            if re.search(r"phase: stages", line):
                break
        time.sleep(BEGINS)
        how, server = HOW[cause]
        how(server)
        run.stdout.read()
        run.wait()
        CAUSES.mkdir(exist_ok=True)
        text = slim(json.loads((out / "result.json").read_text()))
        (CAUSES / f"{cause}.json.gz").write_bytes(gzip.compress(text, mtime=0))
        print(f"{cause}: exit {run.returncode}, {len(text)} bytes")


def main():
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for cause in sys.argv[2:] or HOW:
        record(sys.argv[1], cause)


main()
