#!/usr/bin/env python3
"""Runs the tests of a build tree and counts their cases.

usage: run_tests.py BUILD_DIR [--only NAME] [ctest arguments]

A GoogleTest binary counts each of its cases (read from the XML that it writes
to BUILD_DIR/gtest/NAME.xml), any other test counts as one. The last line is
`N passed, N failed`. What a single test prints is shown, but for GoogleTest's
own lines. Exits 0 only when something ran and nothing failed; 2
when NAME is neither a label nor a test.
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as xml

from lone_ledger import clean_environment

JOBS = 2
MOST_SHOWN = 1 << 20  # bytes of a test's output
DEFAULT_TIMEOUT_S = 300  # for tests that set no TIMEOUT of their own


def list_tests(build):
    """Returns {test name: set of labels} of a configured build tree."""
    answer = subprocess.run(
        ["ctest", "--show-only=json-v1"], cwd=build, check=True,
        stdout=subprocess.PIPE)
    tests = {}
    for test in json.loads(answer.stdout)["tests"]:
        labels = set()
        for prop in test.get("properties", []):
            if prop["name"] == "LABELS":
                labels.update(prop["value"])
        tests[test["name"]] = labels
    return tests


def select(tests, only):
    """Returns the names of the tests that `only` (or None) selects."""
    if only is None:
        return sorted(tests)
    return sorted(name for name, labels in tests.items()
                  if name == only or only in labels)


def count_cases(report):
    """Returns (passed, failed, skipped, failed names) of a GoogleTest XML."""
    passed = failed = skipped = 0
    names = []
    for case in xml.parse(report).getroot().iter("testcase"):
        if case.find("failure") is not None:
            failed += 1
            names.append(f"{case.get('classname')}.{case.get('name')}")
        elif case.get("result") == "skipped":
            skipped += 1
        elif case.get("status") == "run":
            passed += 1
    return passed, failed, skipped, names


def count(junit, reports):
    """Adds up a ctest JUnit file, with cases where a binary reported them."""
    passed = failed = skipped = 0
    names = []
    for test in xml.parse(junit).getroot().iter("testcase"):
        name, status = test.get("name"), test.get("status")
        report = reports / f"{name}.xml"
        reason = test.find("skipped")
        if status == "disabled" or (
                reason is not None
                and reason.get("message", "").startswith("SKIP_")):
            skipped += 1
            continue
        ok = status == "run"
        case_failures = 0
        if report.exists():
            some, case_failures, left, which = count_cases(report)
            passed, failed = passed + some, failed + case_failures
            skipped += left
            names += which
        elif ok:
            passed += 1
        if not ok and case_failures == 0:
            failed += 1  # crashed, timed out, could not start
            names.append(name)
    return passed, failed, skipped, names


def shown(junit):
    """What the tests of a ctest JUnit file printed, a GoogleTest's own lines
    left out."""
    lines = []
    for test in xml.parse(junit).getroot().iter("testcase"):
        for line in (test.findtext("system-out") or "").splitlines():
            if not re.match(r"\[[ =A-Z-]{10}\]|Running main\(\)", line):
                lines.append(line)
    return "\n".join(lines).strip()


def test_environment():
    """What sanitizer builds need, harmless for others, and nothing of the
    settings of whoever runs the tests: a profile of theirs is none of ours."""
    here = pathlib.Path(__file__).resolve().parent
    environment = clean_environment()
    environment.setdefault(
        "TSAN_OPTIONS",
        f"suppressions={here / 'tsan.supp'}:second_deadlock_stack=1")
    environment.setdefault("UBSAN_OPTIONS", "print_stacktrace=1")
    return environment


def main(arguments):
    build = pathlib.Path(arguments.pop(0)).resolve()
    only = None
    if "--only" in arguments:
        at = arguments.index("--only")
        if at + 1 >= len(arguments):
            print("run_tests: --only needs a name", file=sys.stderr)
            return 2
        only = arguments[at + 1]
        del arguments[at:at + 2]

    tests = list_tests(build)
    chosen = select(tests, only)
    if not chosen:
        groups = " ".join(sorted(set().union(*tests.values())))
        print(f"run_tests: no test or group '{only}'; groups: {groups}",
              file=sys.stderr)
        print("0 passed, 0 failed")
        return 2

    reports = build / "gtest"
    shutil.rmtree(reports, ignore_errors=True)
    reports.mkdir()
    junit = build / "ctest.xml"
    junit.unlink(missing_ok=True)
    pattern = "^(" + "|".join(re.escape(name) for name in chosen) + ")$"
    code = subprocess.run(
        ["ctest", "--parallel", str(JOBS), "--timeout", str(DEFAULT_TIMEOUT_S),
         "--output-on-failure", "--no-tests=error", "--output-junit",
         str(junit), "--test-output-size-passed", str(MOST_SHOWN), "-R",
         pattern, *arguments],
        cwd=build, env=test_environment(), check=False).returncode
    if not junit.exists():
        print("0 passed, 0 failed")
        return code or 1

    passed, failed, skipped, names = count(junit, reports)
    if len(chosen) == 1 and failed == 0:
        print(shown(junit))
    for name in names:
        print(f"FAILED {name}")
    if skipped:
        print(f"{skipped} skipped")
    sys.stdout.flush()
    print(f"{passed} passed, {failed} failed", flush=True)
    return 0 if code == 0 and failed == 0 and passed > 0 else code or 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
