#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Three processes answer every request of the documents as openapi.json says; what a burst generates is what is stored; they
bear with a part that hangs, with signals, and with a store that does not move.
    tst_services_answers.py MILLRACED"""

import json
import signal
import subprocess
import sys
import time

import service_parts
from service_parts import PATIENCE, wait_until

EVERY_ROLE = (
    "/actuator/health",
    "/actuator/health/liveness",
    "/actuator/health/readiness",
    "/actuator/metrics",
    "/actuator/prometheus",
    "/metrics",
    "/api/snapshot",
    "/openapi.json",
)
GATEWAY = (
    "/api/metrics/summary",
    "/api/metrics/throughput",
    "/api/metrics/latency",
    "/api/lag",
    "/api/logs?limit=5&level=INFO,WARN",
    "/api/runs",
)


def path_of(target):
    return target.split("?")[0]


class Requests:
    """Requests whose answers are held against openapi.json."""

    def __init__(self, checks):
        self.checks, self.documented = checks, service_parts.Documented()

    def expect(self, part, target, status, method="GET"):
        answer = service_parts.ask(part.url + target, method)
        fault = self.documented.shortcoming(path_of(target), method, answer)
        is_problem = answer.kind == "application/problem+json"
        if not fault and is_problem != (status >= 400):
            fault = f"its type is {answer.kind}"
        shown = f" {json.loads(answer.body)['detail']}" if is_problem else ""
        self.checks.expect(
            f"{part.role}: {method} {target} answers {status} as documented",
            answer.status == status and not fault,
            f"{answer.status} {answer.kind}, {len(answer.body)} bytes{shown}{'; ' + fault if fault else ''}",
        )
        return answer


def burst(requests, producer, consumer, gateway, own):
    started = requests.expect(producer, "/api/load/burst?durationSeconds=10&rate=2000", 200, "POST").json
    requests.checks.expect(
        "a burst says what it does", started["status"] == "started" and started["duration"] == "10 seconds", started
    )
    requests.expect(producer, "/api/load/burst?durationSeconds=10", 409, "POST")
    requests.checks.expect("the load is bursting", producer.json("/api/load/stats")["status"] == "bursting")
    time.sleep(7)  # so that the rates of the last 5 s are those of the burst
    for kind in ("summary", "throughput"):
        figures = gateway.json(f"/api/metrics/{kind}")
        rates = [figures["producer"]["rate"], figures["consumer"]["rate"], figures["producer"]["targetRate"]]
        requests.checks.expect(f"/api/metrics/{kind} shows the burst's rate", all(1500 < rate < 2500 for rate in rates), rates)
    stats = wait_until(
        lambda: (now := producer.json("/api/load/stats"))["status"] == "idle" and now["queued"] == 0 and now, "the burst is over"
    )
    wait_until(lambda: own.stored()[0] >= stats["acked"], "everything is stored")
    time.sleep(1)  # anything doubled would come now
    rows, ids = own.stored()
    requests.checks.same(
        "generated = acked = stored, each once, in SQL", generated=stats["totalGenerated"], acked=stats["acked"], rows=rows, ids=ids
    )
    requests.checks.expect(
        "the burst's rate was kept", 20000 <= rows <= 20010 and stats["unsent"] == 0, f"{rows} events, unsent {stats['unsent']}"
    )
    meter = requests.expect(consumer, "/actuator/metrics/log.processing.time", 200).json["measurements"]
    statistics = {each["statistic"]: each["value"] for each in meter}
    requests.checks.same("log.processing.time has counted them", meter=int(statistics["COUNT"]), rows=rows)
    shown = [statistics[name] for name in ("P50", "P90", "P95", "P99", "P99.9", "MAX")]
    requests.checks.expect("its percentiles rise up to MAX", shown == sorted(shown), shown)
    ledger = wait_until(
        lambda: (now := gateway.json("/api/metrics/summary")["ledger"])["stored"] == rows and now, "the gateway knows it"
    )
    requests.checks.same("the gateway's ledger", acked=ledger["acked"], stored=ledger["stored"], rows=rows)


def answers(requests, producer, consumer, gateway):
    for part in (gateway, producer, consumer):
        for target in EVERY_ROLE:
            requests.expect(part, target, 200)
        requests.expect(part, "/actuator/metrics/no.such.meter", 404)
    for target in GATEWAY:
        requests.expect(gateway, target, 200)
    requests.expect(producer, "/api/load/stats", 200)
    for wrong in ("0", "3601", "ten", "1.5", "-1"):
        requests.expect(producer, f"/api/load/burst?durationSeconds={wrong}", 400, "POST")
    requests.expect(producer, "/api/load/rate?rate=fast", 400, "POST")
    requests.expect(gateway, "/api/logs?limit=0", 400)
    requests.expect(gateway, "/api/runs/no-such-run", 404)


def hanging_part(checks, consumer, gateway):
    """The gateway answers at once, and says whom it has not heard of."""
    consumer.send(signal.SIGSTOP)
    try:
        slow, statuses = [], []
        until = time.monotonic() + 4
        while time.monotonic() < until:
            for target in ("/api/metrics/summary", "/actuator/health", "/metrics"):
                answer = gateway.get(target)
                slow.append(1000 * (answer.ended - answer.began))
                if target.startswith("/api"):
                    statuses.append(answer.json["status"])
            time.sleep(0.1)
    finally:
        consumer.send(signal.SIGCONT)
    within = sum(each <= 200 for each in slow)
    # A gateway that waited for the part would be late each time; this machine may be busy for a moment.
    checks.expect(
        "the gateway answers within 200 ms while a part hangs",
        within >= 0.95 * len(slow),
        f"{within} of {len(slow)}, the slowest {max(slow):.1f} ms",
    )
    checks.expect(
        "and says that it lacks the part", "DEGRADED" in statuses, f"{statuses.count('DEGRADED')} of {len(statuses)} answers"
    )
    wait_until(lambda: gateway.json("/api/metrics/summary")["status"] == "UP", "the part is back")
    checks.expect("a part that goes on is UP again", True)


def reloading(checks, own, producer, consumer, gateway, settings):
    for part in (producer, consumer, gateway):
        # Twice a line of its own in the log is what a reload leaves.
        part.send(signal.SIGHUP)
        wait_until(
            lambda part=part: part.log.read_text(encoding="utf-8").count(" on http") == 2 and part.answers(),
            f"the {part.role} answers after SIGHUP",
        )
        checks.expect(f"SIGHUP: the {part.role} answers again, the same process", part.process.poll() is None)
    before = own.stored()[0]
    producer.post("/api/load/burst?durationSeconds=1&rate=500")
    wait_until(lambda: own.stored()[0] >= before + 500, "what is sent after SIGHUP is stored")
    checks.expect("what is sent after SIGHUP is stored", True, f"{own.stored()[0] - before} events")
    right = settings.read_text(encoding="utf-8")
    settings.write_text("producer: 127.0.0.1:8081\n", encoding="utf-8")
    gateway.send(signal.SIGHUP)
    wait_until(lambda: "not taken over" in gateway.log.read_text(encoding="utf-8"), "the wrong configuration is noticed")
    settings.write_text(right, encoding="utf-8")
    checks.expect("SIGHUP with a wrong configuration changes nothing", gateway.get("/api/metrics/summary").status == 200)


def impatience(checks, own, producer, consumer, options):
    """The second signal ends a drain that the store holds up; what was at hand is stored by the next consumer, once."""
    lock = subprocess.Popen(["psql", "-X", "-q", "-d", own.store], stdin=subprocess.PIPE, text=True)
    own.callback(lock.wait)
    own.callback(lock.kill)
    lock.stdin.write("begin; lock table log_events;\n")
    lock.stdin.flush()
    granted = "select count(*) from pg_locks where relation = 'log_events'::regclass and mode = 'AccessExclusiveLock' and granted"
    wait_until(lambda: own.psql(granted) == "1", "the table is locked")
    producer.post("/api/load/burst?durationSeconds=1&rate=500")
    wait_until(lambda: own.psql("select count(*) from pg_locks where not granted") != "0", "a batch waits for the table")
    consumer.send(signal.SIGTERM)
    wait_until(lambda: "stopping" in consumer.log.read_text(encoding="utf-8"), "it drains")
    began = time.monotonic()
    consumer.send(signal.SIGTERM)
    code = consumer.process.wait(PATIENCE)
    checks.expect("a second SIGTERM ends a drain at once", code == 130, f"exit code {code} after {time.monotonic() - began:.2f} s")
    lock.stdin.write("rollback;\n")
    lock.stdin.close()
    lock.wait(PATIENCE)
    again = own.serve("consumer", *options)
    wait_until(lambda: producer.json("/api/load/stats")["status"] == "idle", "the burst is over")
    return again


def main():
    checks = service_parts.Checks()
    requests = Requests(checks)
    with service_parts.Own() as own:
        # One event, since a scenario has one; the load is what the requests start.
        scenario = ("--scenario", own.scenario("{name: one, stages: [{duration: 1s, rate: 1/s}]}"))
        producer = own.serve("producer", *scenario)
        consumer = own.serve("consumer", *scenario)
        settings = own.folder / "gateway.yaml"
        settings.write_text(
            f"producers: {producer.address}\nconsumers: {consumer.address}\nscenario: {scenario[1]}\n", encoding="utf-8"
        )
        gateway = own.serve("gateway", "--config", settings)
        burst(requests, producer, consumer, gateway, own)
        answers(requests, producer, consumer, gateway)
        hanging_part(checks, consumer, gateway)
        acked = int(producer.json("/api/load/stats")["acked"])
        reloading(checks, own, producer, consumer, gateway, settings)
        consumer = impatience(checks, own, producer, consumer, scenario)
        acked += int(producer.json("/api/load/stats")["acked"])
        wait_until(lambda: own.stored()[0] >= acked, "everything is stored in the end")
        for part in (gateway, producer, consumer):
            began = time.monotonic()
            code = part.terminate()
            checks.expect(
                f"SIGTERM ends the {part.role} in good order", code == 0, f"exit code {code} after {time.monotonic() - began:.2f} s"
            )
        rows, ids = own.stored()
        checks.same("nothing lost or doubled by all of this, in SQL", acked=acked, rows=rows, ids=ids)
    return checks.exit_code()


if __name__ == "__main__":
    sys.exit(main())
