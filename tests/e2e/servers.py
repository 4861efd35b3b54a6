#!/usr/bin/env python3
"""Servers that must not run: a port that is taken, the data of another
ledger, a second registry on the same ledger."""

import json
import shutil
import signal
import socket
import subprocess
import urllib.request

import run
from support import BIN, NO_SERVER, OK, StackTest, han

START_S = 30

# Exit codes of a server that does not run.
FAILED = 1
CONFIGURATION = 2


class Servers(StackTest):

    with_parties = False

    def config(self, name, **changes):
        """A copy of a server's configuration with other values."""
        changes = {"metrics_listen": "", **changes}
        if name == "ledger":
            changes = {"http_listen": "", **changes}
        etc = self.stack.folder / "etc"
        lines = (etc / f"{name}.conf").read_text("utf-8").split("\n")
        kept = [line for line in lines
                if line.split("=")[0].strip() not in changes]
        kept += [f"{key} = {value}" for key, value in changes.items()]
        path = etc / f"{name}-changed.conf"
        path.write_text("\n".join(kept) + "\n", encoding="utf-8")
        return path

    def run_server(self, name, *args, **changes):
        """Runs a server that is expected to end by itself."""
        return subprocess.run(
            [BIN / f"dataip-{name}", "--config", self.config(name, **changes),
             *map(str, args)], capture_output=True, text=True,
            timeout=START_S, check=False)

    def assert_refuses(self, code, done, *parts):
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.assert_bilingual(done.stderr)
        for part in parts:
            self.assertIn(part, done.stderr)

    def second_ledger(self, **changes):
        """As the first one, but for its folder and port."""
        return {"origin": self.stack.origin, "listen": "127.0.0.1:0",
                "data_dir": self.folder / "ledger-2", **changes}

    def test_a_port_that_is_taken(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            done = self.run_server("ledger", **self.second_ledger(
                listen=f"127.0.0.1:{port}"))
            self.assert_refuses(CONFIGURATION, done, str(port))
        # Two servers of ours do not share a port either.
        address = self.stack.addresses["ledger"]
        done = self.run_server("ledger", **self.second_ledger(listen=address))
        self.assert_refuses(CONFIGURATION, done, address.split(":")[1])
        address = self.stack.addresses["registry"]
        done = self.run_server(
            "registry", listen=address, data_dir=self.folder / "registry-port",
            ledger=self.stack.addresses["ledger"])
        self.assert_refuses(CONFIGURATION, done, address.split(":")[1])

    def test_settings_that_are_none(self):
        for changes in ({"listen": "nowhere"}, {"colour": "red"},
                        {"sm2_key": "none.pem"},
                        {"sm2_key": "../keys/ledger-ed25519.pem"},
                        {"origin": ""}):
            with self.subTest(changes=changes):
                self.assert_refuses(CONFIGURATION, self.run_server(
                    "ledger", **self.second_ledger(**changes)))
        self.assert_refuses(CONFIGURATION, self.run_server(
            "registry", clock_key="none.pem"))

    def test_a_data_folder_in_use(self):
        done = self.run_server("ledger", **self.second_ledger(
            data_dir="../data/ledger"))
        self.assert_refuses(FAILED, done)
        done = self.run_server("registry", listen="127.0.0.1:0",
                               ledger=self.stack.addresses["ledger"])
        self.assert_refuses(FAILED, done)

    def test_what_could_not_start_fails_the_check(self):
        data = self.stack.folder / "data"
        cases = [
            ("ledger", "data_dir", data / "registry"),
            ("ledger", "data_dir", "/proc/none"),
            ("ledger", "metrics_listen", "127.0.0.1:7101"),
            ("ledger", "published_file", "none/published"),
            ("ledger", "backup_dir", data / "ledger/backup"),
            ("ledger", "witness_policy", "hold"),
            ("ledger", "tls_key", "none"),
            ("ledger", "ed25519_key", "none"),
            ("ledger", "writer", "two names"),
            ("ledger", "payload_reader", "审计"),
            ("registry", "data_dir", data / "ledger"),
            ("registry", "data_dir", "/proc/none"),
            ("registry", "metrics_listen", "127.0.0.1:7102"),
            ("registry", "clock_key", "none"),
            ("registry", "clock_key", "../keys/issuing-sm2.pem"),
            ("registry", "ledger", "foo"),
            ("registry", "issuing_sm2_key", "none"),
            ("registry", "ledger_tls_ca", "none"),
        ]
        for server, setting, value in cases:
            own_port = "7101" if server == "ledger" else "7102"
            changes = {"listen": f"127.0.0.1:{own_port}", setting: value}
            with self.subTest(server=server, setting=setting):
                done = self.run_server(server, "--check-config", **changes)
                self.assert_refuses(CONFIGURATION, done, setting)

    def test_every_program_helps_and_says_its_version(self):
        for program in ("dataip", "dataip-audit", "dataip-conformance",
                        "dataip-ledger", "dataip-registry", "dataip-witness"):
            for flag in ("--version", "--help", "-h"):
                with self.subTest(program=program, flag=flag):
                    done = self.stack.run(program, flag)
                    self.assertIn(program.split("-")[-1], done.stdout)
                    self.assertEqual(done.stderr, "")
        text = self.stack.run("dataip-ledger", "--help").stdout
        for named in ("backup", "--version", "--check-config", "data_dir"):
            self.assertIn(named, text)
        for flag in ("--help", "-h"):
            text = self.stack.run("dataip-ledger", "backup", flag).stdout
            self.assertIn("restore ID DIR", text)
            self.assertIn("backup_keep", text)
            self.assertNotIn("checkpoint_interval_ms", text)

    def test_others_read_nothing_that_a_server_has_written(self):
        data = self.stack.folder / "data"
        paths = list(data.rglob("*"))
        self.assertGreater(len(paths), 10)
        self.assertEqual([str(path) for path in paths
                          if path.lstat().st_mode & 0o027], [])

    def test_a_key_that_the_registry_was_not_opened_with(self):
        key = self.stack.key("examiner-1.pem")
        done = self.run_server(
            "registry", listen="127.0.0.1:0", data_dir=self.folder / "keyless",
            ledger=self.stack.addresses["ledger"], clock_key=key)
        self.assert_refuses(CONFIGURATION, done, "clock_key", str(key),
                            self.stack.key_id("examiner-1"),
                            self.stack.key_id("clock"))
        # As the other servers: a line of JSON, then English, then Chinese.
        log, english, chinese = done.stderr.splitlines()[-3:]
        self.assertEqual(json.loads(log)["message"], "cannot run")
        for line in (english, chinese):
            self.assertTrue(line.startswith("dataip-registry: "), line)
        self.assertGreater(han(chinese), han(english))

    def test_a_registry_says_that_it_waits(self):
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            done = self.run_server(
                "registry", "--ledger-wait-s", 1, listen="127.0.0.1:0",
                data_dir=self.folder / "waiting",
                ledger=f"127.0.0.1:{nobody.getsockname()[1]}")
        self.assert_refuses(FAILED, done, "no ledger answers")
        self.assertEqual(json.loads(done.stderr.splitlines()[0])["message"],
                         "waiting for the ledger")

    def test_the_data_of_another_ledger(self):
        copy = self.folder / "copied-ledger"
        self.stack.stop("ledger")
        shutil.copytree(self.stack.folder / "data/ledger", copy)
        self.stack.start("ledger")
        self.serves_again()
        done = self.run_server("ledger", **self.second_ledger(
            data_dir=copy, origin="ledger.example/another"))
        self.assert_refuses(CONFIGURATION, done, "ledger.example/another")
        # Without the file that remembers what was published.
        (copy / "published").unlink()
        self.assert_refuses(FAILED, self.run_server(
            "ledger", **self.second_ledger(data_dir=copy)), "published")

    def test_a_registry_moved_to_another_ledger(self):
        ledger = self.start_ledger("ledger.example/moved")
        copy = self.folder / "copied-registry"
        self.stack.stop("registry")
        shutil.copytree(self.stack.folder / "data/registry", copy)
        self.stack.start("registry")
        done = self.run_server("registry", listen="127.0.0.1:0",
                               data_dir=copy, ledger=ledger)
        self.assert_refuses(FAILED, done, "belongs to another ledger")

    def start_ledger(self, origin):
        """Another ledger that runs until the test ends; its address."""
        port_file = self.folder / "moved.port"
        path = self.config("ledger", origin=origin, listen="127.0.0.1:0",
                           data_dir=self.folder / "moved-ledger")
        process = subprocess.Popen(
            [BIN / "dataip-ledger", "--config", path, "--port-file",
             port_file], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True)
        self.addCleanup(process.wait)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.kill)
        # It says where it listens once it does.
        for line in process.stdout:
            if "listening on" in line:
                return line.split("listening on", 1)[1].strip()
        raise AssertionError("the second ledger does not listen")

    def start_registry(self, **changes):
        path = self.config("registry", ledger=self.stack.addresses["ledger"],
                           listen="127.0.0.1:0", **changes)
        process = subprocess.Popen(
            [BIN / "dataip-registry", "--config", path],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(process.wait)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.kill)
        for line in process.stdout:
            if "listening on" in line:
                return process, line.split("listening on", 1)[1].strip()
        raise AssertionError("the second registry does not listen")

    def advance(self, minute, *flags):
        """A command; the clock moves on by minutes."""
        return self.dataip("clock", "advance", "--to",
                           f"2024-06-20T10:{minute:02}:00+08:00", *flags,
                           profile="root")

    def serves_again(self):
        """Asks until the registry has found its ledger again."""
        for _ in range(100):
            done = self.dataip("registry", "show", profile="root")
            if done.returncode == OK:
                return
        self.fail(done.stderr)

    def metrics(self, server):
        """What it measures: name with labels -> value."""
        address = self.stack.addresses[f"{server}-metrics"]
        with urllib.request.urlopen(f"http://{address}/metrics",
                                    timeout=START_S) as answer:
            self.assertEqual(answer.headers["Content-Type"],
                             "text/plain; version=0.0.4; charset=utf-8")
            lines = answer.read().decode().splitlines()
        return {name: float(value) for name, value in (
            line.rsplit(" ", 1) for line in lines if not line.startswith("#"))}

    def test_a_registry_measures_its_commands(self):
        # Another one may have fenced it.
        self.stack.stop("registry")
        self.stack.start("registry")
        self.assert_exit(OK, self.advance(0))
        self.assertNotEqual(self.advance(0).returncode, OK)
        after = self.metrics("registry")
        outcome = 'dataip_registry_commands_total{{outcome="{}"}}'.format
        self.assertEqual(after[outcome("RECORDED")], 1)
        self.assertEqual(after[outcome("INVALID_FIELD")], 1)
        self.assertEqual(after["dataip_registry_halted"], 0)
        self.assertEqual(after["dataip_registry_queued_commands"], 0)
        self.assertEqual(after["dataip_registry_entries_behind"], 0)
        self.assertEqual(after["dataip_registry_erasures_waiting"], 0)
        self.assertGreater(after["dataip_registry_seal_age_seconds"], 0)
        self.assertGreaterEqual(self.metrics("ledger")["dataip_ledger_size"],
                                after["dataip_registry_entries"])

    def test_a_second_registry_fences_the_first(self):
        self.assert_exit(OK, self.advance(1))
        process, address = self.start_registry(
            data_dir=self.folder / "registry-2")
        # The second one has read the whole ledger and writes.
        self.assert_exit(OK, self.advance(2, "--server", address))
        # The first one notices at its next command, and then stays silent.
        for minute in (3, 4):
            done = self.advance(minute, "--timeout", "1s")
            self.assert_refused(NO_SERVER, done)
        self.assert_exit(OK, self.advance(5, "--server", address))
        # Stopped and started it takes the ledger back.
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(START_S), 0)
        self.stack.stop("registry")
        self.stack.start("registry")
        self.assert_exit(OK, self.advance(6))


if __name__ == "__main__":
    run.main()
