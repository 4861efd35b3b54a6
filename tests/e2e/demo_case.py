"""The demonstration under another year's clock: run once, by whichever test
needs it first."""

import atexit
import functools
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from support import BIN, ROOT, E2eTest, at_time, read_json

DEMO_TIME = "2028-03-01 12:00:00"
A_WEEK_LATER = "2028-03-09 12:00:00"


@functools.cache
def demonstration():
    """Runs it; the folder of its results."""
    out = pathlib.Path(tempfile.mkdtemp(prefix="dataip-demo-"))
    atexit.register(shutil.rmtree, out, ignore_errors=True)
    done = subprocess.run(
        [sys.executable, ROOT / "tools/demo", "--out", out / "demo",
         "--faketime", DEMO_TIME], capture_output=True, text=True,
        check=False)
    if done.returncode != 0:
        raise RuntimeError(f"demo: exit {done.returncode}\n{done.stdout}"
                           f"{done.stderr}")
    return out / "demo"


class DemoTest(E2eTest):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.demo = demonstration()
        cls.trust = cls.demo / "trust.json"
        cls.bundles = sorted((cls.demo / "certificates").glob("*.bundle"))

    def run_at(self, time, program, *args):
        clock = at_time(time) if time else {}
        return subprocess.run([BIN / program, *map(str, args)],
                              env={**os.environ, **clock},
                              capture_output=True, text=True, check=False)

    def verify(self, bundle, *args, time=None, trust=None):
        return self.run_at(time, "dataip", "verify", bundle, "--trust",
                           trust or self.trust, *args)

    def changed(self, name, content):
        path = pathlib.Path(tempfile.mkdtemp(dir=self.folder)) / name
        if isinstance(content, str):
            content = content.encode("utf-8")
        path.write_bytes(content)
        return path

    def changed_trust(self, **changes):
        trust = read_json(self.trust)
        trust.update(changes)
        return self.changed("trust.json", json.dumps(trust))


def first_file(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())[0]


def flipped(text):
    return ("1" if text[0] == "0" else "0") + text[1:]
