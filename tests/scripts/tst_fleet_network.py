#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two producers, three consumers and a gateway, each in a network namespace with an address of its own: one run over them makes
the load of one process, its percentiles are those of all rows, and its ledger stays exact where a way is cut off.
    tst_fleet_network.py MILLRACED
The servers of tests/stack listen on the loopback of the namespace outside; sockets in the file system lead there."""

import asyncio
import contextlib
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

import service_parts
import tst_fleet
from service_parts import wait_until

RATE = 2000
SECONDS = 12
PERCENTILES = (50, 90, 95, 99)
# How much later than the server a consumer may know of a commit, in ms.
COMMIT_KNOWN = 20 if not {"ASAN_OPTIONS", "TSAN_OPTIONS"} & os.environ.keys() else 200
FOLDER = "MILLRACE_TEST_SOCKETS"  # where the sockets lie, for the part inside


def server_ports():
    text = " ".join(os.environ[name] for name in ("MILLRACE_BROKER", "MILLRACE_STORE", "MILLRACE_DEDUPE", "MILLRACE_STACK_ADMIN"))
    return sorted({int(port) for port in re.findall(r"(?:127\.0\.0\.1|localhost):(\d+)", text)})


# --- relays ---------------------------------------------------------------------------------------------------------


async def pump(reader, writer):
    with contextlib.suppress(OSError):
        while data := await reader.read(1 << 18):
            writer.write(data)
            await writer.drain()
    with contextlib.suppress(OSError):
        writer.close()


def relay(listen, connect):
    """What accepts on one side and connects on the other."""

    async def accept(reader, writer):
        try:
            other_reader, other_writer = await connect()
        except OSError:
            writer.close()
            return
        await asyncio.gather(pump(reader, other_writer), pump(other_reader, writer))

    return listen(accept)


async def outside(folder):
    """From the file system to the servers."""
    for port in server_ports():
        await relay(
            lambda accept, port=port: asyncio.start_unix_server(accept, f"{folder}/{port}"),
            lambda port=port: asyncio.open_connection("127.0.0.1", port),
        )
    await asyncio.Event().wait()


async def inside(folder):
    """From the loopback of this namespace to the file system."""
    for port in server_ports():
        await relay(
            lambda accept, port=port: asyncio.start_server(accept, "127.0.0.1", port),
            lambda port=port: asyncio.open_unix_connection(f"{folder}/{port}"),
        )
    await asyncio.Event().wait()


def reaches(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
        return True
    return False


# --- namespaces -----------------------------------------------------------------------------------------------------


def ip(*words):
    subprocess.run(("ip", *words), check=True)


class Host:
    """A namespace with an address of its own and a way to ours."""

    def __init__(self, own, number):
        self.device = f"mr{number}"
        self.address = f"10.77.{number}.2"
        keeper = own.enter_context(subprocess.Popen(("unshare", "--net", "sleep", "infinity"), stdin=subprocess.DEVNULL))
        own.callback(keeper.kill)
        ours = os.readlink("/proc/self/ns/net")
        wait_until(lambda: os.readlink(f"/proc/{keeper.pid}/ns/net") != ours, "the namespace is there")
        self.within = ("nsenter", f"--net=/proc/{keeper.pid}/ns/net")
        ip("link", "add", self.device, "type", "veth", "peer", "name", "way", "netns", str(keeper.pid))
        ip("address", "add", f"10.77.{number}.1/24", "dev", self.device)
        ip("link", "set", self.device, "up")
        subprocess.run((*self.within, "ip", "link", "set", "lo", "up"), check=True)
        for words in (("address", "add", f"{self.address}/24", "dev", "way"), ("link", "set", "way", "up"), ("route", "add", "default", "via", f"10.77.{number}.1")):
            subprocess.run((*self.within, "ip", *words), check=True)
        own.spawn(f"relay-{number}", *self.within, sys.executable, "-B", __file__, "--inside")

    def cut(self):
        ip("link", "set", self.device, "down")

    def mend(self):
        ip("link", "set", self.device, "up")


class Part(service_parts.Part):
    """A role on a host; it wants a token, since others could reach it."""

    def __init__(self, role, process, host, port, log, token):
        super().__init__(role, process, port, log)
        self.host, self.token = host, token
        self.address = f"{host.address}:{port}"
        self.url = f"http://{self.address}"

    def get(self, path, timeout=10):
        return service_parts.ask(self.url + path, timeout=timeout, headers={"Authorization": f"Bearer {self.token}"})


class Network(service_parts.Own):
    """Roles on hosts of their own."""

    def __enter__(self):
        super().__enter__()
        self.environment["MILLRACE_TOKEN"] = self.token = secrets.token_urlsafe(32)
        self.hosts = 0
        return self

    def serve(self, role, *options, port=8081, ready=True):
        self.hosts += 1
        host = Host(self, self.hosts)
        label = f"{role}-{self.hosts}"
        process = self.spawn(
            label, *host.within, self.millraced, "serve", "--role", role, "--listen", f"{host.address}:{port}", *options
        )
        part = Part(role, process, host, port, self.folder / f"{label}.log", self.token)
        if ready:
            wait_until(part.answers, f"{label} is ready")
        return part


# --- the test -------------------------------------------------------------------------------------------------------


def latencies(own):
    """From the due time in each id to the commit of its row, in seconds."""
    text = own.psql("select id, extract(epoch from pg_xact_commit_timestamp(xmin)) from log_events")
    return [float(row[37:]) - service_parts.due_of(row) for row in text.splitlines()]


def one_run(checks, own, fleet):
    gateway = own.serve(
        "gateway",
        "--producers",
        ",".join(part.address for part in fleet.producers),
        "--consumers",
        ",".join(part.address for part in fleet.consumers),
        *fleet.settings,
        ready=False,
    )
    process, folder = fleet.start(f"{{name: load, stages: [{{duration: {SECONDS}s, rate: {RATE}/s}}]}}")
    fleet.loaded(RATE * 3)
    # Latencies of seconds, beside which the length of a transaction is nothing.
    for consumer in fleet.consumers:
        consumer.send(signal.SIGSTOP)
    time.sleep(3)
    for consumer in fleet.consumers:
        consumer.send(signal.SIGCONT)
    process.wait(120)
    found = tst_fleet.result(folder)
    print("  ", found["verdict"]["summary"])
    tst_fleet.exact(checks, own, "one run over six hosts", found)
    checks.same("planned as one process would", planned=found["ledger"]["planned"], expected=RATE * SECONDS)
    checks.agree("target rate", found["rate_per_s"]["target"], RATE, 0.001)
    values = latencies(own)
    for p in PERCENTILES:
        raw = 1000 * service_parts.raw_percentile(values, p)
        checks.agree(
            f"end_to_end p{p} is that of all rows within 1 %, in ms",
            found["latency_ms"]["end_to_end"][f"p{p}"],
            raw,
            0.01,
            COMMIT_KNOWN,
        )
    checks.same("as many latencies as rows", values=found["latency_ms"]["end_to_end"]["count"], rows=len(values))
    summary = wait_until(
        lambda: (now := gateway.json("/api/metrics/summary"))["consumer"]["stored"] >= len(values) and now, "the gateway knows it"
    )
    checks.same("the gateway counts the same", gateway=summary["consumer"]["stored"], rows=len(values))
    fleet.forget()


def way_cut(checks, own, fleet):
    """The way to a producer is cut off for some seconds: it goes on, and all of it is accounted for."""
    process, folder = fleet.start(f"{{name: load, stages: [{{duration: {SECONDS}s, rate: {RATE}/s}}]}}")
    fleet.loaded(RATE * 2)
    cut = fleet.producers[0]
    cut.host.cut()
    time.sleep(6)
    cut.host.mend()
    code = process.wait(120)
    found = tst_fleet.result(folder)
    print("  ", found["verdict"]["summary"])
    tst_fleet.exact(checks, own, "a way cut off", found)
    checks.same("a way cut off: the daemon went on by itself", planned=found["ledger"]["planned"], expected=RATE * SECONDS)
    tst_fleet.ended(checks, "a way cut off", code)
    silent = [mark for mark in found["timeline"] if cut.address in str(mark)]
    checks.expect("a way cut off: it is on the time line", len(silent) == 2, silent)
    fleet.forget()


def main():
    checks = service_parts.Checks()
    with Network() as own:
        fleet = tst_fleet.Fleet(own)
        one_run(checks, own, fleet)
        way_cut(checks, own, fleet)
    return checks.exit_code()


def enter():
    """In a network of its own; nothing of it is left when it ends."""
    with tempfile.TemporaryDirectory() as folder:
        servers = subprocess.Popen((sys.executable, "-B", __file__, "--outside"), env={**os.environ, FOLDER: folder})
        try:
            wait_until(lambda: len(list(pathlib.Path(folder).iterdir())) == len(server_ports()), "the relays are there")
            return subprocess.run(
                ("unshare", "--net", *(() if os.geteuid() == 0 else ("--map-root-user",)), sys.executable, "-B", __file__, sys.argv[1]),
                env={**os.environ, FOLDER: folder, "MILLRACE_TEST_WITHIN": "1"},
                check=False,
            ).returncode
        finally:
            servers.kill()
            servers.wait()


if __name__ == "__main__":
    if sys.argv[1] in ("--inside", "--outside"):
        asyncio.run((inside if sys.argv[1] == "--inside" else outside)(os.environ[FOLDER]))
    elif "MILLRACE_TEST_WITHIN" not in os.environ:
        sys.exit(enter())
    else:
        ip("link", "set", "lo", "up")
        pathlib.Path("/proc/sys/net/ipv4/ip_forward").write_text("1")  # the gateway asks the others
        ours = subprocess.Popen((sys.executable, "-B", __file__, "--inside"))
        try:
            wait_until(lambda: all(reaches(port) for port in server_ports()), "the servers are within reach")
            sys.exit(main())
        finally:
            ours.kill()
            ours.wait()
