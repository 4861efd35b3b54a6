#!/usr/bin/env python3
"""Checks every #include against tools/deps.json.

usage: check_doors.py [ROOT]        print each broken door, exit 1 if any
       check_doors.py --self-test   plant each kind of broken door in a copy
                                    and exit 1 unless all are found

deps.json holds
  doors     a library (a pattern over include names) and the files that it may
            be included by; `closed` takes files out again
  layers    a folder and the prefixes of our own headers that it may include;
            every layer whose folder holds the file counts
  std_only  files that may include nothing but the standard library, our own
            headers and a library that has a door to them
tests/ is free of doors.
"""

import fnmatch
import json
import pathlib
import re
import shutil
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOMS = ("core", "client", "services")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def matches(path, patterns):
    return any(fnmatch.fnmatchcase(path, pattern) for pattern in patterns)


def includes(file):
    """Yields (line number, name) of every include of a file."""
    text = file.read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        found = INCLUDE.match(line)
        if found:
            yield number, found.group(2)


def is_ours(name):
    return name.startswith(("core/", "client/", "services/", "tests/",
                            "dataip/"))


def flaws(path, name, rules):
    """Yields what is wrong with `path` including `name`."""
    door_open = False
    for door in rules["doors"]:
        if not re.search(door["include"], name):
            continue
        if (matches(path, door["through"])
                and not matches(path, door.get("closed", []))):
            door_open = True
        else:
            yield f"{door['library']} has no door here"
    if is_ours(name):
        for layer in rules["layers"]:
            if (path.startswith(layer["folder"])
                    and not name.startswith(tuple(layer["uses"]))):
                yield f"{layer['folder']} does not use this"
    elif matches(path, rules["std_only"]) and not door_open:
        # Standard headers have neither folder nor suffix; C's have `.h` twins.
        if "/" in name or "." in name:
            yield "only the standard library is used here"


def check(root, rules):
    """Returns [(path, line, name, flaw)] of a tree."""
    found = []
    for room in ROOMS:
        for file in sorted((root / room).rglob("*")):
            if file.suffix not in (".h", ".cc", ".inc"):
                continue
            path = file.relative_to(root).as_posix()
            for line, name in includes(file):
                for flaw in flaws(path, name, rules):
                    found.append((path, line, name, flaw))
    return found


def plants(rules):
    """Yields (path, include) pairs, each of which breaks one rule; `*` in a
    path stands for a name that no other has."""
    for door in rules["doors"]:
        yield "core/proof/*.cc", door["sample"]
        for closed in door.get("closed", []):
            yield closed.replace("*", "*.cc"), door["sample"]
    for layer in rules["layers"]:
        yield layer["folder"] + "*.h", "tests/support/planted.h"
    for above, below in [("queue", "values"), ("licence", "certificate")]:
        yield f"core/registry/{below}/*.h", f"core/registry/{above}/planted.h"
    yield "services/ledger/*.h", "services/registry/planted.h"
    yield "services/registry/*.h", "services/ledger/planted.h"
    yield "core/verify/*.cc", "client/files/planted.h"
    yield "core/proof/*.h", "absl/strings/string_view.h"


def self_test(root, rules):
    """Returns the number of planted doors, or None when one was missed or
    something else was found with them."""
    with tempfile.TemporaryDirectory() as scratch:
        copy = pathlib.Path(scratch)
        for room in ROOMS:
            if (root / room).is_dir():
                shutil.copytree(root / room, copy / room)
        before = check(copy, rules)
        planted = set()
        for number, (pattern, name) in enumerate(plants(rules)):
            path = pattern.replace("*", f"planted{number}")
            file = copy / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"#include <{name}>\n", encoding="utf-8")
            planted.add((path, 1, name))
        found = {flaw[:3] for flaw in check(copy, rules) if flaw not in before}
    for path, _, name in sorted(planted - found):
        print(f"self-test: {name} planted in {path} was not found")
    for path, line, name in sorted(found - planted):
        print(f"self-test: {path}:{line}: {name} was found, not planted")
    return len(planted) if found == planted else None


def main(arguments):
    rules = json.loads((HERE / "deps.json").read_text(encoding="utf-8"))
    if arguments == ["--self-test"]:
        count = self_test(HERE.parent, rules)
        if count is None:
            return 1
        print(f"doors: {count} planted, all found")
        return 0
    root = pathlib.Path(arguments[0]) if arguments else HERE.parent
    found = check(root, rules)
    for path, line, name, flaw in found:
        print(f"{path}:{line}: {name}: {flaw}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
