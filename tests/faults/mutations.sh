#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Shows that the tests see what they are there for: breaks a promise in a copy of the tree, and a named test of it must fail.
#     mutations.sh BUILD-FOLDER
# The copy is mounted over the tree in a mount namespace of its own, so that its build folder is up to date and only what
# is broken is compiled again; nobody else sees it.
set -euo pipefail

tree=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=$1
fail() { echo "mutations: $*" >&2; exit 1; }
[ -n "${MILLRACE_STORE:-}" ] || fail "start the servers with tests/stack/up and eval \"\$(tests/stack/env)\""

if [ "${2:-}" != mounted ]; then
    copy=$(mktemp -d "${TMPDIR:-/tmp}/millrace-mutations-XXXXXX")
    trap 'rm -rf "$copy"' EXIT
    namespace=(unshare --mount)
    if [ "$(id -u)" -ne 0 ]; then namespace+=(--map-root-user); fi
    "${namespace[@]}" true || fail "this system lets nobody mount in a namespace of his own"
    tar -C "$tree" --exclude=./.git --exclude=./build -cf - . | tar -C "$copy" -xf -
    mkdir -p "$copy/${build#"$tree"/}"
    cp -a "$build/." "$copy/${build#"$tree"/}"
    # shellcheck disable=SC2016
    "${namespace[@]}" bash -c 'mount --bind "$1" "$2" && cd "$2" && exec tests/faults/mutations.sh "$3" mounted' x "$copy" "$tree" "$build"
    exit
fi

cd "$tree"
targets=(tst_faults tst_services millrace_consumer_half)
compile() { cmake --build "$build" --target "${targets[@]}" >"$build/mutation.log" 2>&1 || { tail -20 "$build/mutation.log"; fail "'$1' does not compile"; }; }
passes() { timeout 300 "$build/bin/$1" "${@:2}" >"$build/mutation.log" 2>&1; }

survived=0
# mutation WORDS FILE SED-EXPRESSION PROGRAM UNIT FUNCTION[:DATA]
mutation() {
    local words=$1 file=$2 expression=$3 began=$SECONDS
    shift 3
    sed -E "$expression" "$file" >"$file.mutated"
    if cmp -s "$file" "$file.mutated"; then fail "'$words': $file has changed, and nothing in it is broken by $expression"; fi
    cp "$file" "$file.sound"
    cat "$file.mutated" >"$file"
    compile "$words"
    if passes "$@"; then
        echo "$words: NOT SEEN by $2 $3"
        survived=$((survived + 1))
    else
        grep -q '^FAIL!' "$build/mutation.log" || { tail -20 "$build/mutation.log"; fail "'$words': $* did not come to a judgement"; }
        echo "$words: seen by $2 $3: $(grep -m 1 -A 1 '^FAIL!' "$build/mutation.log" | tr -s ' \n' ' '), $((SECONDS - began)) s"
    fi
    cat "$file.sound" >"$file"
}

compile 'the tree as it is'
tests=('tst_faults crash_points storesEachAcknowledgedEventOnceWhenKilled:between COPY and COMMIT'
    'tst_faults crash_points storesEachAcknowledgedEventOnceWhenKilled:in dead-lettering'
    'tst_services postgres_session theNewOwnerGoesOnWhereTheFormerStood'
    'tst_faults open_loop aSecondOfSilenceIsPaidByEveryEventThatItDelayed')
for test in "${tests[@]}"; do
    read -r program unit function <<<"$test"
    passes "$program" "$unit" "$function" || { tail -20 "$build/mutation.log"; fail "$unit $function fails without a mutation"; }
done

read -r -a killed <<<'tst_faults crash_points'
killed+=('storesEachAcknowledgedEventOnceWhenKilled:between COPY and COMMIT')
mutation 'the filter is told before COMMIT (D1)' services/consumer/batch_in_hand.cpp \
    's/^( *)const auto outcome = store\.commit\(/\1filter.remember(m_batch.ids());\n&/' "${killed[@]}"
killed[2]='storesEachAcknowledgedEventOnceWhenKilled:in dead-lettering'
mutation 'a dead letter is skipped (D15)' services/store/postgres/postgres_batch_writer.cpp \
    's/(for \(const core::DeadLetter& letter : letters)\)/\1.subspan(1))/' "${killed[@]}"
mutation 'the position is not conditional on the epoch (D3)' services/store/postgres/postgres_batch_writer.cpp \
    's/AND o\.epoch = a\.epoch AND/AND/' tst_services postgres_session theNewOwnerGoesOnWhereTheFormerStood
mutation 'the due time is replaced by the send time (M1)' services/producer/stream_thread.cpp \
    's/(m_slots\[\*slot\] = \{m_event->sequence, )m_due/\1at/' tst_faults open_loop aSecondOfSilenceIsPaidByEveryEventThatItDelayed
[ "$survived" -eq 0 ] || fail "$survived of 4 mutations were not seen"
echo 'mutations: all 4 are seen'
