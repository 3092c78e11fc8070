#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The real job on real input: a scenario against the real Kafka, PostgreSQL and Redis of tests/stack, its messages the
# lines of this machine's own package log, and the outcome counted again by tools that are not ours: psql, kcat,
# redis-cli.
#     real_job.sh MILLRACED SCENARIO [--set PATH=VALUE …]
set -euo pipefail

fail() { echo "real_job: $*" >&2; exit 1; }
[ -n "${MILLRACE_BROKER:-}" ] && [ -n "${MILLRACE_STACK_ADMIN:-}" ] && [ -n "${MILLRACE_DEDUPE:-}" ] ||
    fail "the servers are missing: start the servers with tests/stack/up and eval \"\$(tests/stack/env)\""
for tool in psql kcat redis-cli python3; do
    command -v "$tool" >/dev/null || fail "$tool is missing"
done

millraced=$1 scenario=$2
shift 2
name=real_job_$$
folder=$(mktemp -d)
database=${MILLRACE_STACK_ADMIN%/*}/$name
store=${MILLRACE_STORE%/*}/$name
clean() {
    psql -q "$MILLRACE_STACK_ADMIN" -c "drop database if exists $name with (force)" || true
    rm -rf "$folder"
}
trap clean EXIT
psql -q "$MILLRACE_STACK_ADMIN" -c "create database $name owner millrace"

log=$folder/messages.log
cat /var/log/dpkg.log /var/log/apt/history.log 2>/dev/null | grep -a . | head -20000 >"$log" || true
[ -s "$log" ] || cp "$(dirname "${BASH_SOURCE[0]}")"/../../resources/scenarios/logs/*.log "$log"
echo "messages: $(wc -l <"$log") lines of a real log, the first: $(head -1 "$log")"

streams=$(python3 -c 'import sys, yaml; print(len(yaml.safe_load(open(sys.argv[1]))["streams"]))' "$scenario")
messages=()
for ((i = 0; i < streams; i++)); do messages+=(--set "streams[$i].event.messages={file: $log}"); done

status=0
"$millraced" run "$scenario" --store "$store" --out "$folder/run" "${messages[@]}" \
    --set kafka.topic="$name" --set dedupe.prefix="$name/" "$@" || status=$?
# 3 and 5: a rule of speed was missed, or this machine was too busy to generate the load in time. The counts hold all the same.
case $status in 0 | 3 | 5) ;; *) fail "the run ended with exit code $status" ;; esac

figure() { python3 -c 'import json, sys
value = json.load(open(sys.argv[1]))["ledger"]
for key in sys.argv[2].split("."): value = value[key]
print(value)' "$folder/run/result.json" "$1"; }
sql() { psql -qtA "$database" -c "$1"; }
same() {
    echo "$1: $2 = $3"
    [ "$2" = "$3" ] || fail "$1: the run says $2, counted $3"
}

acked=$(figure acked) stored=$(figure stored)
same "acked = stored" "$acked" "$stored"
same "lost" "$(figure lost)" 0
same "doubled" "$(figure doubled)" 0
same "rows in PostgreSQL" "$stored" "$(sql 'select count(*) from log_events')"
same "distinct ids in PostgreSQL" "$stored" "$(sql 'select count(distinct id) from log_events')"
same "rows whose message is a line of the log" "$stored" "$(
    psql -qtA "$database" -c 'create temp table lines(line text)' \
        -c "\\copy lines from '$log' with (format csv, delimiter e'\\x01', quote e'\\x02')" \
        -c 'select count(*) from log_events where message in (select line from lines)')"
same "events in Kafka" "$acked" "$(kcat -b "$MILLRACE_BROKER" -C -t "$name" -o beginning -e -q -f '%o\n' | wc -l)"
kcat -b "$MILLRACE_BROKER" -C -t "$name" -o beginning -c 1 -e -q 2>/dev/null | python3 -c '
import json, sys
event = json.loads(sys.stdin.readline())
assert list(event) == ["id", "level", "message", "source", "timestamp", "traceId"], event'
port=${MILLRACE_DEDUPE##*:}
keys=$(redis-cli -p "$port" --scan --pattern "$name/*" | wc -l)
bypassed=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["filter_bypassed"])' "$folder/run/result.json")
if [ "$bypassed" -eq 0 ]; then
    same "keys in Redis" "$stored" "$keys"
else # a sanitizer slows the filter down until it is left out for a while: what is stored then is not remembered
    echo "keys in Redis: $keys of $stored, with $bypassed events past the filter"
    [ "$keys" -gt 0 ] && [ "$keys" -le "$stored" ] || fail "$keys keys in Redis for $stored events"
fi
key=$(redis-cli -p "$port" --scan --pattern "$name/*" | sed -n 1p)
ttl=$(redis-cli -p "$port" ttl "$key")
echo "time to live of $key: $ttl s"
[ "$ttl" -gt 0 ] || fail "the key $key has no time to live"
redis-cli -p "$port" --scan --pattern "$name/*" | xargs -r -n 1000 redis-cli -p "$port" unlink >/dev/null
echo "real_job: all counts agree; the run ended with exit code $status"
