#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What Millrace needs from the distribution, and how it is installed. Sourced by quickstart.sh and check.sh.
# shellcheck disable=SC2034

# Debian 12's default is 1.74; what follows it has a newer one.
boost_package() {
    local ID='' VERSION_ID=''
    # shellcheck disable=SC1091
    if [ -r /etc/os-release ]; then . /etc/os-release; fi
    if [ "$ID$VERSION_ID" = debian12 ]; then echo libboost1.81-dev; else echo libboost-dev; fi
}

# To build and run it.
build_packages=(
    build-essential cmake ninja-build pkg-config git ca-certificates
    qt6-base-dev libgl1-mesa-dev                 # the window; the second because Qt's own CMake files ask for it
    qt6-charts-dev libqt6opengl6-dev qt6-svg-dev # its charts, what their CMake files ask for, and their pictures
    qt6-tools-dev qt6-tools-dev-tools qt6-l10n-tools # its translations
    qtkeychain-qt6-dev                           # passwords in the desktop's keychain
    libfmt-dev libspdlog-dev nlohmann-json3-dev libsimdjson-dev libyaml-dev zlib1g-dev
    "$(boost_package)" libssl-dev                # HTTP
    libcurl4-openssl-dev                         # its client
    prometheus-cpp-dev                           # metrics
    librdkafka-dev libpqxx-dev libpq-dev libsqlite3-dev libhiredis-dev
)

# The real servers of tests/stack, and what the tests compare with.
test_packages=(
    default-jre-headless maven                   # Kafka, fetched from Maven Central
    postgresql pgbouncer redis-server kcat procps # and whose processes they are
    iproute2                                     # networks of hosts that are none
    faketime                                     # a wall clock that is set under a run
    python3-jsonschema python3-yaml              # the JSON Schema of scenarios, checked by somebody else's code
    prometheus curl                              # the queries of dashboards and rules; HTTP
    python3-pip                                  # the schemas of Grafana, Compose and Kubernetes, fetched from PyPI
    libhdrhistogram-java                         # the reference histogram
    xvfb xauth                                   # a display for the window
    libxml2-utils poppler-utils librsvg2-bin     # readers of what is exported that are not ours
    nodejs                                       # runs the script of HTML reports
    dbus-daemon                                  # a desktop's message bus
    clang-19 clang-format-19 clang-tidy-19 shellcheck codespell # keepers of the style
    desktop-file-utils appstream                 # judges of the desktop entry and its metadata
    fonts-dejavu-core fonts-noto-core fonts-cantarell # the window fits in each of these
    fonts-noto-cjk                               # what screenshots in all languages need
)

say() { printf '%s\n' "$*"; }

refuse() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# Debian 12 or newer (testing has no number), or Ubuntu 24.04 or newer.
require_supported_system() {
    local file=${1:-/etc/os-release} ID='' VERSION_ID='' PRETTY_NAME='this system'
    # shellcheck disable=SC1090
    if [ -r "$file" ]; then . "$file"; fi
    case $ID in
    debian) [ "${VERSION_ID:-99}" -ge 12 ] && return ;;
    ubuntu) [ "$(printf '%s\n' 24.04 "$VERSION_ID" | sort -V | head -n 1)" = 24.04 ] && return ;;
    esac
    refuse "$PRETTY_NAME is not supported: Millrace builds on Debian 12 or newer and on Ubuntu 24.04 or newer."
}

# Prints those of the packages that are not installed.
missing_of() {
    local package
    for package in "$@"; do
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || echo "$package"
    done
}

# Runs a command without its output, but for the last lines where it fails.
quietly() {
    local log
    log=$(mktemp)
    "$@" >"$log" 2>&1 </dev/null || { tail -n 20 "$log" >&2; rm -f "$log"; return 1; }
    rm -f "$log"
}

# Installs what is missing, asks nothing, and does nothing where all is there.
install_missing() {
    local missing sudo=()
    mapfile -t missing < <(missing_of "$@")
    if [ ${#missing[@]} -eq 0 ]; then
        say "All ${#} packages are installed."
        return
    fi
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null ||
            refuse "these packages are missing, and there is no sudo to install them with; as root: apt-get install ${missing[*]}"
        sudo=(sudo)
    fi
    say "Installing with apt-get: ${missing[*]}"
    quietly "${sudo[@]}" apt-get -qq update || refuse "apt-get update failed; its last lines are above."
    quietly "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${missing[@]}" ||
        refuse "apt-get could not install the packages; its last lines are above."
}

# Arguments for cmake --preset that make use of what happens to be there.
cmake_extras() {
    if command -v ccache >/dev/null; then
        echo -DCMAKE_CXX_COMPILER_LAUNCHER=ccache
    fi
}
