#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows T8 and T9 of the fault table: a PostgreSQL that hangs, whose disk is full, that is read-only; and D2's: one that goes
back behind its address.
    store_rows.py MILLRACED ROW"""

import os
import shutil
import subprocess
import time

import bench


def hanging_store(millraced):
    """T8. Behind a black hole, and meanwhile the run answers over HTTP."""
    length = 30 if bench.IN_FULL else 8
    with bench.Bench("T8", millraced, own=("postgres",), proxied=("postgres",)) as row:
        file = row.scenario(1000, length + 6)
        port = bench.free_ports(1)[0]
        run = row.start(file, "run", "--serve", f"127.0.0.1:{port}")
        row.when_stored(run, 1000)
        row.proxy["postgres"].order("hold on")
        slowest, until = 0.0, time.monotonic() + length
        while time.monotonic() < until:
            for target in ("/actuator/health", "/api/load/stats"):
                answer = bench.ask(f"http://127.0.0.1:{port}{target}")
                slowest = max(slowest, answer.ended - answer.began)
            time.sleep(0.1)
        row.proxy["postgres"].order("clear")
        result = row.ended(run, 0)
        row.judge(f"PostgreSQL hangs for {length} s, slowest answer {1000 * slowest:.0f} ms", [result["ledger"]])
        if not os.environ.get("MILLRACE_SANITIZERS"):  # whose own time it would be
            row.checks.expect("the run answers within 200 ms all the time", slowest < 0.2, f"{1000 * slowest:.0f} ms")
        return row.checks.exit_code()


def on_small_disk(folder):
    """A command that sees a disk of 64 MB at `folder`/small: in a mount namespace of its own, so that nobody else does."""
    (folder / "small").mkdir()
    # In a root that is no mount of its own (chroot) nothing can be made private, and nothing is shared either.
    script = 'mount --make-rprivate / 2>/dev/null; mount -t tmpfs -o size=64m,mode=755 millrace "$0" && mkdir "$0/space" && exec "$@"'
    if os.getuid() == 0:
        script = script.replace("&& exec", '&& chown postgres: "$0" "$0/space" && exec')
        return ("unshare", "--mount", "--propagation", "unchanged", "sh", "-c", script, str(folder / "small"))
    return ("unshare", "--map-current-user", "--keep-caps", "--mount", "--propagation", "unchanged", "sh", "-c", script, str(folder / "small"))


def full_disk(millraced):
    """T9. The disk of the database is full, then the server is read-only; each ends again."""
    length = 20 if bench.IN_FULL else 5
    with bench.Bench("T9", millraced, own=("postgres",), wrapper=on_small_disk) as row:
        row.sql(f"create tablespace small location '{row.folder}/small/space'", row.admin)
        row.sql(f"alter database {row.name} set tablespace small", row.admin)
        run = row.start(row.scenario(500, 2 * length + 9))
        row.when_stored(run, 500)

        row.sql("create table ballast (text text) tablespace small", row.admin)
        full = ""
        for size in (20000, 100, 1):  # down to the last page
            while True:
                try:
                    row.sql(f"insert into ballast select repeat('x', 900) from generate_series(1, {size})", row.admin)
                except subprocess.CalledProcessError as refused:
                    full = refused.stderr
                    break
        row.checks.expect("the disk is full", "No space left on device" in full, full.strip())
        time.sleep(length)
        before = row.stored()
        time.sleep(1)
        row.checks.expect("nothing is stored on it", row.stored() == before)
        row.sql("drop table ballast", row.admin)
        bench.wait_until(lambda: row.stored() > before, "it goes on when there is room", limit=30)

        read_only(row, "on")
        bench.wait_until(lambda: (now := row.stored(), time.sleep(1)) and row.stored() == now, "the server takes no rows", limit=30)
        before = row.stored()
        time.sleep(length)
        row.checks.expect("nothing is stored by a read-only server", row.stored() == before)
        read_only(row, "off")
        bench.wait_until(lambda: row.stored() > before, "it goes on when it may write", limit=30)
        result = row.ended(run, 0)
        row.judge(f"the disk full for {length} s, read-only for {length} s", [result["ledger"]])
        return row.checks.exit_code()


def read_only(row, state):
    row.sql(f"alter system set default_transaction_read_only = {state}", f"{row.admin}?options=-cdefault_transaction_read_only%3Doff")
    row.sql("select pg_reload_conf()", row.admin)


def restored_store(millraced):
    """D2. In the middle of the run PostgreSQL is replaced by an earlier state of itself: what it
    forgot is stored again, whatever the filter knows."""
    for dedupe in ("redis", "memory") if bench.IN_FULL else ("redis",):
        with bench.Bench("D2", millraced, own=("postgres",)) as row:
            data = row.folder / "stack" / "postgres" / "data"

            def restart(change, row=row, data=data):
                row.servers.signal("postgres", "QUIT")
                bench.wait_until(lambda: not row.answers("postgres"), "PostgreSQL is gone")
                change(data, data.with_name("earlier"))
                row.servers.up("postgres")

            def keep(data, earlier):
                subprocess.run(["cp", "-a", data, earlier], check=True)

            def restore(data, earlier):
                shutil.rmtree(data)
                subprocess.run(["cp", "-a", earlier, data], check=True)

            options = ("--dedupe", "memory") if dedupe == "memory" else ()
            run = row.start(row.scenario(500, 20, event="duplicates: {ratio: 1%, within: 2s}"), "run", *options)
            row.when_stored(run, 1000)
            restart(keep)
            kept = row.stored()
            row.when_stored(run, kept + 1500)
            restart(restore)
            after = row.stored()
            row.checks.expect(f"{dedupe}: PostgreSQL has gone back", after < kept + 1500, f"{after} rows, {kept + 1500} were there")
            result = row.ended(run, 0)
            row.judge(f"PostgreSQL restored to an earlier state, filter {dedupe}", [result["ledger"]])
            marks = " | ".join(mark["text"] for mark in result["timeline"])
            row.checks.expect(f"{dedupe}: the time line says so", "The store has gone back: it stands at offset" in marks, marks[-600:])
            code = row.checks.exit_code()
        if code:
            return code
    return 0


bench.drill({"d02_restored_store": restored_store, "t08_hanging_store": hanging_store, "t09_full_disk": full_disk})
