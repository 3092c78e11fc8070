#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs under a wall clock that is set, in a process that stands still, and with few or slow events: each is told what is
so, and ends.
    tst_run_time.py MILLRACED"""

import glob
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

import service_parts

PATIENCE_S = 90
CLOCK = next(iter(glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")), "")


class Run:
    """One embedded run; `clock` fakes the wall clock by a file that says how far it is off."""

    def __init__(self, folder, stages, rules="lost == 0", warmup="0s", clock=False, drain="10s"):
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=folder))
        scenario = (
            f"version: 1\nname: timely\nwarmup: {warmup}\ndrain: {drain}\nstreams: [{{name: a, stages: [{stages}]}}]\n"
            f"thresholds: [{rules}]\n"
        )
        (self.folder / "timely.yaml").write_text(scenario, encoding="utf-8")
        environment = dict(os.environ)
        self.clock = self.folder / "clock"
        if clock:
            self.set_clock("+0s")
            environment |= {
                "LD_PRELOAD": CLOCK,
                "FAKETIME_TIMESTAMP_FILE": str(self.clock),
                "FAKETIME_NO_CACHE": "1",
                "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            }
        command = [sys.argv[1], "run", "timely.yaml", "--target", "embedded", "--out", "out", "--quiet"]
        self.process = subprocess.Popen(command, cwd=self.folder, env=environment, stderr=subprocess.PIPE, text=True)
        service_parts.wait_until(self.under_load, "the run is under load")

    def under_load(self):
        return (self.folder / "out" / "run.journal").exists() or self.process.poll() is not None

    def set_clock(self, offset):
        written = self.clock.with_suffix(".new")
        written.write_text(offset + "\n", encoding="utf-8")
        written.rename(self.clock)

    def stand_still(self, seconds):
        self.process.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        self.process.send_signal(signal.SIGCONT)

    def end(self):
        try:
            self.process.communicate(timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            raise SystemExit(f"not ok: the run does not end ({self.folder})")
        return json.loads((self.folder / "out" / "result.json").read_text(encoding="utf-8"))

    def marks(self, result):
        return " | ".join(mark["text"] for mark in result["timeline"])


def busy(result):
    """This machine was: no verdict about the run."""
    return "the generator was saturated" in result["verdict"]["summary"]


def stepped_clock(checks, folder):
    for offset, words in (("-2d", "The wall clock was set back by 48 h"), ("+1h", "The wall clock was set forward by 1 h")):
        run = Run(folder, "{duration: 6s, rate: 50/s}", clock=True)
        time.sleep(2)
        run.set_clock(offset)
        result = run.end()
        checks.expect(f"{offset}: the verdict of an unstepped run", run.process.returncode == 0 or busy(result), result["verdict"]["summary"])
        ledger = result["ledger"]
        checks.expect(f"{offset}: every event is stored, none is foreign", ledger["stored"] == 300 and ledger["foreign"] == 0, str(ledger))
        checks.expect(f"{offset}: a mark says so", words in run.marks(result), run.marks(result))

    run = Run(folder, "{duration: 60s, rate: 50/s}", clock=True)
    run.set_clock("+3d")
    time.sleep(1)
    begin = time.monotonic()
    run.process.send_signal(signal.SIGTERM)
    result = run.end()
    took = time.monotonic() - begin
    checks.expect("three days forward: SIGTERM is heard", run.process.returncode == 130 and took < 15, f"{took:.1f} s")
    checks.expect(
        "the sentence says how far it came",
        result["verdict"]["summary"].startswith("Interrupted: stopped by hand after ")
        and " of 60 s; its rule held until then; " in result["verdict"]["summary"],
        result["verdict"]["summary"],
    )


def standing_still(checks, folder):
    for rate in ("1/s", "50/s", "2000/s"):
        run = Run(folder, f"{{duration: 8s, rate: {rate}}}")
        time.sleep(2)
        run.stand_still(3)
        result = run.end()
        checks.same(f"{rate}: the run is invalid", exit=run.process.returncode, expected=5)
        summary = result["verdict"]["summary"]
        checks.expect(f"{rate}: the generator is blamed", summary.startswith("Invalid: the generator stood still for 3"), summary)
        checks.expect(f"{rate}: a mark says so", "The process stood still for 3" in run.marks(result), run.marks(result))
    run = Run(folder, "{duration: 3s, rate: 200/s}", warmup="5s")
    time.sleep(0.5)
    run.stand_still(1.5)
    result = run.end()
    checks.expect("a stand-still in the warm-up spoils nothing", run.process.returncode == 0 or busy(result), result["verdict"]["summary"])


def few_events(checks, folder):
    run = Run(folder, "{duration: 100ms, rate: 100/s}", "lost == 0, throughput >= 95% of target")
    result = run.end()
    checks.expect("100 ms: what is stored just after the end counts", run.process.returncode == 0, result["verdict"]["summary"])
    run = Run(folder, "{duration: 12s, rate: 0.2/s}")
    rates = run.end()["rate_per_s"]
    checks.expect("the target is the rate that was asked for", abs(rates["target"] - 0.2) < 0.001, str(rates))
    checks.expect("nothing is acknowledged that was not sent", rates["sent"] >= rates["acked"] >= rates["stored"], str(rates))
    run = Run(folder, "{duration: 1s, rate: 40/s}")
    summary = run.end()["verdict"]["summary"]
    checks.expect("forty events have no p99", "p99" not in summary, summary)


def main():
    checks = service_parts.Checks()
    if not CLOCK:
        raise SystemExit("not ok: libfaketime is missing: apt-get install faketime")
    with tempfile.TemporaryDirectory() as folder:
        stepped_clock(checks, folder)
        standing_still(checks, folder)
        few_events(checks, folder)
    return checks.exit_code()


if __name__ == "__main__":
    sys.exit(main())
