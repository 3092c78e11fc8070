#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Fuzzes parsers, one after the other, from the corpus in the tree, and stops at the first finding. What a parser learned on the way
# stays in the build folder; a finding is a file to add to tests/fuzz/corpus/PARSER when it is fixed.
#     tests/fuzz/run.sh SECONDS [PARSER…]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. installers/packages.sh

[ $# -ge 1 ] || { echo "usage: tests/fuzz/run.sh SECONDS [PARSER…]" >&2; exit 2; }
seconds=$1
shift
install_missing "${build_packages[@]}" clang-19 libclang-rt-19-dev
# shellcheck disable=SC2046
cmake --preset fuzz $(cmake_extras) >/dev/null
cmake --build --preset fuzz --parallel "$(nproc)"

parsers=("$@")
if [ ${#parsers[@]} -eq 0 ]; then mapfile -t parsers < <(ls tests/fuzz/corpus); fi
export ASAN_OPTIONS=detect_leaks=0 UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
for parser in "${parsers[@]}"; do
    learned=build/fuzz/corpus/$parser
    found=build/fuzz/findings/$parser
    mkdir -p "$learned" "$found"
    if ! MILLRACE_PARSER=$parser build/fuzz/bin/fuzz_parsers -max_total_time="$seconds" -max_len=65536 -timeout=30 \
        -rss_limit_mb=4096 -artifact_prefix="$found/" -print_final_stats=1 "$learned" "tests/fuzz/corpus/$parser" >"$found/log" 2>&1; then
        tail -n 60 "$found/log"
        echo "$parser: a finding, a file in $found" >&2
        exit 1
    fi
    say "$parser: $(sed -n 's/stat::number_of_executed_units: *//p' "$found/log") inputs in $seconds s, nothing found"
done
