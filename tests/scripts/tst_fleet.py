#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run over two producers and three consumers: the same load, one exact ledger, also while daemons are killed, frozen and
added, and while whoever leads the run is killed.
    tst_fleet.py MILLRACED [CASE…]"""

import contextlib
import glob
import json
import os
import signal
import sys
import time

import service_parts
from service_parts import wait_until

CLOCK = next(iter(glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")), "")
RATE = 2000
SECONDS = 12
CONSUMER = "concurrency: 1, batch: 500, session_timeout: 6s"
IDLE = "{name: later, start: 8000h, stages: [{duration: 1s, rate: 1/s}]}"  # a producer that waits to be told
RULES = "thresholds: [lost == 0, throughput >= 95% of target]\n"


class Fleet:
    """Daemons on the servers of `own`, and runs over them."""

    def __init__(self, own, producers=2, consumers=3):
        self.own = own
        self.settings = ("--scenario", own.scenario(IDLE, CONSUMER, "settings"))
        self.consumers = [own.serve("consumer", *self.settings, ready=False) for _ in range(consumers)]
        self.producers = [own.serve("producer", *self.settings) for _ in range(producers)]
        wait_until(lambda: all(each.answers() for each in self.consumers), "the consumers have joined")
        self.runs = 0

    @property
    def daemons(self):
        return ",".join(part.address for part in (*self.producers, *self.consumers))

    def scenario(self, streams, label, drain, consumer):
        file = self.own.scenario(streams, consumer, label)
        file.write_text(file.read_text(encoding="utf-8") + RULES + (f"drain: {drain}\n" if drain else ""), encoding="utf-8")
        return file

    def start(self, streams=None, daemons=None, options=(), drain="", consumer=CONSUMER):
        """The process that leads a run, and the run's folder."""
        self.runs += 1
        label = f"run-{self.runs}"
        streams = streams or f"{{name: load, stages: [{{duration: {SECONDS}s, rate: {RATE}/s}}]}}"
        folder = self.own.folder / label
        command = [self.own.millraced, "run", self.scenario(streams, label, drain, consumer), "--out", folder]
        if daemons != "":
            command += ["--daemons", daemons or self.daemons]
        return self.own.spawn(label, *command, *options), folder

    def loaded(self, least):
        """Until the store holds so many rows."""
        wait_until(lambda: self.stored() >= least, f"{least} events are stored", every=0.05)

    def stored(self):
        with contextlib.suppress(Exception):
            return self.own.stored()[0]
        return 0

    def forget(self):
        self.own.psql("truncate log_events")


def result(folder):
    return json.loads((folder / "result.json").read_text(encoding="utf-8"))


def exact(checks, own, name, found):
    """Nothing is lost or doubled, and the ledger's sums are right, also by SQL."""
    ledger = found["ledger"]
    rows, ids = own.stored()
    checks.same(f"{name}: stored, by the ledger and by SQL", ledger=ledger["stored"], rows=rows, ids=ids)
    checks.expect(
        f"{name}: planned = sent + unsent + shed; sent = acked + failed + in doubt",
        ledger["planned"] == ledger["sent"] + ledger["unsent"] + ledger["shed"]
        and ledger["sent"] == ledger["acked"] + ledger["failed"] + ledger["in_doubt"],
        ledger,
    )
    checks.same(f"{name}: lost 0, doubled 0", lost=ledger["lost"], doubled=ledger["doubled"], nothing=0)


def ended(checks, name, code):
    """By itself, and with all rules held, unless this machine was too busy for the load, which is for the verdict to say."""
    checks.expect(f"{name}: it ends with a verdict", code in (0, 5), f"exit code {code}")


def one_run(checks, own):
    """As one process would have made it."""
    fleet = Fleet(own)
    process, folder = fleet.start()
    ended(checks, "one run", process.wait(120))
    found = result(folder)
    print("  ", found["verdict"]["summary"])
    exact(checks, own, "one run", found)
    checks.same("one run: planned", planned=found["ledger"]["planned"], expected=RATE * SECONDS)
    sent = [part.json("/api/snapshot") for part in fleet.producers]
    shares = [sum(stream["producer"]["acked"] for stream in each["streams"]) for each in sent]
    checks.same("one run: each producer sent its half", first=shares[0], second=shares[1])
    rows = own.rows()
    sequences = sorted(service_parts.sequence_of(row[0]) for row in rows)
    checks.expect("one run: numbers without a gap", sequences == list(range(RATE * SECONDS)), f"{len(sequences)} rows")
    dues = sorted(row[1] for row in rows)
    gaps = [later - one for one, later in zip(dues, dues[1:])]
    checks.expect(
        "one run: one plan, an event each 500 µs",
        all(abs(gap - 1 / RATE) < 2e-6 for gap in gaps),
        f"{min(gaps) * 1e6:.1f} to {max(gaps) * 1e6:.1f} µs",
    )
    fleet.forget()
    alone, folder = fleet.start(daemons="", options=("--set", f"kafka.group={own.name}-alone", "--set", "consumer.concurrency=3"))
    for consumer in fleet.consumers:
        consumer.send(signal.SIGSTOP)
    code = alone.wait(120)
    for consumer in fleet.consumers:
        consumer.send(signal.SIGCONT)
    ended(checks, "the same in one process", code)
    here = result(folder)
    checks.agree("target rate as of one process", found["rate_per_s"]["target"], here["rate_per_s"]["target"], 0.001)
    checks.agree("stored rate as of one process", found["rate_per_s"]["stored"], here["rate_per_s"]["stored"], 0.02)
    for one in ("send_delay", "ack", "processing", "end_to_end"):
        print(f"   {one} p99: fleet {found['latency_ms'][one]['p99']} ms, one process {here['latency_ms'][one]['p99']} ms")
        checks.same(f"{one}: as many values as one process has", fleet=found["latency_ms"][one]["count"], here=here["latency_ms"][one]["count"])
    checks.same("the same fields", fleet=",".join(sorted(found)), here=",".join(sorted(here)))


def consumers_change(checks, own):
    """One is killed, one is added."""
    fleet = Fleet(own)
    extra = service_parts.free_ports(1)[0]
    process, folder = fleet.start(daemons=f"{fleet.daemons}")
    fleet.loaded(RATE * 2)
    killed = fleet.consumers.pop()
    killed.send(signal.SIGKILL)
    killed.process.wait()
    time.sleep(2)
    fleet.consumers.append(own.serve("consumer", *fleet.settings, port=int(killed.address.split(":")[1])))
    process.wait(120)
    found = result(folder)
    print("  ", found["verdict"]["summary"])
    exact(checks, own, "a consumer killed and started again", found)
    checks.expect("its loss is on the time line", any(killed.address in str(mark) for mark in found["timeline"]), "")
    del extra


def producer_killed(checks, own):
    """Its events are settled in the store, and the verdict says what happened."""
    fleet = Fleet(own)
    process, folder = fleet.start()
    fleet.loaded(RATE * 3)
    fleet.producers[0].send(signal.SIGKILL)
    code = process.wait(120)
    found = result(folder)
    print("  ", found["verdict"]["summary"])
    exact(checks, own, "a producer killed", found)
    checks.same("a producer killed: the run is invalid", code=code, expected=5)
    checks.expect("the sentence names it", fleet.producers[0].address in found["verdict"]["summary"], "")
    planned = found["ledger"]["planned"]
    checks.expect("half of the load went on", RATE * SECONDS / 2 < planned < RATE * SECONDS, planned)


def producer_of_an_audited_run_killed(checks, own):
    """What it sent and told nobody of is found in the other consumer's table."""
    fleet = Fleet(own)
    producers = ",".join(part.address for part in fleet.producers)
    process, folder = fleet.start(daemons=producers, consumer="audit: {table: log_events, id: id}")
    fleet.loaded(RATE * 3)
    fleet.producers[0].send(signal.SIGKILL)
    code = process.wait(120)
    found = result(folder)
    print("  ", found["verdict"]["summary"])
    exact(checks, own, "a producer of an audited run killed", found)
    checks.same("a producer of an audited run killed: the run is invalid", code=code, expected=5)
    ledger = found["ledger"]
    checks.same("what it told nobody of is recovered", stored=ledger["stored"], known=ledger["acked"] + ledger["recovered"])


def daemon_frozen(checks, own):
    """One producer stands still for some seconds: it is marked, and catches up."""
    fleet = Fleet(own)
    process, folder = fleet.start()
    fleet.loaded(RATE * 3)
    fleet.producers[1].send(signal.SIGSTOP)
    time.sleep(5)
    fleet.producers[1].send(signal.SIGCONT)
    code = process.wait(120)
    found = result(folder)
    print("  ", found["verdict"]["summary"])
    exact(checks, own, "a producer frozen", found)
    checks.same("a producer frozen: all of the plan was sent", planned=found["ledger"]["planned"], expected=RATE * SECONDS)
    checks.same("a producer frozen: the run is invalid", code=code, expected=5)
    marks = [mark for mark in found["timeline"] if fleet.producers[1].address in str(mark)]
    checks.expect("its silence is on the time line", len(marks) >= 2, marks)


def run_of(part):
    """The run that a daemon was told of last."""
    return json.loads(part.get("/api/run").body.splitlines()[0]).get("run", {}).get("id")


def controller_killed(checks, own):
    """Another process leads the run on and closes its ledger."""
    fleet = Fleet(own)
    process, _ = fleet.start()
    fleet.loaded(RATE * 3)
    identity = run_of(fleet.producers[0])
    process.send_signal(signal.SIGKILL)
    process.wait()
    time.sleep(2)
    folder = own.folder / "led-on"
    other = own.spawn("led-on", own.millraced, "run", "--attach", identity, "--daemons", fleet.daemons, "--out", folder)
    code = other.wait(120)
    found = result(folder)
    print("  ", found["verdict"]["summary"])
    exact(checks, own, "led on by another process", found)
    checks.same("led on: it is the same run", attached=found["run"]["id"], first=identity)
    checks.same("led on: all of the plan was sent", planned=found["ledger"]["planned"], expected=RATE * SECONDS)
    ended(checks, "led on", code)


def controller_lost_for_good(checks, own):
    """`stop` ends the load once nobody has led it for the lease; the ledger is closed later."""
    fleet = Fleet(own)
    process, _ = fleet.start(f"{{name: load, stages: [{{duration: 60s, rate: {RATE}/s}}]}}", options=("--on-controller-loss", "stop"))
    fleet.loaded(RATE)
    identity = run_of(fleet.producers[0])
    process.send_signal(signal.SIGKILL)
    process.wait()
    began = time.monotonic()
    wait_until(lambda: idle_since(own), "the load has ended", limit=40, every=1)
    took = time.monotonic() - began
    checks.expect("nobody leads it: the load ends after the lease of 15 s", 14 < took < 30, f"{took:.1f} s")
    folder = own.folder / "closed-later"
    own.spawn("closed-later", own.millraced, "run", "--attach", identity, "--daemons", fleet.daemons, "--out", folder).wait(120)
    exact(checks, own, "closed later", result(folder))


def idle_since(own):
    before = own.stored()[0]
    time.sleep(2)
    return own.stored()[0] == before


def interrupted_without_a_broker(checks, own):
    """What cannot be delivered any more is given up at the drain's limit, also by daemons."""
    with service_parts.kafka(own) as broker:
        fleet = Fleet(own, producers=1, consumers=1)
        process, folder = fleet.start(f"{{name: load, stages: [{{duration: 60s, rate: {RATE}/s}}]}}", drain="5s")
        fleet.loaded(RATE)
        broker.send_signal(signal.SIGSTOP)
        time.sleep(2)
        process.send_signal(signal.SIGINT)
        began = time.monotonic()
        wait_until(lambda: json.loads(fleet.producers[0].get("/api/run").body.splitlines()[0])["run"]["left"], "the producer has ended")
        took = time.monotonic() - began
        checks.expect("without a broker: the producer ends at the drain's limit of 5 s", 4 < took < 10, f"{took:.1f} s")
        process.wait(120)
        ledger = result(folder)["ledger"]
        checks.expect("without a broker: the ledger's sums are right", ledger["sent"] == ledger["acked"] + ledger["failed"] + ledger["in_doubt"], ledger)
        checks.same("without a broker: nothing is called lost", lost=ledger["lost"], nothing=0)


def told_again(checks, own):
    """What is told three times is done once; what does not fit is refused by name."""
    fleet = Fleet(own, producers=1, consumers=1)
    producer = fleet.producers[0]
    process, folder = fleet.start(f"{{name: load, stages: [{{duration: 6s, rate: {RATE}/s}}]}}")
    fleet.loaded(RATE)
    identity = run_of(producer)
    told = producer.json(f"/api/run/told?id={identity}")
    post = lambda path, body=None: service_parts.ask(
        producer.url + path, "POST", headers={"Content-Type": "application/json"} if body else {}, body=json.dumps(body).encode() if body else None
    )
    for _ in range(3):
        checks.same("an order that comes again is taken", status=post("/api/run/prepare", told["order"]).status, expected=200)
        checks.same("a begin that comes again is taken", status=post(f"/api/run/begin?id={identity}", told["times"]).status, expected=200)
    other = {**told["order"], "id": "another"}
    checks.same("a second run is refused while one is on", status=post("/api/run/prepare", other).status, expected=409)
    process.wait(120)
    exact(checks, own, "told three times", result(folder))
    checks.same("told three times: one load", planned=result(folder)["ledger"]["planned"], expected=RATE * 6)
    forbidden = {
        "files of messages": "streams: [{name: a, stages: [{duration: 1s, rate: 1/s}], event: {messages: {file: /etc/passwd}}}]",
        "servers": "target: {broker: 'evil:9092'}\nstreams: [{name: a, stages: [{duration: 1s, rate: 1/s}]}]",
        "plugins": "kafka: {client: {plugin.library.paths: /tmp/x.so}}\nstreams: [{name: a, stages: [{duration: 1s, rate: 1/s}]}]",
        "settings of the client": "kafka: {client: {security.protocol: ssl}}\nstreams: [{name: a, stages: [{duration: 1s, rate: 1/s}]}]",
        "the environment": "name: ${HOME}\nstreams: [{name: a, stages: [{duration: 1s, rate: 1/s}]}]",
        "another topic": "kafka: {topic: private}\nstreams: [{name: a, stages: [{duration: 1s, rate: 1/s}]}]",
    }
    for what, text in forbidden.items():
        name = "" if "name: $" in text else "name: x\n"
        for part in (producer, fleet.consumers[0]):
            body = {**told["order"], "id": f"forbidden {what}", "scenario": f"version: 1\n{name}{text}\n"}
            answer = service_parts.ask(part.url + "/api/run/prepare", "POST", headers={"Content-Type": "application/json"}, body=json.dumps(body).encode())
            checks.expect(f"a scenario that names {what} is refused by the {part.role}", answer.status == 400, answer.body.decode()[:200])
    old = {**told["order"], "id": "old", "protocol": 999, "version": "99.0"}
    answer = post("/api/run/prepare", old)
    checks.expect("another version is refused by name", answer.status == 400 and b"99.0" in answer.body, answer.body.decode()[:200])


def clocks_apart(checks, own):
    """A producer whose wall clock is 250 ms ahead: found, and without effect."""
    fleet = Fleet(own, producers=1)
    port = service_parts.free_ports(1)[0]
    ahead = own.spawn(
        "ahead", "env", f"LD_PRELOAD={CLOCK}", "FAKETIME=+0.25", "FAKETIME_DONT_FAKE_MONOTONIC=1", own.millraced, "serve", "--role", "producer", "--listen", f"127.0.0.1:{port}", *fleet.settings,
    )  # fmt: skip
    fleet.producers.append(service_parts.Part("producer", ahead, port, own.folder / "ahead.log"))
    wait_until(fleet.producers[-1].answers, "the producer whose clock is ahead is ready")
    process, folder = fleet.start(f"{{name: load, stages: [{{duration: 8s, rate: {RATE}/s}}]}}")
    code = process.wait(120)
    found = result(folder)
    print("  ", found["verdict"]["summary"])
    exact(checks, own, "clocks apart", found)
    ended(checks, "clocks apart", code)
    for part, expected in zip(fleet.producers, (0, 250)):
        told = found["target"][f"daemon.{part.address}"]
        offset = float(told.split("wall clock ")[1].split(" ms")[0])
        checks.expect(f"the wall clock of {part.address} is {expected} ms ahead, within 5 ms", abs(offset - expected) <= 5, told)
    dues = sorted(row[1] for row in own.rows())
    gaps = [later - one for one, later in zip(dues, dues[1:])]
    checks.expect(
        "clocks apart: one plan all the same",
        len(gaps) == RATE * 8 - 1 and all(abs(gap - 1 / RATE) < 2e-6 for gap in gaps),
        f"{min(gaps) * 1e6:.1f} to {max(gaps) * 1e6:.1f} µs",
    )
    raw = 1000 * service_parts.raw_percentile([stored_at - due for _, due, stored_at in own.rows()], 50)
    checks.agree(
        "clocks apart: end_to_end p50 is that of all rows and a transaction, in ms",
        found["latency_ms"]["end_to_end"]["p50"],
        raw,
        0.05,
        0.05 * raw + found["latency_ms"]["processing"]["p99"],
    )


CASES = {
    case.__name__: case
    for case in (
        one_run,
        consumers_change,
        producer_killed,
        producer_of_an_audited_run_killed,
        daemon_frozen,
        controller_killed,
        controller_lost_for_good,
        interrupted_without_a_broker,
        told_again,
        clocks_apart,
    )
}


def main():
    checks = service_parts.Checks()
    # ThreadSanitizer takes what libfaketime does to condition variables for a mutex that is locked twice.
    cases = [name for name in CASES if name != "clocks_apart" or "TSAN_OPTIONS" not in os.environ]
    for name in sys.argv[2:] or cases:
        print(f"--- {name}", flush=True)
        with service_parts.Own() as own:
            CASES[name](checks, own)
    return checks.exit_code()


if __name__ == "__main__":
    sys.exit(main())
