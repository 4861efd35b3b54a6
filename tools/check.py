#!/usr/bin/env python3
"""All quick checks, two at a time; a line each, and the words of those that
fail. Exits 1 when any did."""

import concurrent.futures
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUDGET_S = 45


def tracked(*patterns):
    """Files of git, and new ones that it does not ignore."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "-co", "--exclude-standard", *patterns],
        cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout.decode()
    return [name for name in listed.split("\0")
            if name and (ROOT / name).is_file()]


def scripts(program):
    """Tracked files whose first line names the program."""
    found = []
    for name in tracked():
        with open(ROOT / name, "rb") as file:
            first = file.readline(80)
        if first.startswith(b"#!") and program in first:
            found.append(name)
    return found


def run(*command):
    done = subprocess.run(command, cwd=ROOT, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode == 0, done.stdout


def run_tool(name, *arguments):
    return run(sys.executable, f"tools/{name}.py", *arguments)


def check_format():
    files = tracked("*.h", "*.cc")
    if not files:
        return True, ""
    half = len(files) // 2 + 1
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        parts = list(pool.map(
            lambda part: run("clang-format-14", "--dry-run", "-Werror", *part)
            if part else (True, ""), (files[:half], files[half:])))
    if all(good for good, _ in parts):
        return True, ""
    lines = [line for _, words in parts for line in words.split("\n")
             if "error:" in line]
    return False, "\n".join(lines[:20]) + "\n./dev format puts it right\n"


def check_shell():
    files = scripts(b"bash") + scripts(b"/sh")
    for name in files:
        good, words = run("bash", "-n", name)
        if not good:
            return good, words
    return run("shellcheck", "--severity=warning", *files)


def check_python():
    for name in sorted(set(scripts(b"python") + tracked("*.py"))):
        try:
            compile((ROOT / name).read_text(encoding="utf-8"), name, "exec")
        except SyntaxError as error:
            return False, f"{name}:{error.lineno}: {error.msg}\n"
    return True, ""


def check_tidy(start):
    left = BUDGET_S - 12 - (time.monotonic() - start)
    return run_tool("check_tidy", "--seconds", str(max(left, 1)))


def main():
    start = time.monotonic()
    checks = (
        ("wasm32", lambda: run_tool("check_wasm")),
        ("format", check_format),
        ("doors", lambda: run_tool("check_doors")),
        ("doors self-test", lambda: run_tool("check_doors", "--self-test")),
        ("protos", lambda: run_tool("check_protos")),
        ("protos self-test", lambda: run_tool("check_protos", "--self-test")),
        ("style", lambda: run_tool("check_style")),
        ("style self-test", lambda: run_tool("check_style", "--self-test")),
        ("shell", check_shell),
        ("python", check_python),
    )

    def timed(check):
        begin = time.monotonic()
        good, words = check[1]()
        return check[0], good, words, time.monotonic() - begin

    failed = []
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        results = list(pool.map(timed, checks))
    results.append(timed(("clang-tidy", lambda: check_tidy(start))))
    for name, good, words, seconds in results:
        print(f"{'ok  ' if good else 'FAIL'} {name} ({seconds:.1f} s)")
        if not good:
            failed.append(name)
            print("".join(f"     {line}\n" for line in words.splitlines()),
                  end="")
        elif name == "clang-tidy":
            print(f"     {words.strip()}")
    total = time.monotonic() - start
    print(f"check: {len(results) - len(failed)} ok, {len(failed)} failed, "
          f"{total:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
