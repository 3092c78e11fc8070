# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# The throw-away servers: Kafka, PostgreSQL and Redis, each on a free loopback port in one folder. Sourced by up, env,
# down, signal and kafka-tool. A server is known by its process id and that process's start time, so that a stale file
# whose id now belongs to somebody else is recognised.
set -euo pipefail

stack_scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
stack=${MILLRACE_STACK_DIR:-${TMPDIR:-/tmp}/millrace-stack-$UID}
# MILLRACE_KAFKA chooses another version; a stack that has been started keeps its own.
kafka_version=$(cat "$stack/kafka.version" 2>/dev/null || true)
if [ -z "$kafka_version" ]; then
    kafka_version=${MILLRACE_KAFKA:-$(sed -n 's:.*<kafka.version>\(.*\)</kafka.version>.*:\1:p' "$stack_scripts/pom.xml")}
fi
kafka_jars=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/millrace/kafka-$kafka_version
all_servers="kafka postgres redis"
# shellcheck disable=SC2034 # tests/stack/up uses it
patience=60 # seconds that a server may take to answer

fail() {
    echo "tests/stack: $*" >&2
    exit 1
}

need() { # need PROGRAM PACKAGE
    command -v "$1" >/dev/null || fail "$1 is missing; install the package $2"
}

# --- processes ----------------------------------------------------------------------------------------------------

start_time() { # of a process, in clock ticks since boot; nothing when there is no such process
    local stat
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
    stat=${stat##*) } # the name before may hold spaces and brackets
    # shellcheck disable=SC2086
    set -- $stat
    [ "$1" != Z ] && echo "${20}"
}

pid_of() { # the process id of a server of ours that is alive, or failure
    local pid started
    read -r pid started 2>/dev/null <"$stack/$1.pid" || return 1
    [ "$(start_time "$pid")" = "$started" ] && echo "$pid"
}

children_of() { pgrep -P "$1" || [ $? -eq 1 ]; } # 1: it has none. PostgreSQL's sessions are processes of their own

remember_pid() { echo "$2 $(start_time "$2")" >"$stack/$1.pid"; }

stop_server() { # stop_server NAME SIGNAL: ends it; by force after a while
    local pid deadline=$((SECONDS + 20))
    pid=$(pid_of "$1") || { rm -f "$stack/$1.pid"; return 0; }
    kill "-$2" "$pid" 2>/dev/null || true
    # shellcheck disable=SC2046
    kill -CONT "$pid" $(children_of "$pid") 2>/dev/null || true # what a test has stopped hears nothing else
    while pid_of "$1" >/dev/null; do
        [ "$SECONDS" -lt "$deadline" ] || kill -KILL "$pid" 2>/dev/null || true
        sleep 0.1
    done
    rm -f "$stack/$1.pid"
}

# --- ports --------------------------------------------------------------------------------------------------------

listening() { # somebody listens on this port, over IPv4 or IPv6
    local hex
    hex=$(printf '%04X' "$1")
    cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk -v port=":$hex" '$4 == "0A" && index($2, port) { found = 1 } END { exit !found }'
}

taken() { grep -qsx "$1" "$stack"/*.port; } # a server of ours that has not started yet is to listen there

free_port() { # below the range that the system hands out by itself
    local port
    for _ in $(seq 100); do
        port=$((20000 + RANDOM % 12000))
        listening "$port" || taken "$port" || { echo "$port"; return; }
    done
    fail "found no free port between 20000 and 32000"
}

port_of() { cat "$stack/$1.port" 2>/dev/null || fail "$1 was never started; run tests/stack/up"; }

# A server that is started again keeps its port, so that what env printed stays true.
claim_port() {
    local old
    old=$(cat "$stack/$1.port" 2>/dev/null || true)
    if [ -z "$old" ] || listening "$old"; then free_port >"$stack/$1.port"; fi
}

answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# --- Kafka --------------------------------------------------------------------------------------------------------

logs_by_log4j2() { [ "${kafka_version%%.*}" -ge 4 ]; }

log_settings() { # log_settings FILE: as an option for java; FILE is log4j or log4j-tools
    if logs_by_log4j2; then
        echo "-Dlog4j2.configurationFile=$stack_scripts/${1/log4j/log4j2}.properties"
    else
        echo "-Dlog4j.configuration=file:$stack_scripts/$1.properties"
    fi
}

# MILLRACE_STACK_ADVERTISED: the port that it tells its clients, for tests that put a proxy before it.
fetch_kafka() {
    [ -d "$kafka_jars" ] && return
    need mvn maven
    echo "tests/stack: fetching Kafka $kafka_version from Maven Central (56 MB, once) …" >&2
    local partial
    mkdir -p "$(dirname "$kafka_jars")"
    partial=$(mktemp -d "$kafka_jars.partial.XXXXXX")
    local profile=()
    if logs_by_log4j2; then profile=(-P log4j2); fi
    mvn -q -B -f "$stack_scripts/pom.xml" "-Dkafka.version=$kafka_version" "${profile[@]}" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$partial" >&2 ||
        { rm -rf "$partial"; fail "Maven could not fetch Kafka $kafka_version; is Maven Central reachable?"; }
    mv -T "$partial" "$kafka_jars" 2>/dev/null || rm -rf "$partial" # somebody else was faster
}

kafka_settings() {
    cat <<EOF
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$(port_of kafka-controller)
controller.listener.names=CONTROLLER
listeners=PLAIN://127.0.0.1:$(port_of kafka),LOGIN://127.0.0.1:$(port_of kafka-login),CONTROLLER://127.0.0.1:$(port_of kafka-controller)
${MILLRACE_STACK_ADVERTISED:+advertised.listeners=PLAIN://127.0.0.1:$MILLRACE_STACK_ADVERTISED,LOGIN://127.0.0.1:$(port_of kafka-login)}
listener.security.protocol.map=PLAIN:PLAINTEXT,LOGIN:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAIN
log.dirs=$stack/kafka/data

# Whoever comes without a login may do everything; the two logins are subject to access lists, where a topic has one.
sasl.enabled.mechanisms=PLAIN
listener.name.login.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_writer="writer-secret" user_stranger="stranger-secret";
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS
allow.everyone.if.no.acl.found=true

auto.create.topics.enable=false
num.partitions=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=2
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
message.max.bytes=4194304
log.retention.bytes=2147483648
log.segment.bytes=268435456
log.retention.check.interval.ms=30000
log.cleaner.dedupe.buffer.size=8388608
EOF
}

start_kafka() {
    need java default-jre-headless
    fetch_kafka
    claim_port kafka
    claim_port kafka-login
    claim_port kafka-controller
    mkdir -p "$stack/kafka"
    echo "$kafka_version" >"$stack/kafka.version"
    kafka_settings >"$stack/kafka/server.properties"
    local java=(java -Xms256m -Xmx1g -XX:+UseG1GC -XX:MaxGCPauseMillis=20 -Djava.awt.headless=true
        "$(log_settings log4j)" -cp "$kafka_jars/*")
    if [ ! -f "$stack/kafka/data/meta.properties" ]; then
        "${java[@]}" kafka.tools.StorageTool format --cluster-id millrace-test-stack001 \
            --config "$stack/kafka/server.properties" >"$stack/kafka/format.log" 2>&1 ||
            fail "Kafka's storage could not be formatted; see $stack/kafka/format.log"
    fi
    setsid "${java[@]}" kafka.Kafka "$stack/kafka/server.properties" >"$stack/kafka/kafka.log" 2>&1 </dev/null 9>&- &
    remember_pid kafka $!
}

kafka_ready() {
    grep -q 'Kafka Server started' "$stack/kafka/kafka.log" 2>/dev/null && answers "$(port_of kafka)"
}

# --- PostgreSQL ---------------------------------------------------------------------------------------------------

postgres_program() { # the newest that is installed
    local found
    found=$(find /usr/lib/postgresql/*/bin /usr/bin /usr/local/bin -maxdepth 1 -name "$1" 2>/dev/null | sort -V | tail -n 1)
    [ -n "$found" ] || fail "PostgreSQL's $1 is missing; install the package postgresql"
    echo "$found"
}

as_postgres=() # PostgreSQL refuses to run as root
if [ "$UID" -eq 0 ]; then as_postgres=(setpriv --reuid=postgres --regid=postgres --init-groups); fi

make_postgres() {
    local program data=$stack/postgres/data
    program=$(postgres_program initdb)
    mkdir -p "$stack/postgres"
    rm -rf "$data" # half-made
    if [ "$UID" -eq 0 ]; then chown postgres: "$stack/postgres"; fi
    (cd "$stack/postgres" && "${as_postgres[@]}" "$program" -D "$data.new" -U postgres -A trust -E UTF8 --locale=C.UTF-8 -N) >"$stack/postgres.initdb.log" 2>&1 ||
        fail "initdb failed; see $stack/postgres.initdb.log"
    # Nobody needs a password, except the members of password_required: for tests of wrong passwords.
    printf '%s\n' 'host all +password_required 127.0.0.1/32 scram-sha-256' 'host all all 127.0.0.1/32 trust' >"$data.new/pg_hba.conf"
    (cd "$stack/postgres" && "${as_postgres[@]}" "$(postgres_program postgres)" --single -D "$data.new" postgres) >>"$stack/postgres.initdb.log" 2>&1 <<'EOF' ||
CREATE ROLE password_required NOLOGIN;
CREATE ROLE millrace LOGIN CREATEDB CREATEROLE;
CREATE DATABASE millrace OWNER millrace;
EOF
        fail "PostgreSQL's role and database could not be created; see $stack/postgres.initdb.log"
    mv "$data.new" "$data"
}

start_postgres() {
    local program data=$stack/postgres/data
    program=$(postgres_program postgres)
    claim_port postgres
    if [ ! -d "$data" ]; then
        rm -rf "$data.new"
        make_postgres
    fi
    # A left-over lock file keeps the server from starting only while its process id is a PostgreSQL of this folder.
    local former
    former=$(head -n 1 "$data/postmaster.pid" 2>/dev/null || true)
    if [ -n "$former" ] && ! tr '\0' ' ' <"/proc/$former/cmdline" 2>/dev/null | grep -qF -- "$data"; then
        rm -f "$data/postmaster.pid"
    fi
    cd "$stack/postgres"
    setsid "${as_postgres[@]}" "$program" -D "$data" -p "$(port_of postgres)" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
        -c shared_buffers=512MB -c max_wal_size=4GB -c fsync=on -c max_connections=200 -c timezone=UTC \
        -c track_commit_timestamp="${MILLRACE_STACK_COMMIT_TIMES:-on}" \
        >"$stack/postgres.log" 2>&1 </dev/null 9>&- &
    remember_pid postgres $!
    cd - >/dev/null
}

postgres_ready() { "$(postgres_program pg_isready)" -q -t 2 -h 127.0.0.1 -p "$(port_of postgres)" -U millrace -d millrace; }

# --- Redis --------------------------------------------------------------------------------------------------------

start_redis() {
    need redis-server redis-server
    claim_port redis
    mkdir -p "$stack/redis"
    setsid redis-server --port "$(port_of redis)" --bind 127.0.0.1 --save '' --appendonly no --dir "$stack/redis" \
        >"$stack/redis/redis.log" 2>&1 </dev/null 9>&- &
    remember_pid redis $!
}

redis_ready() { [ "$(timeout 2 redis-cli -h 127.0.0.1 -p "$(port_of redis)" ping 2>/dev/null)" = PONG ]; }

# --- all ----------------------------------------------------------------------------------------------------------

stop_signal() { # what ends this server in good order
    case $1 in
    postgres) echo INT ;; # 'fast': open transactions are rolled back
    *) echo TERM ;;
    esac
}

log_of() {
    case $1 in
    kafka) echo "$stack/kafka/kafka.log" ;;
    postgres) echo "$stack/postgres.log" ;;
    redis) echo "$stack/redis/redis.log" ;;
    esac
}

check_server_name() {
    case " $all_servers " in
    *" $1 "*) ;;
    *) fail "there is no server '$1'; the servers are: $all_servers" ;;
    esac
}
