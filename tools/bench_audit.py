"""Rows on the auditor: a replay of hashes, and a full audit with signatures.

The floor of the full audit is `openssl speed` on all cores: the time that the
export's signatures take by themselves.
"""

import csv
import json
import os
import re
import shutil
import statistics
import subprocess
import time

import stack as installation

METERING = installation.ROOT / "tests/data/metering"
ENTRIES = 1_000_000
COPIES = 20  # of the 54 applications
ROUNDS = 3


def timed(work):
    begun = time.monotonic()
    answer = work()
    return time.monotonic() - begun, answer


def run(table, work, floor, server_class):
    replay(table, work, floor, server_class)
    full(table, work)


def audit(stack, folder, *more):
    """Seconds of the fastest of some audits, and the report."""
    times, report = [], None
    for _ in range(ROUNDS):
        taken, done = timed(lambda: stack.run(
            "dataip-audit", folder, "--trust", stack.folder / "trust.json",
            "-o", "json", *more))
        times.append(taken)
        report = json.loads(done.stdout)
    return statistics.median(times), report


def replay(table, work, floor, server_class):
    with server_class(work / "replay") as server:
        server.append(entries=ENTRIES, message=1_024)
        stack = server.stack
        stack.make_trust()
        stack.write_profile("auditor")
        export = work / "replay-export"
        stack.dataip("ledger", "export", export, profile="auditor")
        stack.stop("ledger")
        lanes = statistics.median(floor("replay", ENTRIES, "lanes")
                                  for _ in range(ROUNDS))
        single = statistics.median(floor("replay", ENTRIES, "single")
                                   for _ in range(ROUNDS))
        seconds, report = audit(stack, export, "--hashes-only")
        shutil.rmtree(export)
    rate = report["size"] / seconds
    table.add("replay and full hash check, all cores",
              ">= 85 % of the floor with lanes", rate, lanes, rate / lanes,
              rate >= 0.85 * lanes)
    table.add("the same beside single SM3", ">= 2.5 times the floor", rate,
              single, rate / single, rate >= 2.5 * single)


def verifications_per_second():
    """By `openssl speed`, all cores."""
    cores = str(len(os.sched_getaffinity(0)))
    rates = {}
    for algorithm, words in [("sm2", ["sm2"]), ("p256", ["ecdsap256"]),
                             ("ed25519", ["ed25519"])]:
        done = subprocess.run(
            ["openssl", "speed", "-mr", "-seconds", "2", "-multi", cores,
             *words], capture_output=True, text=True, check=True)
        # +F5:index:bits:seconds a signature:seconds a verification, and alike
        line = [line for line in done.stdout.splitlines()
                if re.match(r"\+F[4-9]:", line)][-1]
        rates[algorithm] = float(line.split(":")[-1])
    return rates


def full(table, work):
    """A registry's own ledger: SM2 commands of parties and officers."""
    stack = installation.Stack(work / "audit")
    with stack:
        stack.begin()
        stack.register_parties()
        filing = work / "filing"
        shutil.copytree(METERING, filing)
        numbers = []
        for copy in range(COPIES):
            numbers += import_copy(stack, filing, copy)
        stack.dataip("review", "notice", "-", profile="officers",
                     stdin="\n".join(numbers) + "\n")
        stack.advance_clock("2024-07-05T09:00:00+08:00")
        stack.dataip("review", "register", "-", profile="officers",
                     stdin="\n".join(numbers) + "\n")
        export = work / "audit-export"
        stack.dataip("ledger", "export", export, profile="auditor")
        stack.stop_all()
        rates = verifications_per_second()
        seconds, report = audit(stack, export)
        shutil.rmtree(export)
    issued = len(numbers)
    sm2 = report["signatures"] - issued
    bare = sm2 / rates["sm2"] + issued / rates["p256"]
    table.add("full audit with SM2 signatures, all cores",
              ">= 85 % of bare verification",
              f"{report['signatures'] / seconds:,.0f} signatures/s",
              f"{report['signatures'] / bare:,.0f} signatures/s",
              bare / seconds, bare >= 0.85 * seconds,
              f"{report['signatures']:,} signatures in {seconds:.2f} s; "
              f"openssl speed: SM2 {rates['sm2']:,.0f}/s")


def import_copy(stack, filing, copy):
    """The 54 applications again, under names of their own."""
    table = filing / f"applications-{copy + 1}.csv"
    with open(METERING / "applications.csv", encoding="utf-8-sig",
              newline="") as source:
        rows = list(csv.reader(source))
    name = rows[0].index("name")
    reference = rows[0].index("client_reference")
    for row in rows[1:]:
        row[name] = f"第{copy + 1}批" + row[name]
        row[reference] += f"-{copy + 1}"
    with open(table, "w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows(rows)
    answer = stack.dataip_json("application", "import", table, "--data",
                               filing, profile="enterprise")
    return [line["application_no"] for line in answer["outcomes"]]
