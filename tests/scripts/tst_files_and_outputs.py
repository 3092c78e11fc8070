#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Message files as people have them, outputs that cannot be written, and limits of the process: what the program says of them.
    tst_files_and_outputs.py MILLRACED"""

import gzip
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import setups

MILLRACED = sys.argv[1]
SCENARIO = "version: 1\nname: {name}\nstreams:\n  - name: a\n    stages: [{{duration: {length}, rate: {rate}}}]\n    event: {{messages: {messages}}}\nthresholds: [lost == 0, lost == 0]\n"
PLAIN = {name: value for name, value in os.environ.items() if not name.startswith("MILLRACE_") and name != "SPDLOG_LEVEL"}


class Bench:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    def scenario(self, messages="generated", length="200ms", rate="100/s", name="tiny"):
        (self.folder / "s.yaml").write_text(SCENARIO.format(messages=messages, length=length, rate=rate, name=name), encoding="utf-8")

    def program(self, *words, before=(), **options):
        options = {"stdout": subprocess.PIPE, **options}
        return subprocess.run(
            [*before, MILLRACED, *words], cwd=self.folder, env=PLAIN, stderr=subprocess.PIPE, timeout=60, check=False, **options
        )

    def shell(self, line):
        """Of bash, with $M as the program; the exit code is that of the program where it stands first in a pipe."""
        return subprocess.run(
            ["bash", "-c", line + "; exit ${PIPESTATUS[0]}"],
            cwd=self.folder,
            env={**PLAIN, "M": MILLRACED},
            capture_output=True,
            timeout=60,
            check=False,
        )

    def run(self, out):
        return self.program("run", "s.yaml", "--target", "embedded", "--out", out)

    def result(self, out):
        return json.loads((self.folder / out / "result.json").read_text(encoding="utf-8"))


def text_of(answer):
    return (answer.stdout or b"").decode() + (answer.stderr or b"").decode()


LINES = "erste Zeile für Größe\nzweite Zeile\n"

# Name, bytes, what validate, the time line and the report must say, whether that is a warning.
READ = [
    ("bom", b"\xef\xbb\xbf" + LINES.encode(), "a UTF-8 byte order mark, dropped", False),
    ("utf16le", b"\xff\xfe" + LINES.encode("utf-16-le"), "read as UTF-16 (little-endian)", False),
    ("utf16be", b"\xfe\xff" + LINES.encode("utf-16-be"), "read as UTF-16 (big-endian)", False),
    ("gzip", gzip.compress(LINES.encode()), "read as gzip", False),
    ("gzip-of-utf16", gzip.compress(b"\xff\xfe" + LINES.encode("utf-16-le")), "read as gzip, UTF-16 (little-endian)", False),
    ("cr", LINES.replace("\n", "\r").encode(), "read as lines that end with CR", False),
    ("empty-lines", b"\n\n" + LINES.encode(), "2 empty lines are left out", False),
    ("latin1", (LINES * 312).encode("latin-1"), "312 lines hold bytes that are no text (line 1 is the first)", True),
    ("nul", b"a\0b\n" + LINES.encode(), "1 line holds bytes that are no text (line 1 is the first)", True),
    ("long", LINES.encode() + "ä".encode() * 100_000 + b"\n", "1 line is longer than 64 KiB (line 3 is the first) and cut there", True),
]


def files_are_read(checks, bench):
    """A stream for each of them, and one for a plain file, of which nothing but its lines is told."""
    streams = "".join(
        f"  - name: {name}\n    stages: [{{duration: 200ms, rate: 20/s}}]\n    event: {{messages: {{file: {name}}}}}\n"
        for name in [*(row[0] for row in READ), "plain"]
    )
    for name, content, _, _ in READ:
        (bench.folder / name).write_bytes(content)
    (bench.folder / "plain").write_text(LINES, encoding="utf-8")
    (bench.folder / "s.yaml").write_text(f"version: 1\nname: files\nstreams:\n{streams}thresholds: [lost == 0]\n", encoding="utf-8")
    validated = bench.program("validate", "s.yaml")
    told = text_of(validated).splitlines()
    ran = bench.run("out")
    checks.expect("all files are read", validated.returncode == 0 and ran.returncode == 0, text_of(validated) + text_of(ran))
    warned = ran.stdout.decode().partition("Warnings\n")[2]
    result = bench.result("out")
    for name, _, said, is_warning in READ:
        line = next((line for line in told if f"messages from {name}: " in line), "")
        checks.expect(f"{name}: validate says so", said in line, told)
        mark = [mark for mark in result["timeline"] if f"message file {name}:" in mark["text"]]
        holds = len(mark) == 1 and said in mark[0]["text"] and (mark[0]["kind"] == "warning") == is_warning
        checks.expect(f"{name}: a mark says so", holds, mark)
        checks.expect(f"{name}: the report's facts say so", said in result["settings"].get(f"messages.{name}", ""), result["settings"])
        checks.expect(f"{name}: the summary warns where text was lost", (f"file {name}:" in warned) == is_warning, warned)
    checks.expect("plain: nothing but its lines is told", any(line.endswith("messages from plain: 2 lines") for line in told), told)
    checks.expect("plain: no mark", not [mark for mark in result["timeline"] if "file plain" in mark["text"]], result["timeline"])


def files_are_refused(checks, bench):
    (bench.folder / "empty").write_bytes(b"")
    (bench.folder / "blank").write_bytes(b"\n\r\n")
    (bench.folder / "folder").mkdir()
    os.mkfifo(bench.folder / "fifo")
    (bench.folder / "zstd").write_bytes(b"\x28\xb5\x2f\xfd\x04\x00")
    (bench.folder / "half").write_bytes(gzip.compress(os.urandom(4096))[:1000])
    (bench.folder / "unmarked").write_bytes(LINES.encode("utf-16-le"))
    for name, said in (
        ("empty", "it is empty"),
        ("blank", "holds no line"),
        ("folder", "it is a folder"),
        ("fifo", "it is a pipe"),
        ("/dev/zero", "it is a device"),
        ("missing", "No such file"),
        ("zstd", "compressed with zstd: unpack it first"),
        ("half", "ends too early"),
        ("unmarked", "seems to be UTF-16"),
    ):
        bench.scenario(f"{{file: {name}}}")
        for verb in (("validate", "s.yaml"), ("run", "s.yaml", "--target", "embedded", "--out", "refused")):
            answer = bench.program(*verb)
            checks.expect(f"{name}: {verb[0]} refuses it", answer.returncode == 2 and said in text_of(answer), text_of(answer))
    checks.expect("a refused file leaves no folder", not (bench.folder / "refused").exists())


FULL = "standard output could not be written: No space left on device."


def outputs(checks, bench):
    bench.scenario()
    bench.run("done")
    verbs = {
        "run --json": "run s.yaml --target embedded --json --out {out}",
        "run": "run s.yaml --target embedded --out {out}",
        "report": "report done --format json",
        "report --out -": "report done --format html --out -",
        "compare": "compare done done",
        "validate": "validate s.yaml",
        "doctor": "doctor --target embedded",
        "init": "init --target embedded",
        "serve --show-config": "serve --role producer --broker 127.0.0.1:1 --show-config",
        "--help": "--help",
        "run --help": "run --help",
        "--version": "--version",
    }
    for place, said in ((">/dev/full", FULL), (">&-", "standard output could not be written: Bad file descriptor.")):
        for number, (name, line) in enumerate(verbs.items()):
            line = line.format(out=f"out{number}{'c' if '&' in place else 'f'}")
            answer = bench.shell(f'"$M" {line} {place}')
            checks.expect(f"{name} {place} ends with 1 and the sentence", answer.returncode == 1 and said in text_of(answer), text_of(answer))
    checks.expect("the result is there all the same", bench.result("out0f")["verdict"]["status"] == "passed")
    gone = bench.shell('"$M" run s.yaml --target embedded --json --out gone | true')
    checks.expect(
        "a reader that read nothing is told of", gone.returncode == 1 and b"could not be written: Broken pipe" in gone.stderr, gone.stderr
    )
    bench.scenario(length="6s")
    head = bench.shell('"$M" run s.yaml --target embedded --out head | head -n 1')
    checks.expect("head ends nothing and says nothing", head.returncode == 0 and not head.stderr, text_of(head))
    whole = bench.program("report", "done", "--format", "junit", "--out", "-")
    checks.expect("- is standard output", whole.stdout.startswith(b"<?xml") and not (bench.folder / "-").exists())
    many = bench.program("report", "done", "--format", "csv", "--out", "-")
    checks.expect("many files are refused there", many.returncode == 2 and b"is many files" in many.stderr, many.stderr)
    folder = bench.program("run", "s.yaml", "--out", "-")
    checks.expect("a run's folder is none", folder.returncode == 2 and b"--json prints the result" in folder.stderr, folder.stderr)
    device = bench.program("report", "done", "--format", "json", "--out", "/dev/full")
    checks.expect(
        "a device is written to and not replaced",
        device.returncode == 1 and b"/dev/full could not be written" in device.stderr and pathlib.Path("/dev/full").is_char_device(),
        device.stderr,
    )
    checks.expect("and leaves nothing beside it", not pathlib.Path("/dev/full.part").exists())
    bench.scenario(rate="2000/s")
    for blocks, when in ((256, "during the load"), (32, "before it")):
        small = bench.shell(f'ulimit -f {blocks}; "$M" run s.yaml --target embedded --out small{blocks}')
        checks.expect(
            f"a limit of files' sizes is a full disk, {when}",
            small.returncode == 1 and "local disk full or failing" in text_of(small),
            f"{small.returncode}: {text_of(small)}",
        )


def limits_and_words(checks, bench):
    bench.scenario(name="baseline v1.2")
    allowed = sorted(os.sched_getaffinity(0))
    cores = sum(line.startswith("cpu") and line[3].isdigit() for line in pathlib.Path("/proc/stat").read_text(encoding="ascii").splitlines())
    pinned = bench.program("run", "s.yaml", "--target", "embedded", "--out", "pinned", before=("taskset", "-c", str(allowed[0])))
    if cores > 1:
        checks.expect(
            "taskset is seen", f"limited to 1 of {cores} cores (affinity)" in pinned.stdout.decode(), bench.result("pinned")["host"]
        )
    xml = bench.program("report", "pinned", "--format", "junit", "--out", "-").stdout.decode()
    checks.expect(
        "equal rules have names of their own, and the package is not split at a dot",
        'name="lost == 0"' in xml and 'name="lost == 0 (2)"' in xml and 'classname="millrace.baseline v1_2"' in xml,
        xml,
    )
    bench.scenario(rate="1/h", length="1h")
    hourly = bench.program("validate", "s.yaml")
    checks.expect("one event an hour is one event", hourly.returncode == 0 and b": ok: 1 event in 1 h" in hourly.stdout, text_of(hourly))


def main():
    checks = setups.Checks()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(folder)
        files_are_read(checks, bench)
        files_are_refused(checks, bench)
        outputs(checks, bench)
        limits_and_words(checks, bench)
    return checks.exit_code()


if __name__ == "__main__":
    sys.exit(main())
