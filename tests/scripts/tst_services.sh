#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# docker/setup.sh, start-services.sh, load-test.sh and test-end-to-end.sh, with roles that only answer.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
first_port=
export TMPDIR=$work FAKE_STATE=$work/sent
unset MILLRACE_TOKEN_FILE
# Named servers, so that none of ours is started.
export MILLRACE_BROKER=127.0.0.1:1 MILLRACE_STORE=postgresql://nobody@127.0.0.1:1/none MILLRACE_DEDUPE=redis://127.0.0.1:1

stop() {
    if [ -n "$first_port" ]; then
        MILLRACE_STACK_DIR=$work/no-stack "$root/docker/start-services.sh" --stop --without-containers --first-port "$first_port" >/dev/null || true
    fi
    first_port=
}
trap 'stop; rm -rf "$work"' EXIT

expect() { # expect SENTENCE COMMAND…
    "${@:2}" || { echo "FAIL: $1" >&2; [ ! -f "$work/out" ] || cat "$work/out" >&2; exit 1; }
    echo "ok: $1"
}
said() { grep -qE -- "$1" "$work/out"; }
ends_with_next() { tail -n 1 "$work/out" | grep -q 'Next: '; }
code() { # code NUMBER COMMAND…: it ends with that exit code; what it says is in out
    local got=0
    "${@:2}" >"$work/out" 2>&1 || got=$?
    [ "$got" -eq "$1" ]
}

printf '#!/bin/sh\nexec python3 %s/fake_roles.py "$@"\n' "$here" >"$work/millraced"
chmod +x "$work/millraced"
start() { # start [NAME=VALUE…]: the roles, on ports that are free
    stop
    rm -f "$FAKE_STATE"
    local port
    for _ in $(seq 20); do
        port=$((20000 + RANDOM % 12000))
        first_port=$port
        if env "$@" "$root/docker/start-services.sh" --without-containers --first-port "$port" --program "$work/millraced" >"$work/out" 2>&1; then break; fi
        if ! said 'is taken'; then return 1; fi
    done
    options=(--gateway "http://127.0.0.1:$port" --producer "http://127.0.0.1:$((port + 1))" --consumer "http://127.0.0.1:$((port + 2))/")
}
load_test() { "$root/docker/load-test.sh" --seconds 1 --wait 2 "${options[@]}" "$@"; }
end_to_end() { "$root/docker/integration-tests/test-end-to-end.sh" --seconds 1 "${options[@]}" "$@"; }
log_of() { cat "$work/millrace-services-$UID-$first_port/$1.log"; }

expect "the services start without containers" start
expect "it creates topics and tables first" said '^created postgresql://nobody@'
expect "it says where each of them is" said "^producer answers on http://127.0.0.1:$((first_port + 1)), process [0-9]+"
expect "and what to do next" ends_with_next
expect "the producer has its scenario" grep -q MILLRACE_SCENARIO=seed-baseline <(log_of producer)
expect "and only the producer" grep -qv MILLRACE_SCENARIO <(log_of consumer)
expect "the gateway knows the others" grep -q "MILLRACE_CONSUMERS=127.0.0.1:$((first_port + 2))" <(log_of gateway)
expect "a second start refuses" code 1 "$root/docker/start-services.sh" --without-containers --first-port "$first_port" --program "$work/millraced"
expect "with a sentence" said 'runs already; --stop ends it'

expect "a load test passes" code 0 load_test --rate 1000
expect "it says how many logs there were" said '^  Total Logs: +1000$'
expect "and their rate" said '^  Average Rate: +[0-9]+ logs/sec$'
for line in 'P50: +4\.12 ms' 'P99: +12\.75 ms' 'P99\.9: +31\.00 ms' 'Ledger: +1000 acknowledged, 0 failed, 0 not stored yet, 0 lost, 0 doubled'; do
    expect "and: $line" said "^  $line$"
done
expect "and what to do next" ends_with_next
expect "the end-to-end test passes" code 0 end_to_end
expect "and says what to do next" ends_with_next
expect "an unknown flag is bad usage" code 2 load_test --colour
expect "so is a flag without its value" code 2 "$root/docker/load-test.sh" --rate
expect "so is a rate that is no number" code 2 load_test --rate fast
expect "with a sentence" said "takes a whole number from 1 on, not 'fast'"

expect "roles whose ledger has a loss start" start FAKE_LOSS=3
expect "a loss ends the load test with 4" code 4 load_test
expect "and it says what to do next" ends_with_next
expect "the end-to-end test fails with it" code 1 end_to_end
expect "roles that do not store all start" start FAKE_STUCK=5
expect "what is not stored in time ends it with 3" code 3 load_test
expect "and it counts that" said ', 5 not stored yet,'
expect "roles that are busy start" start FAKE_BUSY=1
expect "a refused burst ends it with 1" code 1 load_test
expect "and quotes the refusal" said 'answered 409: .*a burst is on already'
expect "roles that want a token start" start FAKE_TOKEN=secret-of-this-test
expect "without it the load test ends with 1" code 1 load_test --token-file /dev/null
printf 'secret-of-this-test\n' >"$work/token"
expect "with it, it passes" code 0 load_test --token-file "$work/token"
expect "and so does the end-to-end test" code 0 end_to_end --token-file "$work/token"
stop
expect "services that do not run end it with 6" code 6 load_test
expect "and it says what to do next" ends_with_next

# Another tree's setup, so that this one's secrets stay.
mkdir "$work/tree"
cp -r "$root/docker" "$root/installers" "$work/tree"
rm -rf "$work/tree/docker/secrets" "$work/tree/docker/kubernetes/base/secrets"
expect "setup creates the secrets" code 0 "$work/tree/docker/setup.sh" --secrets-only
expect "and says what to do next" ends_with_next
secrets=$work/tree/docker/secrets
expect "a token has 256 bits" grep -qxE '[A-Za-z0-9_-]{43}' "$secrets/token"
expect "and is its owner's alone" [ "$(stat -c %a "$secrets" "$secrets/token" | paste -sd ' ')" = '700 600' ]
expect "PostgreSQL's password is libpq's too" grep -qx "postgres:5432:millrace:millrace:$(cat "$secrets/postgres-password")" "$secrets/pgpass"
expect "a cluster has a token of its own" grep -qxE 'MILLRACE_TOKEN=[A-Za-z0-9_-]{43}' "$work/tree/docker/kubernetes/base/secrets/millrace.env"
token=$(cat "$secrets/token")
expect "a second setup passes" code 0 "$work/tree/docker/setup.sh" --secrets-only
expect "and keeps them" [ "$(cat "$secrets/token")" = "$token" ]
for secret in docker/secrets/token docker/kubernetes/base/secrets/millrace.env; do
    expect "git ignores $secret" git -c safe.directory='*' -C "$root" check-ignore -q "$secret"
done
