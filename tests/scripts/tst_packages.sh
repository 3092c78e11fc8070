#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Which systems installers/packages.sh takes on.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../../installers/packages.sh"
release=$(mktemp)
trap 'rm -f "$release"' EXIT

expect() { # expect yes|no ID VERSION_ID
    printf 'ID=%s\nVERSION_ID="%s"\nPRETTY_NAME="%s %s"\n' "$2" "$3" "$2" "$3" >"$release"
    local answer=no
    if (require_supported_system "$release") 2>/dev/null; then answer=yes; fi
    [ "$answer" = "$1" ] || { echo "FAIL: $2 $3 supported: $answer, expected $1" >&2; exit 1; }
    echo "ok: $2 $3 supported: $1"
}

expect no debian 11
expect yes debian 12
expect yes debian 13
expect yes debian ''
expect no ubuntu 22.04
expect yes ubuntu 24.04
expect yes ubuntu 26.10
expect no fedora 42

sentence=$( (require_supported_system /nonexistent) 2>&1 || true)
[[ $sentence == *"this system is not supported: Millrace builds on Debian 12 or newer and on Ubuntu 24.04 or newer." ]] ||
    { echo "FAIL: $sentence" >&2; exit 1; }
[ "$(missing_of bash no-such-package-of-ours)" = no-such-package-of-ours ] || { echo "FAIL: missing_of" >&2; exit 1; }
echo "ok: the refusal is a sentence, and only what is missing is installed"
