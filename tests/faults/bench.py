# SPDX-License-Identifier: GPL-3.0-or-later
"""What the rows of the fault table share that run the whole program: servers of their own to break, proxies before them, runs of
millraced, and the judgement of a run by SQL and by Kafka's own log, independent of what the run says of itself."""

import contextlib
import json
import os
import pathlib
import random
import secrets
import signal
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "tests/scripts"))
from service_parts import PATIENCE, Checks, ask, free_ports, wait_until  # noqa: E402, F401

STACK = SOURCE / "tests/stack"
VARIABLE = {"kafka": "MILLRACE_BROKER", "postgres": "MILLRACE_STORE", "redis": "MILLRACE_DEDUPE"}
IN_FULL = "MILLRACE_ALL" in os.environ


def seeds(count=20):
    """Of a random row: that of MILLRACE_SEED, else 1, in full 1 to `count`."""
    if "MILLRACE_SEED" in os.environ:
        return [int(os.environ["MILLRACE_SEED"])]
    return list(range(1, count + 1 if IN_FULL else 2))


def port_of(url):
    return int(url.rsplit("/", 1)[0].rsplit(":", 1)[1]) if "/" in url.split("://")[-1] else int(url.rsplit(":", 1)[1])


class Proxy:
    """Our own TCP proxy (tcp_proxy.h) before a server."""

    def __init__(self, program, server_port, port=0, seed=1):
        self.process = subprocess.Popen(
            [program, str(server_port), str(port), str(seed)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.port = int(self.process.stdout.readline())

    def order(self, words):
        self.process.stdin.write(words + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().strip()
        if answer != "ok":
            raise ValueError(f"{words}: {answer}")

    def close(self):
        self.process.stdin.close()
        self.process.wait(PATIENCE)
        self.process.stdout.close()


def alive(pid):
    with contextlib.suppress(OSError):
        return pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    return False


class Servers:
    """Servers of this test's own, by the stack's scripts in a folder of their own, so that breaking them disturbs nobody."""

    def __init__(self, folder, names, wrapper=(), **environment):
        self.folder, self.wrapper = pathlib.Path(folder), wrapper
        self.environment = {**os.environ, "MILLRACE_STACK_DIR": str(folder), **environment}
        try:
            self.up(*names)
        except RuntimeError:
            self.down()  # of those that did start
            raise
        self.addresses = {}
        for line in self.script("env").stdout.splitlines():
            name, _, value = line.removeprefix("export ").partition("=")
            self.addresses[name] = value

    def script(self, name, *arguments):
        done = subprocess.run(
            [*(self.wrapper if name == "up" else ()), STACK / name, *arguments],
            env=self.environment, capture_output=True, text=True, timeout=200, stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise RuntimeError(f"tests/stack/{name} {' '.join(arguments)}: {done.stderr}")
        return done

    def up(self, *names):
        self.script("up", *names)

    def signal(self, name, what):
        """For a deadly one it returns when the process is gone, so that up() does not take it for one that lives."""
        pid = int((self.folder / f"{name}.pid").read_text(encoding="ascii").split()[0])
        self.script("signal", name, what)
        if what in ("KILL", "QUIT", "INT", "TERM"):
            wait_until(lambda: not alive(pid), f"{name} is gone", every=0.02)

    def down(self):
        self.script("down")


class Run:
    """millraced run, with its result once it has ended."""

    def __init__(self, bench, file, label, *options, prefix=(), environment=None):
        self.folder = bench.folder / label
        self.log = bench.folder / f"{label}.log"
        self.began = time.monotonic()
        with open(self.log, "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [*prefix, bench.millraced, "run", file, "--out", self.folder, *options],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={**bench.environment, **(environment or {})}, cwd=bench.folder,
            )  # fmt: skip
        bench.callback(self.process.wait)
        bench.callback(self.process.kill)

    def seconds(self):
        return time.monotonic() - self.began

    def send(self, number):
        self.process.send_signal(number)

    def wait(self, limit=240):
        """The exit code."""
        return self.process.wait(limit)

    def says(self):
        return self.log.read_text(encoding="utf-8", errors="replace")

    @property
    def result(self):
        return json.loads((self.folder / "result.json").read_text(encoding="utf-8"))


class Bench(contextlib.ExitStack):
    """A row of the table: servers, a database and topics of its own. `own`: the servers that it breaks; the others are those of
    tests/stack. `proxied`: those of its own that are reached through a proxy. `wrapper`: answers, for a folder, the command under
    which servers are started."""

    def __init__(self, row, millraced, own=(), proxied=(), seed=1, wrapper=None):
        super().__init__()
        self.row, self.millraced, self.own, self.proxied = row, pathlib.Path(millraced).resolve(), tuple(own), tuple(proxied)
        self.seed, self.wrapper = seed, wrapper
        self.random = random.Random(seed)
        self.proxy = {}
        self.name = f"fault_{secrets.token_hex(4)}"
        self.checks = Checks()
        self.began = time.monotonic()

    def __enter__(self):
        super().__enter__()
        missing = [variable for name, variable in VARIABLE.items() if name not in self.own and variable not in os.environ]
        if missing:
            sys.exit(f"{', '.join(missing)}: not set; start the servers with tests/stack/up and eval \"$(tests/stack/env)\"")
        self.folder = pathlib.Path(self.enter_context(tempfile.TemporaryDirectory(prefix="millrace-fault-")))
        self.folder.chmod(0o755)  # PostgreSQL runs as another user where we are root
        self.environment = dict(os.environ)
        if self.own:
            self._start_own()
        direct = self.servers.addresses if "postgres" in self.own else os.environ
        self.admin = direct["MILLRACE_STACK_ADMIN"]
        self.store = f"{direct['MILLRACE_STORE'].rsplit('/', 1)[0]}/{self.name}"
        self.environment["MILLRACE_STORE"] = f"{self.environment['MILLRACE_STORE'].rsplit('/', 1)[0]}/{self.name}"
        self.sql(f"create database {self.name} owner millrace", self.admin)
        if "postgres" not in self.own:
            self.callback(self.sql, f"drop database {self.name} with (force)", self.admin)
        return self

    def __exit__(self, kind, fault, trace):
        if kind is not None or self.checks.failed:
            for log in [*sorted(self.folder.glob("stack/*/*.log")), *sorted(self.folder.glob("*.log"))]:
                lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
                ours = [line for line in lines if "kafka millrace-" not in line]  # not each try of each client
                print(f"--- {log.name}\n" + "\n".join(ours[-60:]), flush=True)
        return super().__exit__(kind, fault, trace)

    def _start_own(self):
        program = self.millraced.parent / "tcp_proxy"
        advertised = free_ports(1)[0] if "kafka" in self.proxied else 0
        self.servers = Servers(
            self.folder / "stack", self.own, self.wrapper(self.folder) if self.wrapper else (), **({"MILLRACE_STACK_ADVERTISED": str(advertised)} if advertised else {})
        )
        self.callback(self.servers.down)
        self.environment.update(self.servers.addresses)
        for name in self.proxied:
            address = self.servers.addresses[VARIABLE[name]]
            proxy = Proxy(program, port_of(address), advertised if name == "kafka" else 0, self.seed)
            self.proxy[name] = proxy
            self.callback(proxy.close)
            self.environment[VARIABLE[name]] = address.replace(f":{port_of(address)}", f":{proxy.port}")

    # --- the run

    def scenario(self, rate, seconds, label="scenario", more="", event="", consumer="", kafka="", thresholds="lost == 0, doubled == 0", name=None):
        """Three tiers, a stream each, two consumers per tier; topics and a group of this test's own."""
        topic = name or self.name
        event = event or "duplicates: {ratio: 1%, within: 2s}, unreadable: 0.1%"
        streams = "".join(
            f"  - {{name: {tier}, tier: {tier}, event: {{{event}}}, stages: [{{duration: {seconds}s, rate: {rate * part // 10}/s}}]}}\n"
            for tier, part in (("critical", 2), ("normal", 5), ("analytics", 3))
        )
        file = self.folder / f"{label}.yaml"
        file.write_text(
            f"version: 1\nname: {self.row}\nseed: {self.seed}\ndrain: 60s\nstreams:\n{streams}"
            f"kafka: {{topic: {topic}, group: {topic}, partitions: 4, critical: {{topic: {topic}-critical}}, "
            f"analytics: {{topic: {topic}-analytics}}{', ' + kafka if kafka else ''}}}\n"
            f"dedupe: {{prefix: '{topic}/'}}\nconsumer: {{concurrency: 2{', ' + consumer if consumer else ''}}}\n"
            f"thresholds: [{thresholds}]\n{more}",
            encoding="utf-8",
        )
        return file

    def start(self, file, label="run", *options, **rest):
        return Run(self, file, label, *options, **rest)

    def ended(self, run, *codes, limit=240):
        """The run ends by itself with one of these codes, or 5: this machine was too busy to generate the load in time. The
        counts hold all the same."""
        code = run.wait(limit)
        self.checks.expect(f"it ends with {' or '.join(map(str, codes))}", code in (*codes, 5), code)
        return run.result

    def stopped(self, run, limit=120):
        """The run ends on SIGTERM: what was sent is stored, and the ledger is closed."""
        run.send(signal.SIGTERM)
        code = run.wait(limit)
        self.checks.expect("it ends with 130", code == 130, f"{code}, {run.result['verdict']['summary']}")
        return run.result

    def goes_on(self, run, what, limit=60):
        """Until more is stored of every partition; how long that took."""
        before, since = self.positions(), time.monotonic()
        wait_until(
            lambda: run.process.poll() is not None or all(now > before[partition] for partition, now in self.positions().items()),
            f"it goes on {what}", limit,
        )  # fmt: skip
        if run.process.poll() is not None:
            raise RuntimeError(f"the run has ended: {run.says()[-2000:]}")
        return time.monotonic() - since

    def when_stored(self, run, count):
        """Until the run has stored so many events."""
        wait_until(lambda: run.process.poll() is not None or self.stored() >= count, f"{count} events are stored", limit=60)

    # --- the judgement

    def sql(self, statement, database=None):
        command = ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", database or self.store, "-c", statement]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=PATIENCE, stdin=subprocess.DEVNULL).stdout.strip()

    def answers(self, name):
        """One of its own servers is alive; the others always are."""
        return name not in self.own or alive(int((self.servers.folder / f"{name}.pid").read_text(encoding="ascii").split()[0]))

    def redis(self, *command):
        url = self.servers.addresses["MILLRACE_DEDUPE"]
        subprocess.run(["redis-cli", "-u", url, *command], check=True, capture_output=True, timeout=PATIENCE)

    def positions(self):
        """What is stored of each partition."""
        rows = self.sql("select topic, partition, next_offset from kafka_offsets").splitlines()
        return {row.rpartition("|")[0]: int(row.rpartition("|")[2]) for row in rows}

    def stored(self):
        with contextlib.suppress(subprocess.CalledProcessError):  # no table yet, or no server
            return int(self.sql("select count(*) from log_events"))
        return 0

    @property
    def broker(self):
        return (self.servers.addresses if "kafka" in self.own else os.environ)["MILLRACE_BROKER"]

    def topics(self):
        return (self.name, f"{self.name}-critical", f"{self.name}-analytics")

    def judge(self, injected, ledgers, log=True):
        """The row's line, and its zeros. `ledgers`: of the results; `log`: Kafka can be read."""
        rows, different = (int(n) for n in self.sql("select count(*), count(distinct id) from log_events").split("|"))
        known = set(self.sql("select id from log_events union select event_id from dead_letters where event_id is not null").split())
        lost = sum(ledger["lost"] for ledger in ledgers)
        missing = len(log_ids(self.broker, self.topics()) - known) if log else 0
        off = []
        for ledger in ledgers:
            off += identities(ledger)
        if ledgers:
            stored = sum(ledger["stored"] for ledger in ledgers)
            if stored != rows:
                off.append(f"stored {stored} is not {rows} rows")
            dead = int(self.sql("select count(*) from dead_letters"))
            if (told := sum(ledger["dead_lettered"] for ledger in ledgers)) != dead:
                off.append(f"dead-lettered {told} is not {dead} rows")
        print(
            f"{self.row}: {injected}; {rows} stored, lost {lost}, not stored of Kafka's log {missing}, doubled {rows - different}, "
            f"identities {'exact' if not off else 'OFF: ' + '; '.join(off)}, {time.monotonic() - self.began:.1f} s",
            flush=True,
        )
        self.checks.expect("nothing is lost", lost == 0 and missing == 0)
        self.checks.expect("nothing is stored twice", rows == different and all(ledger["doubled"] == 0 for ledger in ledgers))
        self.checks.expect("the identities are exact (D8, K2)", not off)
        self.checks.expect("something was stored", rows > 0)


def messages(broker, topic):
    """Everything in a topic: partition, offset, headers and payload of each message."""
    read = subprocess.run(
        ["kcat", "-b", broker, "-C", "-t", topic, "-o", "beginning", "-e", "-q", "-f", "%p %o %S %h\n%s\n"],
        capture_output=True, timeout=120, check=True, stdin=subprocess.DEVNULL,
    ).stdout  # fmt: skip
    at, found = 0, []
    while at < len(read):
        end = read.index(b"\n", at)
        partition, offset, size, headers = (read[at:end] + b" ").split(b" ", 3)
        start = end + 1
        at = start + max(int(size), 0) + 1
        found.append((int(partition), int(offset), headers.decode().strip(), read[start : at - 1]))
    return found


def log_ids(broker, topics):
    """Of all events in Kafka: those that the broker has, in whatever way it was reported."""
    ids = set()
    for topic in topics:
        for _, _, headers, payload in messages(broker, topic):
            with contextlib.suppress(ValueError, KeyError, TypeError):  # foreign and unreadable ones
                ids.add(headers.split("millrace-id=", 1)[1][:36] if "millrace-id=" in headers else json.loads(payload)["id"])
    return ids


def identities(ledger):
    """Those of a closed ledger that do not hold (K2, D8)."""
    duplicate = ledger["duplicate"]
    duplicates = sum(duplicate.values()) if isinstance(duplicate, dict) else duplicate
    sums = {
        "planned = sent + unsent + shed": (ledger["planned"], ledger["sent"] + ledger["unsent"] + ledger["shed"]),
        "sent = acked + failed + in doubt": (ledger["sent"], ledger["acked"] + ledger["failed"] + ledger["in_doubt"]),
        "polled = stored + duplicate + dead-lettered": (ledger["polled"], ledger["stored"] + duplicates + ledger["dead_lettered"]),
    }
    return [f"{name}: {one} is not {other}" for name, (one, other) in sums.items() if one != other]


def drill(rows):
    """The program: MILLRACED ROW. `rows`: functions by the row's name, each of which answers its exit code."""
    if len(sys.argv) != 3 or sys.argv[2] not in rows:
        sys.exit(f"usage: {sys.argv[0]} MILLRACED {'|'.join(rows)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # servers are stopped
    sys.exit(rows[sys.argv[2]](sys.argv[1]))
