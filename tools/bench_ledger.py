"""The rows of `./dev bench ledger`, in the order of the table."""

import json
import os
import pathlib
import shutil
import statistics
import subprocess
import time
import urllib.request

import bench_audit
import stack as installation

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAMS = installation.BIN.parent / "bench"
GROUPS = ["floor", "engine", "stream", "audit", "large"]
ROUNDS = 3
MIB = 1 << 20
SMALL_CACHES = ["--cache-mib", "32", "--map-cache-mib", "16"]


def measure(program, *args):
    """One line of JSON from a program of tests/bench."""
    done = subprocess.run([str(PROGRAMS / program), *map(str, args)],
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise installation.CommandFailed(
            f"{program} {' '.join(map(str, args))}: {done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def floor(*args):
    return measure("floor", *args)["rate"]


def floor_append(work, what, batch, entries):
    folder = work / "floor"
    shutil.rmtree(folder, ignore_errors=True)
    rate = floor(what, batch, entries, folder)
    shutil.rmtree(folder)
    return rate


def median(count, work):
    return statistics.median(work() for _ in range(count))


def believe_the_floor(table, work):
    """What the floor must reach itself, to be one."""
    for name, what, goal in [
            ("SHA-256 of 1 KiB", "sha256", 1_400_000),
            ("single SM3 of 1 KiB", "sm3", 300_000)]:
        rate = median(ROUNDS, lambda: floor("digest", what, 1_000_000))
        table.add(f"floor: {name}, one core", f"about {goal:,}/s", None, rate,
                  rate / goal, rate >= 0.9 * goal)
    for batch, goal in [(64, 150_000), (1_024, 450_000)]:
        rate = median(ROUNDS, lambda: floor_append(work, "write", batch,
                                                   batch * 4_000))
        table.add(f"floor: synced 512-byte entries, {batch:,} a batch",
                  f"about {goal:,}/s", None, rate, rate / goal,
                  rate >= 0.9 * goal)


def engine(table, work):
    for batch, entries in [(1_024, 1_024_000), (64, 256_000)]:
        floors, products = [], []
        for _ in range(ROUNDS):
            floors.append(floor_append(work, "append", batch, entries))
            products.append(measure(
                "engine_bench", "--dir", work / "engine", "--message", batch,
                "--batch", batch, "--entries", entries)["entries_per_s"])
        lowest, product = statistics.median(floors), statistics.median(products)
        table.add(f"engine in process, {batch:,} a batch", ">= 70 % of floor",
                  product, lowest, product / lowest, product >= 0.7 * lowest)


class Server:
    """A real dataip-ledger with TLS, and the programs that load it."""

    def __init__(self, folder, *arguments):
        self.stack = installation.Stack(folder)
        self.stack.more_arguments["ledger"] = list(arguments)
        folder.mkdir(parents=True)
        self.stack.make_keys()
        self.stack.start("ledger")

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.stack.stop_all()
        shutil.rmtree(self.stack.folder, ignore_errors=True)

    def arguments(self, actor):
        tls = self.stack.key("tls")
        return ["--address", self.stack.addresses["ledger"],
                "--tls-ca", tls / "ca.pem",
                "--tls-certificate", tls / f"{actor}.pem",
                "--tls-key", tls / f"{actor}.key"]

    def append(self, **options):
        return measure("stream_bench", *self.arguments("registry"),
                       *flags(options))

    def read(self, **options):
        return measure("read_bench", *self.arguments("auditor"),
                       *flags(options))

    def follow(self, seconds):
        return subprocess.Popen(
            [str(PROGRAMS / "read_bench"),
             *map(str, self.arguments("auditor")), "--work", "follow",
             "--seconds", str(seconds)], stdout=subprocess.DEVNULL)

    def peak_bytes(self, work):
        """The most memory that was resident while `work` ran."""
        process = pathlib.Path(f"/proc/{self.stack.servers['ledger'].pid}")
        (process / "clear_refs").write_text("5")
        work()
        line = next(line for line
                    in (process / "status").read_text().splitlines()
                    if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024

    def calls_within(self, method, seconds):
        """How many calls the server has handled, and how many so fast."""
        address = self.stack.addresses["ledger-metrics"]
        with urllib.request.urlopen(f"http://{address}/metrics") as answer:
            lines = answer.read().decode().splitlines()

        def count(bound):
            return sum(int(line.split()[-1]) for line in lines
                       if line.startswith("grpc_server_handling_seconds_bucket")
                       and f'grpc_method="{method}"' in line
                       and f'le="{bound}"' in line)

        return count("+Inf"), count(seconds)

    def database(self):
        return self.stack.folder / "data/ledger"


def flags(options):
    words = []
    for name, value in options.items():
        words += ["--" + name.replace("_", "-"), value]
    return words


def stream(table, work):
    with Server(work / "stream") as server:
        floors, plain = [], []
        for _ in range(ROUNDS):
            floors.append(floor_append(work, "append", 64, 128_000))
            plain.append(server.append(entries=640_000)["entries_per_s"])
        lowest, rate = statistics.median(floors), statistics.median(plain)
        table.add("Append stream with TLS, 64 a message",
                  ">= 100,000/s and >= 40 % of floor", rate, lowest,
                  rate / lowest, rate >= 100_000 and rate >= 0.4 * lowest)
        server.append(entries=6_000, message=64, updates=512)
        mapped = median(ROUNDS, lambda: server.append(
            entries=320_000, updates=1)["entries_per_s"])
        table.add("the same, one map update an entry, 1 million keys",
                  ">= 50 % of the rate without", mapped, rate, mapped / rate,
                  mapped >= 0.5 * rate)
        single = sorted((server.append(entries=100_000, message=1)
                         for _ in range(ROUNDS)),
                        key=lambda answer: answer["entries_per_s"])[1]
        table.add("one entry a message, 64 unacknowledged",
                  ">= 15,000/s, p99 <= 15 ms", single["entries_per_s"], None,
                  None, single["entries_per_s"] >= 15_000 and
                  single["p99_ms"] <= 15,
                  f"p50 {single['p50_ms']:.1f} ms, "
                  f"p99 {single['p99_ms']:.1f} ms")
        alone, beside = [], []
        for _ in range(ROUNDS):
            alone.append(server.append(entries=640_000)["entries_per_s"])
            follower = server.follow(60)
            beside.append(server.append(entries=640_000)["entries_per_s"])
            follower.kill()
            follower.wait()
        quiet, watched = statistics.median(alone), statistics.median(beside)
        table.add("one follower of 10 entries/s beside full load",
                  "writer slowed by <= 5 %", watched, quiet, watched / quiet,
                  watched >= 0.95 * quiet)


def large(table, work, entries):
    """One ledger of many entries, one in ten with an update of the map.

    Its caches are small, so that they are full from the start.
    """
    with Server(work / "large", *SMALL_CACHES) as server:
        memory(table, server, entries)
        proofs = server.read(work="proofs", count=5_000)
        handled, quick = server.calls_within("GetStateProof", "0.001")
        table.add(f"state proof of a random key at {entries:,} entries",
                  "p99 <= 1 ms in the server",
                  f"{100 * quick / handled:.2f} % within 1 ms", None, None,
                  quick >= 0.99 * handled,
                  f"of {handled:,}; the client sees p50 "
                  f"{proofs['p50_ms']:.2f} ms, p99 {proofs['p99_ms']:.2f} ms")
        start_again(table, server, entries)
        disk(table, server, entries)


def memory(table, server, entries):
    # Peaks, so the first one is under the load of the others: one entry in
    # ten has an update, and those that have come together.
    def grow(count):
        server.append(entries=count * 9 // 10, message=1_024)
        server.append(entries=count - count * 9 // 10, message=1_024, updates=1)

    first = 100_000
    start = server.peak_bytes(
        lambda: server.append(entries=first, message=1_024, updates=1))
    series = [(first, start)]
    step = max(entries // 10, 1)
    size = first
    while size < entries:
        count = min(step, entries - size)
        size += count
        series.append((size, server.peak_bytes(lambda: grow(count))))
    begun = time.monotonic()
    read_back = server.peak_bytes(lambda: server.read(work="back"))
    taken = time.monotonic() - begun
    series.append((f"{entries:,} read back in {taken:.0f} s", read_back))
    grown = max(bytes_ for _, bytes_ in series) - start
    table.add(f"memory while {entries:,} entries are appended and read back",
              "within 64 MiB of its value at 100,000",
              f"+{grown / MIB:.0f} MiB", None, None, grown <= 64 * MIB,
              "peaks; cache 32 MiB, map 16 MiB; " +
              ", ".join(f"{size if isinstance(size, str) else f'{size:,}'}: "
                        f"{bytes_ / MIB:.0f} MiB" for size, bytes_ in series))


def start_again(table, server, entries):
    for how, goal, end in [("clean", 1.0, server.stack.stop),
                           ("after kill -9", 3.0, server.stack.kill)]:
        times = []
        for _ in range(ROUNDS):
            server.append(entries=200_000, message=1_024, updates=1)
            end("ledger")
            begun = time.monotonic()
            server.stack.start("ledger")
            times.append(time.monotonic() - begun)
        seconds = max(times)
        table.add(f"start with {entries:,} entries, {how}",
                  f"<= {goal:.0f} s", f"{seconds:.2f} s", None, None,
                  seconds <= goal, f"slowest of {ROUNDS}, until it listens")


def folder_bytes(folder):
    return sum(os.path.getsize(os.path.join(path, name))
               for path, _, names in os.walk(folder) for name in names)


def disk(table, server, entries):
    server.stack.stop("ledger")
    sizes = measure("database_sizes", server.database() / "db")
    beyond = ((folder_bytes(server.database()) - sizes["map_bytes"] -
               sizes["payload_bytes"] - sizes["header_bytes"]) /
              sizes["entries"])
    table.add("disk after compaction",
              "<= payload + header + 80 bytes an entry",
              f"+{beyond:.0f} bytes", None, None, beyond <= 80,
              f"{sizes['entries']:,} entries; the map apart: "
              f"{sizes['map_bytes'] / MIB:.0f} MiB, "
              f"{sizes['map_rows']:,} keys")


def run(table, work, groups, entries):
    steps = {"floor": lambda: believe_the_floor(table, work),
             "engine": lambda: engine(table, work),
             "stream": lambda: stream(table, work),
             "audit": lambda: bench_audit.run(table, work, floor, Server),
             "large": lambda: large(table, work, entries)}
    for group in GROUPS:
        if group in groups:
            steps[group]()
