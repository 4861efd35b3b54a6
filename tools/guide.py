"""The guides of docs/guide as something that runs.

A guide is a Markdown page. Its steps are headings of level three,

    ### 步骤 4 · 2023-07-07 09:00 · 开始公示

numbered through all guides of a scenario, with the day and the hour of the
simulated clock (Asia/Shanghai). Command blocks are fences that name who types
them,

    ```sh officers
    dataip review notice 20230000001
    # => 公示至 2023-07-21
    ```

A line is a command; `# => TEXT` behind it is what the reader is to see in what
that command prints, several of them in their order. Other fences are not run.
"""

import dataclasses
import datetime
import os
import pathlib
import re
import subprocess

STEP = re.compile(r"^### 步骤 (\d+) · (\d{4}-\d\d-\d\d \d\d:\d\d) · (.+)$")
FENCE = re.compile(r"^```(\S*)(?: (\S+))?$")
EXPECTED = "# => "


class GuideError(Exception):
    """A guide that does not read, or that does not say the truth."""


@dataclasses.dataclass
class Block:
    """Lines that one role types."""
    place: str  # file and line, for messages
    role: str
    lines: list

    def commands(self):
        """Each with the texts that it is to print."""
        commands = []
        for line in self.lines:
            if line.startswith(EXPECTED):
                if not commands:
                    raise GuideError(f"{self.place}: nothing printed that yet")
                commands[-1][1].append(line[len(EXPECTED):].strip())
            elif line and not line.startswith("#"):
                commands.append((line, []))
        return commands


@dataclasses.dataclass
class Step:
    number: int
    time: str  # RFC 3339
    title: str
    blocks: list


def read(paths):
    """The steps of all guides, in order of number."""
    steps = {}
    for path in paths:
        for step in _steps_of(pathlib.Path(path)):
            if step.number in steps:
                raise GuideError(f"{path}: step {step.number} is there twice")
            steps[step.number] = step
    numbers = sorted(steps)
    if numbers != list(range(1, len(numbers) + 1)):
        raise GuideError(f"steps are not numbered 1, 2, ...: {numbers}")
    ordered = [steps[number] for number in numbers]
    times = [step.time for step in ordered]
    if times != sorted(times):
        raise GuideError("a step is earlier than the one before it")
    return ordered


def _steps_of(path):
    steps = []
    fence = None  # the open one: a Block, or None when it is not run
    inside = False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(),
                                  1):
        if inside:
            if line == "```":
                inside, fence = False, None
            elif fence is not None:
                fence.lines.append(line)
            continue
        opening = FENCE.match(line)
        if opening:
            inside = True
            if opening[1] == "sh" and opening[2]:
                if not steps:
                    raise GuideError(f"{path}:{number}: a block before a step")
                fence = Block(f"{path.name}:{number}", opening[2], [])
                steps[-1].blocks.append(fence)
            continue
        heading = STEP.match(line)
        if heading:
            time = datetime.datetime.strptime(heading[2], "%Y-%m-%d %H:%M")
            shanghai = f"{time:%Y-%m-%dT%H:%M}:00+08:00"
            steps.append(Step(int(heading[1]), shanghai, heading[3], []))
        elif line.startswith("### 步骤"):
            raise GuideError(f"{path}:{number}: no heading of a step: {line}")
    if inside:
        raise GuideError(f"{path}: a fence is not closed")
    return steps


class Runner:
    """Runs steps on an installation (stack.Stack) in one working folder."""

    def __init__(self, stack, bin_folder, work):
        self.stack = stack
        self.work = pathlib.Path(work)
        self.path = f"{bin_folder}:{os.environ.get('PATH', '')}"
        self.now = None

    def run(self, step):
        """Moves the clock to the step and types its blocks."""
        if self.now is None or step.time > self.now:
            self.stack.advance_clock(step.time)
            self.now = step.time
        for block in step.blocks:
            self._type(block)

    def _type(self, block):
        profile = self.stack.profile_path(block.role)
        if not profile.exists():
            raise GuideError(f"{block.place}: nobody is called {block.role}")
        environment = {**self.stack.environment, "PATH": self.path,
                       "DATAIP_PROFILE": str(profile)}
        for command, expected in block.commands():
            done = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", command], cwd=self.work,
                env=environment, text=True, check=False,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT)
            if done.returncode != 0:
                raise GuideError(f"{block.place}: {command}: exit "
                                 f"{done.returncode}\n{done.stdout}")
            _check_printed(block.place, done.stdout, expected)


def _check_printed(place, printed, expected):
    """In their order; a text of Han characters stands as a word of its own."""
    at = 0
    for text in expected:
        word = re.compile(r"(?<![\u4e00-\u9fff])" + re.escape(text) +
                          r"(?![\u4e00-\u9fff])")
        found = word.search(printed, at)
        if found is None:
            raise GuideError(f"{place}: `{text}` was not printed:\n{printed}")
        at = found.end()
