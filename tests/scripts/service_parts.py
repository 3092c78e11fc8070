# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the services share: roles of millraced as processes on free loopback ports, in a folder, a database and
topics of their own on the servers of tests/stack; checks that print their figures; the histograms of /api/snapshot."""

import base64
import contextlib
import json
import math
import os
import pathlib
import re
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

SOURCE = pathlib.Path(__file__).resolve().parents[2]
PATIENCE = 60  # seconds that anything may take on a busy machine; nothing is judged by it


# --- checks ---------------------------------------------------------------------------------------------------------


class Checks:
    """Named checks; each prints its figures, and all of them are made even where one fails."""

    def __init__(self):
        self.failed = []

    def expect(self, name, holds, figures=""):
        print(f"{'ok' if holds else 'FAIL'}: {name}{': ' if figures != '' else ''}{figures}", flush=True)
        if not holds:
            self.failed.append(name)

    def same(self, name, **figures):
        self.expect(name, len(set(figures.values())) == 1, ", ".join(f"{key} {value}" for key, value in figures.items()))

    def agree(self, name, actual, expected, share, least=0.0):
        """Within a share of what is expected, or within `least` where that is more."""
        difference = abs(actual - expected)
        self.expect(
            name,
            difference <= max(share * abs(expected), least),
            f"{actual:.6g}, expected {expected:.6g}, {100 * difference / expected if expected else math.inf:.2f} % apart",
        )

    def exit_code(self):
        print(f"{len(self.failed)} checks failed" if self.failed else "all checks hold")
        return 1 if self.failed else 0


def wait_until(holds, what, limit=PATIENCE, every=0.1):
    """The first true answer. Fails the test after the limit."""
    deadline = time.monotonic() + limit
    while True:
        answer = holds()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {limit} s: {what}")
        time.sleep(every)


# --- HTTP -----------------------------------------------------------------------------------------------------------


class Answer:
    def __init__(self, status, kind, body, began, ended):
        self.status, self.kind, self.body = status, kind, body
        self.began, self.ended = began, ended  # seconds since the epoch

    @property
    def json(self):
        return json.loads(self.body)


def ask(url, method="GET", timeout=10, headers=None, body=None):
    """Whatever the status is. OSError where nobody answers."""
    began = time.time()
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method=method, headers=headers or {}, data=body), timeout=timeout) as reply:
            status, kind, body = reply.status, reply.headers.get_content_type(), reply.read()
    except urllib.error.HTTPError as reply:
        status, kind, body = reply.code, reply.headers.get_content_type(), reply.read()
    return Answer(status, kind, body, began, time.time())


class Documented:
    """Judges answers by the schemas of openapi.json."""

    def __init__(self):
        import jsonschema  # only where it is needed

        self.validator = jsonschema.Draft202012Validator
        self.document = json.loads((SOURCE / "resources/docs/openapi.json").read_text(encoding="utf-8"))

    def shortcoming(self, path, method, answer):
        """Why the answer is not as documented, or None. The path is without its query."""
        patterns = {re.sub(r"\{\w+\}", "[^/]+", template): item for template, item in self.document["paths"].items()}
        item = next((item for pattern, item in patterns.items() if re.fullmatch(pattern, path)), None)
        if item is None or method.lower() not in item:
            return f"{method} {path} is not documented"
        described = item[method.lower()]["responses"].get(str(answer.status))
        if described is None:
            return f"{method} {path} may not answer {answer.status}"
        if answer.kind not in described["content"]:
            return f"{method} {path} may not answer {answer.kind}"
        if not answer.kind.endswith("json"):
            return None
        schema = {**described["content"][answer.kind]["schema"], "components": self.document["components"]}
        fault = next(self.validator(schema).iter_errors(answer.json), None)
        return fault and f"{method} {path}: {fault.json_path}: {fault.message}"


# --- processes ------------------------------------------------------------------------------------------------------


def free_ports(count):
    with contextlib.ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


class Part:
    """One role as a process that answers."""

    def __init__(self, role, process, port, log):
        self.role, self.process, self.log = role, process, log
        self.address = f"127.0.0.1:{port}"
        self.url = f"http://{self.address}"

    def get(self, path, timeout=10):
        return ask(self.url + path, timeout=timeout)

    def post(self, path, timeout=10):
        return ask(self.url + path, "POST", timeout)

    def json(self, path):
        return self.get(path).json

    def send(self, number):
        self.process.send_signal(number)

    def terminate(self):
        """SIGTERM; the exit code."""
        self.send(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def answers(self):
        with contextlib.suppress(OSError):
            return self.get("/actuator/health/readiness", timeout=5).status == 200
        return False


class Own(contextlib.ExitStack):
    """A name of its own for everything, and an end of everything that was started."""

    def __enter__(self):
        super().__enter__()
        self.millraced = pathlib.Path(sys.argv[1])
        missing = [
            name
            for name in ("MILLRACE_BROKER", "MILLRACE_STORE", "MILLRACE_DEDUPE", "MILLRACE_STACK_ADMIN")
            if name not in os.environ
        ]
        if missing:
            sys.exit(f"{', '.join(missing)}: not set; start the servers with tests/stack/up and eval \"$(tests/stack/env)\"")
        self.name = f"services_{secrets.token_hex(4)}"
        self.folder = pathlib.Path(self.enter_context(tempfile.TemporaryDirectory()))
        self.admin = os.environ["MILLRACE_STACK_ADMIN"]
        self.store = f"{os.environ['MILLRACE_STORE'].rsplit('/', 1)[0]}/{self.name}"
        self.environment = {**os.environ, "MILLRACE_STORE": self.store}
        if "TSAN_OPTIONS" in os.environ:  # whoever ends at once leaves threads behind, and means to
            self.environment["TSAN_OPTIONS"] += ":report_thread_leaks=0"
        self.psql(f"create database {self.name} owner millrace", self.admin)
        self.callback(self.psql, f"drop database {self.name} with (force)", self.admin)
        self.parts = 0
        return self

    def __exit__(self, kind, fault, trace):
        if kind is not None:
            for log in sorted(self.folder.glob("*.log")):
                print(
                    f"--- {log.name}\n" + "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]),
                    file=sys.stderr,
                )
        return super().__exit__(kind, fault, trace)

    def scenario(self, streams, consumer="", label="scenario", topic=""):
        """A file with topics and a group of this test's own."""
        topic = topic or self.name
        file = self.folder / f"{label}.yaml"
        file.write_text(
            f"version: 1\nname: {label}\n"
            f"kafka: {{topic: {topic}, group: {topic}, partitions: 6, critical: {{topic: {topic}-critical}}, analytics: {{topic: {topic}-analytics}}}}\n"
            f"dedupe: {{prefix: '{topic}/'}}\nconsumer: {{{consumer}}}\nstreams: [{streams}]\n",
            encoding="utf-8",
        )
        return file

    def spawn(self, label, *command):
        log = self.enter_context(open(self.folder / f"{label}.log", "w", encoding="utf-8"))
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.environment, cwd=self.folder)
        self.callback(process.wait)
        self.callback(process.kill)
        return process

    def serve(self, role, *options, port=None, ready=True):
        """A role that answers; that has begun its work, where `ready`. Another program may be faster in taking a free port."""
        for _ in range(3):
            at = port or free_ports(1)[0]
            self.parts += 1
            label = f"{role}-{self.parts}"
            process = self.spawn(label, self.millraced, "serve", "--role", role, "--listen", f"127.0.0.1:{at}", *options)
            part = Part(role, process, at, self.folder / f"{label}.log")
            if (
                wait_until(
                    lambda: process.poll() is not None or " on http" in part.log.read_text(encoding="utf-8"), f"{label} answers"
                )
                and process.poll() is None
            ):
                if ready:
                    wait_until(part.answers, f"{label} is ready")
                return part
        raise RuntimeError(f"{label} ended with {process.returncode}: {part.log.read_text(encoding='utf-8')}")

    # --- SQL

    def psql(self, statement, database=None):
        command = ["psql", "-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1", "-d", database or self.store, "-c", statement]
        return subprocess.run(
            command, check=True, capture_output=True, text=True, timeout=PATIENCE, stdin=subprocess.DEVNULL
        ).stdout.strip()

    def stored(self):
        """Rows, and different ids among them."""
        rows, ids = self.psql("select count(*), count(distinct id) from log_events").split("|")
        return int(rows), int(ids)

    def rows(self):
        """Of each event: id, due time by its id, and the start of the transaction that stored it, in seconds since the epoch."""
        text = self.psql("select id, extract(epoch from processed_at) from log_events")
        return [(row[:36], due_of(row), float(row[37:])) for row in text.splitlines()]


# --- brokers -----------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def kafka(own, advertised=None):
    """A broker of this test's own; clients are told to connect to `advertised`."""
    properties = (pathlib.Path(os.environ["MILLRACE_STACK_DIR"]) / "kafka/server.properties").read_text(encoding="utf-8")
    plain, login, controller = free_ports(3)
    folder = own.folder / "kafka"
    folder.mkdir()
    for name, port in (("PLAIN", plain), ("LOGIN", login), ("CONTROLLER", controller)):
        properties = re.sub(rf"{name}://127\.0\.0\.1:\d+", f"{name}://127.0.0.1:{port}", properties)
    properties = re.sub(r"(?m)^(controller.quorum.voters=1@127.0.0.1):\d+", rf"\1:{controller}", properties)
    properties = re.sub(r"(?m)^log.dirs=.*", f"log.dirs={folder / 'data'}", properties)
    if advertised:
        properties += f"\nadvertised.listeners=PLAIN://{advertised},LOGIN://127.0.0.1:{login}\n"
    (folder / "server.properties").write_text(properties, encoding="utf-8")
    java = ["java", "-Xmx512m", "-cp", os.environ["MILLRACE_STACK_KAFKA_JARS"] + "/*"]
    form = ["format", "--cluster-id", "millrace-beside-00001", "--config", folder / "server.properties"]
    subprocess.run([*java, "kafka.tools.StorageTool", *form], check=True, capture_output=True, timeout=PATIENCE)
    process = own.spawn("kafka", *java, "kafka.Kafka", folder / "server.properties")
    own.broker = own.environment["MILLRACE_BROKER"] = f"127.0.0.1:{plain}"
    answers = ["kcat", "-L", "-b", own.broker, "-m", "2"]
    wait_until(lambda: subprocess.run(answers, capture_output=True, check=False).returncode == 0, "the broker answers")
    try:
        yield process
    finally:
        process.kill()


# --- ids and histograms ---------------------------------------------------------------------------------------------


def due_of(identity):
    """Of a UUID of version 7 with 12 bits of 1/4096 ms (RFC 9562, section 6.2, method 3), in seconds since the epoch."""
    return (int(identity[:8] + identity[9:13], 16) + int(identity[15:18], 16) / 4096) / 1000


def sequence_of(identity):
    """The lowest 36 bits of an id of ours."""
    return int(identity[27:36], 16)


BITS = 10  # an HdrHistogram with 3 significant digits, in µs: 2^11 linear buckets, then 2^10 per octave


def bucket_highest(index):
    shift = 0 if index < 2 << BITS else (index >> BITS) - 1
    return ((index - (shift << BITS) + 1) << shift) - 1


def histogram(text):
    """Counts by bucket: base64 of LEB128 numbers, the first index, then counts, where 0 stands before how many zeros follow."""
    numbers, number, shift = [], 0, 0
    for byte in base64.b64decode(text):
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            numbers.append(number)
            number = shift = 0
    counts, index = {}, numbers[0] if numbers else 0
    values = iter(numbers[1:])
    for count in values:
        if count:
            counts[index] = count
        index += 1 if count else next(values)
    return counts


def histograms(snapshots, metric):
    """The sum over the streams of all these snapshots."""
    total = {}
    for snapshot in snapshots:
        for stream in snapshot["streams"]:
            for index, count in histogram(stream["histograms"].get(metric, "")).items():
                total[index] = total.get(index, 0) + count
    return total


def percentile(counts, p):
    """As HdrHistogram has it: the highest value of the bucket in which the rank falls, in seconds."""
    rank = max(1, math.ceil(sum(counts.values()) * p / 100 - 1e-9))
    for index in sorted(counts):
        rank -= counts[index]
        if rank <= 0:
            return bucket_highest(index) / 1e6
    return None


def raw_percentile(values, p):
    ordered = sorted(values)
    return ordered[max(1, math.ceil(len(ordered) * p / 100 - 1e-9)) - 1]
