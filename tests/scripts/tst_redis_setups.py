#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Redis as people have it: passwords with signs in them, least rights, clusters, Sentinels, replicas.
    tst_redis_setups.py MILLRACED"""

import sys
import time

import setups

LOCAL = ("--broker", "embedded", "--store", "embedded")


def hits(setup, secret):
    """Files of the folder, but those of the servers, that hold the secret."""
    found = []
    for file in setup.folder.rglob("*"):
        ours = file.is_file() and not file.relative_to(setup.folder).parts[0].startswith("redis-")
        if ours and secret.encode() in file.read_bytes():
            found.append(file)
    return found


def passwords(checks, setup):
    """Of a URL as people write it, and as it has to be written."""
    escapes = {"/": "%2F", "#": "%23", "?": "%3F", "@": "%40", "%": "%25", ":": "%3A"}
    for sign, escape in escapes.items():
        secret = f"ab{sign}cd+ef="
        port = setup.redis("--requirepass", secret)
        verbs = {
            "run": ("run", "s.yaml", *LOCAL, "--out", f"o{escape[1:]}"),
            "doctor": ("doctor", *LOCAL),
            "init": ("init", *LOCAL),
            "show-config": ("serve", "--role", "consumer", "--broker", "127.0.0.1:1", "--store", "postgresql://me@127.0.0.1:1/db", "--show-config"),
        }
        for name, words in verbs.items():
            raw = setup.millraced(*words, MILLRACE_DEDUPE=f"redis://:{secret}@127.0.0.1:{port}")
            checks.expect(f"password with {sign}, {name}: it is in no word", "cd+ef=" not in raw.said, raw.said)
            if sign in "/#?@" and name != "show-config":
                told = "write / as %2F, # as %23, ? as %3F, @ as %40 and % as %25" in raw.said
                one = raw.said.count("\n") == 1
                checks.expect(f"password with {sign}, {name}: one sentence says how to write it", raw.exit == 2 and told and one, raw.said)
        setup.scenario(more="target: {broker: embedded, store: embedded, dedupe: '${WHERE}'}\n")
        validated = setup.millraced("validate", "s.yaml", WHERE=f"redis://:{secret}@127.0.0.1:{port}")
        checks.expect(f"password with {sign}, validate: it is in no word", "cd+ef=" not in validated.said, validated.said)
        setup.scenario()
        good = setup.millraced(
            "run", "s.yaml", *LOCAL, "--out", f"g{escape[1:]}", MILLRACE_DEDUPE=f"redis://:ab{escape}cd+ef=@127.0.0.1:{port}"
        )
        checks.expect(f"password with {sign} written {escape}: the run passes", good.exit == 0 and "cd+ef=" not in good.said, good.said)
        checks.expect(f"password with {sign}: it is in no file", not hits(setup, "cd+ef="), hits(setup, "cd+ef="))


def both(checks, setup, name, url, exit_code, *texts, **environment):
    """Doctor and run say the same of it."""
    setup.number += 1
    for verb in (("doctor", *LOCAL), ("run", "s.yaml", *LOCAL, "--out", f"both{setup.number}")):
        answer = setup.millraced(*verb, MILLRACE_DEDUPE=url, **environment)
        missing = [text for text in texts if text not in answer.said]
        checks.expect(f"{name}: {verb[0]} ends with {exit_code} and says why", answer.exit == exit_code and not missing, f"{missing} {answer.said}")


def least_rights(checks, setup):
    port = setup.redis()
    url = f"redis://worker:pw@127.0.0.1:{port}"
    setup.redis_cli(port, "acl", "setuser", "worker", "on", ">pw", "~log:*", "-@all", "+get", "+mget", "+set")
    both(checks, setup, "the work's rights only", url, 0, "memory could not be checked")
    setup.scenario(rate="2000/s")
    ran = setup.millraced("run", "s.yaml", *LOCAL, "--out", "least", MILLRACE_DEDUPE=url)
    checks.expect("every event is asked of the filter", ran.exit == 0 and setup.result("least").get("filter_bypassed", 0) == 0, ran.said)
    setup.scenario()
    setup.redis_cli(port, "acl", "setuser", "worker", "resetkeys", "~other:*")
    both(checks, setup, "another prefix", url, 6, "keys that begin with 'log:'", "dedupe.prefix")
    setup.scenario(more="dedupe: {prefix: 'other:'}\n")
    ran = setup.millraced("run", "s.yaml", *LOCAL, "--out", "prefix", MILLRACE_DEDUPE=url)
    checks.expect("the prefix that is allowed works", ran.exit == 0, ran.said)
    setup.scenario()
    setup.redis_cli(port, "acl", "setuser", "worker", "resetkeys", "~log:*", "-set")
    both(checks, setup, "no right to write", url, 6, "'set' command", "allow this user MGET and SET")
    setup.redis_cli(port, "acl", "setuser", "worker", "resetkeys", "%R~log:*", "+set")
    both(checks, setup, "keys to read only", url, 6, "read and write keys that begin with 'log:'")
    both(checks, setup, "a wrong password", url.replace("pw@", "marker@"), 6, "WRONGPASS", "MILLRACE_REDIS_PASSWORD")
    locked = setup.redis("--requirepass", "secret")
    both(checks, setup, "no password", f"redis://127.0.0.1:{locked}", 6, "NOAUTH", "MILLRACE_REDIS_PASSWORD")
    few = setup.redis(*(word for name in ("INFO", "PING", "CONFIG") for word in ("--rename-command", name, "")))
    both(checks, setup, "a server that knows no questions but the work", f"redis://127.0.0.1:{few}", 0, "memory could not be checked")


def other_kinds(checks, setup):
    (bus,) = setups.free_ports(1)
    cluster = setup.redis("--cluster-enabled", "yes", "--cluster-port", str(bus))
    both(checks, setup, "a cluster without its slots", f"redis://127.0.0.1:{cluster}", 6, "is a Redis Cluster", "name a single Redis")
    setup.redis_cli(cluster, "cluster", "addslotsrange", "0", "16383")
    time.sleep(2)  # until it calls itself ready
    both(checks, setup, "a cluster of one node", f"redis://127.0.0.1:{cluster}", 6, "is a Redis Cluster", "CROSSSLOT")
    both(checks, setup, "a database of a cluster", f"redis://127.0.0.1:{cluster}/1", 6, "is a Redis Cluster")

    master = setup.redis("--requirepass", "secret")
    config = setup.folder / "sentinel.conf"
    config.write_text(f"sentinel monitor main 127.0.0.1 {master} 1\nsentinel auth-pass main secret\n", encoding="ascii")
    sentinel = setup.redis(str(config), sentinel=True)
    both(checks, setup, "a Sentinel", f"redis://127.0.0.1:{sentinel}", 6, "is a Sentinel: name the Redis it watches")
    both(checks, setup, "a Sentinel asked with the password of its Redis", f"redis://:secret@127.0.0.1:{sentinel}", 6, "is a Sentinel")
    both(checks, setup, "a Sentinel asked for a database", f"redis://127.0.0.1:{sentinel}/2", 6, "is a Sentinel")

    replica = setup.redis("--replicaof", f"127.0.0.1 {setup.redis()}")
    both(checks, setup, "a replica", f"redis://127.0.0.1:{replica}", 6, "it is a replica and takes no keys", "address of the master")

    full = setup.redis("--maxmemory", "100kb")
    both(checks, setup, "a full one is told, and the run goes on without it", f"redis://127.0.0.1:{full}", 0, "OOM")


def main():
    checks = setups.Checks()
    with setups.Setup() as setup:
        setup.scenario()
        passwords(checks, setup)
        least_rights(checks, setup)
        other_kinds(checks, setup)
    return checks.exit_code()


if __name__ == "__main__":
    sys.exit(main())
