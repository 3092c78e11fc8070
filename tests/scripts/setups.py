# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of people's set-ups share: a folder, throw-away servers on free loopback ports, the program from outside.
Everything that was started ends with the block."""

import contextlib
import glob
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

import service_parts
from service_parts import PATIENCE, free_ports, wait_until

AS_POSTGRES = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] if os.getuid() == 0 else []


def answers(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def newest(program):
    """Of PostgreSQL, whose versions lie beside each other."""
    return sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{program}"))[-1]


class Checks(service_parts.Checks):
    """Figures where a check fails only: they are whole outputs."""

    def expect(self, name, holds, figures=""):
        super().expect(name, holds, "" if holds else " | ".join(str(figures).split("\n"))[:1500])


class Answer:
    def __init__(self, process, began):
        self.exit, self.seconds = process.returncode, time.monotonic() - began
        self.out = (process.stdout or b"").decode(errors="replace")
        self.said = self.out + (process.stderr or b"").decode(errors="replace")


class Setup(contextlib.ExitStack):
    """A folder that servers of other users may enter."""

    def __enter__(self):
        super().__enter__()
        self.folder = pathlib.Path(self.enter_context(tempfile.TemporaryDirectory()))
        self.folder.chmod(0o755)
        self.number = 0
        return self

    # --- the program

    def environment(self, **more):
        plain = {name: value for name, value in os.environ.items() if not name.startswith(("MILLRACE_", "PG", "SPDLOG"))}
        return {**plain, **more}

    def millraced(self, *words, **environment):
        began = time.monotonic()
        process = subprocess.run(
            [sys.argv[1], *words],
            cwd=self.folder,
            env=self.environment(**environment),
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=PATIENCE,
            check=False,
        )
        return Answer(process, began)

    def scenario(self, length="1s", rate="200/s", more=""):
        text = f"version: 1\nname: set-up\nstreams: [{{name: a, stages: [{{duration: {length}, rate: {rate}}}]}}]\nthresholds: [lost == 0]\n{more}"
        (self.folder / "s.yaml").write_text(text, encoding="utf-8")

    def result(self, out):
        return json.loads((self.folder / out / "result.json").read_text(encoding="utf-8"))

    def marks(self, out):
        return [mark["text"] for mark in self.result(out)["timeline"] if mark["kind"] == "warning"]

    # --- servers

    def own(self, name):
        self.number += 1
        folder = self.folder / f"{name}-{self.number}"
        folder.mkdir(mode=0o755)
        if AS_POSTGRES:
            shutil.chown(folder, "postgres", "postgres")
        return folder

    def started(self, command, port, folder):
        log = self.enter_context(open(folder / "log", "wb"))
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder)
        self.callback(process.wait, PATIENCE)
        self.callback(process.terminate)
        wait_until(lambda: process.poll() is not None or answers(port), f"{command[0]} answers")
        if process.poll() is not None:
            raise RuntimeError(f"{command}: {(folder / 'log').read_text(errors='replace')}")
        return process

    def redis(self, *settings, sentinel=False):
        """The port. `sentinel`: the first setting is its configuration's file."""
        (port,) = free_ports(1)
        folder = self.own("redis")
        kind = [*settings, "--sentinel"] if sentinel else ["--save", "", *settings]
        self.started(["redis-server", *kind, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)], port, folder)
        return port

    def redis_cli(self, port, *words):
        subprocess.run(["redis-cli", "-p", str(port), *words], check=True, capture_output=True, timeout=PATIENCE)

    def postgres(self, *settings, standby=False, password=None):
        """The port of a server with the user millrace, who owns the database of that name."""
        (port,) = free_ports(1)
        folder = self.own("postgres")
        data = folder / "data"
        initdb = [newest("initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"]
        subprocess.run([*AS_POSTGRES, *initdb], check=True, capture_output=True, cwd=folder, timeout=PATIENCE)
        if password:
            (data / "pg_hba.conf").write_text("host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n", encoding="ascii")
        command = [newest("postgres"), "-D", data, "-p", str(port), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
        command += ["-c", "unix_socket_directories=", *settings]
        process = self.started([*AS_POSTGRES, *command], port, folder)
        wait_until(lambda: self.psql(port, "select 1", may_fail=True) == "1", "PostgreSQL takes statements")
        self.psql(port, "create role millrace login" + (f" password $${password}$$" if password else ""))
        self.psql(port, "create database millrace owner millrace")
        if standby:  # in recovery for ever, and open for reading
            process.terminate()
            process.wait(PATIENCE)
            subprocess.run([*AS_POSTGRES, "touch", data / "standby.signal"], check=True)
            self.started([*AS_POSTGRES, *command], port, folder)
            wait_until(lambda: self.psql(port, "select pg_is_in_recovery()", may_fail=True) == "t", "the standby reads")
        return port

    def psql(self, port, statement, database="postgres", user="postgres", may_fail=False):
        command = ["psql", "-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1", "-d", f"postgresql://{user}@127.0.0.1:{port}/{database}", "-c", statement]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, stdin=subprocess.DEVNULL, check=False)
        if done.returncode and not may_fail:
            raise RuntimeError(f"{statement}: {done.stderr}")
        return done.stdout.strip()

    def pgbouncer(self, server, mode, *lines):
        (port,) = free_ports(1)
        folder = self.own("pgbouncer")
        (folder / "users").write_text('"millrace" ""\n', encoding="ascii")
        (folder / "ini").write_text(
            f"[databases]\nmillrace = user=millrace host=127.0.0.1 port={server}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n"
            f"auth_type = any\nauth_file = {folder}/users\nunix_socket_dir =\npool_mode = {mode}\n"
            "max_client_conn = 50\ndefault_pool_size = 20\n" + "".join(f"{line}\n" for line in lines),
            encoding="ascii",
        )
        self.started([*AS_POSTGRES, shutil.which("pgbouncer") or "/usr/sbin/pgbouncer", str(folder / "ini")], port, folder)
        return port

    def deaf(self):
        """The port of a listener that takes connections and never answers."""
        listener = self.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(50)
        return listener.getsockname()[1]
