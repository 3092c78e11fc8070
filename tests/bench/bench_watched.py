#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What watching costs: how fast a producer and a consumer service bring a fixed number of events through the pipeline, with a
gateway, a Prometheus that scrapes all three each second and one event stream attached, and without, in turn. At a rate that
the machine cannot bear the throughputs tell; at one that it can, the CPU that all its processes use meanwhile does, and
varies less. Needs the servers of tests/stack and a machine without other work.
    bench_watched.py MILLRACED [PAIRS [RATE]]"""

import os
import pathlib
import statistics
import sys
import threading
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "scripts"))
import service_parts  # noqa: E402
from service_parts import wait_until  # noqa: E402
from tst_services_queries import Prometheus  # noqa: E402

PAIRS = int(sys.argv[2]) if len(sys.argv) > 2 else 8
RATE = int(sys.argv[3]) if len(sys.argv) > 3 else 150_000
SECONDS = 10


def cpu_seconds(process):
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def machine_cpu_seconds():
    """Of all processes: user, nice, system, interrupts."""
    fields = pathlib.Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()
    return sum(int(fields[i]) for i in (1, 2, 3, 6, 7)) / os.sysconf("SC_CLK_TCK")


def follow(part):
    """Reads its event stream until the part ends."""

    def body():
        try:
            with urllib.request.urlopen(f"{part.url}/api/stream", timeout=60) as stream:
                while stream.readline():
                    pass
        except OSError:
            pass

    threading.Thread(target=body, daemon=True).start()


def settled(producer, consumer):
    """(events stored so far, when) once nothing is on the way."""
    stored = consumer.json("/api/snapshot")["consumer"]["stored"]
    now = time.monotonic()
    load = producer.json("/api/load/stats")
    return load["status"] == "idle" and load["queued"] == 0 and stored == load["acked"] and (stored, now)


def throughput(own, producer, consumer):
    """Events per second, from the first that is due to the last that is stored, and how many cores were busy meanwhile."""
    before, _ = wait_until(lambda: settled(producer, consumer), "nothing is on the way")
    own.psql("truncate log_events")
    own.psql("checkpoint", own.admin)
    began, cpu = time.monotonic(), machine_cpu_seconds()
    producer.post(f"/api/load/burst?durationSeconds={SECONDS}&rate={RATE}")
    time.sleep(SECONDS)
    stored, ended = wait_until(lambda: settled(producer, consumer), "everything is stored", limit=120)
    return (stored - before) / (ended - began), (machine_cpu_seconds() - cpu) / (ended - began)


def watched(own, producer, consumer, scenario):
    with service_parts.contextlib.ExitStack() as attached:
        gateway = own.serve("gateway", "--producers", producer.address, "--consumers", consumer.address, "--scenario", scenario)
        attached.callback(gateway.terminate)
        prometheus = Prometheus(own, (gateway, producer, consumer))
        attached.callback(prometheus.process.wait)
        attached.callback(prometheus.process.terminate)
        wait_until(lambda: prometheus.has_scraped(0), "all three are scraped")
        follow(gateway)
        before = [cpu_seconds(process) for process in (gateway.process, prometheus.process)]
        figures = throughput(own, producer, consumer)
        spent = [cpu_seconds(process) - was for process, was in zip((gateway.process, prometheus.process), before)]
        return figures, spent


def summary(name, values):
    error = statistics.stdev(values) / len(values) ** 0.5 if len(values) > 1 else float("nan")
    print(f"{name}: median {statistics.median(values):.3f}, mean {statistics.mean(values):.3f} ± {error:.3f} (standard error)")


def main():
    with service_parts.Own() as own:
        file = own.scenario("{name: a, event: {key: none}, stages: [{duration: 1s, rate: 1/s}]}", consumer="concurrency: 2")
        consumer = own.serve("consumer", "--scenario", file)
        producer = own.serve("producer", "--scenario", file)
        producer.post("/api/load/stop")
        throughput(own, producer, consumer)  # everything warm
        ratios, costs = [], []
        for pair in range(PAIRS):
            figures = {}
            for watching in (True, False) if pair % 2 == 0 else (False, True):
                if watching:
                    figures[True], (gateway, prometheus) = watched(own, producer, consumer, file)
                else:
                    figures[False] = throughput(own, producer, consumer)
            (rate, cpu), (rate_alone, cpu_alone) = figures[True], figures[False]
            ratios.append(rate / rate_alone)
            costs.append((cpu - cpu_alone) / os.cpu_count())
            print(
                f"watched {rate:,.0f}/s on {cpu:.3f} cores, alone {rate_alone:,.0f}/s on {cpu_alone:.3f};"
                f" ratio {ratios[-1]:.3f}; CPU of gateway {gateway:.2f} s, of Prometheus {prometheus:.2f} s",
                flush=True,
            )
        summary("throughput watched / alone", ratios)
        summary("share of the machine's CPU that watching costs", costs)


if __name__ == "__main__":
    main()
