"""docs/OPERATIONS.md does what it says: its command lines are run.

Every fence that begins with ```console is run, in the order of the page, by
one shell: lines that begin with `$ ` (and those after a line that ends with a
backslash) are commands, the others show what may be printed and are not
compared. A command that fails fails the test. A fence ```console fails is
one whose last command has to fail. Other fences (```sh, ```ini) are for
readers only.

What page and samples have a server write must lie where its unit lets it.

The page speaks of a real machine. Here its folders lie in a scratch folder,
its ports are free ones, and `systemctl` is a stand-in that starts and stops
the real programs as the units of deploy/systemd do, readiness included:

    /etc/dataip  /var/lib  /srv  ->  $WORK/...
    127.0.0.1:7101 and the other ports of deploy/*.conf  ->  free ones
    The page is typed in $WORK/sources: deploy/ and tests/ of this tree
"""

import os
import pathlib
import random
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent
                       / "tools"))
import stack as stack_module  # noqa: E402

ROOT = stack_module.ROOT
PAGE = ROOT / "docs/OPERATIONS.md"
PORTS = [7101, 7102, 7103, 7111, 7112, 7113, 7114]
FOLDERS = ["/etc/dataip", "/var/lib", "/srv"]
READY_S = 20
STOP_S = 20
RUN_S = 100
FENCE = re.compile(r"^```console( fails)?\n(.*?)^```$", re.M | re.S)

# Settings that name what a server writes.
WRITTEN = re.compile(r"(?:data_dir|published_file|backup_dir|port_file) = "
                     r"(/[^\s']+)")


def commands_of(fence):
    """The command lines of a fence, continued ones joined as they are."""
    commands, open_line = [], False
    for line in fence.splitlines():
        if open_line:
            commands[-1] += "\n" + line
        elif line.startswith("$ "):
            commands.append(line[2:])
        else:
            continue
        open_line = commands[-1].endswith("\\")
    return commands


def script_of(page):
    """The page's commands as one shell script."""
    lines = ["set -euo pipefail"]
    for found in FENCE.finditer(page):
        commands = commands_of(found.group(2))
        if not commands:
            raise SystemExit(f"a fence without a command:\n{found.group(0)}")
        for at, command in enumerate(commands):
            fails = found.group(1) and at == len(commands) - 1
            shown = command.replace("'", "'\\''")
            lines.append(f"printf '%s\\n' '$ {shown}' >&2")
            lines.append(f"if {command}\nthen echo 'this should have failed' "
                         ">&2; exit 1; fi" if fails else command)
    return "\n".join(lines) + "\n"


def written_by_servers(page):
    """(server, path) of all that page and deploy/*.conf have servers write."""
    for row in re.finditer(r"^\| `(/\S+?)/?` \|.*\| dataip-(\w+) \|$", page,
                           re.M):
        yield row.group(2), row.group(1)
    for found in FENCE.finditer(page):
        for command in commands_of(found.group(2)):
            config = re.search(r">\s*/etc/dataip/(\w+)\.conf$", command)
            for setting in WRITTEN.finditer(command) if config else []:
                yield config.group(1), setting.group(1)
    for config in (ROOT / "deploy").glob("*.conf"):
        text = config.read_text().replace("../data/", "/var/lib/dataip-")
        for setting in WRITTEN.finditer(text):
            yield config.stem, setting.group(1)


def not_writable(page):
    """What a server would write that its unit does not let it write."""
    wrong = []
    for server, path in written_by_servers(page):
        unit = (ROOT / f"deploy/systemd/dataip-{server}.service").read_text()
        folders = [f"/var/lib/{name}" for line in
                   re.findall(r"^StateDirectory=(.*)$", unit, re.M)
                   for name in line.split()]
        folders += [name for line in
                    re.findall(r"^ReadWritePaths=(.*)$", unit, re.M)
                    for name in line.split()]
        if not any(path == folder or path.startswith(folder + "/")
                   for folder in folders):
            wrong.append(f"dataip-{server}.service may not write {path}")
    return wrong


def check_writable(page):
    planted = page.replace("backup_dir = /var/lib/dataip-backups",
                           "backup_dir = /var/backups/dataip")
    if planted == page or len(not_writable(planted)) != 1:
        raise SystemExit("a backup_dir out of reach was not found")
    if wrong := not_writable(page):
        raise SystemExit("\n".join(wrong))


def free_ports(count):
    """Free ones below those that the system gives to others meanwhile."""
    ports = []
    while len(ports) < count:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as trial:
            if port not in ports and trial.connect_ex(("127.0.0.1", port)):
                ports.append(port)
    return ports


class Machine:
    """The scratch folder that stands for a machine."""

    def __init__(self, work):
        self.work = pathlib.Path(work)
        self.ports = dict(zip(PORTS, free_ports(len(PORTS))))

    def here(self, text):
        """Folders and ports of the page as they are on this machine."""
        for folder in FOLDERS:
            text = re.sub(rf"(?<![\w.]){folder}(?=[/\s\"':]|$)",
                          str(self.work) + folder, text, flags=re.M)
        for port, free in self.ports.items():
            text = text.replace(f"127.0.0.1:{port}", f"127.0.0.1:{free}")
        return text

    def prepare(self):
        """An empty machine, and the folder of the sources."""
        for folder in FOLDERS:
            (self.work / folder[1:]).mkdir(parents=True)
        sources = self.work / "sources"
        (sources / "deploy").mkdir(parents=True)
        for sample in (ROOT / "deploy").glob("*.conf"):
            (sources / "deploy" / sample.name).write_text(
                self.here(sample.read_text()))
        (sources / "deploy/tables").symlink_to(ROOT / "deploy/tables")
        (sources / "tests").symlink_to(ROOT / "tests")

    def environment(self):
        stand_in = self.work / "bin"
        stand_in.mkdir()
        systemctl = stand_in / "systemctl"
        systemctl.write_text(
            f"#!/bin/sh\nexec {sys.executable} {__file__} --systemctl "
            f"{self.work} \"$@\"\n")
        systemctl.chmod(0o755)
        inherited = {name: value for name, value in os.environ.items()
                     if not name.startswith("DATAIP_")}
        return {**inherited, "WORK": str(self.work),
                "PATH": f"{stand_in}:{stack_module.BIN}:{os.environ['PATH']}"}

    def run(self):
        script = self.here(script_of(PAGE.read_text()))
        done = subprocess.run(["bash", "-c", script], cwd=self.work / "sources",
                              env=self.environment(), text=True,
                              capture_output=True, timeout=RUN_S, check=False)
        if done.returncode != 0:
            logs = "".join(log.read_text()[-2000:]
                           for log in self.work.glob("run/*.log"))
            print(f"{done.stdout}\n{done.stderr}\n{logs}", file=sys.stderr)
        return done.returncode

    def stop_all(self):
        for unit in (self.work / "run").glob("*.pid"):
            systemctl(self.work, "stop", unit.stem)


def systemctl(work, verb, unit):
    """start, stop, restart, is-active of dataip-NAME."""
    run = pathlib.Path(work) / "run"
    run.mkdir(exist_ok=True)
    unit = unit.removesuffix(".service")
    pid_file = run / f"{unit}.pid"
    if verb in ("stop", "restart") and pid_file.exists():
        pid = int(pid_file.read_text())
        os.kill(pid, signal.SIGTERM)
        descriptor = os.pidfd_open(pid)
        ended = socket_ready(descriptor, STOP_S)
        os.close(descriptor)
        pid_file.unlink()
        if not ended:
            return 1
    if verb == "start" and pid_file.exists():
        return 0
    if verb in ("start", "restart"):
        return start(run, unit, pathlib.Path(work) / "etc/dataip"
                     / f"{unit.removeprefix('dataip-')}.conf")
    if verb == "is-active":
        return 0 if pid_file.exists() else 3
    return 0


def socket_ready(descriptor, patience_s):
    return bool(select.select([descriptor], [], [], patience_s)[0])


def start(run, unit, config):
    """As Type=notify: returns when the program has said READY=1."""
    path = run / f"{unit}.notify"
    path.unlink(missing_ok=True)
    notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    notify.bind(str(path))
    with open(run / f"{unit}.log", "ab") as log:
        process = subprocess.Popen(
            [unit, "--config", str(config)], stdin=subprocess.DEVNULL,
            stdout=log, stderr=log, start_new_session=True,
            env={**os.environ, "NOTIFY_SOCKET": str(path)})
    ended = os.pidfd_open(process.pid)
    ready = select.select([notify, ended], [], [], READY_S)[0]
    if notify in ready and b"READY=1" in notify.recv(4096):
        (run / f"{unit}.pid").write_text(str(process.pid))
        return 0
    process.kill()
    print(f"{unit} did not get ready:\n"
          f"{(run / f'{unit}.log').read_text()[-2000:]}", file=sys.stderr)
    return 1


def main():
    if sys.argv[1:2] == ["--systemctl"]:
        return systemctl(*sys.argv[2:5])
    check_writable(PAGE.read_text())
    with tempfile.TemporaryDirectory() as work:
        machine = Machine(work)
        machine.prepare()
        try:
            return machine.run()
        finally:
            machine.stop_all()


if __name__ == "__main__":
    sys.exit(main())
