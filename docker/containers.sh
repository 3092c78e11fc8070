# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Finds a program that runs compose files here. Sourced by setup.sh and start-services.sh.

# Sets compose to the command, or to nothing: a program without a server that answers does not count.
find_compose() {
    compose=()
    if docker info >/dev/null 2>&1 && docker compose version >/dev/null 2>&1; then
        compose=(docker compose)
    elif podman info >/dev/null 2>&1 && podman compose version >/dev/null 2>&1; then
        compose=(podman compose)
    else
        return 0
    fi
    compose+=(--file "$docker_folder/compose.yaml")
}
