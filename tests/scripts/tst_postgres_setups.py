#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""PostgreSQL as people have it: passwords with signs in them, poolers, several hosts, standbys, least rights, readers that hold the
tables while a partition is due.
    tst_postgres_setups.py MILLRACED"""

import contextlib
import datetime
import subprocess
import sys
import threading
import time

import service_parts
import setups

LOCAL = ("--broker", "embedded", "--dedupe", "memory")


def day(ahead):
    return datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(days=ahead)


def partition(ahead):
    return f"log_events_{day(ahead):%Y%m%d}"


def both(checks, setup, name, url, exit_code, *texts):
    """Doctor and run say the same of it; the run's folder."""
    setup.number += 1
    out = f"both{setup.number}"
    for verb in (("doctor", *LOCAL), ("run", "s.yaml", *LOCAL, "--out", out)):
        answer = setup.millraced(*verb, MILLRACE_STORE=url)
        missing = [text for text in texts if text not in answer.said]
        checks.expect(f"{name}: {verb[0]} ends with {exit_code} and says so", answer.exit == exit_code and not missing, f"{missing} {answer.said}")
    return out


def hits(setup, secret):
    return [
        file
        for file in setup.folder.rglob("*")
        if file.is_file() and not file.relative_to(setup.folder).parts[0].startswith("postgres-") and secret.encode() in file.read_bytes()
    ]


def passwords(checks, setup):
    port = setup.postgres(password="first")
    for sign, escape in {"/": "%2F", "#": "%23", "?": "%3F", "@": "%40", "%": "%25", ":": "%3A"}.items():
        setup.psql(port, f"alter role millrace password $$ab{sign}cd+ef=$$")
        raw = f"postgresql://millrace:ab{sign}cd+ef=@127.0.0.1:{port}/millrace"
        config = ("serve", "--role", "consumer", "--broker", "127.0.0.1:1", "--show-config")
        for verb in (("doctor", *LOCAL), ("init", *LOCAL), ("run", "s.yaml", *LOCAL, "--out", f"r{escape[1:]}"), config):
            answer = setup.millraced(*verb, MILLRACE_STORE=raw)
            checks.expect(f"password with {sign}, {verb[0]}: it is in no word", "cd+ef=" not in answer.said, answer.said)
            if sign in "/#?@" and verb is not config:
                one = "write / as %2F, # as %23, ? as %3F, @ as %40 and % as %25" in answer.said and answer.said.count("\n") == 1
                checks.expect(f"password with {sign}, {verb[0]}: one sentence says how to write it", answer.exit == 2 and one, answer.said)
        good = setup.millraced("run", "s.yaml", *LOCAL, "--out", f"g{escape[1:]}", MILLRACE_STORE=raw.replace(f"ab{sign}", f"ab{escape}"))
        checks.expect(f"password with {sign} written {escape}: the run passes", good.exit == 0 and "cd+ef=" not in good.said, good.said)
        held = setup.psql(port, "select count(*) from runs where head::text like '%cd+ef=%'", "millrace")
        checks.expect(f"password with {sign}: it is in no file and no table", held == "0" and not hits(setup, "cd+ef="), held)


def poolers(checks, setup, server):
    for name, mode, lines in (
        ("transaction pooling", "transaction", []),
        ("transaction pooling that ignores options", "transaction", ["ignore_startup_parameters = options"]),
        ("session pooling", "session", ["ignore_startup_parameters = options"]),
        ("statement pooling", "statement", ["ignore_startup_parameters = options"]),
    ):
        pooler = setup.pgbouncer(server, mode, *lines)
        command = ["psql", "-X", "-q", "-t", "-A", "-d", f"postgresql://millrace@127.0.0.1:{pooler}/millrace", "-c", "select pg_sleep(8), 'unharmed'"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
            url = f"postgresql://millrace@127.0.0.1:{pooler}/millrace"
            both(checks, setup, name, url, 6, "this is a pooler (PgBouncer or one like it): connect to PostgreSQL itself", f"127.0.0.1:{pooler}")
            said, _ = other.communicate(timeout=setups.PATIENCE)
        checks.expect(f"{name}: nobody else's session is ended", "unharmed" in said, said)


    console = setup.pgbouncer(server, "session", "admin_users = millrace")
    both(checks, setup, "PgBouncer's own database", f"postgresql://millrace@127.0.0.1:{console}/pgbouncer", 6, "this is a pooler")


def hosts(checks, setup, server):
    def url(*ports, more=""):
        return "postgresql://millrace@" + ",".join(f"127.0.0.1:{port}" for port in ports) + "/millrace" + more

    used = f"PostgreSQL at 127.0.0.1:{server}/millrace"
    deaf = setup.deaf()
    for name, target, limit in (
        ("a deaf first host", url(deaf, server, more="?connect_timeout=2"), 2.9),
        ("two deaf hosts first", url(deaf, setup.deaf(), server, more="?connect_timeout=2"), 4.9),
        ("a first host that refuses", url(*service_parts.free_ports(1), server), 1.5),
        ("a name that nobody knows first", url(server).replace("@", "@no-such-host.invalid,"), 12),
    ):
        answer = setup.millraced("doctor", *LOCAL, MILLRACE_STORE=target)
        checks.expect(f"{name}: the next one within its time", answer.exit == 0 and answer.seconds < limit, f"{answer.seconds:.1f} s, {answer.said}")
        checks.expect(f"{name}: the one that is used is named", used in answer.said, answer.said)
    (setup.folder / "services").write_text(f"[logs]\nhost=127.0.0.1\nport={server}\n", encoding="ascii")
    for name, target, variables in (
        ("libpq's variables", "postgresql://millrace@/millrace", {"PGHOST": "127.0.0.1,127.0.0.1", "PGPORT": f"{deaf},{server}", "PGCONNECT_TIMEOUT": "2"}),
        ("libpq's service file", "postgresql://millrace@/millrace?service=logs", {"PGSERVICEFILE": str(setup.folder / "services")}),
    ):
        answer = setup.millraced("doctor", *LOCAL, MILLRACE_STORE=target, **variables)
        checks.expect(f"{name}: the one that is used is named", answer.exit == 0 and answer.seconds < 2.9 and used in answer.said, answer.said)
    ran = setup.millraced("run", "s.yaml", *LOCAL, "--out", "second", MILLRACE_STORE=url(deaf, server, more="?connect_timeout=2"))
    checks.expect("a run goes on with the next host", ran.exit == 0, ran.said)
    checks.expect("its facts name it", setup.result("second")["target"]["store"] == used, setup.result("second")["target"])
    silent = setup.millraced("doctor", *LOCAL, MILLRACE_STORE=url(deaf, server))
    checks.expect("without connect_timeout hosts share the time", silent.exit == 0 and silent.seconds < 8, f"{silent.seconds:.1f} s {silent.said}")
    nobody = setup.millraced("doctor", *LOCAL, MILLRACE_STORE=url(deaf, setup.deaf(), more="?connect_timeout=2"))
    checks.expect(
        "where none answers each is named", nobody.exit == 6 and nobody.said.count("no answer from 127.0.0.1:") == 2 and nobody.seconds < 7, nobody.said
    )
    standby = setup.postgres(standby=True)
    alone = both(checks, setup, "a standby alone", url(standby), 6, "is a standby and takes no rows: name the primary")
    checks.expect("nothing is left of that run", not (setup.folder / alone).exists())
    both(checks, setup, "two standbys", url(standby, standby), 6, "is a standby and takes no rows: name the primary")
    for more in ("", "?target_session_attrs=primary"):
        out = f"primary{len(more)}"
        first = setup.millraced("run", "s.yaml", *LOCAL, "--out", out, MILLRACE_STORE=url(standby, server, more=more))
        checks.expect(f"a standby first {more}: the run passes", first.exit == 0, first.said)
        checks.expect(f"a standby first {more}: the primary is used", setup.result(out)["target"]["store"] == used)


def least_rights(checks, setup, server):
    setup.psql(server, "create role worker login")
    setup.psql(server, "create role maker login; grant worker to maker")
    setup.psql(server, "grant select, insert, update, delete on all tables in schema public to worker", "millrace")
    worker = f"postgresql://worker@127.0.0.1:{server}/millrace"
    out = both(checks, setup, "least rights with all partitions", worker, 0)
    checks.expect("nothing is amiss with all partitions", not setup.marks(out), setup.marks(out))
    setup.psql(server, f"drop table {partition(2)}", "millrace")
    said = (f"The partition of {day(2)} is missing and cannot be created now", "millrace, who owns the tables, run 'millraced init'")
    out = both(checks, setup, "a partition to come is missing, and no right to create it", worker, 0, *said)
    checks.expect("the missing right is named on the time line", "permission denied for schema public" in "".join(setup.marks(out)), setup.marks(out))
    setup.psql(server, "grant create on schema public to maker", "millrace")
    out = both(checks, setup, "tables owned by somebody else", worker.replace("worker", "maker"), 0, *said, "must be owner of table log_events")
    setup.psql(server, f"drop table {partition(0)}", "millrace")
    out = both(checks, setup, "today's partition is missing too", worker, 0, f"The partition of {day(0)} is missing", "go to log_events_default")
    checks.expect("every row has its place", setup.result(out)["ledger"]["stored"] == 200, setup.result(out)["ledger"])
    setup.psql(server, "alter table log_events detach partition log_events_default", "millrace")
    answer = setup.millraced("run", "s.yaml", *LOCAL, "--out", "nowhere", MILLRACE_STORE=worker)
    checks.expect("rows without a place: the run does not begin", answer.exit == 6 and "that day's events are refused" in answer.said, answer.said)
    setup.psql(server, "alter table log_events attach partition log_events_default default", "millrace")
    init = setup.millraced("init", *LOCAL, MILLRACE_STORE=worker)
    checks.expect("init does not claim what it could not do", init.exit == 6 and "permission denied for schema public" in init.said, init.said)
    init = setup.millraced("init", *LOCAL, MILLRACE_STORE=f"postgresql://millrace@127.0.0.1:{server}/millrace")
    checks.expect("the owner's init creates them", init.exit == 0 and setup.psql(server, f"select to_regclass('{partition(0)}') is not null", "millrace") == "t", init.said)


@contextlib.contextmanager
def reader(server, name):
    """An open transaction that has read log_events; its process' number."""
    command = ["psql", "-X", "-q", "-t", "-A", "-d", f"postgresql://postgres@127.0.0.1:{server}/millrace?application_name={name}"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        process.stdin.write("begin; select count(*) from log_events; select pg_backend_pid();\n")
        process.stdin.flush()
        process.stdout.readline()
        yield int(process.stdout.readline())
        process.stdin.close()


def held_tables(checks, setup, server):
    owner = f"postgresql://millrace@127.0.0.1:{server}/millrace"
    setup.psql(server, f"drop table {partition(2)}", "millrace")
    slowest = [0.0]
    over = threading.Event()

    def others_read():
        while not over.is_set():
            began = time.monotonic()
            setup.psql(server, "select id from log_events limit 1", "millrace")
            slowest[0] = max(slowest[0], time.monotonic() - began)

    with reader(server, "backup") as pid:
        beside = threading.Thread(target=others_read)
        beside.start()
        out = both(checks, setup, "somebody reads while a partition is due", owner, 0, f"The partition of {day(2)}", "'backup' of postgres", f"process {pid}")
        over.set()
        beside.join()
        checks.expect("the time line names them", f"process {pid}" in "".join(setup.marks(out)), setup.marks(out))
        checks.expect("other readers wait no longer than a moment", slowest[0] < 3, f"{slowest[0]:.2f} s")
        init = setup.millraced("init", *LOCAL, MILLRACE_STORE=owner)
        checks.expect("init names them", init.exit == 6 and f"process {pid}" in init.said, init.said)
    out = both(checks, setup, "once they have let go", owner, 0)
    there = setup.psql(server, f"select to_regclass('{partition(2)}') is not null", "millrace")
    checks.expect("the partition is created by the run", there == "t" and not setup.marks(out), setup.marks(out))


def limits(checks, setup, server):
    """What a role or a table has been given that stands in the way."""
    worker = f"postgresql://worker@127.0.0.1:{server}/millrace"
    doctor = ("doctor", *LOCAL)
    setup.psql(server, "alter role worker connection limit 8")
    answer = setup.millraced(*doctor, MILLRACE_STORE=worker)
    checks.expect("doctor knows the role's limit", answer.exit == 0 and "connections are free: raise the CONNECTION LIMIT of the role worker" in answer.said, answer.said)
    setup.psql(server, "alter role worker connection limit -1")
    setup.psql(server, "alter role worker set default_transaction_read_only = on")
    both(checks, setup, "a role that may only read", worker, 6, "look at default_transaction_read_only")
    setup.psql(server, "alter role worker reset default_transaction_read_only")
    setup.psql(server, "alter table log_events_default set unlogged", "millrace")
    both(checks, setup, "a table that a crash empties", worker, 0, "log_events_default", "UNLOGGED")
    setup.psql(server, "alter table log_events_default set logged", "millrace")
    setup.psql(server, "alter table log_events alter column source type varchar(400)", "millrace")
    answer = setup.millraced(*doctor, MILLRACE_STORE=worker)
    checks.expect("doctor knows a column's length", "source of log_events is character varying(400)" in answer.said, answer.said)
    setup.psql(server, "alter table log_events enable row level security; create policy few on log_events using (true)", "millrace")
    answer = setup.millraced("run", "s.yaml", *LOCAL, "--out", "allowed", MILLRACE_STORE=worker)
    checks.expect("row-level security that allows it is no obstacle", answer.exit == 0 and setup.result("allowed")["ledger"]["stored"] == 200, answer.said)
    setup.psql(server, "alter policy few on log_events with check (level <> 'INFO')", "millrace")
    answer = setup.millraced("run", "s.yaml", *LOCAL, "--out", "policy", MILLRACE_STORE=worker)
    checks.expect("a row-level policy is the store's refusal", answer.exit == 6 and "violates row-level security policy" in answer.said and "Internal" not in answer.said, answer.said)
    checks.expect("and nothing is called lost", setup.result("policy")["ledger"]["lost"] == 0, setup.result("policy")["ledger"])
    setup.psql(server, "alter table log_events disable row level security; drop policy few on log_events", "millrace")


def deferred_refusals(checks, setup, server):
    """Rows that are refused at COMMIT only, where no row is named."""
    body = "begin if new.level = 'ERROR' then raise exception 'no errors here'; end if; return null; end"
    setup.psql(server, f"create function refuse() returns trigger language plpgsql as $$ {body} $$", "millrace")
    setup.psql(server, "create constraint trigger late after insert on log_events deferrable initially deferred for each row execute function refuse()", "millrace")
    owner = f"postgresql://millrace@127.0.0.1:{server}/millrace"
    answer = setup.millraced("doctor", *LOCAL, MILLRACE_STORE=owner)
    checks.expect("doctor names the trigger", "log_events has the trigger late" in answer.said, answer.said)
    answer = setup.millraced("run", "s.yaml", *LOCAL, "--out", "late", MILLRACE_STORE=owner)
    ledger = setup.result("late")["ledger"]
    exact = ledger["refused"] > 0 and ledger["stored"] + ledger["refused"] == 200 and ledger["lost"] == 0
    checks.expect("those rows are refused, the others are stored", answer.exit == 3 and "no errors here" in answer.said and exact, f"{answer.said} {ledger}")
    setup.psql(server, "drop function refuse cascade", "millrace")


def main():
    checks = setups.Checks()
    with setups.Setup() as setup:
        setup.scenario()
        server = setup.postgres()
        setup.millraced("init", *LOCAL, MILLRACE_STORE=f"postgresql://millrace@127.0.0.1:{server}/millrace")
        for part in (poolers, hosts, least_rights, held_tables, limits, deferred_refusals):
            part(checks, setup, server)
        passwords(checks, setup)
    return checks.exit_code()


if __name__ == "__main__":
    sys.exit(main())
