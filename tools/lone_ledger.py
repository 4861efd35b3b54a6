"""One ledger without a registry in one folder: keys, trust file, data and
backups, on loopback without TLS. For tests and tools/tamper."""

import os
import pathlib
import shutil
import signal
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
BIN = pathlib.Path(os.environ.get("DATAIP_BIN_DIR", ROOT / "build/release/bin"))
EDIT = BIN.parent / "tests/dataip-tamper"
ORIGIN = "tamper.example/ledger"
WAIT_S = 60


def clean_environment():
    """Ours without the settings of `dataip`: a profile of whoever runs this
    is not meant for these ledgers."""
    return {name: value for name, value in os.environ.items()
            if not name.startswith("DATAIP_") or name == "DATAIP_BIN_DIR"}


class Failed(Exception):
    """A program ended with another code than 0."""


def run(*command, check=True, **more):
    done = subprocess.run([str(word) for word in command], text=True,
                          capture_output=True, timeout=WAIT_S * 5,
                          env=clean_environment(), **more)
    if check and done.returncode != 0:
        raise Failed(f"{' '.join(map(str, command))}: exit "
                     f"{done.returncode}\n{done.stdout}{done.stderr}")
    return done


class Ledger:
    """One folder with data, keys and backups."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.config = self.folder / "ledger.conf"
        self.db = self.folder / "data/db"
        self.trust = self.folder / "trust.json"
        self.process = None
        self.address = None

    def make(self):
        keys = self.folder / "keys"
        keys.mkdir(parents=True)
        for name, algorithm in [("ed25519", "ed25519"), ("sm2", "sm2"),
                                ("root", "sm2")]:
            run(BIN / "dataip", "keys", "new", "--algorithm", algorithm,
                "--out", keys / f"{name}.pem")
        for algorithm in ("sm2", "p256"):
            run(BIN / "dataip", "keys", "ca", "--algorithm", algorithm,
                "--use", "issuing", "--name", algorithm, "--out",
                keys / f"{algorithm}.crt", "--out-key",
                keys / f"{algorithm}.key")
        run(BIN / "dataip", "trust", "make", "--origin", ORIGIN,
            "--ledger-key", keys / "ed25519.pem",
            "--ledger-key", keys / "sm2.pem", "--root-key", keys / "root.pem",
            "--issuing-ca", keys / "sm2.crt", "--issuing-ca",
            keys / "p256.crt", "--out", self.trust)
        self.config.write_text(
            f"origin = {ORIGIN}\nlisten = 127.0.0.1:0\ndata_dir = data\n"
            "ed25519_key = keys/ed25519.pem\nsm2_key = keys/sm2.pem\n"
            "backup_dir = backup\ncheckpoint_interval_ms = 50\n")

    def set(self, **settings):
        """Adds settings, or gives them another value."""
        lines = [line for line in self.config.read_text().splitlines()
                 if line.split(" = ")[0] not in settings]
        lines += [f"{name} = {value}" for name, value in settings.items()
                  if value is not None]
        self.config.write_text("\n".join(lines) + "\n")

    def start(self):
        """Nothing when it listens, else its last words."""
        errors = open(self.folder / "errors", "wb")
        self.process = subprocess.Popen(
            [BIN / "dataip-ledger", "--config", self.config],
            stdout=subprocess.PIPE, stderr=errors, text=True,
            env=clean_environment())
        errors.close()
        for line in self.process.stdout:
            if "listening on" in line:
                self.address = line.split("listening on", 1)[1].strip()
                return None
        return self.end()

    def end(self):
        self.process.wait(WAIT_S)
        self.process.stdout.close()
        self.process = None
        return (self.folder / "errors").read_text(errors="replace") or "ended"

    def stop(self, how=signal.SIGTERM):
        """What it said when it had ended by itself before."""
        if self.process is None:
            return None
        died = self.process.poll() is not None
        if not died:
            self.process.send_signal(how)
        words = self.end()
        return words if died else None

    def write(self, count, check=True):
        return run(EDIT, "write", self.address, count, check=check)

    def erase(self, index):
        return run(EDIT, "erase", self.address, index)

    @property
    def leaves(self):
        return self.folder / "leaves"

    def keep_leaves(self):
        """What `dataip-tamper root` holds a later root against."""
        run(EDIT, "leaves", self.address, self.trust, self.leaves)

    def flip(self, family, record, offset):
        return run(EDIT, "flip", self.db, family, record, offset).stdout.strip()

    def copy(self, folder):
        shutil.copytree(self.folder, folder, symlinks=True)
        return Ledger(folder)
