#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Events that Millrace did not generate, written by kcat into the topic of a running load: readable ones are stored and counted
# as foreign, hostile ones become dead letters with their bytes as they came, and their neighbours are stored all the same.
#     foreign_events.sh MILLRACED
set -euo pipefail

fail() { echo "foreign_events: $*" >&2; exit 1; }
[ -n "${MILLRACE_BROKER:-}" ] && [ -n "${MILLRACE_STACK_ADMIN:-}" ] ||
    fail "the servers are missing: start the servers with tests/stack/up and eval \"\$(tests/stack/env)\""
for tool in psql kcat python3; do command -v "$tool" >/dev/null || fail "$tool is missing"; done

millraced=$1
name=foreign_$$
folder=$(mktemp -d)
database=${MILLRACE_STACK_ADMIN%/*}/$name
run=
clean() {
    [ -z "$run" ] || kill -9 "$run" 2>/dev/null || true
    psql -q "$MILLRACE_STACK_ADMIN" -c "drop database if exists $name with (force)" || true
    rm -rf "$folder"
}
trap clean EXIT
psql -q "$MILLRACE_STACK_ADMIN" -c "create database $name owner millrace"

# good/N: six-field JSON with a random UUIDv4; bad/NAME: what a log pipeline meets one day.
python3 - "$folder" <<'PYTHON'
import json, os, sys, uuid
folder = sys.argv[1]
os.mkdir(folder + "/good"); os.mkdir(folder + "/bad")
def event(**changed):
    return {"id": str(uuid.uuid4()), "level": "INFO", "message": "a foreign event", "source": "kcat",
            "timestamp": "2026-01-02T03:04:05.678Z", "traceId": "t"} | changed
def put(name, content):
    with open(folder + "/" + name, "wb") as file: file.write(content)
for i in range(20): put("good/%02d" % i, json.dumps(event()).encode())
put("bad/nul", json.dumps(event(message="a\0b")).encode())
put("bad/utf8", json.dumps(event(message="@")).encode().replace(b"@", b"\xff\xfe"))
put("bad/large", json.dumps(event(message="x" * (2 << 20))).encode())
put("bad/1970", json.dumps(event(timestamp="1970-01-01T00:00:00Z")).encode())
put("bad/2099", json.dumps(event(timestamp="2099-01-01T00:00:00Z")).encode())
put("bad/truncated", json.dumps(event()).encode()[:100])
put("bad/level", json.dumps(event(level="LOUD")).encode())
put("bad/text", b"just a line of text")
PYTHON

cat >"$folder/scenario.yaml" <<YAML
version: 1
name: foreign events
warmup: 1s
streams:
  - {name: ours, stages: [{duration: 12s, rate: 200/s}]}
kafka: {topic: $name, client: {fetch.message.max.bytes: "4194304"}}
thresholds: [lost == 0, doubled == 0, foreign == 28]
YAML
"$millraced" run "$folder/scenario.yaml" --store "${MILLRACE_STORE%/*}/$name" --dedupe memory --out "$folder/run" &
run=$!
for ((i = 0; i < 200; i++)); do # until the load is on
    [ "$(psql -qtA "$database" -c 'select count(*) from log_events' 2>/dev/null || echo 0)" -gt 0 ] && break
    sleep 0.1
done
for file in "$folder"/good/* "$folder"/bad/*; do
    kcat -b "$MILLRACE_BROKER" -P -t "$name" -X message.max.bytes=4194304 "$file" || fail "kcat could not write $file"
done
status=0
wait "$run" || status=$?
run=
# 5: this machine was too busy to generate the load in time. The counts hold all the same.
case $status in 0 | 5) ;; *) fail "the run ended with exit code $status" ;; esac

sql() { psql -qtA "$database" -c "$1"; }
same() {
    echo "$1: $2 = $3"
    [ "$2" = "$3" ] || fail "$1: expected $2, found $3"
}
figure() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["ledger"][sys.argv[2]])' "$folder/run/result.json" "$1"; }
same "foreign in the ledger" 28 "$(figure foreign)"
same "dead-lettered in the ledger" 8 "$(figure dead_lettered)"
same "foreign rows" 20 "$(sql "select count(*) from log_events where source = 'kcat'")"
same "our rows" 2600 "$(sql "select count(*) from log_events where source <> 'kcat'")"
same "dead letters" 8 "$(sql 'select count(*) from dead_letters')"
same "dead letters, bytes" "$(sha256sum "$folder"/bad/* | cut -d' ' -f1 | sort | paste -sd' ')" \
    "$(sql "select string_agg(encode(sha256(payload), 'hex'), ' ' order by encode(sha256(payload), 'hex')) from dead_letters")"
echo "foreign_events: all accounted for"
