#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A minute of load through the running services, and what became of it. Exit code: 0 everything that the broker acknowledged was
# stored; 4 events lost or doubled; 3 some failed, or were not stored within the time; 6 a service does not answer; 2 bad usage.
. "$(dirname "${BASH_SOURCE[0]}")/services.sh"

usage() {
    cat <<EOF
usage: docker/load-test.sh [--seconds N] [--rate N] [--wait N] [OPTION…]
  --seconds N   how long the burst lasts; otherwise 60
  --rate N      its events per second; otherwise the producer's default
  --wait N      how many seconds the consumers have to store the rest; otherwise 60
$service_options
EOF
}

seconds=60
rate=
patience=60
while [ $# -gt 0 ]; do
    case $1 in
    --seconds | --rate | --wait)
        value=$(value_of "$@")
        whole_number "$1" "$value"
        case $1 in
        --seconds) seconds=$value ;;
        --rate) rate=$value ;;
        --wait) patience=$value ;;
        esac
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

stop_here() { # stop_here CODE: a service has just said why, on standard error
    say "Next: docker/start-services.sh, if the services do not run; docker/load-test.sh --help shows how to name others."
    exit "$1"
}
stats() { ask GET "$producer/api/load/stats"; }
summary() { ask GET "$gateway/api/metrics/summary"; }
processed_in() { echo $(($(whole_figure "$1" consumer processed) + $(whole_figure "$1" consumer deadLettered))); }
milliseconds() { # milliseconds LATENCY PERCENTILE
    local value
    value=$(figure "$1" '' latency end_to_end "$2")
    if [ -n "$value" ]; then LC_ALL=C printf '%.2f ms' "$value"; else printf 'not known'; fi
}

stats_before=$(stats) || stop_here $?
summary_before=$(summary) || stop_here $?
say "Load for $seconds s${rate:+ at $rate events per second}, on $producer."
began=${EPOCHREALTIME/[^0-9]/}
ask POST "$producer/api/load/burst?durationSeconds=$seconds${rate:+&rate=$rate}" >/dev/null || stop_here $?

until [ $((${EPOCHREALTIME/[^0-9]/} - began)) -ge $((seconds * 1000000)) ]; do
    sleep 1
    now=$(stats) || stop_here $?
    printf '  %3d s: %s logs/sec of %s, %s failed\n' $(((${EPOCHREALTIME/[^0-9]/} - began) / 1000000)) \
        "$(whole_figure "$now" rate)" "$(whole_figure "$now" targetRate)" "$(whole_figure "$now" failed)"
done
stats_after=$(stats) || stop_here $?
ended=${EPOCHREALTIME/[^0-9]/}
summary_after=$(summary) || stop_here $?

# Whatever was acknowledged by now has to be processed, and before it what already waited.
total=$(($(whole_figure "$stats_after" totalGenerated) - $(whole_figure "$stats_before" totalGenerated)))
failed=$(($(whole_figure "$stats_after" failed) - $(whole_figure "$stats_before" failed)))
acked=$(($(whole_figure "$summary_after" ledger acked) - $(whole_figure "$summary_before" ledger acked)))
due=$(($(processed_in "$summary_before") + $(whole_figure "$summary_before" ledger backlog) + acked))
deadline=$((SECONDS + patience))
until [ "$(processed_in "$summary_after")" -ge "$due" ] || [ "$SECONDS" -ge "$deadline" ]; do
    sleep 1
    summary_after=$(summary) || stop_here $?
done
# The latencies of this load, not those of the services' whole life; the gateway knows the last 150 s.
over=$(((${EPOCHREALTIME/[^0-9]/} - began) / 1000000 + 2))
latency=$(ask GET "$gateway/api/metrics/latency$([ "$over" -gt 150 ] || echo "?seconds=$over")") || stop_here $?
missing=$((due - $(processed_in "$summary_after")))
lost=$(whole_figure "$summary_after" ledger lost)
doubled=$(whole_figure "$summary_after" ledger doubled)

say "Results"
say "  Total Logs:   $total"
say "  Average Rate: $((total * 1000000 / (ended - began))) logs/sec"
say "  P50:          $(milliseconds "$latency" p50)"
say "  P99:          $(milliseconds "$latency" p99)"
say "  P99.9:        $(milliseconds "$latency" p99.9)"
say "  Ledger:       $acked acknowledged, $failed failed, $((missing > 0 ? missing : 0)) not stored yet, $lost lost, $doubled doubled"
if [ "$lost" -gt 0 ] || [ "$doubled" -gt 0 ]; then
    say "Failed: events were lost or doubled. Next: ask $gateway/api/metrics/summary, and read the consumers' logs."
    exit 4
fi
if [ "$total" -le 0 ] || [ "$failed" -gt 0 ] || [ "$missing" -gt 0 ]; then
    say "Failed: not everything was stored. Next: ask $gateway/actuator/health which part is down, or give it longer with --wait."
    exit 3
fi
say "Passed: everything that was acknowledged is stored. Next: docker/integration-tests/test-end-to-end.sh, or a higher --rate."
