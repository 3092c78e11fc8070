#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""200 event streams and 50 silent connections on a producer under load: every stream sees every second, one that comes back
misses none, requests are answered meanwhile, and memory stays. Prints how long the requests took.
    tst_services_streams.py MILLRACED"""

import asyncio
import json
import os
import re
import sys
import time

import service_parts

STREAMS, SILENT, REQUESTS = 200, 50, 200
HEAD = "GET {} HTTP/1.1\r\nHost: localhost\r\n{}\r\n"


def resident_megabytes(process):
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) / 1024


class Stream:
    """One that follows /api/stream and keeps the ids."""

    def __init__(self):
        self.ids = []

    async def follow(self, port, last=None):
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 22)
        try:
            writer.write(HEAD.format("/api/stream", f"Last-Event-ID: {last}\r\n" if last else "").encode())
            while line := await reader.readline():
                if line.startswith(b"id:"):
                    self.ids.append(int(line[3:]))
                elif line.startswith(b"data:"):
                    self.newest = line[5:]
        finally:
            writer.close()

    def gaps(self):
        return sum(after != before + 1 for before, after in zip(self.ids, self.ids[1:]))


async def silence(port):
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        await asyncio.sleep(600)
    finally:
        writer.close()


async def request(port):
    """Its status and how many seconds it took, connection included."""
    began = time.monotonic()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(HEAD.format("/api/load/stats", "Connection: close\r\n").encode())
    answer = await reader.read()
    writer.close()
    return int(answer.split(b" ", 2)[1]), time.monotonic() - began


async def ended(tasks):
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def crowd(checks, part):
    port = int(part.address.rpartition(":")[2])
    for _ in range(20):
        await request(port)
    before = resident_megabytes(part.process)
    streams = [Stream() for _ in range(STREAMS)]
    tasks = [asyncio.ensure_future(stream.follow(port)) for stream in streams]
    tasks += [asyncio.ensure_future(silence(port)) for _ in range(SILENT)]
    await asyncio.sleep(2)
    answers, most = [], 0.0
    for _ in range(REQUESTS):
        answers.append(await request(port))
        most = max(most, resident_megabytes(part.process))
        await asyncio.sleep(0.03)
    seconds = sorted(took for _, took in answers)
    checks.expect(
        f"{REQUESTS} requests are answered beside {STREAMS} streams and {SILENT} silent connections",
        all(status == 200 for status, _ in answers),
        f"p50 {seconds[REQUESTS // 2] * 1e3:.1f} ms, p99 {seconds[REQUESTS * 99 // 100] * 1e3:.1f} ms, max {seconds[-1] * 1e3:.1f} ms",
    )
    if not os.environ.get("MILLRACE_SANITIZERS"):  # whose own memory it would be
        checks.expect("memory grows by at most 20 MB", most - before <= 20, f"{before:.1f} to {most:.1f} MB")
    seen = [len(stream.ids) for stream in streams]
    checks.expect(
        "every stream sees every second", min(seen) >= 5 and not any(stream.gaps() for stream in streams), f"{min(seen)} to {max(seen)} events"
    )
    checks.expect("each event is a whole snapshot", {"consumer", "host", "streams"} <= set(json.loads(streams[0].newest)))

    await ended(tasks[:1])  # it comes back after three seconds
    last = streams[0].ids[-1]
    await asyncio.sleep(3)
    back = Stream()
    again = asyncio.ensure_future(back.follow(port, last))
    await asyncio.sleep(2)
    checks.expect(
        "one that comes back misses none",
        len(back.ids) >= 3 and back.ids[0] == last + 1 and not back.gaps(),
        f"left at {last}, then {back.ids[0] if back.ids else 'nothing'} to {back.ids[-1] if back.ids else 'nothing'}",
    )
    await ended([*tasks[1:], again])


def main():
    checks = service_parts.Checks()
    with service_parts.Own() as own:
        file = own.scenario("{name: baseline, stages: [{duration: 1s, rate: 1000/s}]}")
        part = own.serve("producer", "--scenario", file, "--connections", "400", "--connections-per-client", "400")
        asyncio.run(crowd(checks, part))
    sys.exit(checks.exit_code())


main()
