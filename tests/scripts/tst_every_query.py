#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every query of the dashboards and rules returns data, where a Prometheus scrapes services that answer as promised; and
every_query.py notices those that do not."""

import contextlib
import json
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

import yaml

import contract_metrics
import every_query

PATIENCE = 90  # seconds until everything has been scraped and evaluated, on a busy machine


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def configuration(servers):
    """The shipped one, with other addresses and a second instead of five."""
    shipped = yaml.safe_load((every_query.SHIPPED / "prometheus.yaml").read_text(encoding="utf-8"))
    shipped["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    for job in shipped["scrape_configs"]:
        role = job["job_name"].removeprefix("millrace-")
        job["static_configs"] = [{"targets": [f"127.0.0.1:{servers[role].server_port}"]}]
    return yaml.safe_dump(shipped)


@contextlib.contextmanager
def prometheus():
    """The URL of one that scrapes all roles."""
    program = shutil.which("prometheus")
    if not program:
        raise FileNotFoundError("prometheus is missing; install the package prometheus")
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        servers = {role: contract_metrics.serve(role) for role in contract_metrics.ROLES}
        for server in servers.values():
            stack.callback(server.server_close)
            stack.callback(server.shutdown)
        (folder / "prometheus.yaml").write_text(configuration(servers), encoding="utf-8")
        shutil.copy(every_query.SHIPPED / "alerts.yaml", folder)
        address = f"127.0.0.1:{free_port()}"
        log = stack.enter_context(open(folder / "log", "w+", encoding="utf-8"))
        process = stack.enter_context(
            subprocess.Popen(
                [program, f"--config.file={folder}/prometheus.yaml", f"--storage.tsdb.path={folder}/data", f"--web.listen-address={address}"],
                stdout=log, stderr=subprocess.STDOUT))
        stack.callback(process.kill)
        wait_until_ready(f"http://{address}", process, folder / "log")
        yield f"http://{address}"


def wait_until_ready(url, process, log):
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{url}/-/ready", timeout=5).close()
            return
        time.sleep(0.1)
    raise RuntimeError("prometheus does not answer:\n" + log.read_text(encoding="utf-8"))


def run(*arguments):
    return subprocess.run([sys.executable, every_query.__file__, *arguments], capture_output=True, text=True, check=False)


class EveryQuery(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.url = cls.enterClassContext(prometheus())

    def test_all_shipped_queries_return_data(self):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            missing = every_query.without_data(self.url, window=60, interval=1)
            if not missing:
                break
            time.sleep(1)
        self.assertEqual([], missing)
        result = run("--interval", "1", self.url)
        self.assertRegex(result.stdout, r"^\d\d+ queries, 0 without data\n$")
        self.assertEqual(0, result.returncode)

    def test_what_returns_no_data_is_named_with_the_reason(self):
        with tempfile.TemporaryDirectory() as folder:
            expressions = ("vector(1)", "no_such_metric", "vector(0) / 0", "rate(")
            panels = [{"title": f"panel {index}", "targets": [{"expr": text}]} for index, text in enumerate(expressions)]
            dashboard = {"templating": {"list": []}, "panels": panels}
            pathlib.Path(folder, "some.json").write_text(json.dumps(dashboard), encoding="utf-8")
            result = run(self.url, folder)
        lines = result.stdout.splitlines()
        self.assertEqual(["some.json: panel 1: no data: no_such_metric", "some.json: panel 2: nothing but NaN: vector(0) / 0"], lines[:2])
        self.assertRegex(lines[2], r"^some.json: panel 3: .*parse error.*: rate\($")
        self.assertEqual("4 queries, 3 without data", lines[3])
        self.assertEqual(1, result.returncode)

    def test_an_address_where_nobody_answers_is_said(self):
        result = run(f"http://127.0.0.1:{free_port()}")
        self.assertRegex(result.stderr, "does not answer as a Prometheus")
        self.assertEqual(2, result.returncode)

    def test_variables_stand_for_all_values_and_a_rule_loses_its_limit(self):
        query = every_query.Query("a.json", "", 'rate(a{b=~"$some", c=~"${other:regex}"}[$__rate_interval]) > 0')
        self.assertEqual('rate(a{b=~".*", c=~".*"}[20s]) > 0', every_query.runnable(query))
        self.assertEqual("sum(a > 1)", every_query.runnable(every_query.Query("alerts.yaml", "", "sum(a > 1)\n  > 0.05\n")))


if __name__ == "__main__":
    unittest.main(verbosity=2)
