#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that is served while it is on: it answers and is steered as the services are, and ends as it would unserved.
    tst_served_run.py MILLRACED"""

import contextlib
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import service_parts
from service_parts import PATIENCE, wait_until

SCENARIO = "version: 1\nname: served\nstreams: [{name: a, stages: [{duration: 6s, rate: 200/s}]}]\nthresholds: [lost == 0]\n"


OTHER = {"version": 1, "name": "other", "streams": [{"name": "b", "stages": [{"duration": "1s", "rate": "10/s"}]}]}


def command(out, address):
    return [sys.argv[1], "run", "served.yaml", "--target", "embedded", "--out", out, "--quiet", "--serve", address]


def answers(checks, url):
    documented = service_parts.Documented()
    for target in ("/actuator/health", "/actuator/health/readiness", "/actuator/metrics/log.processed.count", "/metrics", "/api/load/stats", "/api/snapshot"):
        answer = service_parts.ask(url + target)
        fault = documented.shortcoming(target, "GET", answer)
        checks.expect(f"GET {target} answers 200 as documented", answer.status == 200 and not fault, fault or "")
    start = service_parts.ask(
        f"{url}/api/load/start", "POST", headers={"Content-Type": "application/json"}, body=json.dumps(OTHER).encode()
    )
    checks.expect("another scenario is not taken", start.status == 409, start.json["detail"])
    checks.expect("another Host is not answered", service_parts.ask(f"{url}/metrics", headers={"Host": "other"}).status == 421)


def steered(checks, url):
    def stats():
        return service_parts.ask(f"{url}/api/load/stats").json

    service_parts.ask(f"{url}/api/load/pause", "POST")
    wait_until(lambda: (now := stats())["status"] == "paused" and now["queued"] == 0, "the run pauses")
    first = stats()["totalGenerated"]
    time.sleep(1)
    checks.same("a paused run generates nothing", before=first, after=stats()["totalGenerated"])
    service_parts.ask(f"{url}/api/load/resume", "POST")
    wait_until(lambda: stats()["totalGenerated"] > first, "the run goes on")


def main():
    checks = service_parts.Checks()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "served.yaml").write_text(SCENARIO, encoding="utf-8")
        port = service_parts.free_ports(1)[0]
        url = f"http://127.0.0.1:{port}"
        with subprocess.Popen(command("out", f"127.0.0.1:{port}"), cwd=folder, stderr=subprocess.PIPE, text=True) as run:
            try:

                def generates():
                    with contextlib.suppress(OSError, KeyError):  # it is being opened
                        return service_parts.ask(f"{url}/api/load/stats").json["totalGenerated"] > 0
                    return False

                wait_until(generates, "the run generates")
                answers(checks, url)
                second = subprocess.run(
                    command("second", f"127.0.0.1:{port}"),
                    cwd=folder,
                    capture_output=True,
                    text=True,
                    timeout=PATIENCE,
                    check=False,
                )
                checks.expect(
                    "a run whose address is taken says so before it begins",
                    second.returncode == 6 and str(port) in second.stderr and not (folder / "second").exists(),
                    f"exit code {second.returncode}: {second.stderr.strip()}",
                )
                steered(checks, url)
                said = run.communicate(timeout=PATIENCE)[1]
            finally:
                run.kill()
        result = json.loads((folder / "out/result.json").read_text(encoding="utf-8"))
        # 5: this machine was too busy to generate the load in time. The counts hold all the same.
        checks.expect("the run ends as it would unserved", run.returncode in (0, 5), said.strip())
        ledger = result["ledger"]
        checks.same("the pause cost no event", planned=1200, generated=ledger["sent"], stored=ledger["stored"])
        names = [mark["kind"] for mark in result["timeline"]]
        checks.expect("its time line shows the pause", any("pause" in name for name in names), names)
    return checks.exit_code()


if __name__ == "__main__":
    sys.exit(main())
