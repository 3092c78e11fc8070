# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges scenario files by the JSON Schema alone, with validators that are not ours.

Usage: validate_schema.py SCHEMA LIST, where LIST is a file with one path a line. Prints one line a file, in order:
'accepted', 'refused', or 'unreadable' where the YAML reader gives up.
"""

import json
import sys

import jsonschema
import yaml


def judge(validator, path):
    try:
        with open(path, "rb") as file:
            document = yaml.safe_load(file)
    except Exception:  # PyYAML raises more than YAMLError, ValueError for a date that does not exist for example
        return "unreadable"
    return "accepted" if validator.is_valid(document) else "refused"


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    with open(sys.argv[2], encoding="utf-8") as file:
        for path in file.read().splitlines():
            print(judge(validator, path))


main()
