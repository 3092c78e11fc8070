#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs every query of the dashboards and rules against a Prometheus, and prints those that return no data.

Usage: every_query.py [--window SECONDS] [--interval SECONDS] URL [FOLDER]
Example: tests/scripts/every_query.py http://127.0.0.1:9090

A query returns data if it has a number (NaN is none) at any instant of the window that ends now. Of a rule it is what stands
left of its limit. FOLDER is otherwise resources/dashboards. Exit code: 0 all return data, 1 some do not, 2 no Prometheus there.
"""

import argparse
import dataclasses
import json
import math
import pathlib
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

import yaml

SHIPPED = pathlib.Path(__file__).resolve().parents[2] / "resources" / "dashboards"
LIMIT = re.compile(r"\s*(?:==|!=|>=|<=|>|<)\s*[-+.\deE]+\s*$")
LABEL_VALUES = re.compile(r"label_values\(\s*(?P<selector>.+?)\s*,\s*(?P<label>\w+)\s*\)$")


@dataclasses.dataclass(frozen=True)
class Query:
    """A query as it is written, and where: file, then panel, variable or alert."""

    file: str
    place: str
    expression: str


def panels(dashboard):
    """All panels, those inside of collapsed rows included."""
    for panel in dashboard["panels"]:
        yield panel
        yield from panel.get("panels", [])


def dashboard_queries(file, dashboard):
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            asked = LABEL_VALUES.match(variable["query"]["query"])
            if not asked:
                raise ValueError(f"{file}: variable {variable['name']} is not of the form label_values(metric, label)")
            yield Query(file, f"variable {variable['name']}", f"count by ({asked['label']}) ({asked['selector']})")
    for panel in panels(dashboard):
        for target in panel.get("targets", []):
            yield Query(file, panel["title"], target["expr"])


def rule_queries(file, rules):
    for group in rules["groups"]:
        for rule in group["rules"]:
            yield Query(file, rule.get("alert") or rule["record"], rule["expr"])


def all_queries(folder=SHIPPED):
    """Of all dashboards, then of the rules, as they are written."""
    found = []
    for path in sorted(folder.glob("*.json")):
        found += dashboard_queries(path.name, json.loads(path.read_text(encoding="utf-8")))
    rules = folder / "alerts.yaml"
    if rules.exists():
        found += rule_queries(rules.name, yaml.safe_load(rules.read_text(encoding="utf-8")))
    return found


def runnable(query, window=300, interval=5):
    """The expression without Grafana's variables, each of which stands for all of its values; without a rule's limit."""
    text = query.expression
    for name, seconds in (("__rate_interval", 4 * interval), ("__interval", interval), ("__range", window)):
        text = re.sub(rf"\$(?:{name}\b|\{{{name}\}})", f"{seconds}s", text)
    text = re.sub(r"\$(?:\w+|\{\w+(?::\w+)?\})", ".*", text)
    return LIMIT.sub("", text) if query.file.endswith(".yaml") else text


def ask(url, path, **parameters):
    """The data of Prometheus' answer. Raises ValueError with its own words where it refuses the query."""
    body = urllib.parse.urlencode(parameters).encode()
    try:
        with urllib.request.urlopen(f"{url.rstrip('/')}/api/v1/{path}", body, timeout=30) as answer:
            return json.load(answer)["data"]
    except urllib.error.HTTPError as refusal:
        if refusal.code not in (400, 422):
            raise
        raise ValueError(json.load(refusal)["error"]) from refusal


def shortcoming(url, query, window, interval):
    """Why the query is of no use now, or None."""
    end = time.time()
    try:
        data = ask(url, "query_range", query=runnable(query, window, interval), start=end - window, end=end, step=interval)
    except ValueError as refusal:
        return str(refusal)
    numbers = [float(value) for series in data["result"] for _, value in series["values"]]
    if not numbers:
        return "no data"
    return "nothing but NaN" if all(math.isnan(number) for number in numbers) else None


def without_data(url, folder=SHIPPED, window=300, interval=5):
    """Pairs of query and reason."""
    judged = ((query, shortcoming(url, query, window, interval)) for query in all_queries(folder))
    return [(query, reason) for query, reason in judged if reason]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("folder", nargs="?", type=pathlib.Path, default=SHIPPED)
    parser.add_argument("--window", type=int, default=300, help="seconds that are looked at, up to now (default: 300)")
    parser.add_argument("--interval", type=int, default=5, help="seconds between two scrapes (default: 5)")
    arguments = parser.parse_args()
    try:
        missing = without_data(arguments.url, arguments.folder, arguments.window, arguments.interval)
    except OSError as error:
        print(f"every_query: {arguments.url} does not answer as a Prometheus: {error}", file=sys.stderr)
        return 2
    for query, reason in missing:
        print(f"{query.file}: {query.place}: {reason}: {' '.join(query.expression.split())}")
    print(f"{len(all_queries(arguments.folder))} queries, {len(missing)} without data")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
