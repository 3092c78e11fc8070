#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What watching costs: how fast a producer and a consumer service bring a fixed number of events through the pipeline, with a
gateway, a Prometheus that scrapes all three each second and one event stream attached, and without; in turn, more load than
the machine can bear. Needs the servers of tests/stack.
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
    """Events per second, from the first that is due to the last that is stored."""
    before, _ = wait_until(lambda: settled(producer, consumer), "nothing is on the way")
    own.psql("truncate log_events")
    own.psql("checkpoint", own.admin)
    began = time.monotonic()
    producer.post(f"/api/load/burst?durationSeconds={SECONDS}&rate={RATE}")
    time.sleep(SECONDS)
    stored, ended = wait_until(lambda: settled(producer, consumer), "everything is stored", limit=120)
    return (stored - before) / (ended - began)


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
        rate = throughput(own, producer, consumer)
        spent = [cpu_seconds(process) - was for process, was in zip((gateway.process, prometheus.process), before)]
        return rate, spent


def main():
    with service_parts.Own() as own:
        file = own.scenario("{name: a, event: {key: none}, stages: [{duration: 1s, rate: 1/s}]}", consumer="concurrency: 2")
        consumer = own.serve("consumer", "--scenario", file)
        producer = own.serve("producer", "--scenario", file)
        producer.post("/api/load/stop")
        throughput(own, producer, consumer)  # everything warm
        ratios = []
        for pair in range(PAIRS):
            rates = {}
            for watching in (True, False) if pair % 2 == 0 else (False, True):
                if watching:
                    rates[True], (gateway, prometheus) = watched(own, producer, consumer, file)
                else:
                    rates[False] = throughput(own, producer, consumer)
            ratios.append(rates[True] / rates[False])
            print(
                f"watched {rates[True]:,.0f}/s, alone {rates[False]:,.0f}/s, ratio {ratios[-1]:.3f};"
                f" CPU of gateway {gateway:.2f} s, of Prometheus {prometheus:.2f} s",
                flush=True,
            )
        error = statistics.stdev(ratios) / len(ratios) ** 0.5 if len(ratios) > 1 else float("nan")
        print(f"ratio: median {statistics.median(ratios):.3f}, mean {statistics.mean(ratios):.3f} ± {error:.3f} (standard error)")


if __name__ == "__main__":
    main()
