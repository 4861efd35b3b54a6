#!/usr/bin/env python3
"""Compiles what a verifier must trust for WebAssembly, and links it.

core/proof, the portable hashes and the files of core/base that they include are
C++20 and the standard library alone, without exceptions. Compiling for wasm32
shows that no library's header came in; linking shows that no symbol did.
"""

import concurrent.futures
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
OUT = ROOT / "build" / "wasm"
FLAGS = ["--target=wasm32-wasi", "-std=c++20", "-fno-exceptions", "-O1",
         "-Wall", "-Wextra", "-Wno-missing-field-initializers", "-Werror",
         "-I."]
INCLUDE = re.compile(r'^#include "([^"]+)"', re.M)
# Hash implementations that are for servers.
SERVER_ONLY = ("openssl", "lane", "avx", "simd")


def sources():
    """Returns the files to compile: proofs, portable hashes and, for every
    header of ours that they reach, its source."""
    todo = [file for file in (ROOT / "core/hash").glob("*.cc")
            if not any(word in file.name for word in SERVER_ONLY)]
    todo += (ROOT / "core/proof").glob("*.cc")
    seen = set()
    while todo:
        file = todo.pop()
        if file in seen or not file.exists():
            continue
        seen.add(file)
        if file.suffix == ".h" and not file.is_relative_to(ROOT / "core/hash"):
            todo.append(file.with_suffix(".cc"))
        todo += [ROOT / name for name in
                 INCLUDE.findall(file.read_text(encoding="utf-8"))]
    return sorted(file.relative_to(ROOT) for file in seen
                  if file.suffix == ".cc")


def run(command):
    done = subprocess.run(command, cwd=ROOT, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout


def compile_one(source):
    """Returns (object, exit code, compiler's words)."""
    target = OUT / (str(source).replace("/", "_") + ".o")
    launcher = ["ccache"] if shutil.which("ccache") else []
    code, words = run([*launcher, "clang++-14", *FLAGS, "-c", str(source),
                       "-o", str(target)])
    return target, code, words


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        done = list(pool.map(compile_one, sources()))
    failed = [words for _, code, words in done if code]
    if not failed:
        code, words = run(
            ["clang++-14", "--target=wasm32-wasi", "-mexec-model=reactor",
             "-Wl,--no-gc-sections",  # else unused calls are not resolved
             *[str(target) for target, _, _ in done],
             "-o", str(OUT / "proof.wasm")])
        if code:
            failed.append(words)
    for words in failed:
        print(words, end="")
    if not failed:
        print(f"wasm32: {len(done)} files compiled and linked")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
