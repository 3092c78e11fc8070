#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dashboards, rules and configuration fit each other, the promised metrics, and what promtool demands."""

import itertools
import json
import re
import subprocess
import unittest

import yaml

import contract_metrics
from every_query import SHIPPED, all_queries, panels

NAMES = ("latency", "ledger", "resources", "throughput")
WIDTH = 24
# Of every scrape, and of Prometheus itself.
EVERYWHERE = {
    "up": contract_metrics.Metric("gauge"),
    "ALERTS": contract_metrics.Metric("gauge", {"alertname": set(), "alertstate": {"pending", "firing"}}),
}
METRICS = contract_metrics.contract() | EVERYWHERE
FROM_SCRAPE = {"job", "instance", "le"}
# A histogram that is shown under its other name.
NOT_SHOWN = {"log_processing_time_seconds"}

STRING = r'"(?:[^"\\]|\\.)*"'
SELECTOR = re.compile(rf"(?P<name>[a-zA-Z_]\w*)\s*\{{(?P<matchers>(?:[^{{}}\"]|{STRING})*)\}}")
MATCHER = re.compile(rf"(\w+)\s*(=~|!~|!=|=)\s*({STRING})")
GROUPING = re.compile(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)")
KEYWORDS = {"and", "or", "unless", "by", "without", "on", "ignoring", "group_left", "group_right", "bool", "offset"}


def parsed(path):
    text = path.read_text(encoding="utf-8")
    return json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)


def series(expression):
    """The names of all series that the expression reads."""
    bare = SELECTOR.sub(r"\g<name>", expression)
    bare = GROUPING.sub(" ", re.sub(r"\[[^\]]*\]", " ", bare))
    names = re.findall(r"(?<![\w.$])[a-zA-Z_]\w*\b(?!\s*\()", bare)
    return {name for name in names if name not in KEYWORDS}


def metric_of(name):
    return METRICS[contract_metrics.family(name, METRICS)]


def promtool(*arguments, text=None):
    return subprocess.run(["promtool", *arguments], cwd=SHIPPED, input=text, capture_output=True, text=True, check=False)


class Rules(unittest.TestCase):
    def passes(self, *arguments, text=None):
        result = promtool(*arguments, text=text)
        self.assertEqual(0, result.returncode, result.stdout + result.stderr)

    def test_promtool_accepts_the_rules(self):
        self.passes("check", "rules", "alerts.yaml")

    def test_each_alert_fires_when_it_should_and_only_then(self):
        self.passes("test", "rules", "alerts_test.yaml")

    def test_promtool_accepts_the_configuration(self):
        self.passes("check", "config", "prometheus.yaml")

    def test_promtool_accepts_the_promised_metrics(self):
        for role in contract_metrics.ROLES:
            self.passes("check", "metrics", text=contract_metrics.exposition(role, 1))

    def test_alerts_wait_have_a_severity_and_say_what_to_do(self):
        tests = (SHIPPED / "alerts_test.yaml").read_text(encoding="utf-8")
        for rule in itertools.chain.from_iterable(group["rules"] for group in parsed(SHIPPED / "alerts.yaml")["groups"]):
            with self.subTest(rule["alert"]):
                self.assertIn("for", rule)
                self.assertIn(rule["labels"]["severity"], ("critical", "warning"))
                self.assertEqual({"summary", "description"}, set(rule["annotations"]))
                self.assertIn(rule["alert"], tests)


class Configuration(unittest.TestCase):
    def setUp(self):
        self.source = parsed(SHIPPED / "provisioning/datasources/millrace.yaml")["datasources"][0]
        self.prometheus = parsed(SHIPPED / "prometheus.yaml")

    def test_dashboards_use_the_provisioned_source_and_no_other(self):
        for name in NAMES:
            text = (SHIPPED / f"{name}.json").read_text(encoding="utf-8")
            used = set(re.findall(r'"type": "prometheus", "uid": "([^"]*)"', text))
            self.assertEqual({self.source["uid"]}, used, name)

    def test_grafana_knows_how_often_prometheus_scrapes(self):
        self.assertEqual(self.prometheus["global"]["scrape_interval"], self.source["jsonData"]["timeInterval"])

    def test_grafana_finds_the_dashboards_where_the_package_puts_them(self):
        provider = parsed(SHIPPED / "provisioning/dashboards/millrace.yaml")["providers"][0]
        self.assertEqual("/usr/share/millrace/dashboards", provider["options"]["path"])
        installed = (SHIPPED.parents[1] / "installers/CMakeLists.txt").read_text(encoding="utf-8")
        self.assertRegex(installed, r"resources/dashboards\s[^)]*DESTINATION \$\{CMAKE_INSTALL_DATADIR\}/millrace\b")

    def test_each_role_is_scraped_at_its_default_port(self):
        jobs = {job["job_name"]: job["static_configs"][0]["targets"] for job in self.prometheus["scrape_configs"]}
        self.assertEqual(
            {"millrace-gateway": ["localhost:8080"], "millrace-producer": ["localhost:8081"], "millrace-consumer": ["localhost:8082"]},
            jobs)


class Dashboards(unittest.TestCase):
    def setUp(self):
        self.dashboards = {path.stem: parsed(path) for path in sorted(SHIPPED.glob("*.json"))}

    def test_they_are_four_and_link_to_each_other(self):
        self.assertEqual(NAMES, tuple(self.dashboards))
        for name, dashboard in self.dashboards.items():
            with self.subTest(name):
                self.assertEqual(f"millrace-{name}", dashboard["uid"])
                self.assertNotIn("id", dashboard)
                self.assertEqual("5s", dashboard["refresh"])
                self.assertIn(dashboard["schemaVersion"], (39, 40, 41))
                self.assertTrue(dashboard["description"])
                self.assertEqual(["millrace"], dashboard["tags"])
                self.assertEqual([["millrace"]], [link["tags"] for link in dashboard["links"] if link["type"] == "dashboards"])

    def test_panels_lie_on_the_grid_and_on_no_other_panel(self):
        for name, dashboard in self.dashboards.items():
            taken = {}
            for panel in dashboard["panels"]:
                place = panel["gridPos"]
                self.assertLessEqual(place["x"] + place["w"], WIDTH, panel["title"])
                for cell in itertools.product(range(place["x"], place["x"] + place["w"]), range(place["y"], place["y"] + place["h"])):
                    self.assertNotIn(cell, taken, f"{name}: {panel['title']} lies on {taken.get(cell)}")
                    taken[cell] = panel["title"]

    def test_ids_and_titles_are_unique_in_a_dashboard(self):
        for name, dashboard in self.dashboards.items():
            shown = list(panels(dashboard))
            self.assertEqual(len(shown), len({panel["id"] for panel in shown}), name)
            self.assertEqual(len(shown), len({panel["title"] for panel in shown}), name)

    def test_panels_say_what_they_show_and_in_which_unit(self):
        for panel in itertools.chain.from_iterable(panels(dashboard) for dashboard in self.dashboards.values()):
            if panel["type"] == "row":
                continue
            with self.subTest(panel["title"]):
                self.assertRegex(panel["description"], r"\.$")
                self.assertEqual(len(panel["targets"]), len({target["refId"] for target in panel["targets"]}))
                if panel["type"] == "heatmap":
                    self.assertEqual("s", panel["options"]["yAxis"]["unit"])
                elif panel["type"] not in ("table", "state-timeline"):
                    self.assertIn("unit", panel["fieldConfig"]["defaults"])

    def test_a_figure_without_a_line_is_of_this_instant(self):
        for panel in itertools.chain.from_iterable(panels(dashboard) for dashboard in self.dashboards.values()):
            if panel["type"] in ("table", "bargauge") or panel.get("options", {}).get("graphMode") == "none":
                with self.subTest(panel["title"]):
                    self.assertTrue(all(target.get("instant") and not target["range"] for target in panel["targets"]))

    def test_variables_in_queries_are_defined_and_those_defined_are_used(self):
        for name, dashboard in self.dashboards.items():
            defined = {variable["name"] for variable in dashboard["templating"]["list"]}
            expressions = " ".join(target["expr"] for panel in panels(dashboard) for target in panel.get("targets", []))
            self.assertEqual(defined, set(re.findall(r"\$(?!__)(\w+)", expressions)), name)


class Queries(unittest.TestCase):
    def test_they_read_promised_metrics_only(self):
        for query in all_queries():
            with self.subTest(query):
                self.assertTrue(series(query.expression))
                for name in series(query.expression):
                    self.assertIsNotNone(contract_metrics.family(name, METRICS), name)

    def test_each_promised_metric_is_shown_somewhere(self):
        read = {contract_metrics.family(name, METRICS) for query in all_queries() for name in series(query.expression)}
        self.assertEqual(set(), set(METRICS) - read - NOT_SHOWN)

    def test_they_group_by_labels_that_exist(self):
        for query in all_queries():
            known = FROM_SCRAPE.union(*(metric_of(name).labels for name in series(query.expression)))
            with self.subTest(query):
                for grouping in GROUPING.findall(query.expression):
                    self.assertLessEqual(set(re.findall(r"\w+", grouping)), known)

    def test_they_choose_by_labels_and_values_that_exist(self):
        for query in all_queries():
            for selector in SELECTOR.finditer(query.expression):
                labels = metric_of(selector["name"]).labels
                for label, operator, value in MATCHER.findall(selector["matchers"]):
                    with self.subTest(query, label=label):
                        self.assertIn(label, FROM_SCRAPE | set(labels))
                        if label in labels and not re.search(r"\$|\.\*", value):
                            wanted = value.strip('"').split("|") if "~" in operator else [value.strip('"')]
                            self.assertLessEqual(set(wanted), labels[label])

    def test_rates_are_of_counters_and_quantiles_of_merged_buckets(self):
        for query in all_queries():
            with self.subTest(query):
                for name in re.findall(r"\b(?:rate|increase)\((\w+)", query.expression):
                    self.assertNotEqual("gauge", metric_of(name).kind, name)
                merged = re.findall(r"histogram_quantile\([\d.]+, sum by \((?=[^)]*\ble\b)[^)]*\) \(rate\(\w+_bucket\b", query.expression)
                self.assertEqual(query.expression.count("histogram_quantile("), len(merged))

    def test_the_reader_of_expressions_sees_series_only(self):
        text = 'sum by (le, tier) (rate(a_bucket{tier=~"x|y{2}"}[5m])) / on (job) group_left (role) (b > 1e9) or vector(0) offset 5m'
        self.assertEqual({"a_bucket", "b"}, series(text.replace(" offset 5m", "")))


class Contract(unittest.TestCase):
    def test_an_example_of_the_promised_metrics_is_as_promised(self):
        for role in (*contract_metrics.ROLES, "all"):
            self.assertEqual([], contract_metrics.differences(role, contract_metrics.text_of(role)))

    def test_what_differs_from_the_promise_is_named(self):
        text = contract_metrics.text_of("consumer")
        text = re.sub(r"(?m)^.*millrace_offset_gap_total.*\n", "", text)
        text = text.replace("# TYPE millrace_filter_bypassed_total counter", "# TYPE millrace_filter_bypassed_total gauge")
        text = text.replace('outcome="stored"', 'outcome="kept"')
        text = text.replace("log_processed_count_total 2980", 'log_processed_count_total{a="b"} 2980')
        text += "# TYPE millrace_extra gauge\nmillrace_extra 1\n"
        self.assertEqual(
            ["log_processed_count_total has the labels ['a'], not []",
             "millrace_extra is not promised",
             "millrace_filter_bypassed_total is a gauge, not a counter",
             "millrace_messages_total has unknown values of outcome: ['kept']",
             "millrace_offset_gap_total is missing"],
            contract_metrics.differences("consumer", text))


if __name__ == "__main__":
    unittest.main(verbosity=2)
