#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dashboards parse with Grafana's published schema: nothing in them is unknown to it, or of another type.

The schema comes from PyPI, once, into the user's cache, as tests/stack gets Kafka's jars from Maven Central.
"""

import enum
import hashlib
import importlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import types
import typing
import unittest

import every_query

REQUIREMENT = pathlib.Path(__file__).resolve().parent / "grafana-schema.txt"


def fetch():
    """The folder that has the package; whoever changes its version or hash gets another folder."""
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "millrace"
    folder = cache / f"grafana-schema-{hashlib.sha256(REQUIREMENT.read_bytes()).hexdigest()[:12]}"
    if folder.exists():
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    partial = tempfile.mkdtemp(prefix=f"{folder.name}.partial.", dir=cache)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    result = subprocess.run(
        [*pip, "--no-deps", "--only-binary=:all:", "--require-hashes", "--target", partial, "--requirement", str(REQUIREMENT)],
        capture_output=True, text=True, check=False)
    if result.returncode:
        raise RuntimeError(f"pip could not fetch Grafana's schema; is python3-pip installed, and PyPI reachable?\n{result.stderr}")
    try:
        os.rename(partial, folder)
    except OSError:  # somebody else was faster
        if not folder.exists():
            raise
    return folder


def type_errors(value, expected, path, module):
    """Where a value that the package has read is not what the package itself says it is."""
    if isinstance(expected, str):
        expected = getattr(module, expected, typing.Any)
    origin, arguments = typing.get_origin(expected), typing.get_args(expected)
    if isinstance(expected, typing.ForwardRef):
        return type_errors(value, expected.__forward_arg__, path, module)
    if origin in (typing.Union, types.UnionType):
        found = [type_errors(value, choice, path, module) for choice in arguments]
        return [] if [] in found else max(found, key=len)
    if origin is typing.Literal:
        return [] if value in arguments else [f"{path}: {value!r} is none of {arguments}"]
    if origin is list:
        if not isinstance(value, list):
            return [f"{path}: {value!r} is no list"]
        return [error for index, item in enumerate(value) for error in type_errors(item, arguments[0], f"{path}[{index}]", module)]
    if origin is dict:
        return [] if isinstance(value, dict) else [f"{path}: {value!r} is no object"]
    if isinstance(expected, type):
        return class_errors(value, expected, path)
    return []  # anything goes


def class_errors(value, expected, path):
    if issubclass(expected, enum.Enum):
        known = {choice.value for choice in expected}
        return [] if value in known else [f"{path}: {value!r} is none of {sorted(known)}"]
    if expected is float:
        expected = (int, float)
    if isinstance(value, dict) and hasattr(expected, "from_json"):  # the package leaves some parts as they are
        value = expected.from_json(value)
    if isinstance(value, bool) and expected not in (bool, object):
        return [f"{path}: {value!r} is a boolean"]
    if not isinstance(value, expected):
        return [f"{path}: {value!r} is no {expected}"]
    return object_errors(value, path)


def object_errors(value, path):
    """Of the fields of an object of the package, as their annotations demand."""
    module = sys.modules[type(value).__module__]
    if not module.__name__.startswith("grafana_foundation_sdk."):
        return []
    fields = {name: hint for kind in type(value).__mro__ for name, hint in vars(kind).get("__annotations__", {}).items()}
    return [error for name, hint in fields.items() for error in type_errors(getattr(value, name), hint, f"{path}.{name}", module)]


def lost(ours, theirs, path):
    """What we wrote and the package did not keep, since the schema does not know it."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        missing = [f"{path}.{key}: unknown" for key in ours if key not in theirs]
        return missing + [error for key in ours if key in theirs for error in lost(ours[key], theirs[key], f"{path}.{key}")]
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        return [error for index, pair in enumerate(zip(ours, theirs)) for error in lost(*pair, f"{path}[{index}]")]
    return [] if ours == theirs else [f"{path}: {ours!r} was read as {theirs!r}"]


class GrafanaSchema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        sys.path.insert(0, str(fetch()))
        importlib.import_module("grafana_foundation_sdk.cog.plugins").register_default_plugins()
        cls.encoder = importlib.import_module("grafana_foundation_sdk.cog.encoder").JSONEncoder
        cls.dashboard = importlib.import_module("grafana_foundation_sdk.models.dashboard").Dashboard

    def errors(self, document):
        read = self.dashboard.from_json(document)
        return object_errors(read, "dashboard") + lost(document, json.loads(json.dumps(read, cls=self.encoder)), "dashboard")

    def shipped(self, name):
        return json.loads((every_query.SHIPPED / name).read_text(encoding="utf-8"))

    def test_the_dashboards_are_what_the_schema_says(self):
        for path in sorted(every_query.SHIPPED.glob("*.json")):
            with self.subTest(path.name):
                self.assertEqual([], self.errors(self.shipped(path.name)))

    def test_mistakes_are_found(self):
        def first(kind):
            return next(panel for panel in document["panels"] if panel["type"] == kind)

        mistakes = {
            "a key of a panel": lambda: first("stat").update(headline="x"),
            "an option of a panel": lambda: first("stat")["options"].update(colourMode="value"),
            "a value of an option": lambda: first("stat")["options"].update(colorMode="colour"),
            "a type": lambda: first("timeseries")["gridPos"].update(w="8"),
            "a key of a query": lambda: first("timeseries")["targets"][0].update(legend="x"),
            "a field's style": lambda: first("timeseries")["fieldConfig"]["defaults"]["custom"].update(showPoints="seldom"),
            "a kind of variable": lambda: document["templating"]["list"][0].update(type="asked"),
        }
        for what, mistake in mistakes.items():
            with self.subTest(what):
                document = self.shipped("throughput.json")
                mistake()
                self.assertEqual(1, len(self.errors(document)), self.errors(document))


if __name__ == "__main__":
    unittest.main(verbosity=2)
