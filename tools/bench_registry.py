"""The rows of `./dev bench registry`, in the order of the table."""

import csv
import os
import re
import shutil
import subprocess
import threading
import time

import bench_ledger
import stack as installation

METERING = installation.ROOT / "tests/data/metering"
GROUPS = ["decide", "end-to-end"]
DECISIONS_PER_S = 50_000
FIRMS = 6
COPIES = 3  # of the 54 applications, a firm
USCC_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def per_second(microseconds):
    return 1e6 / microseconds if microseconds else 0.0


def decide(table, cases):
    """Decide without signature checks, one core."""
    answer = bench_ledger.measure("registry_bench", "--rows", METERING,
                                  "--cases", cases)
    mix = answer["mix"]
    rate = per_second(mix["decide_us"])
    floor = per_second(mix["floor_us"])
    table.add(f"Decide, the mix of ordinary days, {cases:,} cases in state",
              f">= {DECISIONS_PER_S:,}/s a core", rate, floor, rate / floor,
              rate >= DECISIONS_PER_S,
              f"{mix['commands']:,} commands; floor: canonical parse, "
              "serialise and SHA-256 of the same commands")
    cases_rate = rate * mix["cases"] / mix["commands"]
    table.add("the same, the items of a batch counted each", "", cases_rate,
              None, None, None, f"{mix['cases']:,} cases decided")
    both = per_second(mix["decide_us"] + mix["fold_us"])
    table.add("the same, with context and Evolve", "", both, floor,
              both / floor, None,
              f"{answer['certificates']:,} certificates, "
              f"{answer['resident_mib']:,} MiB resident; filled in "
              f"{answer['filled_s']:.0f} s")
    for kind in sorted(answer["kinds"], key=lambda kind: -kind["commands"]):
        rate = per_second(kind["decide_us"])
        floor = per_second(kind["floor_us"])
        table.add(f"- {kind['kind']}", "", rate, floor, rate / floor, None,
                  f"{kind['commands']:,} commands; with Evolve "
                  f"{per_second(kind['decide_us'] + kind['fold_us']):,.0f}/s")
    for name, key in [("officers' queue", "queue_ms"),
                      ("what is expected of one party", "expected_ms"),
                      ("certificates that expire soon", "expiring_ms")]:
        table.add(f"read: {name}", "", f"{answer[key]:.2f} ms", None, None,
                  None, f"{answer['open']:,} open of {answer['cases']:,}")


def uscc(number):
    """A code of GB 32100 whose check characters hold."""
    body = f"MA{100_000 + number:06d}"
    value = sum(weight * int(character, 36) for weight, character
                in zip([3, 7, 9, 10, 5, 8, 4, 2], body))
    inner = "0123456789X0"[(11 - value % 11) % 11]
    first = "91330382" + body + inner
    total = sum(pow(3, place, 31) * USCC_CHARACTERS.index(character)
                for place, character in enumerate(first))
    return first + USCC_CHARACTERS[(31 - total % 31) % 31]


def signature_rates():
    """SM2 and P-256 on one core by `openssl speed`: (signs/s, verifies/s)."""
    rates = {}
    for algorithm, words in [("sm2", ["sm2"]), ("p256", ["ecdsap256"])]:
        done = subprocess.run(
            ["openssl", "speed", "-mr", "-seconds", "1", *words],
            capture_output=True, text=True, check=True)
        # +F5:index:bits:a signature in s:a verification in s, or rates
        line = [line for line in done.stdout.splitlines()
                if re.match(r"\+F[4-9]:", line)][-1]
        sign, verify = map(float, line.split(":")[-2:])
        rates[algorithm] = (sign if sign > 1 else 1 / sign,
                            verify if verify > 1 else 1 / verify)
    return rates


def make_table(folder, firm):
    """The 54 applications COPIES times, under names of the firm's own."""
    with open(METERING / "applications.csv", encoding="utf-8-sig",
              newline="") as source:
        rows = list(csv.reader(source))
    columns = {name: rows[0].index(name)
               for name in ["name", "client_reference"]}
    path = folder / f"applications-{firm}.csv"
    with open(path, "w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(rows[0])
        for copy in range(COPIES):
            for row in rows[1:]:
                row = list(row)
                row[columns["name"]] = (f"第{firm + 1}企业第{copy + 1}批" +
                                        row[columns["name"]])
                row[columns["client_reference"]] += f"-{copy + 1}"
                writer.writerow(row)
    return path


def together(works):
    """Seconds until all are done, and their answers in order."""
    answers = [None] * len(works)
    faults = []

    def run(place, work):
        try:
            answers[place] = work()
        except Exception as fault:  # shown below
            faults.append(fault)

    threads = [threading.Thread(target=run, args=(place, work))
               for place, work in enumerate(works)]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return time.monotonic() - begun, answers


def end_to_end(table, work):
    """Filing, notice and registration through real servers with SM2."""
    stack = installation.Stack(work / "registry")
    with stack:
        stack.begin()
        filing = work / "filing"
        shutil.copytree(METERING, filing)
        firms = []
        for firm in range(FIRMS):
            name = f"firm-{firm + 1}"
            stack.run("dataip", "keys", "new", "--algorithm", "sm2", "--out",
                      stack.key(f"{name}.pem"))
            stack.register_party(name, f"示例智能仪表{firm + 1}有限公司",
                                 uscc(firm))
            firms.append((name, make_table(filing, firm)))
        rates = signature_rates()
        filed_s, answers = together([
            lambda name=name, path=path: stack.dataip_json(
                "application", "import", path, "--data", filing,
                profile=name) for name, path in firms])
        cases = [[line["application_no"] for line in answer["outcomes"]]
                 for answer in answers]
        noticed_s, _ = together([lambda numbers=numbers: review(
            stack, "notice", numbers) for numbers in cases])
        stack.advance_clock("2024-07-05T09:00:00+08:00")
        registered_s, _ = together([lambda numbers=numbers: review(
            stack, "register", numbers) for numbers in cases])
    report(table, sum(map(len, cases)), rates,
           [("filings", 1, 0, filed_s), ("notices", 2, 0, noticed_s),
            ("registrations", 2, 1, registered_s)])


def review(stack, step, numbers):
    stack.dataip("review", step, "-", profile="officers",
                 stdin="\n".join(numbers) + "\n")


def report(table, count, rates, steps):
    cores = len(os.sched_getaffinity(0))
    sm2_sign, sm2_verify = rates["sm2"]
    p256_sign, _ = rates["p256"]
    table.add("floor: SM2 verifications, one core", "", None, sm2_verify)
    bare_all = 0.0
    for name, signatures, certificates, seconds in steps:
        # The registry's part; the clients sign on the same machine.
        bare = (signatures / sm2_verify +
                certificates * (1 / sm2_sign + 1 / p256_sign)) / cores
        bare_all += bare
        table.add(f"{name} with SM2, through ledger and registry", "",
                  count / seconds, 1 / bare, count / seconds * bare, None,
                  f"{count:,} commands in {seconds:.2f} s, "
                  f"{count * signatures / seconds:,.0f} signatures/s checked")
    seconds = sum(step[3] for step in steps)
    signatures = sum(step[1] for step in steps)
    table.add("registrations from filing to certificate, end to end", "",
              count / seconds, 1 / bare_all, count / seconds * bare_all, None,
              f"{3 * count / seconds:,.0f} commands/s, "
              f"{count * signatures / seconds:,.0f} signatures/s; {FIRMS} "
              f"clients beside the servers on {cores} cores; floor: the "
              "registry's verifications and certificate signatures alone")


def run(table, work, groups, cases):
    if "decide" in groups:
        decide(table, cases)
    if "end-to-end" in groups:
        end_to_end(table, work)
