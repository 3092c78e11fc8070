#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Somebody else's consumer, Kafka Connect with a JDBC sink, is judged: live by a run with consumer: audit, beside the same
# run with our consumer; afterwards by the verb audit, which finds exactly the rows that are taken out and doubled.
#     other_consumer.sh MILLRACED
set -euo pipefail

fail() { echo "other_consumer: $*" >&2; exit 1; }
[ -n "${MILLRACE_BROKER:-}" ] && [ -n "${MILLRACE_STACK_SCRIPTS:-}" ] ||
    fail "the servers are missing: start the servers with tests/stack/up and eval \"\$(tests/stack/env)\""
for tool in psql kcat python3; do command -v "$tool" >/dev/null || fail "$tool is missing"; done

millraced=$1
name=other_$$
folder=$(mktemp -d)
connect=
sql() { psql -qtA "$MILLRACE_STORE" -c "$1"; }
clean() {
    [ -z "$connect" ] || kill -9 "$connect" 2>/dev/null || true
    sql "drop table if exists $name" || true
    psql -q "$MILLRACE_STACK_ADMIN" -c "drop database if exists $name with (force)" || true
    rm -rf "$folder"
}
trap clean EXIT

sql "create table $name (id text, payload text)"
psql -q "$MILLRACE_STACK_ADMIN" -c "create database $name owner millrace"
"$MILLRACE_STACK_SCRIPTS/kafka-tool" TopicCommand --create --topic "$name" --partitions 3 >/dev/null
"$MILLRACE_STACK_SCRIPTS/connect" "$name" "$name" "$folder/connect" &
connect=$!
printf 'probe:no event' | kcat -b "$MILLRACE_BROKER" -P -t "$name" -K :
for ((i = 0; i < 1200; i++)); do # it is at work
    [ "$(sql "select count(*) from $name")" -gt 0 ] && break
    kill -0 "$connect" 2>/dev/null || { tail -n 20 "$folder/connect/connect.log" >&2; fail "Kafka Connect has ended"; }
    sleep 0.1
done
[ "$(sql "select count(*) from $name")" = 1 ] || fail "Kafka Connect stores nothing: $(tail -n 5 "$folder/connect/connect.log")"

scenario() { # scenario FILE TOPIC CONSUMER
    cat >"$1" <<YAML
version: 1
name: $2
drain: 60s
streams:
  - {name: ours, stages: [{duration: 10s, rate: 500/s}]}
kafka: {topic: $2, group: $2}
consumer: $3
thresholds: [lost == 0, doubled == 0, end_to_end p99 < 60s, backlog < 100000]
YAML
}
judged() { # judged STATUS RUN: 5 says that this machine was too busy to generate the load in time; the counts hold all the same
    case $1 in 0 | 5) ;; *) fail "the run $2 ended with exit code $1" ;; esac
}
figure() { python3 -c 'import functools, json, sys
print(functools.reduce(lambda part, key: part[int(key)] if isinstance(part, list) else part[key], sys.argv[2:], json.load(open(sys.argv[1]))))' "$@"; }
same() {
    echo "$1: $2 = $3"
    [ "$2" = "$3" ] || fail "$1: expected $2, found $3"
}
near() { # near NAME TRUTH FOUND: in ms; the histogram's buckets are a thousandth wide
    echo "$1: $2 ms, found $3 ms"
    python3 -c 'import sys; a, b = map(float, sys.argv[1:]); sys.exit(abs(a - b) > 1 + a / 500)' "$2" "$3" ||
        fail "$1: expected $2 ms, found $3 ms"
}

scenario "$folder/theirs.yaml" "$name" "{audit: {table: $name, id: id}}"
status=0
"$millraced" run "$folder/theirs.yaml" --broker "$MILLRACE_BROKER" --store "$MILLRACE_STORE" --out "$folder/theirs" || status=$?
judged $status theirs
scenario "$folder/ours.yaml" "${name}_ours" "{concurrency: 1}"
status=0
"$millraced" run "$folder/ours.yaml" --broker "$MILLRACE_BROKER" --store "${MILLRACE_STORE%/*}/$name" --dedupe memory \
    --out "$folder/ours" >/dev/null || status=$?
judged $status ours
theirs=$folder/theirs/result.json
for percentile in p50 p99; do
    echo "end-to-end $percentile: theirs $(figure "$theirs" latency_ms end_to_end $percentile) ms," \
        "ours $(figure "$folder/ours/result.json" latency_ms end_to_end $percentile) ms"
done

same "who consumed" outsider "$(figure "$theirs" run consumed_by)"
same "acked" 5000 "$(figure "$theirs" ledger acked)"
same "stored" 5000 "$(figure "$theirs" ledger stored)"
same "foreign" 0 "$(figure "$theirs" ledger foreign)" # the probe was there before
same "end-to-end latencies" 5000 "$(figure "$theirs" latency_ms end_to_end count)"
same "processing latencies" 0 "$(figure "$theirs" latency_ms processing count)"
if [ "$(figure "$theirs" verdict status)" = passed ]; then
    [[ $(figure "$theirs" verdict summary) == *"consumer of table $name"* ]] || fail "the verdict does not say who was judged"
fi

# What the server itself says of each row, in ms.
due="(('x' || substr(replace(id, '-', ''), 1, 12))::bit(48)::bigint + ('x' || substr(replace(id, '-', ''), 14, 3))::bit(12)::int / 4096.0)"
late="extract(epoch from pg_xact_commit_timestamp(xmin)) * 1000 - $due"
truth() { sql "select $1 from (select $late as late from $name where id <> 'probe') as rows"; }
half=$(truth "percentile_disc(0.5) within group (order by late)")
most=$(truth "max(late)")
near "live p50" "$half" "$(figure "$theirs" latency_ms end_to_end p50)"
near "live max" "$most" "$(figure "$theirs" latency_ms end_to_end max)"

audit() { "$millraced" audit --store "$MILLRACE_STORE" --table "$name" --id id --json "$@" >"$folder/audit.json"; }
audit --run "$folder/theirs" || fail "the audit of a whole table ended with $?: $(cat "$folder/audit.json")"
same "acked, as the audit knows it" 5000 "$(figure "$folder/audit.json" runs 0 acked)"
same "where the times come from" commit "$(figure "$folder/audit.json" stored_at source)"
near "audited p50" "$half" "$(figure "$folder/audit.json" runs 0 latency_ms p50)"
near "audited max" "$most" "$(figure "$folder/audit.json" runs 0 latency_ms max)"

sql "delete from $name where ctid in (select ctid from $name where id <> 'probe' order by random() limit 17)"
sql "insert into $name select id, payload from $name where id <> 'probe' order by random() limit 5"
status=0
audit --run "$folder/theirs" || status=$?
same "exit code" 4 "$status"
same "lost" 17 "$(figure "$folder/audit.json" runs 0 lost)"
same "doubled" 5 "$(figure "$folder/audit.json" runs 0 doubled)"
same "foreign" 1 "$(figure "$folder/audit.json" foreign)"
status=0
audit || status=$? # whatever is in the table: doubles are seen without knowing what was acked
same "exit code without the run's folder" 4 "$status"
same "lost without the run's folder" None "$(figure "$folder/audit.json" runs 0 lost)"
echo "other_consumer: judged"
