#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Row T12 of the fault table: unreadable events, a few and nothing else, into the store's table and into a topic. (What a log
pipeline meets from others is in tests/app/foreign_events.sh.)
    event_rows.py MILLRACED ROW"""

import subprocess

import bench


def originals(row):
    """The bytes of each message of the run's topics, by topic, partition and offset."""
    return {(topic, partition, offset): payload for topic in row.topics() for partition, offset, _, payload in bench.messages(row.broker, topic)}


def in_table(row):
    letters = {}
    for line in row.sql('select topic, partition, kafka_offset, encode(payload, \'hex\') from dead_letters').splitlines():
        topic, partition, offset, payload = line.split("|")
        letters[topic, int(partition), int(offset)] = bytes.fromhex(payload)
    return letters


def in_topic(row, topic):
    letters = {}
    for _, _, headers, payload in bench.messages(row.broker, topic):
        said = dict(item.split("=", 1) for item in headers.split(",") if item.startswith("millrace-") and "=" in item)
        letters[said["millrace-topic"], int(said["millrace-partition"]), int(said["millrace-offset"])] = payload
    return letters


def bytes_are_kept(row, letters, count):
    sent = originals(row)
    row.checks.expect("as many dead letters as were counted", len(letters) == count, f"{len(letters)}, counted {count}")
    row.checks.expect("their bytes are those that were sent", all(sent[place] == payload for place, payload in letters.items()))


def unreadable_events(millraced):
    seconds = 20 if bench.IN_FULL else 4
    code = 0
    for share in ("1%", "100%"):
        with bench.Bench("T12", millraced) as row:
            run = row.start(row.scenario(1000, seconds, event=f"unreadable: {share}"))
            result = row.ended(run, *((0,) if share == "1%" else (0, 3)))  # 3: it stored nothing
            ledger = result["ledger"]
            if share == "1%":
                row.judge("1 % unreadable events", [ledger])
                row.checks.expect("their good neighbours are stored", ledger["stored"] == ledger["acked"] - ledger["dead_lettered"])
            else:
                print(f"T12: 100 % unreadable events; acked {ledger['acked']}, dead-lettered {ledger['dead_lettered']}, lost {ledger['lost']}")
                row.checks.expect("each is a dead letter", ledger["dead_lettered"] == ledger["acked"] == ledger["planned"])
                row.checks.expect("the identities are exact (D8, K2)", not bench.identities(ledger) and ledger["lost"] == 0)
            row.checks.expect("some are unreadable", ledger["dead_lettered"] > 0)
            bytes_are_kept(row, in_table(row), ledger["dead_lettered"])
            code = code or row.checks.exit_code()
    return code


def dead_letter_topic(millraced):
    """With `dead_letters: topic`, and one message that is larger than the client's own default allows."""
    with bench.Bench("T12", millraced) as row:
        topic = f"{row.name}-dead"
        file = row.scenario(
            1000, 8, consumer=f"dead_letters: topic, dead_letter_topic: {topic}", event="unreadable: 1%",
            kafka='client: {fetch.message.max.bytes: "4194304"}', thresholds="lost == 0, doubled == 0, foreign == 1",
        )  # fmt: skip
        run = row.start(file)
        row.when_stored(run, 1000)
        large = row.folder / "large"
        large.write_bytes(b"{" + b"x" * (2 << 20))
        subprocess.run(["kcat", "-b", row.broker, "-P", "-t", row.name, "-X", "message.max.bytes=4194304", large], check=True)
        result = row.ended(run, 0)
        ledger = result["ledger"]
        letters = in_topic(row, topic)
        print(f"T12: 1 % unreadable events and one of 2 MiB, dead letters in a topic; {ledger['dead_lettered']} of them, lost {ledger['lost']}, doubled {ledger['doubled']}")
        row.checks.expect("the identities are exact (D8, K2)", not bench.identities(ledger))
        row.checks.expect("nothing is lost or doubled", ledger["lost"] == ledger["doubled"] == 0)
        in_store = in_table(row)  # what the broker refuses, the store takes
        bytes_are_kept(row, {**in_store, **letters}, ledger["dead_lettered"])
        return row.checks.exit_code()


bench.drill({"t12_unreadable_events": unreadable_events, "t12_dead_letter_topic": dead_letter_topic})
