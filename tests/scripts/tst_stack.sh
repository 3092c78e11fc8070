#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# tests/stack keeps its promises: with Redis, since the three are handled alike, and with Kafka's versions.
set -euo pipefail
stack_scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")/../stack" && pwd)
MILLRACE_STACK_DIR=$(mktemp -d)
export MILLRACE_STACK_DIR
chmod 755 "$MILLRACE_STACK_DIR"
trap '"$stack_scripts/down"' EXIT

expect() { # expect SENTENCE COMMAND…
    local sentence=$1
    shift
    "$@" || { echo "FAIL: $sentence" >&2; exit 1; }
    echo "ok: $sentence"
}
pid() { cut -d' ' -f1 "$MILLRACE_STACK_DIR/redis.pid"; }
port() { cat "$MILLRACE_STACK_DIR/redis.port"; }
pings() { [ "$(redis-cli -p "$(port)" ping)" = PONG ]; }
gone() { [ ! -e "/proc/$1" ] || grep -q '^State:.Z' "/proc/$1/status"; } # a zombie waits for its new parent
refused() { ! "$@" 2>/dev/null; }

expect "env fails while nothing runs" refused "$stack_scripts/env"
"$stack_scripts/up" redis
expect "a started server answers" pings
first=$(pid)
"$stack_scripts/up" redis
expect "a second up leaves it alone" [ "$(pid)" = "$first" ]
expect "env says where it is" grep -qx "export MILLRACE_DEDUPE=redis://127.0.0.1:$(port)" <("$stack_scripts/env")
expect "env keeps silent about servers that do not run" refused grep -q MILLRACE_BROKER <("$stack_scripts/env")

former_port=$(port)
"$stack_scripts/signal" redis KILL
until gone "$first"; do sleep 0.05; done
expect "env fails when it has died" refused "$stack_scripts/env"
"$stack_scripts/up" redis
expect "a dead server is started again" pings
expect "on its old port" [ "$(port)" = "$former_port" ]

second=$(pid)
echo "$$ $(cut -d' ' -f2 "$MILLRACE_STACK_DIR/redis.pid")" >"$MILLRACE_STACK_DIR/redis.pid"
expect "a process id that was given to somebody else is not taken for the server" refused "$stack_scripts/env"
kill "$second"
"$stack_scripts/up" redis
expect "and the server is started" pings

third=$(pid)
"$stack_scripts/signal" redis STOP
"$stack_scripts/down"
expect "down ends even a stopped server" gone "$third"
expect "and removes the folder" [ ! -e "$MILLRACE_STACK_DIR" ]
expect "down with nothing there is fine" "$stack_scripts/down"

# Kafka starts and is noticed whatever it logs with: that of pom.xml, and with --all the last before 4.0 too.
newest=$(sed -n 's:.*<kafka.version>\(.*\)</kafka.version>.*:\1:p' "$stack_scripts/pom.xml")
for version in "$newest" ${MILLRACE_ALL:+3.9.2}; do
    MILLRACE_KAFKA=$version "$stack_scripts/up" kafka
    expect "env says that Kafka $version runs" grep -qx "export MILLRACE_STACK_KAFKA_VERSION=$version" <("$stack_scripts/env")
    expect "its tools find it" "$stack_scripts/kafka-tool" TopicCommand --create --topic some --partitions 2
    expect "access lists can be read" "$stack_scripts/kafka-tool" AclCommand --list
    expect "a running stack keeps its version" grep -qx "export MILLRACE_STACK_KAFKA_VERSION=$version" <(MILLRACE_KAFKA=1.0.0 "$stack_scripts/env")
    "$stack_scripts/down"
done
