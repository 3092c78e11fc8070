#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""All roles, logged in to Kafka, PostgreSQL and Redis, behind a token; the passwords in URLs are full of signs that have a meaning
there. They work, and no answer, log, setting, file or process list holds a password or the token, faults included.
    tst_services_secrets.py MILLRACED"""

import base64
import os
import pathlib
import secrets
import signal
import subprocess
import sys
import urllib.parse

import service_parts
from service_parts import PATIENCE, wait_until

MARK = "Zm4rk"
KAFKA = "writer-secret"  # what tests/stack/up gives the broker's user 'writer'
STORE = f"{MARK}-store/#?@%:{MARK}"  # tests/stack's PostgreSQL lets us in with any
REDIS = f"{MARK}-redis/#?@%:{MARK}"
TOKEN = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")
KINDS = {"kafka": (KAFKA,), "store and redis": (MARK,), "token": (TOKEN,)}


def hits(text):
    """Which secrets are in a text."""
    return [kind for kind, marks in KINDS.items() if any(mark in text for mark in marks)]


def encoded(password):
    return urllib.parse.quote(password, safe="")


def redis_server(own):
    port = service_parts.free_ports(1)[0]
    file = own.folder / "redis.conf"
    file.write_text(f'port {port}\nbind 127.0.0.1\nsave ""\ndir {own.folder}\nrequirepass "{REDIS}"\n', encoding="utf-8")
    process = own.spawn("redis", "redis-server", str(file))
    wait_until(lambda: "Ready to accept" in (own.folder / "redis.log").read_text(encoding="utf-8"), "redis answers")
    file.unlink()  # what holds a password from here on would be a finding
    return process, port


def asked(part, documented):
    """Every GET of the documents, with the token and without; what it answered."""
    for path, item in documented.document["paths"].items():
        if path == "/api/stream" or part.role not in item.get("x-roles", (part.role,)) or "get" not in item:
            continue
        target = path.replace("{name}", "log.processing.time").replace("{id}", "no-such-run")
        for headers in ({"Authorization": f"Bearer {TOKEN}"}, {}):
            yield f"GET {target}", service_parts.ask(part.url + target, headers=headers)
    if part.role == "producer":
        for target in ("/api/load/burst?durationSeconds=1&rate=500", "/api/load/burst?durationSeconds=0", "/api/load/start"):
            yield f"POST {target}", service_parts.ask(part.url + target, "POST", headers={"Authorization": f"Bearer {TOKEN}"})


def process_list():
    lines = []
    for file in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lines.append(file.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:  # it has ended
            pass
    return "\n".join(lines)


def main():
    checks = service_parts.Checks()
    documented = service_parts.Documented()
    with service_parts.Own() as own:
        redis, redis_port = redis_server(own)
        login = "client: {security.protocol: sasl_plaintext, sasl.mechanism: PLAIN, sasl.username: writer, sasl.password: '${KAFKA_PASSWORD}'}"
        scenario = own.scenario("{name: baseline, stages: [{duration: 1s, rate: 200/s}]}")
        scenario.write_text(scenario.read_text(encoding="utf-8").replace("kafka: {", f"kafka: {{{login}, "), encoding="utf-8")
        own.environment |= {
            "MILLRACE_BROKER": os.environ["MILLRACE_STACK_LOGIN_BROKER"],
            "MILLRACE_STORE": own.store.replace("@", f":{encoded(STORE)}@"),
            "MILLRACE_DEDUPE": f"redis://:{encoded(REDIS)}@127.0.0.1:{redis_port}",
            "KAFKA_PASSWORD": KAFKA,
            "MILLRACE_TOKEN": TOKEN,
            "SPDLOG_LEVEL": "trace",
        }
        consumer = own.serve("consumer", "--scenario", scenario)
        producer = own.serve("producer", "--scenario", scenario)
        gateway = own.serve("gateway", "--producers", producer.address, "--consumers", consumer.address, "--scenario", scenario)
        parts = (consumer, producer, gateway)
        headers = {"Authorization": f"Bearer {TOKEN}"}
        wait_until(
            lambda: service_parts.ask(f"{gateway.url}/api/metrics/summary", headers=headers).json["consumer"]["processed"] > 400,
            "the pipeline works",
        )

        def search(when):
            answers = [(part.role, *each) for part in parts for each in asked(part, documented)]
            found = [(role, what, hits(answer.body.decode())) for role, what, answer in answers if hits(answer.body.decode())]
            good = sum(answer.status == 200 for _, _, answer in answers)
            refused = sum(answer.status == 401 for _, _, answer in answers)
            checks.expect(
                f"{when}: no answer holds a secret",
                not found and good >= 20 and refused >= 15,
                found or f"{len(answers)} answers, {good} with 200, {refused} with 401",
            )

        search("at work")
        checks.expect("the process list holds none", not hits(process_list()), hits(process_list()))
        settings = subprocess.run(
            [own.millraced, "serve", "--role", "producer", "--show-config", "--scenario", scenario],
            env=own.environment,
            cwd=own.folder,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=True,
        )
        shown = settings.stdout + settings.stderr
        checks.expect("--show-config says where all of it comes from, and shows none", "(not shown)" in shown and not hits(shown), shown)

        # Faults quote addresses.
        redis.send_signal(signal.SIGKILL)
        redis.wait()
        awaited = {"redis": "UNKNOWN", "postgresql": "DOWN"}

        def missed(component):
            health = service_parts.ask(f"{consumer.url}/actuator/health").json
            return health["components"][component]["status"] == awaited[component]

        wait_until(lambda: missed("redis"), "the filter is missed")
        own.psql(f"alter database {own.name} allow_connections false", own.admin)
        own.psql(f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{own.name}'", own.admin)
        wait_until(lambda: missed("postgresql"), "the store is missed")
        search("without PostgreSQL and Redis")
        own.psql(f"alter database {own.name} allow_connections true", own.admin)
        for part in parts:
            part.terminate()
        files = [file for file in own.folder.rglob("*") if file.is_file() and hits(file.read_text(encoding="utf-8", errors="replace"))]
        logged = sum(len(part.log.read_text(encoding="utf-8")) for part in parts)
        checks.expect("no log and no file holds one", not files and logged > 1000, files or f"{logged} characters of logs")
    return checks.exit_code()


if __name__ == "__main__":
    sys.exit(main())
