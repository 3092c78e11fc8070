#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of docker/Dockerfile, for tests without a container engine.

    image_steps.py list STAGE                        one step per line, those of the stages before included
    image_steps.py script STAGE CONTEXT [NAME=DIR…]  a bash script that carries them out in the root that it runs in, which has to
                                                     be a plain Debian of the stage's release; NAME=DIR says where the root of a
                                                     stage is that a COPY takes from

A stage that begins with another stage begins with the steps of that one. What only a container engine carries out (EXPOSE,
HEALTHCHECK, ENTRYPOINT, CMD, SHELL) is listed, and is a comment in the script. After USER the steps are still root's, as ours
have none behind it.
"""
import json
import pathlib
import re
import shlex
import sys

DOCKERFILE = pathlib.Path(__file__).resolve().parents[2] / "docker" / "Dockerfile"


def instructions(text):
    """(word, rest) for each instruction; a backslash continues a line."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [tuple(line.split(None, 1)) for line in joined.splitlines()]


def stages(text):
    """{name: (base, [(word, rest)…])} in the file's order."""
    found = {}
    name = None
    for word, rest in instructions(text):
        if word == "FROM":
            base, _, name = re.fullmatch(r"(\S+)( AS (\S+))?", rest).groups()
            assert name and name not in found, f"a stage needs a name of its own: {rest}"
            found[name] = (base, [])
        else:
            found[name][1].append((word, rest))
    return found


def chain(found, name):
    """The image that a stage comes from in the end, and all steps from there on."""
    base, steps = found[name]
    if base not in found:
        return base, steps
    image, before = chain(found, base)
    return image, before + steps


def copy_lines(rest, context, roots):
    words = shlex.split(rest)
    options = [word for word in words if word.startswith("--")]
    *sources, target = [word for word in words if not word.startswith("--")]
    folder = context
    for option in options:
        key, value = option.split("=", 1)
        assert key == "--from", f"not known here: {option}"
        folder = roots[value]
    for source in sources:
        path = f"{folder.rstrip('/')}/{source.lstrip('/')}"
        if source == ".":
            yield f"mkdir -p {shlex.quote(target)} && cp -a {shlex.quote(folder)}/. {shlex.quote(target)}"
        elif source.startswith("/") and target == "/":
            yield f"cp -a {shlex.quote(path)}/. /"
        else:
            yield f"if [ ! {shlex.quote(path)} -ef {shlex.quote(target)} ]; then install -D -m \"$(stat -c %a {shlex.quote(path)})\" {shlex.quote(path)} {shlex.quote(target)}; fi"


def script(found, name, context, roots):
    yield "#!/usr/bin/env bash"
    yield "set -euo pipefail"
    _, steps = chain(found, name)
    for word, rest in steps:
        yield f"echo {shlex.quote('== ' + word + ' ' + rest)}"
        if word == "RUN":
            yield f"( {rest}\n)"
        elif word == "COPY":
            yield from copy_lines(rest, context, roots)
        elif word == "WORKDIR":
            yield f"mkdir -p {rest} && cd {rest}"
        elif word == "ENV":
            yield f"export {rest}"
        else:
            assert word in ("SHELL", "USER", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT", "CMD"), f"not known here: {word}"


def main(arguments):
    found = stages(DOCKERFILE.read_text(encoding="utf-8"))
    if len(arguments) == 2 and arguments[0] == "list":
        image, steps = chain(found, arguments[1])
        print("FROM", image)
        for word, rest in steps:
            print(word, rest)
    elif len(arguments) >= 3 and arguments[0] == "script":
        roots = dict(argument.split("=", 1) for argument in arguments[3:])
        print("\n".join(script(found, arguments[1], arguments[2], roots)))
    else:
        sys.exit(__doc__)


def command(found, name, word):
    """An exec form such as ENTRYPOINT, as a list; the last one counts."""
    texts = [rest for step, rest in chain(found, name)[1] if step == word]
    return json.loads(texts[-1]) if texts else None


if __name__ == "__main__":
    main(sys.argv[1:])
