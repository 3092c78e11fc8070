# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Where the three roles listen, and how scripts ask them. Sourced by the scripts beside it.
# shellcheck disable=SC2034
set -euo pipefail
export LC_ALL=C.UTF-8 # figures have a decimal point

docker_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
gateway=http://127.0.0.1:8080
producer=http://127.0.0.1:8081
consumer=http://127.0.0.1:8082
token_file=${MILLRACE_TOKEN_FILE:-}
if [ -z "$token_file" ] && [ -r "$docker_folder/secrets/token" ]; then token_file=$docker_folder/secrets/token; fi

say() { printf '%s\n' "$*"; }

fail() { # fail CODE SENTENCE
    printf '%s: %s\n' "$(basename "$0")" "$2" >&2
    exit "$1"
}

service_options='  --gateway URL, --producer URL, --consumer URL   where the roles are; otherwise ports 8080, 8081, 8082 of this machine
  --token-file FILE   the token that they ask for; otherwise MILLRACE_TOKEN_FILE, or what docker/setup.sh created'

# The value of a flag, which is to be there.
value_of() { # value_of FLAG VALUE…
    [ $# -ge 2 ] || fail 2 "$1 needs a value; --help shows them all."
    printf '%s' "$2"
}

whole_number() { # whole_number FLAG VALUE
    [[ $2 =~ ^[1-9][0-9]{0,8}$ ]] || fail 2 "$1 takes a whole number from 1 on, not '$2'."
}

help_or_refuse() { # help_or_refuse OPTION: one that the script itself does not know
    if [ "$1" = --help ]; then
        usage
        exit 0
    fi
    usage >&2
    exit 2
}

service_option() { # service_option OPTION VALUE…: one of $service_options; each has a value
    local value
    case $1 in
    --gateway | --producer | --consumer)
        value=$(value_of "$@")
        printf -v "${1#--}" %s "${value%/}"
        ;;
    --token-file) token_file=$(value_of "$@") ;;
    *) help_or_refuse "$1" ;;
    esac
}

need_programs() {
    local program
    for program in curl python3; do
        command -v "$program" >/dev/null || fail 1 "$program is missing; install the package of that name."
    done
}

# A setting of curl, so that the token is in no process list.
authorization() {
    if [ -n "$token_file" ]; then printf 'header = "Authorization: Bearer %s"\n' "$(<"$token_file")"; fi
}

# Prints the body; any answer but 2xx is a failure, with a sentence that quotes it.
ask() { # ask METHOD URL
    local answer status
    answer=$(curl --silent --show-error --max-time 15 --request "$1" --config <(authorization) --write-out '\n%{http_code}' "$2" 2>&1) || {
        printf '%s does not answer: %s\n' "$2" "${answer%%$'\n'*}" >&2
        return 6
    }
    status=${answer##*$'\n'}
    printf '%s\n' "${answer%$'\n'*}"
    [[ $status == 2?? ]] || {
        printf '%s answered %s: %s\n' "$2" "$status" "${answer%$'\n'*}" >&2
        return 1
    }
}

# A value of a JSON text by its keys, or what is given where it is missing: figure JSON DEFAULT KEY…
figure() {
    python3 -c '
import json, sys
value, default = json.loads(sys.argv[1]), sys.argv[2]
for key in sys.argv[3:]:
    value = value.get(key) if isinstance(value, dict) else None
print(default if value is None else value)' "$@"
}

whole_figure() { # the same, without what is behind the decimal point
    local value
    value=$(figure "$1" 0 "${@:2}")
    printf '%.0f' "$value"
}

is_ready() { curl --silent --fail --output /dev/null --max-time 2 "$1/actuator/health/readiness"; }
