#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# From a bare Debian 12 or Ubuntu 24.04 to the verdict of a first run: installs what is missing, builds Millrace, and runs
# the quickstart scenario, which needs no server. Opens the window where there is a display. The exit code is the run's.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. installers/packages.sh

scenario=resources/scenarios/quickstart.yaml
programs=build/release/bin

say "1/4 Installing what is missing."
require_supported_system
install_missing "${build_packages[@]}"

say "2/4 Building in build/release: the command-line program first."
# shellcheck disable=SC2046
cmake --preset release $(cmake_extras) >/dev/null
cmake --build --preset release --parallel "$(nproc)" --target millraced

say "3/4 Running $scenario: about half a minute of load, with everything in one process."
# The window is built meanwhile, on half of the processors: with compilers on all of them the run stalls for seconds, even
# where they have the lowest priority.
log=build/release/window.log
window=
if [ "$(nproc)" -gt 1 ]; then
    chrt --idle 0 ninja -C build/release -j "$(($(nproc) / 2))" millrace >"$log" 2>&1 &
    window=$!
    trap 'kill "$window" 2>/dev/null || true' EXIT
fi
code=0
"$programs/millraced" run "$scenario" --target embedded || code=$?

say "4/4 Building the window."
if [ -n "$window" ]; then
    kill "$window" 2>/dev/null || true # what it has finished stays
    wait "$window" || true
    trap - EXIT
fi
if ! cmake --build --preset release --parallel "$(nproc)" --target millrace >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    refuse "the window could not be built; the end of $log is above."
fi
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    say "Opening it with the same scenario: F5 starts it."
    setsid "$programs/millrace" "$scenario" </dev/null >/dev/null 2>&1 &
else
    say "There is no display, so it stays closed: $programs/millrace opens it."
fi
exit "$code"
