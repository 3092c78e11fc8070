#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Prometheus that scrapes all three roles: the queries that users have agree with what the services say of themselves,
and every query of the shipped dashboards and rules returns data.
    tst_services_queries.py MILLRACED"""

import collections
import contextlib
import json
import math
import pathlib
import subprocess
import sys
import time
import urllib.parse

import service_parts
from service_parts import PATIENCE, wait_until

RATE = 1000
WINDOW = 60  # seconds, that of the rates
SCRIPTS = pathlib.Path(__file__).resolve().parent
NOT_DRAINING = "millrace_time_to_drain_seconds is missing"  # as is promised while the lag does not fall
STEP = 2 ** (1 / 16)  # from one bucket's bound to the next, from 1 ms to 8 s
RANK = 0.005  # rate() adds up to half a scrape's interval to both ends, but not to a bucket that had too few counts before


class Prometheus:
    def __init__(self, own, parts):
        self.url = f"http://127.0.0.1:{service_parts.free_ports(1)[0]}"
        file = own.folder / "prometheus.yaml"  # JSON is YAML
        jobs = [
            {
                "job_name": f"millrace-{part.role}",
                "metrics_path": "/actuator/prometheus",
                "static_configs": [{"targets": [part.address]}],
            }
            for part in parts
        ]
        file.write_text(
            json.dumps(
                {
                    "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
                    "rule_files": [str(service_parts.SOURCE / "resources/dashboards/alerts.yaml")],
                    "scrape_configs": jobs,
                }
            ),
            encoding="utf-8",
        )
        self.process = own.spawn(
            "prometheus",
            "prometheus",
            f"--config.file={file}",
            f"--storage.tsdb.path={own.folder}/prometheus-{self.url[17:]}",
            f"--web.listen-address={self.url[7:]}",
            "--enable-feature=exemplar-storage",
        )
        wait_until(self.ready, "prometheus answers")

    def ready(self):
        with contextlib.suppress(OSError):
            return service_parts.ask(f"{self.url}/-/ready").status == 200
        return False

    def value(self, query, at=None):
        """Of the one series that the query has; nothing without data."""
        parameters = {"query": query} | ({"time": at} if at else {})
        found = service_parts.ask(f"{self.url}/api/v1/query?{urllib.parse.urlencode(parameters)}").json["data"]["result"]
        return float(found[0]["value"][1]) if len(found) == 1 else None

    def has_scraped(self, since):
        """Each of the three has been scraped after this time."""
        return self.value(f"count(timestamp(up == 1) > {since})") == 3


def formats(checks, parts):
    for part in parts:
        text = part.get("/actuator/prometheus").body
        verdict = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, check=False)
        said = (verdict.stdout + verdict.stderr).decode().strip()
        checks.expect(
            f"promtool has nothing to say about the metrics of the {part.role}",
            verdict.returncode == 0 and not said,
            said or f"{len(text)} bytes",
        )
        verdict = subprocess.run(
            [sys.executable, "-B", SCRIPTS / "contract_metrics.py", part.role], input=text, capture_output=True, check=False
        )
        said = (verdict.stdout + verdict.stderr).decode().strip()
        checks.expect(f"the metrics of the {part.role} are those that are promised", said in ("as promised", NOT_DRAINING), said)


def finished_run(checks, own):
    """So that the store has a ledger."""
    file = own.scenario("{name: short, stages: [{duration: 3s, rate: 200/s}]}", label="short", topic=f"{own.name}-run")
    run = subprocess.run(
        [own.millraced, "run", file, "--store", own.store, "--out", own.folder / "run"],
        env=own.environment,
        cwd=own.folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    ledger = json.loads((own.folder / "run/result.json").read_text(encoding="utf-8"))["ledger"]
    # 3 and 5: this machine was too busy to generate the load in time. The counts hold all the same.
    checks.expect(
        "a run of 3 s on the same servers",
        run.returncode in (0, 3, 5) and ledger["stored"] == 600,
        f"exit code {run.returncode}, stored {ledger['stored']}",
    )
    return ledger


def own_counts(producer, consumer):
    """(time, what the producer says that Kafka acknowledged, what the consumer says that it processed), not by /metrics."""
    acked, counts = producer.get("/api/load/stats"), consumer.get("/api/snapshot")
    processed = counts.json["consumer"]
    return ((acked.began + acked.ended) / 2, acked.json["acked"]), (
        (counts.began + counts.ended) / 2,
        sum(processed[name] for name in ("stored", "duplicate_filter", "duplicate_batch", "duplicate_store")),
    )


def pause(producer, consumer, prometheus):
    """Everything stands still, and has been scraped so; the consumer's snapshot of then."""
    producer.post("/api/load/pause")
    acked = wait_until(lambda: (now := producer.json("/api/load/stats"))["queued"] == 0 and now["acked"], "the load has paused")
    snapshot = wait_until(
        lambda: (now := consumer.json("/api/snapshot"))["consumer"]["stored"] == acked and now, "everything is stored"
    )
    if prometheus:
        wait_until(lambda since=time.time(): prometheus.has_scraped(since), "that has been scraped")
    return snapshot


def calm(history, end):
    """For the second and a half around `end` the counts grew as they should: Prometheus makes up for the part of a second
    between its samples and its window's end by what came in the rest of the window."""
    around = [counts for counts in history if abs(counts[1][0] - end) <= 1.5]
    return all(
        abs((last[1] - first[1]) / (last[0] - first[0]) - RATE) < RATE / 5 for first, last in zip(around[0], around[-1])
    )


def rates(checks, prometheus, producer, consumer):
    """Over a window at whose ends no stand-still of this machine falls."""
    history = []

    def window():
        history.append(own_counts(producer, consumer))
        after = next((counts for counts in reversed(history) if counts[1][0] <= history[-1][1][0] - 2), None)
        before = after and next((counts for counts in reversed(history) if counts[1][0] <= after[1][0] - WINDOW), None)
        whole = before and before[1][0] >= history[0][1][0] + 2
        return whole and calm(history, before[1][0]) and calm(history, after[1][0]) and (before, after)

    before, after = wait_until(window, "a window with calm ends", limit=2 * WINDOW, every=0.25)
    at = after[1][0]
    wait_until(lambda: prometheus.has_scraped(at), "the window's end has been scraped")
    for query, (began, first), (ended, last) in zip(
        ("rate(kafka_producer_send_success_total[1m])", "rate(log_processed_count_total[1m])"), before, after
    ):
        value = prometheus.value(query, at)
        own = (last - first) / (ended - began)
        if value is None:
            checks.expect(f"{query} returns data", False)
        else:
            checks.agree(f"{query} agrees within 2 % with own counts", value, own, 0.02)


def in_buckets(counts, quantile):
    """What Prometheus makes of these values: evenly spread between the bounds of the bucket in which the rank falls."""
    buckets = collections.Counter()
    for index, count in counts.items():
        buckets[math.ceil(16 * math.log2(service_parts.bucket_highest(index) / 1e6))] += count
    rank = quantile * sum(buckets.values())
    for power in sorted(buckets):
        if rank <= buckets[power]:
            low, high = STEP ** (power - 1), STEP**power
            return low + (high - low) * rank / buckets[power]
        rank -= buckets[power]
    raise ValueError("no values")


def quantiles(checks, prometheus, before, after):
    """Over the stretch from the one snapshot to the other, at both of which everything stood still and was scraped."""
    counts = service_parts.histograms([after], "processing")
    for index, count in service_parts.histograms([before], "processing").items():
        counts[index] -= count
    for p in (50, 95, 99):
        low, high = in_buckets(counts, p / 100 - RANK), in_buckets(counts, p / 100 + RANK)
        for name in ("log_processing_time_bucket", "log_processing_time_seconds_bucket"):
            query = f"histogram_quantile({p / 100:g}, rate({name}[5m]))"
            value = prometheus.value(query)
            checks.expect(
                f"{query} is that of {sum(counts.values())} own values in such buckets, within 0.5 % of them and 2 %",
                value is not None and 0.98 * low <= value <= 1.02 * high,
                f"{value}, expected {low:.6g} to {high:.6g}",
            )


def exemplars(checks, own, prometheus, since):
    """Each is the id of a stored event. Its transaction began between its due time and the end that the exemplar says."""
    rows = {identity: (due, began) for identity, due, began in own.rows()}
    for name in ("millrace_end_to_end_seconds_bucket", "log_processing_time_bucket"):
        query = urllib.parse.urlencode({"query": name, "start": since, "end": time.time()})
        series = service_parts.ask(f"{prometheus.url}/api/v1/query_exemplars?{query}").json["data"]
        found = {one["labels"]["id"]: float(one["value"]) for each in series for one in each["exemplars"]}
        strangers = sorted(found.keys() - rows.keys())
        checks.expect(
            f"{len(found)} exemplars of {name} are stored events", found and not strangers, f"not stored: {strangers[:3]}"
        )
        if name.startswith("millrace"):
            early = [
                identity
                for identity in found.keys() & rows.keys()
                if found[identity] < rows[identity][1] - rows[identity][0] - 0.001  # what clocks and roundings differ by
            ]
            checks.expect("and none was stored before its transaction began", not early, f"{early[:3]}")


def every_query(checks, prometheus, seconds):
    command = [sys.executable, "-B", SCRIPTS / "every_query.py", "--interval", "1", "--window", str(seconds), prometheus.url]
    result = subprocess.run(command, capture_output=True, text=True, timeout=2 * PATIENCE, check=False)
    # What says nothing while no lag falls; services_lag sees it fall.
    empty = [line for line in result.stdout.splitlines() if "no data" in line and "millrace_time_to_drain_seconds" not in line]
    checks.expect(
        "every query of the dashboards and rules returns data",
        result.returncode in (0, 1) and not empty,
        "; ".join(empty) or result.stdout.strip().splitlines()[-1],
    )


def main():
    checks = service_parts.Checks()
    began = time.time()
    with service_parts.Own() as own:
        scenario = ("--scenario", own.scenario(f"{{name: baseline, stages: [{{duration: 60s, rate: {RATE}/s}}]}}"))
        producer = own.serve("producer", *scenario)
        gateway = own.serve(
            "gateway",
            "--producers",
            producer.address,
            "--consumers",
            (at := f"127.0.0.1:{service_parts.free_ports(1)[0]}"),
            *scenario,
        )
        ledger = finished_run(checks, own)
        consumer = own.serve("consumer", *scenario, port=int(at.rsplit(":", 1)[1]))  # late: it has something to drain
        wait_until(lambda: (lag := own_counts(producer, consumer)) and lag[0][1] - lag[1][1] < RATE, "the consumer has caught up")
        time.sleep(5)  # a bucket with less than a second's worth of counts is not extrapolated as the others are
        before = pause(producer, consumer, None)
        prometheus = Prometheus(own, (gateway, producer, consumer))
        wait_until(lambda: prometheus.has_scraped(0), "all three are scraped")
        producer.post("/api/load/resume")
        time.sleep(2)
        formats(checks, (gateway, producer, consumer))
        rates(checks, prometheus, producer, consumer)
        after = pause(producer, consumer, prometheus)
        quantiles(checks, prometheus, before, after)
        for name in ("lost", "doubled"):
            checks.same(
                f"millrace_ledger_{name}_events is that of the run",
                prometheus=prometheus.value(f"millrace_ledger_{name}_events"),
                run=float(ledger[name]),
            )
        exemplars(checks, own, prometheus, began)
        every_query(checks, prometheus, int(time.time() - began))
    return checks.exit_code()


if __name__ == "__main__":
    sys.exit(main())
