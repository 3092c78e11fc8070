#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The metrics that Millrace's services answer: tests/scripts/metrics, read, and served as a growing example of them.

Usage: contract_metrics.py ROLE, where ROLE is gateway, producer, consumer or all. Reads on standard input what a service
answered in text format, prints where it differs from what is promised, and exits with 1 where it does.
Example: curl -s http://127.0.0.1:8081/metrics | tests/scripts/contract_metrics.py producer
"""

import dataclasses
import http.server
import pathlib
import re
import sys
import threading
import time

FOLDER = pathlib.Path(__file__).resolve().parent / "metrics"
ROLES = ("gateway", "producer", "consumer")
SAMPLE = re.compile(r"(?P<name>\w+)(?:\{(?P<labels>.*)\})? (?P<value>\S+)$")
LABEL = re.compile(r'(\w+)="([^"]*)"')
FIXED_LABELS = {"component", "tier", "state", "outcome", "role"}  # whose values are all known


@dataclasses.dataclass
class Metric:
    """A metric family; for each label the values that the example has."""

    kind: str
    labels: dict = dataclasses.field(default_factory=dict)


def text_of(role):
    roles = ROLES if role == "all" else (role,)
    return "".join((FOLDER / f"{name}.prom").read_text(encoding="utf-8") for name in ("every_role", *roles))


def family(series, metrics):
    """The name of the metric that a series belongs to, or None: a histogram has three series."""
    base = re.sub(r"_(bucket|sum|count)$", "", series)
    if base != series and base in metrics and metrics[base].kind == "histogram":
        return base
    return series if series in metrics and metrics[series].kind != "histogram" else None


def read(text):
    """All metrics of a text by name. An exemplar behind a sample is passed over."""
    metrics = {}
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split()
            metrics.setdefault(name, Metric(kind))
        elif line and not line.startswith("#"):
            sample = SAMPLE.match(line.split(" # ")[0])
            owner = metrics.setdefault(family(sample["name"], metrics) or sample["name"], Metric("untyped"))
            for label, value in LABEL.findall(sample["labels"] or ""):
                owner.labels.setdefault(label, set()).add(value)
    return metrics


def contract(role="all"):
    """All promised metrics of a role by name."""
    return read(text_of(role))


def differences(role, text):
    """Sentences: where the text of a service differs from what is promised of its role."""
    promised, answered = contract(role), read(text)
    found = [f"{name} is missing" for name in promised if name not in answered]
    found += [f"{name} is not promised" for name in answered if name not in promised]
    for name in promised.keys() & answered.keys():
        ours, theirs = promised[name], answered[name]
        if ours.kind != theirs.kind:
            found.append(f"{name} is a {theirs.kind}, not a {ours.kind}")
        if ours.labels.keys() != theirs.labels.keys():
            found.append(f"{name} has the labels {sorted(theirs.labels)}, not {sorted(ours.labels)}")
        for label in FIXED_LABELS & ours.labels.keys() & theirs.labels.keys():
            unknown = theirs.labels[label] - ours.labels[label]
            if unknown and (name, label) != ("millrace_build_info", "role"):
                found.append(f"{name} has unknown values of {label}: {sorted(unknown)}")
    return sorted(found)


def exposition(role, seconds):
    """What the role answers after so many seconds: counters and histograms have grown."""
    metrics = contract(role)
    lines = []
    for line in text_of(role).splitlines():
        sample = None if line.startswith("#") else SAMPLE.match(line)
        if sample and metrics[family(sample["name"], metrics)].kind != "gauge":
            line = f"{line[: sample.start('value')]}{float(sample['value']) * seconds}"
        lines.append(line)
    return "\n".join(lines) + "\n"


def serve(role):
    """A server on a free loopback port that answers as the role does; shutdown() and server_close() end it."""
    started = time.monotonic()

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = exposition(role, time.monotonic() - started).encode()
            self.send_response(200 if self.path == "/actuator/prometheus" else 404)
            self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def main():
    if len(sys.argv) != 2 or sys.argv[1] not in (*ROLES, "all"):
        print(__doc__.split("\n\n")[1], file=sys.stderr)
        return 2
    found = differences(sys.argv[1], sys.stdin.read())
    print("\n".join(found) if found else "as promised")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
