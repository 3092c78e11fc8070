#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The images, compose.yaml and the manifests in docker/, judged by the published schemas. No container engine is needed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/millrace

# Packages that hold schemas, fetched once from PyPI: compose-spec's, and those of Kubernetes' releases (22 MB).
compose=check_jsonschema-0.38.2
kubernetes=kubernetes_validate-1.37.0

wheel() { # wheel NAME-VERSION: where it is
    local found=$cache/$1-py3-none-any.whl partial
    if [ ! -f "$found" ]; then
        mkdir -p "$cache"
        partial=$(mktemp -d "$cache/partial.XXXXXX")
        python3 -m pip --quiet download --no-deps --dest "$partial" "${1%-*}==${1##*-}" >&2 ||
            { rm -rf "$partial"; echo "tst_containers: pip could not fetch ${1%-*}; is PyPI reachable?" >&2; return 1; }
        mv "$partial/$1-py3-none-any.whl" "$found"
        rm -rf "$partial"
    fi
    echo "$found"
}

compose_wheel=$(wheel "$compose")
kubernetes_wheel=$(wheel "$kubernetes")
exec python3 -B "$here/check_containers.py" "$compose_wheel" "$kubernetes_wheel"
