#!/usr/bin/env python3
"""Checks what clang-format and clang-tidy do not see.

usage: check_style.py [FILE...] | --self-test    (default: the files of git)

- a source file has at most 400 lines, a line at most 80 characters
- headers have `#pragma once`; text files end in one newline, without tabs in
  C++ and without spaces at line ends
- an entry is never called by the words that tools/vocabulary.json forbids
- no path of one machine, no unfinished marks, no banners, no names that say
  nothing (Impl, Manager, Helper, Util)
- tests do not sleep
"""

import fnmatch
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
MAX_LINES = 400
MAX_COLUMNS = 80

CPP = (".h", ".cc")
CODE = CPP + (".proto", ".py", ".sh")
TEXT = CODE + (".md", ".txt", ".json", ".cmake", ".yaml", ".yml", ".service")

# Made by hand elsewhere or by a program; bytes are their contract.
DATA = ("tests/data/*", "tests/conformance/*", "deploy/tables/*", "LICENSE")

MACHINE_PATH = re.compile(
    r"(?<![\w.$}/])/(?:home|Users|work|workspace|root)/\w")
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")
BANNER = re.compile(r"^\s*(?://|#)\s*[-=*#/]{6,}")
EMPTY_NAME = re.compile(
    r"\b(?:class|struct)\s+\w*(?:Impl|Manager|Helper|Util|Utils)\b")
SLEEP = {
    ".cc": re.compile(r"\b(?:sleep_for|sleep_until|SleepFor|u?sleep|nanosleep)"
                      r"\s*\("),
    ".py": re.compile(r"\b(?:time|asyncio)\.sleep\s*\("),
    ".sh": re.compile(r"(?:^|[;&|]|\bdo\b|\bthen\b)\s*sleep\s+[\d.$]"),
}
SLEEP[".h"] = SLEEP[".cc"]


def vocabulary():
    """Returns (forbidden pattern, [(glob, pattern)] that excuse)."""
    rules = json.loads(
        (ROOT / "tools/vocabulary.json").read_text(encoding="utf-8"))
    allowed = [(rule["in"], re.compile(rule["match"]))
               for rule in rules["allow"]]
    return re.compile("|".join(rules["forbid"])), allowed


FORBIDDEN, ALLOWED = vocabulary()


def kind_of(path, text):
    """The suffix that says how a file is checked; scripts by first line."""
    suffix = pathlib.PurePosixPath(path).suffix
    if not suffix and text.startswith("#!"):
        first = text.split("\n", 1)[0]
        return ".py" if "python" in first else ".sh"
    return suffix


def too_long_is_fine(line):
    """Lines that cannot be broken: includes, addresses, expected digests."""
    bare = line.strip()
    return (bare.startswith(("#include", "import ", "#!"))
            or "http://" in bare or "https://" in bare
            or " " not in bare.strip('"\',;()'))


def raw_string_lines(text):
    """Numbers of the lines that lie inside C++ raw string literals."""
    inside = set()
    for match in re.finditer(r'R"(\w*)\(.*?\)\1"', text, re.S):
        first = text.count("\n", 0, match.start()) + 1
        inside.update(range(first, first + match.group().count("\n") + 1))
    return inside


def speaks_of_entries(path, line):
    """Whether a forbidden word stands in a line that nothing excuses."""
    if not FORBIDDEN.search(line):
        return False
    for glob, excuse in ALLOWED:
        if fnmatch.fnmatchcase(path, glob):
            line = excuse.sub(" ", line)
    return FORBIDDEN.search(line) is not None


def flaws_of_line(path, kind, line):
    """Yields what is wrong with one line of a text file."""
    if line.rstrip() != line and kind != ".md":
        yield "space at the end"
    if kind in CPP and "\t" in line:
        yield "tab"
    if MACHINE_PATH.search(line):
        yield "path of one machine"
    if kind not in CODE:
        return
    if UNFINISHED.search(line) and not path.startswith("tools/check_style"):
        yield "unfinished"
    if BANNER.match(line):
        yield "banner"
    if kind in CPP + (".proto",) and speaks_of_entries(path, line):
        yield "word that is not ours for an entry (tools/vocabulary.json)"
    if kind in CPP and EMPTY_NAME.search(line):
        yield "name that says nothing"
    sleeps = SLEEP.get(kind)
    if path.startswith("tests/") and sleeps and sleeps.search(line):
        yield "a test that sleeps"


def flaws_of_file(path, text):
    """Yields (line number, flaw) of one file of the repository."""
    kind = kind_of(path, text)
    if kind not in TEXT or (kind not in CODE and any(
            fnmatch.fnmatchcase(path, glob) for glob in DATA)):
        return
    lines = text.split("\n")
    if text and (lines[-1] != "" or text.endswith("\n\n")):
        yield len(lines), "does not end in one newline"
    if kind in CODE and len(lines) - 1 > MAX_LINES:
        yield MAX_LINES + 1, f"{len(lines) - 1} lines, {MAX_LINES} at most"
    if kind == ".h" and "#pragma once" not in text:
        yield 1, "no #pragma once"
    raw = raw_string_lines(text) if kind in CPP else set()
    for number, line in enumerate(lines, 1):
        for flaw in flaws_of_line(path, kind, line):
            yield number, flaw
        if (kind in CODE and len(line) > MAX_COLUMNS and number not in raw
                and not too_long_is_fine(line)):
            yield number, f"{len(line)} columns, {MAX_COLUMNS} at most"


def files_of_git():
    listed = subprocess.run(
        ["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=ROOT,
        check=True, stdout=subprocess.PIPE).stdout
    return [name for name in listed.decode().split("\0") if name]


WRONG = (
    ("core/a.cc", "int block_number;\n", "not ours"),
    ("core/a.cc", "int kBlockHeight;\n", "not ours"),
    ("core/a.h", "#pragma once\n// the next transaction\n", "not ours"),
    ("core/a.h", "// nothing\n", "#pragma once"),
    ("core/a.cc", "x;\n" * 401, "401 lines"),
    ("core/a.cc", "// " + "ab " * 30 + "ab\n", "columns"),
    ("core/a.cc", "// open(/ho" + "me/me/x)\n", "one machine"),
    ("core/a.cc", "class StoreImpl {};\n", "says nothing"),
    ("tests/unit/a_test.cc", "std::this_thread::sleep_for(1s);\n", "sleeps"),
    ("tests/e2e/run", "#!/bin/bash\nwhile x; do sleep 1; done\n", "sleeps"),
    ("tests/e2e/a.py", "time.sleep(1)\n", "sleeps"),
    ("core/a.cc", "// ==========\n", "banner"),
    ("core/a.cc", "int a; \n", "space"),
    ("core/a.cc", "int a;", "newline"),
)
RIGHT = (
    ("core/a.cc", "// CSV: record 0 is the header line; BLOCKS of 65,536\n"),
    ("core/a.cc", "// Blocks until the writer is done; non-blocking.\n"),
    ("core/hash/sha256.cc", "constexpr int kBlock = 64;  // bytes a block\n"),
    ("services/common/rocks.cc", "rocksdb::BlockBasedTableOptions table;\n"),
    ("core/a.cc", "int blocked; int Highlight;\n"),
    ("tests/e2e/run", "#!/bin/bash\ntimeout 5 wait_for_line ready\n"),
    ("docs/A.md", "a block of text\n"),
)


def self_test():
    good = True
    for path, text, wanted in WRONG:
        found = list(flaws_of_file(path, text))
        if not any(wanted in flaw for _, flaw in found):
            print(f"self-test: '{wanted}' not found in {path}: {found}")
            good = False
    for path, text in RIGHT:
        found = list(flaws_of_file(path, text))
        if found:
            print(f"self-test: {text!r} refused: {found}")
            good = False
    return good


def main(arguments):
    if arguments == ["--self-test"]:
        if not self_test():
            return 1
        print(f"style: {len(WRONG)} planted, all found")
        return 0
    count = 0
    for path in arguments or files_of_git():
        file = ROOT / path
        if not file.is_file() or file.is_symlink():
            continue
        try:
            text = file.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            continue  # not text
        for line, flaw in flaws_of_file(path, text):
            print(f"{path}:{line}: {flaw}")
            count += 1
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
