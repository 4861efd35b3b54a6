#!/usr/bin/env python3
"""clang-tidy on changed files, on named files or on all.

usage: check_tidy.py [--seconds S]    files changed since the merge base with
                                      the main branch, on it since HEAD~1;
                                      stops after S seconds (20) and says so
       check_tidy.py --all [FILE...]  every file, or those named; no limit

Reads the compile commands of build/release. A clean verdict is kept in
build/tidy under the digest of the file, the headers of ours that it reaches
and .clang-tidy, so that nothing is looked at twice.
"""

import concurrent.futures
import functools
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "release"
VERDICTS = ROOT / "build" / "tidy"
JOBS = 2
# A generated header that the build has not made yet says nothing of the file.
NOT_BUILT = re.compile(r"\.pb\.h' file not found")
INCLUDE = re.compile(rb'^#include "([^"]+)"', re.M)


def git(*words):
    done = subprocess.run(["git", *words], cwd=ROOT, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return done.stdout.split("\n")[:-1] if done.returncode == 0 else []


def changed():
    """Returns the C++ files that differ from the base, new ones included."""
    head = git("rev-parse", "HEAD")
    base = []
    for branch in ("origin/main", "main"):
        base = git("merge-base", branch, "HEAD")
        if base and base != head:
            break
    if not base or base == head:
        base = git("rev-parse", "--verify", "-q", "HEAD~1") or head
    names = set(git("diff", "--name-only", "--diff-filter=d", *base))
    names.update(git("ls-files", "-o", "--exclude-standard"))
    return {name for name in names if name.endswith((".cc", ".h"))}


def compiled():
    """Returns the files of ours that the build compiles, as root paths."""
    file = BUILD / "compile_commands.json"
    if not file.exists():
        return set()
    paths = set()
    for command in json.loads(file.read_text(encoding="utf-8")):
        path = pathlib.Path(command["file"])
        if (path.exists() and path.is_relative_to(ROOT)
                and not path.is_relative_to(ROOT / "build")):
            paths.add(path.relative_to(ROOT).as_posix())
    return paths


@functools.lru_cache(maxsize=None)
def reach(path):
    """Returns the set of our files that a file includes, itself with it."""
    seen, todo = set(), [path]
    while todo:
        name = todo.pop()
        file = ROOT / name
        if name in seen or not file.is_file():
            continue
        seen.add(name)
        todo += [found.decode() for found in INCLUDE.findall(
            file.read_bytes())]
    return frozenset(seen)


def digest(path):
    total = hashlib.sha256((ROOT / ".clang-tidy").read_bytes())
    total.update(path.encode())
    for name in sorted(reach(path)):
        total.update(hashlib.sha256((ROOT / name).read_bytes()).digest())
    return total.hexdigest()


def tidy(path, seconds):
    """Returns None when time ran out, else clang-tidy's complaints."""
    if seconds <= 0:
        return None
    try:
        done = subprocess.run(
            ["clang-tidy-14", "--quiet", "-p", str(BUILD),
             "--extra-arg=-Wno-unknown-warning-option",
             "--extra-arg=-Wthread-safety", path], cwd=ROOT,
            text=True, check=False, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, timeout=seconds)
    except subprocess.TimeoutExpired:
        return None
    if done.returncode == 0:
        (VERDICTS / digest(path)).touch()
        return ""
    return done.stdout or done.stderr


def main(arguments):
    everything = "--all" in arguments
    arguments = [word for word in arguments if word != "--all"]
    limit = float("inf")
    if not everything:
        limit = 20.0
        if arguments[:1] == ["--seconds"]:
            limit = float(arguments[1])
    end = time.monotonic() + limit

    known = compiled()
    if not known:
        print("clang-tidy: no build tree, nothing looked at (./dev build)")
        return 1 if everything else 0
    if everything:
        wanted = set(arguments) or known
    else:
        wanted = changed()
        wanted |= {name[:-2] + ".cc" for name in wanted if name[-2:] == ".h"}
    VERDICTS.mkdir(parents=True, exist_ok=True)
    todo = [path for path in sorted(wanted & known,
                                    key=lambda path: len(reach(path)))
            if not (VERDICTS / digest(path)).exists()]

    late = failed = unbuilt = 0
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        def work(path):
            left = end - time.monotonic()
            return tidy(path, 600 if everything else left)
        for words in pool.map(work, todo):
            if words is None:
                late += 1
            elif NOT_BUILT.search(words):
                unbuilt += 1
            elif words:
                failed += 1
                print(words, end="")
    message = f"clang-tidy: {len(wanted & known)} files"
    if failed:
        message += f", {failed} with complaints"
    if unbuilt:
        message += f", {unbuilt} wait for ./dev build"
    if late:
        message += f", {late} not reached in time (./dev lint looks at all)"
    print(message)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
