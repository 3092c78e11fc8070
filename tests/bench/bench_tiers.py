#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What streams and tiers cost each other on real servers, in pairs of runs in turn: the send delay of a baseline with and without a
burst of ten times its rate beside it, and the end-to-end latency of the critical tier alone and while analytics gets more than a
quota of the broker takes and is shed. Needs the servers of tests/stack and a machine without other work.
    bench_tiers.py MILLRACED [PAIRS [SECONDS]]"""

import pathlib
import statistics
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "faults"))
import bench  # noqa: E402

PAIRS = int(sys.argv[2]) if len(sys.argv) > 2 else 5
SECONDS = int(sys.argv[3]) if len(sys.argv) > 3 else 20
ANALYTICS = 30_000  # events per second
TAKEN = 1_000_000  # bytes per second that the broker takes of them


def run(streams, quota=None):
    """The result of a run of these streams: name, tier, rate."""
    with bench.Bench("tiers", sys.argv[1]) as row:
        lines = "".join(f"  - {{name: {name}, tier: {tier}, stages: [{{duration: {SECONDS}s, rate: {rate}/s}}]}}\n" for name, tier, rate in streams)
        file = row.scenario(10, 1)
        text = file.read_text(encoding="utf-8")
        before, _, rest = text.partition("streams:\n")
        file.write_text(f"{before}warmup: 5s\nstreams:\n{lines}" + rest[rest.index("kafka:") :], encoding="utf-8")
        if quota:
            limited = ("--alter", "--entity-type", "clients", "--entity-name", f"millrace-{quota}")
            tool = (bench.STACK / "kafka-tool", "ConfigCommand", *limited)
            subprocess.run([*tool, "--add-config", f"producer_byte_rate={TAKEN}"], check=True, capture_output=True)
            row.callback(subprocess.run, [*tool, "--delete-config", "producer_byte_rate"], check=True, capture_output=True)
        process = row.start(file)
        process.wait()
        return process.result


def of(result, name):
    return next(stream for stream in result["streams"] if stream["name"] == name)


def pairs(title, stream, latency, alone, beside, quota=None):
    found = []
    for pair in range(PAIRS):
        results = {}
        for loaded in (False, True) if pair % 2 == 0 else (True, False):
            results[loaded] = run([alone, beside] if loaded else [alone], quota if loaded else None)
        figures = [of(results[loaded], stream)["latency_ms"][latency] for loaded in (False, True)]
        other = of(results[True], beside[0])
        found.append([figure["p99"] for figure in figures])
        print(
            f"{title}: {latency} p99 {found[-1][0]:.3f} ms alone, {found[-1][1]:.3f} ms beside; p50 {figures[0]['p50']:.3f}, {figures[1]['p50']:.3f};"
            f" {other['name']} planned {other['planned']:,}, acked {other['acked']:,}, shed {other['shed']:,};"
            f" '{results[True]['verdict']['summary']}'",
            flush=True,
        )
    print(f"{title}: median of the differences {statistics.median(b - a for a, b in found):.3f} ms, of the ratios {statistics.median(b / a for a, b in found):.2f}")


pairs("burst", "baseline", "send_delay", ("baseline", "normal", 1000), ("burst", "normal", 10_000))
pairs("shed by a quota", "first", "end_to_end", ("first", "critical", 500), ("bulk", "analytics", ANALYTICS), quota="bulk")
