#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What README tells a newcomer to do for the services, on the servers of tests/stack: tst_newcomer.sh MILLRACED
set -euo pipefail
program=$1
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
: "${MILLRACE_BROKER:?the servers of tests/stack do not run}"
work=$(mktemp -d)
name=newcomer_$$
first_port=
export TMPDIR=$work
unset MILLRACE_TOKEN_FILE

stop() {
    if [ -n "$first_port" ]; then "$root/docker/start-services.sh" --stop --without-containers --first-port "$first_port" || true; fi
    psql -q "$MILLRACE_STACK_ADMIN" -c "DROP DATABASE IF EXISTS $name WITH (FORCE)" || true
    rm -rf "$work"
}
trap stop EXIT

# A database, topics and a group of its own: others use the same servers.
psql -q "$MILLRACE_STACK_ADMIN" -c "CREATE DATABASE $name OWNER millrace"
export MILLRACE_STORE=${MILLRACE_STORE%/*}/$name
cat >"$work/scenario.yaml" <<EOF
version: 1
name: newcomer
streams:
  - name: baseline
    stages: [{duration: 1s, rate: 200/s}]
kafka:
  topic: $name
  group: $name
  critical: {topic: $name-critical}
  analytics: {topic: $name-analytics}
EOF
export MILLRACE_SCENARIO=$work/scenario.yaml

for _ in $(seq 20); do
    first_port=$((20000 + RANDOM % 12000))
    if "$root/docker/start-services.sh" --without-containers --scenario none --first-port "$first_port" --program "$program" >"$work/out" 2>&1; then break; fi
    cat "$work/out"
    grep -q 'is taken' "$work/out" || exit 1
done
cat "$work/out"
options=(--gateway "http://127.0.0.1:$first_port" --producer "http://127.0.0.1:$((first_port + 1))")
"$root/docker/load-test.sh" --seconds 5 --rate 2000 "${options[@]}"
"$root/docker/integration-tests/test-end-to-end.sh" --seconds 2 --rate 2000 "${options[@]}" --consumer "http://127.0.0.1:$((first_port + 2))"

# Generated, acknowledged, stored: each event once.
counts=$(psql -qAt "$MILLRACE_STORE" -c "SELECT count(*) >= 14000 AND count(*) = count(DISTINCT id) FROM log_events")
[ "$counts" = t ] || { echo "FAIL: the store does not hold each event once" >&2; exit 1; }
echo "ok: every command of README's services works"
