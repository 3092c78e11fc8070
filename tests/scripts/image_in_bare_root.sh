#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Carries out the steps of docker/Dockerfile in the root that it runs in, which has to be a bare Debian 13 of its own, and then
# serves from it as user 10001 with a read-only root. For a chroot or a throw-away machine: it installs packages and copies into /.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. installers/packages.sh

fail() {
    echo "image_in_bare_root: $*" >&2
    exit 1
}
[ "$(id -u)" -eq 0 ] || fail "this needs root, in a root of its own"
[ ! -e /usr/bin/millraced ] || fail "/usr/bin/millraced exists, so this root is not bare"
install_missing python3 util-linux # for this script; the image has neither python3 nor what builds it

work=$(mktemp -d)
read_only=$work/root
role=
# shellcheck disable=SC2317 # the trap calls it
stop() {
    if [ -n "$role" ]; then kill "$role" 2>/dev/null || true; fi
    for mount in var/lib/millrace tmp proc ''; do umount -l "$read_only/$mount" 2>/dev/null || true; done
    # By name: under root there may still be everything.
    rm -rf "$work/context"
    rm -f "$work/build.sh" "$work/millraced.sh" "$work/log"
    rmdir "$read_only" "$work" 2>/dev/null || true
}
trap stop EXIT

# What .dockerignore lets into a build.
mkdir "$work/context"
sed -n 's/^!//p' .dockerignore | while read -r name; do cp -a --parents "$name" "$work/context"; done

for stage in build millraced; do
    tests/scripts/image_steps.py script "$stage" "$work/context" build=/ >"$work/$stage.sh"
    bash "$work/$stage.sh"
done
[ "$(stat -c %u /var/lib/millrace)" = 10001 ] || fail "/var/lib/millrace is not user 10001's"

# As a container with read_only, cap_drop and no-new-privileges would.
mkdir "$read_only"
mount --bind / "$read_only"
mount -o remount,bind,ro "$read_only"
mount -t proc proc "$read_only/proc"
mount -t tmpfs -o mode=1777,size=16m tmpfs "$read_only/tmp"
mount -t tmpfs -o mode=1777,size=256m tmpfs "$read_only/var/lib/millrace"
as_user=(chroot "$read_only" setpriv --reuid=10001 --regid=10001 --clear-groups --no-new-privs --bounding-set=-all
    env -i PATH=/usr/bin MILLRACE_ROLE=gateway MILLRACE_LISTEN=127.0.0.1:8080)
if "${as_user[@]}" touch /usr/writable 2>/dev/null; then fail "the root can be written to"; fi
"${as_user[@]}" millraced serve >"$work/log" 2>&1 &
role=$!
for _ in $(seq 150); do
    if "${as_user[@]}" millraced health >/dev/null 2>&1; then
        [ "$(awk '/^Uid:/ { print $2 }' "/proc/$role/status")" = 10001 ] || fail "it serves as another user"
        kill "$role"
        wait "$role" || fail "it did not end in good order: $(tail -n 5 "$work/log")"
        role=
        echo "ok: millraced serves as user 10001 with a read-only root, and its health check passes"
        exit 0
    fi
    kill -0 "$role" 2>/dev/null || fail "it ended: $(tail -n 5 "$work/log")"
    sleep 0.2
done
fail "its health check did not pass within 30 s: $(tail -n 5 "$work/log")"
