#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a case: a scenario, faults and the expected verdict as text files. README.md says what they may hold.
    run.py MILLRACED FOLDER"""

import pathlib
import re
import signal
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "faults"))
import bench  # noqa: E402

SERVERS = "kafka|postgres|redis"
TIME = r"(\d+(?:\.\d+)?)(ms|s)"


def seconds(number, unit):
    return float(number) / (1000 if unit == "ms" else 1)


def lines_of(file):
    """Without comments and blank lines, each with its place."""
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line := line.partition("#")[0].strip():
            yield f"{file.name}:{number}", line


class Faults:
    """fault.txt: what happens, at which second of the load."""

    def __init__(self, file):
        self.steps, self.own, self.proxied = [], set(), set()
        for place, line in lines_of(file):
            at = re.fullmatch(rf"at {TIME} (.+)", line)
            if not at or not self._read(seconds(at[1], at[2]), at[3]):
                sys.exit(f"{place}: '{line}' is no fault; see tests/cases/README.md")
        self.steps.sort(key=lambda step: step[0])

    def _add(self, at, server, act):
        if server:
            self.own.add(server)
        self.steps.append((at, act))
        return True

    def _read(self, at, words):
        if found := re.fullmatch(rf"stop ({SERVERS}) {TIME}", words):
            name = found[1]
            self._add(at, name, lambda row, run: row.servers.signal(name, "STOP"))
            return self._add(at + seconds(found[2], found[3]), name, lambda row, run: row.servers.signal(name, "CONT"))
        if found := re.fullmatch(rf"kill ({SERVERS})(?:, back after {TIME})?", words):
            name = found[1]
            deadly = "QUIT" if name == "postgres" else "KILL"  # its immediate stop takes its children along
            self._add(at, name, lambda row, run: row.servers.signal(name, deadly))
            return not found[2] or self._add(at + seconds(found[2], found[3]), name, lambda row, run: row.servers.up(name))
        if words == "flush redis":
            return self._add(at, "redis", lambda row, run: row.redis("FLUSHALL"))
        if found := re.fullmatch(r"signal run (TERM|INT)", words):
            return self._add(at, None, lambda row, run: run.send(signal.Signals[f"SIG{found[1]}"]))
        if found := re.fullmatch(rf"proxy ({SERVERS}) (.+)", words):
            name, order = found[1], re.sub(r"(\d+)ms\b", r"\1", found[2])
            self.proxied.add(name)
            return self._add(at, name, lambda row, run: row.proxy[name].order(order))
        return False


class Expected:
    """expected.txt: what the run's end and its result must be."""

    def __init__(self, file):
        self.lines = [(line, self._read(place, line)) for place, line in lines_of(file)]

    @staticmethod
    def _read(place, line):
        """The figures of this line and whether they hold, of an end."""
        if found := re.fullmatch(r"exit (\d+(?: or \d+)*)", line):
            codes = {int(code) for code in found[1].split(" or ")}
            return lambda end: (end.code, end.code in codes)
        if found := re.fullmatch(r"status ([a-z -]+)", line):
            allowed = found[1].split(" or ")
            return lambda end: (end.verdict["status"], end.verdict["status"] in allowed)
        if found := re.fullmatch(r"(summary|timeline) (contains|lacks) \"(.+)\"", line):
            part, wanted, text = found[1], found[2] == "contains", found[3]
            return lambda end: (end.texts[part][:400], (text in end.texts[part]) == wanted)
        if found := re.fullmatch(rf"ends within {TIME}", line):
            limit = seconds(found[1], found[2])
            return lambda end: (f"{end.took:.1f} s", end.took <= limit)
        if found := re.fullmatch(r"([a-z_]+) (\d+)", line):
            return lambda end: (end.ledger.get(found[1]), end.ledger.get(found[1]) == int(found[2]))
        sys.exit(f"{place}: '{line}' is no expectation; see tests/cases/README.md")


class End:
    def __init__(self, code, result, took):
        self.code, self.took = code, took
        self.verdict, self.ledger = result["verdict"], result["ledger"]
        timeline = "\n".join(f"{mark['kind']}: {mark['text']}" for mark in result["timeline"])
        self.texts = {"summary": self.verdict["summary"], "timeline": timeline}


def carry_out(row, run, faults):
    """The faults, each at its second of the load; when the last signal came."""
    began = time.monotonic()
    last = began
    for at, act in faults.steps:
        while time.monotonic() < began + at and run.process.poll() is None:
            time.sleep(0.02)
        if run.process.poll() is not None:
            raise RuntimeError(f"the run ended before the fault at {at:g} s")
        last = time.monotonic()
        act(row, run)
    return last


def main():
    if len(sys.argv) != 3:
        sys.exit(f"usage: {sys.argv[0]} MILLRACED FOLDER")
    folder = pathlib.Path(sys.argv[2]).resolve()
    faults, expected = Faults(folder / "fault.txt"), Expected(folder / "expected.txt")
    with bench.Bench(folder.name, sys.argv[1], own=sorted(faults.own), proxied=sorted(faults.proxied)) as row:
        own = []
        for path, value in {
            "kafka.topic": row.name,
            "kafka.critical.topic": f"{row.name}-critical",
            "kafka.analytics.topic": f"{row.name}-analytics",
            "kafka.group": row.name,
            "dedupe.prefix": f"{row.name}/",
        }.items():
            own += ["--set", f"{path}={value}"]
        run = row.start(folder / "scenario.yaml", "run", *own)
        watchdog = threading.Timer(600, run.process.kill)
        watchdog.daemon = True  # where something fails before its time
        watchdog.start()
        row.when_stored(run, 1)
        last = carry_out(row, run, faults)
        code = run.wait(600)
        watchdog.cancel()
        end = End(code, run.result, time.monotonic() - last)
        print(f"{folder.name}: {end.verdict['summary']}")
        row.judge(f"{len(faults.steps)} faults", [end.ledger], log=row.answers("kafka"))
        for line, holds in expected.lines:
            figure, held = holds(end)
            row.checks.expect(line, held, figure)
        sys.exit(row.checks.exit_code())


main()
