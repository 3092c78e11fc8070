#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Asks the running services everything that scripts and dashboards ask them, and sends a burst through to the store. Exit code: 0
# when all of it held, 1 otherwise.
. "$(dirname "${BASH_SOURCE[0]}")/../services.sh"

usage() {
    cat <<EOF
usage: docker/integration-tests/test-end-to-end.sh [--seconds N] [--rate N] [OPTION…]
  --seconds N   how long the burst lasts; otherwise 10
  --rate N      its events per second; otherwise the producer's default
$service_options
EOF
}

seconds=10
burst_options=()
while [ $# -gt 0 ]; do
    case $1 in
    --seconds | --rate)
        value=$(value_of "$@")
        whole_number "$1" "$value"
        if [ "$1" = --seconds ]; then seconds=$value; else burst_options+=("$1" "$value"); fi
        shift
        ;;
    *)
        service_option "$@"
        shift
        ;;
    esac
    shift
done
need_programs

failures=0
check() { # check SENTENCE COMMAND…
    if "${@:2}" >/dev/null 2>"$complaints"; then
        say "ok: $1"
    else
        say "FAIL: $1 $(tail -n 1 "$complaints")"
        failures=$((failures + 1))
    fi
}
complaints=$(mktemp)
trap 'rm -f "$complaints"' EXIT

is_up() { [ "$(figure "$(ask GET "$1/actuator/health")" '' status)" = UP ]; }
is_json() {
    local text
    text=$(ask GET "$1") && figure "$text" ''
}
has_names() { # has_names URL NAME…
    local text name
    text=$(ask GET "$1/actuator/prometheus") || return 1
    for name in "${@:2}"; do
        grep -q "^${name}[{ ]" <<<"$text" || { echo "without $name" >&2; return 1; }
    done
}

check "the gateway is up" is_up "$gateway"
check "the producer is up" is_up "$producer"
check "the consumer is up" is_up "$consumer"
check "the producer says what it sends" is_json "$producer/api/load/stats"
for path in summary throughput latency; do check "the gateway answers /api/metrics/$path" is_json "$gateway/api/metrics/$path"; done
check "the producer lists its meters" is_json "$producer/actuator/metrics"

code=0
"$docker_folder/load-test.sh" --seconds "$seconds" "${burst_options[@]}" --gateway "$gateway" --producer "$producer" ${token_file:+--token-file "$token_file"} || code=$?
check "a burst of $seconds s is stored, without loss (code $code)" [ "$code" -eq 0 ]

check "the consumer knows its processing time" is_json "$consumer/actuator/metrics/log.processing.time"
check "the gateway finds stored logs" is_json "$gateway/api/logs?limit=1"
check "Prometheus finds the producer's names" has_names "$producer" load_generator_logs_generated_total \
    kafka_producer_send_success_total kafka_producer_send_failure_total kafka_producer_send_time_seconds_bucket
check "Prometheus finds the consumer's names" has_names "$consumer" log_processed_count_total log_processing_errors_total \
    log_processing_time_bucket log_processing_time_seconds_bucket
check "Prometheus finds the gateway's names" has_names "$gateway" millrace_build_info millrace_backlog_events

if [ "$failures" -gt 0 ]; then
    say "$failures checks failed. Next: docker/start-services.sh, if the services do not run; their logs say more."
    exit 1
fi
say "All checks passed. Next: docker/load-test.sh runs a full minute; docker/start-services.sh --stop ends the services."
