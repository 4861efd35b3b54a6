"""An installation whose ledger asks real witnesses."""

import signal
import subprocess
import threading

from support import BIN, Stack

START_S = 20
WAIT_S = 15


def wait_for(condition, what):
    """Polls what another program does; its value once it is true."""
    waited = threading.Event()
    for _ in range(WAIT_S * 50):
        value = condition()
        if value:
            return value
        waited.wait(0.02)
    raise AssertionError(f"not within {WAIT_S} s: {what}")


class Witness:
    """One `dataip-witness` with a folder of its own."""

    def __init__(self, stack, name):
        self.stack = stack
        self.name = f"witness.example/{name}"
        self.folder = stack.folder / "witnesses" / name
        self.folder.mkdir(parents=True)
        self.data = self.folder / "data"
        self.log = self.folder / "log"
        self.listen = "127.0.0.1:0"
        self.process = None
        key = self.folder / "key.pem"
        stack.run("dataip", "keys", "new", "--algorithm", "ed25519", "--out",
                  key)
        self.vkey = stack.dataip_json("keys", "show", "--witness", self.name,
                                      key)["vkey"]
        lines = [f"name = {self.name}", "ed25519_key = key.pem",
                 "data_dir = data", "port_file = port",
                 f"log = {stack.origin} {' '.join(stack.ledger_vkeys())}"]
        self.config = self.folder / "witness.conf"
        self.config.write_text("\n".join(lines) + "\n")

    def start(self):
        """On the same port as before, once it had one."""
        port_file = self.folder / "port"
        port_file.unlink(missing_ok=True)
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [str(BIN / "dataip-witness"), "--config", str(self.config),
                 "--listen", self.listen], stdout=log, stderr=log)
        wait_for(lambda: port_file.exists() or self.process.poll() is not None,
                 f"{self.name} listens")
        assert self.process.poll() is None, self.log.read_text()
        self.listen = f"127.0.0.1:{port_file.read_text().strip()}"

    def run_to_its_end(self):
        """A start that is to be refused."""
        return self.stack.run("dataip-witness", "--config", self.config,
                              "--listen", "127.0.0.1:0", check=False)

    def end(self, number):
        self.process.send_signal(number)
        code = self.process.wait(WAIT_S)
        self.process = None
        return code

    def kill(self):
        self.end(signal.SIGKILL)

    def stop(self):
        return self.end(signal.SIGTERM)

    def url(self):
        return f"http://{self.listen}"

    def checkpoint_file(self):
        return next(self.data.glob("*.checkpoint"))

    def size(self):
        return int(self.checkpoint_file().read_text().split("\n")[1])


class WitnessedStack(Stack):
    """Two witnesses, the quorum and policy of the ledger's configuration."""

    def __init__(self, folder, quorum, policy):
        super().__init__(folder)
        self.folder.mkdir(parents=True)
        self.make_keys()
        self.witnesses = [Witness(self, "w1"), Witness(self, "w2")]
        for witness in self.witnesses:
            witness.start()
        self.quorum = quorum
        self.officers = 0
        self.configure(policy)

    def configure(self, policy):
        arguments = ["--witness-quorum", self.quorum, "--witness-policy",
                     policy]
        for witness in self.witnesses:
            arguments += ["--witness", f"{witness.vkey} {witness.url()}"]
        self.more_arguments["ledger"] = arguments

    def begin(self):
        self.start("ledger")
        self.make_trust()
        self.start("registry")
        self.write_profiles()
        self.open_registry()

    def ledger_vkeys(self):
        return [self.dataip_json("keys", "show", "--origin", self.origin,
                                 self.key(f"{name}.pem"))["ledger_vkey"]
                for name in ("ledger-ed25519", "ledger-sm2")]

    def stop_all(self):
        super().stop_all()
        for witness in self.witnesses:
            if witness.process is not None:
                witness.kill()

    def make_witnessed_trust(self, quorum, witnesses):
        """A trust file of its own, with these witnesses."""
        path = self.folder / f"trust-{quorum}-{len(witnesses)}.json"
        path.unlink(missing_ok=True)
        arguments = []
        for witness in witnesses:
            arguments += ["--witness", witness.vkey]
        self.run(
            "dataip", "trust", "make", "--origin", self.origin,
            "--ledger-key", self.key("ledger-ed25519.pem"),
            "--ledger-key", self.key("ledger-sm2.pem"),
            "--root-key", self.key("root.pem"),
            "--issuing-ca", self.key("issuing-sm2-ca.pem"),
            "--issuing-ca", self.key("issuing-p256-ca.pem"),
            "--demonstration", "--quorum", quorum, *arguments, "--out", path)
        return path

    def append(self):
        """One more entry, acknowledged."""
        self.officers += 1
        name = f"further-{self.officers}"
        self.run("dataip", "keys", "new", "--algorithm", "ed25519", "--out",
                 self.key(f"{name}.pem"))
        self.dataip("officer", "add", name, "--role", "examiner",
                    "--officer-key", self.key(f"{name}.pem"), profile="root")

    def checkpoint(self):
        return self.dataip("ledger", "checkpoint", profile="auditor").stdout

    def size(self):
        return int(self.checkpoint().split("\n")[1])

    def cosigned_by(self):
        """Names of the witnesses on the newest checkpoint."""
        note = self.checkpoint()
        return [witness.name for witness in self.witnesses
                if f"\n— {witness.name} " in note]

    def wait_for_cosignatures(self, names):
        wait_for(lambda: self.cosigned_by() == names, f"cosigned by {names}")

    def wait_for_size(self, above, names):
        """A checkpoint of more than `above` entries with just these."""
        def there():
            note = self.checkpoint()
            return int(note.split("\n")[1]) > above
        wait_for(there, f"a size above {above}")
        self.wait_for_cosignatures(names)

    def log_text(self, name="ledger"):
        return (self.folder / f"{name}.log").read_text()

    def signed_size(self):
        """What the published file says."""
        path = self.folder / "data/ledger/published"
        return int(path.read_text().split("\n")[1])
