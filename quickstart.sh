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

say "2/4 Building in build/release."
# shellcheck disable=SC2046
cmake --preset release $(cmake_extras) >/dev/null
cmake --build --preset release --parallel "$(nproc)" --target millraced millrace

say "3/4 Running $scenario: about half a minute of load, with everything in one process."
code=0
"$programs/millraced" run "$scenario" --target embedded || code=$?

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    say "4/4 Opening the window with the same scenario: F5 starts it."
    setsid "$programs/millrace" "$scenario" </dev/null >/dev/null 2>&1 &
else
    say "4/4 There is no display, so the window stays closed: $programs/millrace opens it."
fi
exit "$code"
