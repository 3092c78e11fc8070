#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Prints the distribution's packages that programs need to run: the owners of the shared libraries that they load.
set -euo pipefail

usage() { echo "usage: docker/runtime_packages.sh PROGRAM…"; }

# The loader may name a library by a folder that is a link, as /lib is, while dpkg knows it by the other one. A file that one
# package keeps from another comes with lines of its own.
owner_of() {
    local path
    for path in "$1" "$(realpath "$1")" "/usr$1" "${1#/usr}"; do
        if LC_ALL=C dpkg-query --search "$path" 2>/dev/null | sed -E '/^(local )?diversion /d; s/:.*//' | head -n 1 | grep .; then return; fi
    done
    echo "docker/runtime_packages.sh: no package owns $1" >&2
    return 1
}

case ${1:-} in
'')
    usage >&2
    exit 2
    ;;
--help)
    usage
    exit 0
    ;;
esac
libraries=$(for program in "$@"; do ldd "$program"; done)
if grep 'not found' <<<"$libraries" >&2; then exit 1; fi
sed -nE 's:^.*[[:space:]](/[^ ]+) \(0x.*$:\1:p' <<<"$libraries" | sort -u | while read -r library; do
    owner_of "$library"
done | sort -u
