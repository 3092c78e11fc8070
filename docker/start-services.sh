#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Starts the gateway, the producer and the consumer on ports 8080, 8081 and 8082 with the servers that they need: from
# compose.yaml where docker or podman is, otherwise as processes beside the throw-away servers of tests/stack. Servers that
# MILLRACE_BROKER, MILLRACE_STORE and MILLRACE_DEDUPE name are used instead of those.
. "$(dirname "${BASH_SOURCE[0]}")/services.sh"
. "$docker_folder/containers.sh"

usage() {
    cat <<'EOF'
usage: docker/start-services.sh [--stop] [--without-containers] [--scenario NAME] [--first-port N] [--program FILE]
  --stop                 stop what this script started
  --without-containers   as processes, even where docker or podman is
  --scenario NAME        what the producer sends all the time; otherwise seed-baseline, 1,000 events per second; none: nothing
  --first-port N         as processes only: ports N, N+1 and N+2 instead of 8080, 8081 and 8082
  --program FILE         as processes only: this millraced instead of build/release/bin/millraced
EOF
}

stop=
without_containers=
scenario=seed-baseline
first_port=8080
program=$docker_folder/../build/release/bin/millraced
while [ $# -gt 0 ]; do
    case $1 in
    --stop) stop=1 ;;
    --without-containers) without_containers=1 ;;
    --scenario | --first-port | --program)
        value=$(value_of "$@")
        case $1 in
        --scenario) scenario=$value ;;
        --first-port) whole_number "$1" "$value" && first_port=$value ;;
        --program) program=$value ;;
        esac
        shift
        ;;
    *) help_or_refuse "$1" ;;
    esac
    shift
done
if [ "$scenario" = none ]; then scenario=; fi

compose=()
if [ -z "$without_containers" ]; then find_compose; fi
if [ ${#compose[@]} -gt 0 ]; then
    if [ -n "$stop" ]; then
        "${compose[@]}" down
        say "Next: docker/start-services.sh starts them again, with their data; ${compose[*]} down --volumes removes that."
        exit 0
    fi
    [ -r "$docker_folder/secrets/token" ] || fail 1 "docker/secrets/token does not exist; docker/setup.sh creates it."
    SCENARIO=$scenario "${compose[@]}" up --detach
    say "The token is in docker/secrets/token, Grafana's password for the user admin in docker/secrets/grafana-password."
    say "Next: docker/load-test.sh, or look at http://127.0.0.1:3000 (Grafana) and http://127.0.0.1:9090 (Prometheus)."
    exit 0
fi

# --- as processes -------------------------------------------------------------------------------------------------------

. "$docker_folder/../tests/stack/servers.sh" # remembers processes by id and start time
fail() { # as in services.sh: the one of tests/stack takes no code
    if [ $# -eq 1 ]; then set -- 1 "$1"; fi
    printf '%s: %s\n' "$(basename "$0")" "$2" >&2
    exit "$1"
}
servers=$stack
stack=${TMPDIR:-/tmp}/millrace-services-$UID-$first_port # here servers.sh keeps the ids of ours
roles="consumer producer gateway"

port_of_role() {
    case $1 in
    gateway) echo "$first_port" ;;
    producer) echo $((first_port + 1)) ;;
    consumer) echo $((first_port + 2)) ;;
    esac
}
log_of_role() { echo "$stack/$1.log"; }

stop_roles() {
    local role
    for role in producer consumer gateway; do stop_server "$role" TERM; done
}

start_role() { # start_role ROLE
    local port
    port=$(port_of_role "$1")
    if listening "$port"; then fail 1 "port $port is taken; --first-port chooses others, --stop ends services of this script."; fi
    local environment=("MILLRACE_ROLE=$1" "MILLRACE_LISTEN=127.0.0.1:$port")
    case $1 in
    producer) if [ -n "$scenario" ]; then environment+=("MILLRACE_SCENARIO=$scenario"); fi ;;
    gateway)
        environment+=("MILLRACE_PRODUCERS=127.0.0.1:$(port_of_role producer)" "MILLRACE_CONSUMERS=127.0.0.1:$(port_of_role consumer)")
        ;;
    esac
    setsid env "${environment[@]}" "$program" serve >"$(log_of_role "$1")" 2>&1 </dev/null &
    remember_pid "$1" $!
}

await_role() { # await_role ROLE
    local url deadline=$((SECONDS + 60))
    url=http://127.0.0.1:$(port_of_role "$1")
    until is_ready "$url"; do
        if ! pid_of "$1" >/dev/null || [ "$SECONDS" -ge "$deadline" ]; then
            tail -n 20 "$(log_of_role "$1")" >&2
            fail 1 "the $1 does not answer on $url; the end of $(log_of_role "$1") is above."
        fi
        sleep 0.2
    done
    say "$1 answers on $url, process $(pid_of "$1")"
}

if [ -n "$stop" ]; then
    stop_roles
    if [ -e "$stack/own-servers" ]; then MILLRACE_STACK_DIR=$servers "$docker_folder/../tests/stack/down"; fi
    rm -rf "$stack"
    say "Next: docker/start-services.sh starts them again."
    exit 0
fi

[ -x "$program" ] || fail 1 "$program does not exist; docker/setup.sh builds it."
command -v curl >/dev/null || fail 1 "curl is missing; install the package of that name."
umask 077
mkdir -p "$stack"
[ -O "$stack" ] || fail 1 "$stack belongs to somebody else; choose another --first-port."
for role in $roles; do
    if pid_of "$role" >/dev/null; then fail 1 "the $role runs already; --stop ends it."; fi
done
if [ -z "${MILLRACE_BROKER:-}" ] || [ -z "${MILLRACE_STORE:-}" ] || [ -z "${MILLRACE_DEDUPE:-}" ]; then
    touch "$stack/own-servers"
    (umask 022 && MILLRACE_STACK_DIR=$servers "$docker_folder/../tests/stack/up")
    settings=$(MILLRACE_STACK_DIR=$servers "$docker_folder/../tests/stack/env")
    eval "$settings"
fi
"$program" init
trap stop_roles EXIT
for role in $roles; do
    start_role "$role"
    await_role "$role"
done
trap - EXIT
say "Next: docker/load-test.sh; docker/start-services.sh --stop ends them."
