"""A whole installation in one folder: keys, two real servers, profiles.

The demonstration and the end-to-end tests run on it. Nothing here is
simulated: keys, authorities and certificates come from `dataip keys`, the
servers are the programs that an operator runs, on the sample configuration of
deploy/, with mutual TLS on free ports.

    etc/       ledger.conf, registry.conf (copies of deploy/)
    keys/      every private key; keys/tls/ the TLS authority and its leaves
    data/      what the servers store
    profiles/  one client profile a role, each with its own state folder
    trust.json
"""

import datetime
import json
import os
import pathlib
import secrets
import shutil
import signal
import subprocess
import threading
import time

from lone_ledger import clean_environment

ROOT = pathlib.Path(__file__).resolve().parent.parent
BIN = pathlib.Path(os.environ.get("DATAIP_BIN_DIR", ROOT / "build/release/bin"))
TABLES = [
    ("profiles/ZJ-2023", "profile_ZJ-2023.csv"),
    ("calendars/cn", "calendar_cn.csv"),
    ("industries", "industries.csv"),
    ("regions", "regions.csv"),
]
ENTERPRISE_USCC = "91330382MA00005413"
LICENSEE_USCC = "91330382MA00006569"
START = "2024-06-20T09:00:00+08:00"
SERVER_START_S = 20
SERVER_STOP_S = 15


FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"
# An empty libjemalloc: with the real one libfaketime does not start.
NO_JEMALLOC = BIN.parent / "tests/faketime"


def at_time(moment):
    """Environment under which a program's clock shows `moment` now."""
    there = datetime.datetime.fromisoformat(moment).timestamp()
    return {"LD_PRELOAD": FAKETIME, "LD_LIBRARY_PATH": str(NO_JEMALLOC),
            "FAKETIME": f"{there - time.time():+.0f}"}


class CommandFailed(Exception):
    """A program ended with another code than was wanted."""


class Stack:
    """Servers and roles under one folder; use it as a context."""

    def __init__(self, folder, environment=None, origin=None):
        self.folder = pathlib.Path(folder).resolve()
        self.environment = {**clean_environment(), **(environment or {})}
        self.origin = origin or f"ledger.example/demo/{secrets.token_hex(4)}"
        self.servers = {}
        self.addresses = {}
        self.more_arguments = {}  # of a server, by its name
        self.party_numbers = {}
        self.start_of_demonstration = START

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.stop_all()

    # Programs.

    def run(self, program, *args, check=True, stdin=None, env=None):
        """Runs a program of ours to its end; text in and out."""
        done = subprocess.run(
            [str(BIN / program), *map(str, args)],
            input=stdin, capture_output=True, text=True,
            env={**self.environment, **(env or {})}, check=False)
        if check and done.returncode != 0:
            raise CommandFailed(
                f"{program} {' '.join(map(str, args))}: exit "
                f"{done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def dataip(self, *args, profile=None, check=True, stdin=None):
        """Runs `dataip` as a role."""
        env = {}
        if profile is not None:
            env["DATAIP_PROFILE"] = str(self.profile_path(profile))
        return self.run("dataip", *args, check=check, stdin=stdin, env=env)

    def dataip_json(self, *args, profile=None, stdin=None):
        """The same, its answer parsed."""
        done = self.dataip(*args, "-o", "json", profile=profile, stdin=stdin)
        return json.loads(done.stdout)

    # Keys and certificates.

    def key(self, name):
        return self.folder / "keys" / name

    def key_id(self, name):
        return self.dataip_json("keys", "show",
                                self.key(f"{name}.pem"))["key_id"]

    def make_keys(self):
        """All keys and certificates but the parties' TLS ones."""
        (self.folder / "keys/tls").mkdir(parents=True, exist_ok=True)
        for name, algorithm in [
                ("root", "sm2"), ("clock", "sm2"), ("examiner-1", "sm2"),
                ("approver-1", "sm2"), ("enterprise", "sm2"),
                ("licensee", "p256"), ("ledger-ed25519", "ed25519"),
                ("ledger-sm2", "sm2")]:
            self.run("dataip", "keys", "new", "--algorithm", algorithm,
                     "--out", self.key(f"{name}.pem"))
        self.run("dataip", "keys", "ca", "--algorithm", "p256", "--use", "tls",
                 "--name", "demonstration TLS", "--out",
                 self.key("tls/ca.pem"), "--out-key", self.key("tls/ca.key"))
        for algorithm in ("sm2", "p256"):
            self._make_issuing(algorithm)
        for server in ("ledger", "registry"):
            self.make_tls(server, server, ["--dns", "localhost",
                                           "--ip", "127.0.0.1"])
        for name, actor in [("root", "root"), ("auditor", "auditor"),
                            ("examiner", "officers/examiner-1"),
                            ("approver", "officers/approver-1")]:
            self.make_tls(name, actor)

    def _make_issuing(self, algorithm):
        ca = self.key(f"issuing-{algorithm}-ca.pem")
        ca_key = self.key(f"issuing-{algorithm}-ca.key")
        self.run("dataip", "keys", "ca", "--algorithm", algorithm, "--use",
                 "issuing", "--name", f"demonstration issuing {algorithm}",
                 "--out", ca, "--out-key", ca_key)
        self.run("dataip", "keys", "cert", "--use", "issuing", "--name",
                 f"demonstration bureau {algorithm}", "--ca", ca, "--ca-key",
                 ca_key, "--out", self.key(f"issuing-{algorithm}-chain.pem"),
                 "--out-key", self.key(f"issuing-{algorithm}.pem"))

    def make_tls(self, name, actor, extra=()):
        self.run("dataip", "keys", "cert", "--use", "tls", "--name", name,
                 "--for", actor, "--ca", self.key("tls/ca.pem"), "--ca-key",
                 self.key("tls/ca.key"), "--out", self.key(f"tls/{name}.pem"),
                 "--out-key", self.key(f"tls/{name}.key"), *extra)

    # Profiles.

    def profile_path(self, name):
        return self.folder / "profiles" / f"{name}.conf"

    def write_profile(self, name, keys=(), tls=None):
        (self.folder / "profiles").mkdir(exist_ok=True)
        state = self.folder / "state" / name
        state.mkdir(parents=True, exist_ok=True)
        lines = [f"{setting} = {self.addresses[server]}"
                 for setting, server in [("server", "registry"),
                                         ("ledger", "ledger")]
                 if server in self.addresses]
        lines += ["trust = ../trust.json", "tls_ca = ../keys/tls/ca.pem",
                 f"tls_cert = ../keys/tls/{tls or name}.pem",
                 f"tls_key = ../keys/tls/{tls or name}.key",
                 f"state = ../state/{name}"]
        lines += [f"key = ../keys/{key}.pem" for key in keys]
        self.profile_path(name).write_text("\n".join(lines) + "\n")

    def write_profiles(self):
        """Anew after every start: the ports are free ones."""
        self.write_profile("root", ["root"])
        self.write_profile("auditor")
        self.write_profile("examiner", ["examiner-1"])
        self.write_profile("approver", ["approver-1"])
        self.write_profile("officers", ["examiner-1", "approver-1"],
                           tls="examiner")
        for name in self.party_numbers:
            self.write_profile(name, [name])

    # Servers.

    def start(self, name):
        """Starts `ledger` or `registry` and waits until it listens."""
        etc = self.folder / "etc"
        etc.mkdir(exist_ok=True)
        config = etc / f"{name}.conf"
        shutil.copyfile(ROOT / "deploy" / f"{name}.conf", config)
        port_file = etc / f"{name}.port"
        port_file.unlink(missing_ok=True)
        listen = self.addresses.get(name, "127.0.0.1:0")
        args = ["--config", config, "--listen", listen,
                "--port-file", port_file]
        ports = {f"{name}-metrics": ("metrics", etc / f"{name}.metrics.port")}
        if name == "ledger":
            ports["tiles"] = ("http", etc / "ledger.http.port")
        for address, (flag, file) in ports.items():
            args += [f"--{flag}-listen",
                     self.addresses.get(address, "127.0.0.1:0"),
                     f"--{flag}-port-file", file]
        if name == "ledger":
            args += ["--origin", self.origin]
        else:
            args += ["--ledger", self.addresses["ledger"],
                     "--root-key", self.key_id("root")]
        args += self.more_arguments.get(name, [])
        log = open(self.folder / f"{name}.log", "ab")
        process = subprocess.Popen(
            [str(BIN / f"dataip-{name}"), *map(str, args)], stdout=log,
            stderr=log, env=self.environment, start_new_session=True)
        log.close()
        self.servers[name] = process
        self.addresses[name] = f"127.0.0.1:{self._port(name, port_file)}"
        # Written before that one.
        for address, (_, file) in ports.items():
            self.addresses[address] = f"127.0.0.1:{file.read_text().strip()}"

    def _port(self, name, port_file):
        process = self.servers[name]
        waited = threading.Event()
        for _ in range(SERVER_START_S * 100):
            if port_file.exists():
                return int(port_file.read_text().strip().rsplit(":", 1)[-1])
            if process.poll() is not None:
                log = (self.folder / f"{name}.log").read_text()
                raise CommandFailed(f"dataip-{name} ended:\n{log[-2000:]}")
            waited.wait(0.01)
        raise CommandFailed(f"dataip-{name} does not listen")

    def kill(self, name):
        """kill -9."""
        process = self.servers.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self, name):
        """SIGTERM; returns the exit code."""
        process = self.servers.pop(name)
        os.killpg(process.pid, signal.SIGTERM)
        try:
            return process.wait(SERVER_STOP_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise

    def stop_all(self):
        for name in ("registry", "ledger"):
            if name in self.servers:
                self.stop(name)

    # The registry.

    def begin(self):
        """Keys, servers, trust file, tables, officers: ready for parties."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.make_keys()
        self.start("ledger")
        self.make_trust()
        self.start("registry")
        self.write_profiles()
        self.open_registry()

    def make_trust(self):
        self.run(
            "dataip", "trust", "make", "--origin", self.origin,
            "--ledger-key", self.key("ledger-ed25519.pem"),
            "--ledger-key", self.key("ledger-sm2.pem"),
            "--root-key", self.key("root.pem"),
            "--issuing-ca", self.key("issuing-sm2-ca.pem"),
            "--issuing-ca", self.key("issuing-p256-ca.pem"),
            "--demonstration", "--out", self.folder / "trust.json")

    def open_registry(self):
        self.dataip(
            "registry", "open", "--jurisdiction", "330000",
            "--rules", "ZJ-2023",
            "--clock-key", self.key("clock.pem"),
            "--issuing-sm2", self.key("issuing-sm2.pem"),
            "--issuing-p256", self.key("issuing-p256.pem"),
            "--demonstration-start", self.start_of_demonstration,
            profile="root")
        for table, file in TABLES:
            self.dataip("registry", "load-table", table,
                        ROOT / "deploy/tables" / file, profile="root")
        for officer, role in [("examiner-1", "examiner"),
                              ("approver-1", "approver")]:
            self.dataip("officer", "add", officer, "--role", role,
                        "--officer-key", self.key(f"{officer}.pem"),
                        profile="root")

    def register_party(self, name, text, uscc):
        """An enterprise with its key `keys/<name>.pem`; its number."""
        answer = self.dataip_json(
            "party", "register", "--kind", "legal-person", "--name", text,
            "--uscc", uscc, "--party-key", self.key(f"{name}.pem"),
            profile="examiner")
        party = answer["events"][0]["party_registered"]["party"]
        number = party["party_number"]
        self.party_numbers[name] = number
        self.make_tls(name, number)
        self.write_profile(name, [name])
        return number

    def register_parties(self):
        self.register_party("enterprise", "浙江示例智能表计有限公司",
                            ENTERPRISE_USCC)
        self.register_party("licensee", "示例城市供热有限公司", LICENSEE_USCC)

    def advance_clock(self, to):
        self.dataip("clock", "advance", "--to", to, profile="root")
