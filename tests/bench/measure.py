"""Runs one process and says what it cost; runs a row with both sides taking turns."""
from __future__ import annotations

import dataclasses
import hashlib
import os
import pathlib
import re
import shutil
import signal
import statistics
import subprocess
import threading
import time
from typing import Callable

import rows

# Pairs of runs that nafal does in each turn of a row that is a difference.
PAIRS = 7

RECAP = re.compile(r"^(\S+)\s+: ok=(\d+)\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)\s+skipped=(\d+)", re.M)


@dataclasses.dataclass(frozen=True)
class Side:
    name: str
    command: Callable[[str], list[str]]     # by the name of the tool: playbook, inventory
    reference: pathlib.Path | None


@dataclasses.dataclass
class Run:
    wall: float
    cpu: float
    peak: int           # bytes; of the largest process of the tree
    code: int
    recap: dict
    output: str         # its digest, without the folder's own name


@dataclasses.dataclass
class Outcome:
    row: "rows.Row"
    runs: dict[str, list[Run]] = dataclasses.field(default_factory=dict)
    base: dict[str, list[Run]] = dataclasses.field(default_factory=dict)
    trouble: list[str] = dataclasses.field(default_factory=list)
    remarks: list[str] = dataclasses.field(default_factory=list)

    def median(self, side: str, what: str) -> float | None:
        runs = self.runs.get(side)
        return statistics.median(getattr(run, what) for run in runs) if runs else None

    def comparable(self) -> bool:
        """A side that failed, or did something else, was neither faster nor slower."""
        return not self.trouble

    def cost(self, side: str) -> float | None:
        """Seconds: of the whole, or of one task where the row is a difference of two plays."""
        if not self.row.per:
            return self.median(side, "wall")
        if not self.runs.get(side) or not self.base.get(side):
            return None
        # Each pair ran one after the other, so what slows the machine for a while slows both of them.
        pairs = zip(self.runs[side], self.base[side])
        return max(statistics.median(run.wall - base.wall for run, base in pairs), 0.0) / self.row.per


def configuration(row: "rows.Row", work: "rows.Work", control: pathlib.Path) -> str:
    # ssh_args are each side's own.
    ssh = "-o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no -o LogLevel=ERROR"
    return (f"[defaults]\ninventory = inventory\nforks = {row.forks}\nhost_key_checking = False\nretry_files_enabled = False\n"
            f"local_tmp = {work.folder}/tmp\n[ssh_connection]\nssh_common_args = {ssh}\ncontrol_path_dir = {control}\n")


def environment(work: "rows.Work", home: pathlib.Path, reference: pathlib.Path | None) -> dict:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("ANSIBLE_", "NAFAL", "XDG_", "PYTHON"))}
    kept.update(HOME=str(home), ANSIBLE_CONFIG=str(work.folder / "ansible.cfg"), LC_ALL="C.UTF-8", LANG="C.UTF-8")
    # Modules in Python import the same ansible-core on both sides.
    packages = next(reference.glob("lib/python*/site-packages"), None) if reference else None
    if packages:
        kept.update(NAFAL_ANSIBLE_CORE=str(packages))
    return kept


def process(command: list[str], folder: pathlib.Path, variables: dict, timeout: float) -> Run:
    """One process from start to exit. Its output goes to a file: nobody waits for a reader."""
    said = folder / "output"
    with said.open("wb") as out:
        started = time.perf_counter()
        child = subprocess.Popen(command, cwd=folder, env=variables, stdin=subprocess.DEVNULL, stdout=out,
                                 stderr=subprocess.STDOUT, start_new_session=True)
        timer = threading.Timer(timeout, lambda: os.killpg(child.pid, signal.SIGKILL))
        timer.start()
        try:
            _, status, usage = os.wait4(child.pid, 0)
        except BaseException:
            # Interrupted: nothing that was started stays behind.
            os.killpg(child.pid, signal.SIGKILL)
            raise
        finally:
            timer.cancel()
        wall = time.perf_counter() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    text = re.sub(r"\x1b\[[0-9;]*m", "", said.read_text(errors="replace"))
    recap = {match[0]: match[1:] for match in RECAP.findall(text)}
    output = hashlib.sha256(text.replace(str(folder), "").encode()).hexdigest()
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, child.returncode, recap, output)


class Bench:
    """A row on one side: its own copy of the work, its own home folder."""

    def __init__(self, row, side: Side, folder: pathlib.Path, servers, options):
        self.row, self.side, self.servers, self.options = row, side, servers, options
        short = {"ansible-core": "a", "nafal": "n"}[side.name]
        self.control = folder / f"c{short}"
        self.home = folder / f"home-{short}"
        self.home.mkdir(exist_ok=True)
        self.work = rows.Work(folder / f"{row.name}-{short}", servers)
        row.write(self.work)
        self.work.file("ansible.cfg", configuration(row, self.work, self.control))
        self.variables = environment(self.work, self.home, options.reference)

    def once(self, book: str) -> Run:
        shutil.rmtree(self.work.out, ignore_errors=True)
        self.work.out.mkdir()
        if self.row.needs_ssh and not self.row.warm:
            self.servers.drop_connections()
            shutil.rmtree(self.control, ignore_errors=True)
        arguments = self.row.arguments or ("-i", "inventory", book)
        return process([*self.side.command(self.row.tool), *arguments], self.work.folder, self.variables, self.options.timeout)

    def output(self) -> str:
        return (self.work.folder / "output").read_text(errors="replace")


def row(what: "rows.Row", sides: list[Side], folder: pathlib.Path, servers, count: int, options) -> Outcome:
    outcome = Outcome(what)
    if what.needs_ssh:
        problem = servers.start()
        if problem:
            outcome.trouble.append(problem)
            return outcome
    if what.own_only and not options.all:
        sides = [side for side in sides if not side.reference]
        outcome.remarks.append("ansible-core not run (`--all` does)")
    benches = [Bench(what, side, folder, servers, options) for side in sides]
    if what.smallest:
        count = max(count * 4, 5)
    if what.warm or what.smallest:
        for bench in benches:
            bench.once("play.yml")
    for turn in range(count):
        for bench in benches:
            # A difference of two runs of milliseconds is lost in the noise of the machine: more of them.
            for _ in range(PAIRS if what.per and not bench.side.reference else 1):
                take_turn(bench, outcome, turn)
    outcome.trouble += differences(outcome)
    for bench in benches:
        shutil.rmtree(bench.work.folder, ignore_errors=bool(options.keep)) if not options.keep else None
    if what.needs_ssh:
        servers.drop_connections()
    return outcome


def take_turn(bench: Bench, outcome: Outcome, turn: int) -> None:
    name = bench.side.name
    runs = outcome.runs.setdefault(name, [])
    if turn and (not runs or runs[0].code != 0 or runs[0].wall > bench.options.slow):
        return
    if outcome.row.per:
        outcome.base.setdefault(name, []).append(dataclasses.replace(bench.once("base.yml"), recap={}))
    run = bench.once("play.yml")
    # Recaps of ten thousand hosts, kept for every run, made this process large; and a child's peak is never below
    # what its parent had when it started it.
    runs.append(run if not runs else dataclasses.replace(run, recap={}))
    if run.code != 0 and not turn:
        tail = " / ".join(line for line in bench.output().splitlines()[-6:] if line.strip())
        outcome.trouble.append(f"{name} ends with {run.code}: {tail[-400:]}")


def differences(outcome: Outcome) -> list[str]:
    """Speed counts only when both did the same: exit codes, and the recap of every host."""
    firsts = {name: runs[0] for name, runs in outcome.runs.items() if runs}
    if len(firsts) < 2:
        return []
    (one, first), (two, second) = firsts.items()
    if first.code != second.code:
        return [f"exit codes differ: {one} {first.code}, {two} {second.code}"]
    if outcome.row.same_output and first.output != second.output:
        return ["what they print differs"]
    hosts = sorted(set(first.recap) | set(second.recap))
    unlike = [host for host in hosts if first.recap.get(host) != second.recap.get(host)]
    if unlike:
        host = unlike[0]
        return [f"recaps differ for {len(unlike)} hosts, as {host}: {one} {first.recap.get(host)}, {two} {second.recap.get(host)}"]
    return []
