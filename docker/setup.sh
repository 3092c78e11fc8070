#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Prepares what docker/start-services.sh starts: with docker or podman the secrets and the image, otherwise the program and what
# its servers need. Any number of times: what exists stays.
. "$(dirname "${BASH_SOURCE[0]}")/services.sh"
. "$docker_folder/containers.sh"
. "$docker_folder/../installers/packages.sh"

usage() {
    cat <<'EOF'
usage: docker/setup.sh [--without-containers | --secrets-only]
  --without-containers   build the program for this machine, even where docker or podman is
  --secrets-only         create docker/secrets and docker/kubernetes/base/secrets, build nothing
EOF
}

without_containers=
secrets_only=
while [ $# -gt 0 ]; do
    case $1 in
    --without-containers) without_containers=1 ;;
    --secrets-only) secrets_only=1 ;;
    *) help_or_refuse "$1" ;;
    esac
    shift
done

random_text() { head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n'; } # 256 bits in 43 characters

# Writes standard input to a file that only its owner can read, unless it exists.
create_secret() {
    if [ -e "$1" ]; then
        cat >/dev/null # a writer without a reader would fail
        return
    fi
    (umask 077 && mkdir -p "$(dirname "$1")" && cat >"$1.new")
    mv "$1.new" "$1"
}

create_secrets() {
    local secrets=$docker_folder/secrets
    random_text | create_secret "$secrets/token"
    random_text | create_secret "$secrets/postgres-password"
    random_text | create_secret "$secrets/grafana-password"
    printf 'postgres:5432:millrace:millrace:%s\n' "$(<"$secrets/postgres-password")" | create_secret "$secrets/pgpass"
    # The password of the PostgreSQL that the cluster is to use is the user's to fill in.
    printf 'MILLRACE_TOKEN=%s\nPGPASSWORD=\n' "$(random_text)" | create_secret "$docker_folder/kubernetes/base/secrets/millrace.env"
}

say "Secrets: docker/secrets, and docker/kubernetes/base/secrets for a cluster."
create_secrets
if [ -n "$secrets_only" ]; then
    say "Next: docker/setup.sh builds what docker/start-services.sh starts."
    exit 0
fi

compose=()
if [ -z "$without_containers" ]; then find_compose; fi
if [ ${#compose[@]} -gt 0 ]; then
    say "Building the image millraced with ${compose[0]}."
    "${compose[@]}" build
    say "Next: docker/start-services.sh"
    exit 0
fi

cd "$docker_folder/.."
say "Without containers: installing what is missing, building build/release/bin/millraced."
require_supported_system
install_missing "${build_packages[@]}" default-jre-headless maven postgresql redis-server curl python3
# shellcheck disable=SC2046
cmake --preset release $(cmake_extras) >/dev/null
cmake --build --preset release --parallel "$(nproc)" --target millraced
say "Next: docker/start-services.sh$([ -z "$without_containers" ] || echo ' --without-containers')"
