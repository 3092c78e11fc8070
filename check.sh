#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds Millrace and runs all its tests against real Kafka, PostgreSQL and Redis, which it starts on free loopback ports
# in a throw-away folder and stops again. Installs what is missing. The exit code is ctest's.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. installers/packages.sh

usage() {
    cat <<'EOF'
usage: ./check.sh [--all | --soak] [--asan | --tsan]
  --all    the long tests as well, the table of faults in full, and the tests against servers on Kafka 3.9 too
  --soak   nothing but an hour at half load with faults at random (MILLRACE_SOAK_MINUTES: other than 60), and half an hour of a service
  --asan   with AddressSanitizer and UndefinedBehaviorSanitizer, without the tests of speed
  --tsan   with ThreadSanitizer, without the tests of speed
EOF
}

preset=dev
left_out='long|soak'
chosen=()
while [ $# -gt 0 ]; do
    case $1 in
    --all)
        export MILLRACE_ALL=1
        left_out='soak'
        ;;
    --soak)
        left_out='^$'
        chosen=(--label-regex '^soak$')
        ;;
    --asan | --tsan) preset=${1#--} ;;
    --help)
        usage
        exit 0
        ;;
    *)
        usage >&2
        exit 2
        ;;
    esac
    shift
done
if [ "$preset" != dev ]; then left_out+='|speed'; fi

require_supported_system
install_missing "${build_packages[@]}" "${test_packages[@]}"

say "Building in build/$preset."
# shellcheck disable=SC2046
cmake --preset "$preset" $(cmake_extras) >/dev/null
cmake --build --preset "$preset" --parallel "$(nproc)"

MILLRACE_STACK_DIR=$(mktemp -d "${TMPDIR:-/tmp}/millrace-check-XXXXXX")
export MILLRACE_STACK_DIR
chmod 755 "$MILLRACE_STACK_DIR" # PostgreSQL runs as another user where we are root
trap 'tests/stack/down' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

start_servers() {
    say "Starting Kafka${MILLRACE_KAFKA:+ $MILLRACE_KAFKA}, PostgreSQL and Redis."
    tests/stack/up
    local servers
    servers=$(tests/stack/env)
    eval "$servers"
}
start_servers

runner=(ctest)
# Some kernels spread addresses wider than g++ 12's ThreadSanitizer can bear.
if [ "$preset" = tsan ] && setarch -R true 2>/dev/null; then runner=(setarch -R ctest); fi
# Most tests wait for servers and for time to pass; those that measure run alone.
jobs=$(nproc)
if [ "$preset" = dev ]; then jobs=$((jobs + 1)); fi
say "Running the tests."
code=0
"${runner[@]}" --preset "$preset" --label-exclude "$left_out" "${chosen[@]}" --parallel "$jobs" || code=$?
if [ "${MILLRACE_ALL:-}" ] && [ "$preset" = dev ]; then
    tests/stack/down
    export MILLRACE_KAFKA=3.9.2 # the last before 4.0, which many still run
    start_servers
    say "Running the tests that need servers once more."
    env -u MILLRACE_ALL "${runner[@]}" --preset "$preset" --label-regex '^stack$' --label-exclude 'long|soak' --parallel "$jobs" || code=$?
fi
exit "$code"
