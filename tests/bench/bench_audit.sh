#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# How long the audit of a table takes, and in how much memory: ROWS rows (10 million) of a run in 1,000 rows per transaction, without
# a key, in the PostgreSQL of tests/stack/up. Times by the commit, by a column, and of ids that are text.
#     bench_audit.sh MILLRACED [ROWS]
set -euo pipefail
millraced=$1 rows=${2:-10000000}
[ -n "${MILLRACE_STORE:-}" ] || { echo "start the servers with tests/stack/up and eval \"\$(tests/stack/env)\"" >&2; exit 1; }
table=bench_audit_$$
trap 'psql -q "$MILLRACE_STORE" -c "drop table if exists $table, ${table}_text; drop procedure if exists fill_$table"' EXIT

# An id: 48 bits of ms, version 7, then the variant, the tag 4711, stream 0 and the number (core/event/event_id.h).
psql -q "$MILLRACE_STORE" <<SQL
create table $table (id uuid, message text, stored_at timestamptz);
create procedure fill_$table(batches int) language plpgsql as \$\$
declare base bigint := (extract(epoch from now()) * 1000)::bigint;
begin
    for b in 0..batches - 1 loop
        insert into $table
        select (lpad(to_hex(base + s / 10), 12, '0') || '7000' || to_hex((-9223372036854775808)::bigint | (4711::bigint << 44) | s))::uuid,
               'a message', to_timestamp((base + s / 10 + 7) / 1000.0)
        from generate_series(b::bigint * 1000, b::bigint * 1000 + 999) s;
        commit;
    end loop;
end \$\$;
set synchronous_commit = off;
call fill_$table($((rows / 1000)));
create table ${table}_text as select id::text from $table;
SQL

measure() { # measure NAME ARGUMENTS…
    local name=$1
    shift
    python3 - "$name" "$rows" "$millraced" audit --id id --json "$@" <<'PYTHON'
import json, os, resource, subprocess, sys, time
name, rows, command = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
begin = time.monotonic()
done = subprocess.run(command, stdout=subprocess.PIPE)
seconds = time.monotonic() - begin
report = json.loads(done.stdout)
assert report["rows"] == rows and report["runs"][0]["stored"] == rows and report["runs"][0]["doubled"] == 0, done.stdout
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"{name}: {rows} rows in {seconds:.1f} s ({rows / seconds / 1000:.0f} k/s), {usage.ru_utime + usage.ru_stime:.1f} s of CPU,"
      f" {usage.ru_maxrss / 1024:.0f} MiB at most")
PYTHON
}
measure "times of commits" --table "$table"
measure "times in a column" --table "$table" --stored-at stored_at
measure "ids as text" --table "${table}_text"
