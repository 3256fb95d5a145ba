"""Puts outcomes into words: the Markdown table, the machine, the file between its markers."""
from __future__ import annotations

import datetime
import os
import pathlib
import platform
import re
import subprocess
import tempfile

BEGIN, END = "<!-- bench:begin -->", "<!-- bench:end -->"
STOCK, OWN = "ansible-core", "nafal"


def seconds(value: float | None) -> str:
    if value is None:
        return "–"
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if value >= size or unit == "µs":
            shown = value / size
            return f"{shown:.0f} {unit}" if shown >= 100 else f"{shown:.1f} {unit}" if shown >= 10 else f"{shown:.2f} {unit}"
    return "–"


def memory(value: float | None) -> str:
    return "–" if value is None else f"{value / 1e6:.0f} MB"


def ratio(outcome) -> str:
    stock, own = outcome.cost(STOCK), outcome.cost(OWN)
    if not stock or not own or not outcome.comparable():
        return "–"
    times = stock / own
    return f"{times:.0f}×" if times >= 10 else f"{times:.1f}×"


def runs(outcome) -> str:
    return " / ".join(str(len(outcome.runs.get(side, []))) for side in (STOCK, OWN))


def whole_line(outcome) -> str:
    cells = [outcome.row.title]
    for side in (STOCK, OWN):
        cells.append(seconds(outcome.cost(side)))
    cells.append(f"**{ratio(outcome)}**")
    for what, shape in (("cpu", seconds), ("peak", memory)):
        cells += [shape(outcome.median(side, what)) for side in (STOCK, OWN)]
    cells += [runs(outcome), "; ".join(outcome.trouble + outcome.remarks).replace("|", "\\|")]
    return "| " + " | ".join(cells) + " |"


def scaling_line(outcome) -> str:
    cells = [outcome.row.title, seconds(outcome.cost(STOCK)), seconds(outcome.cost(OWN)), f"**{ratio(outcome)}**",
             memory(outcome.median(STOCK, "peak")), memory(outcome.median(OWN, "peak")), runs(outcome),
             "; ".join(outcome.trouble + outcome.remarks).replace("|", "\\|")]
    return "| " + " | ".join(cells) + " |"


def first_line(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
        return (done.stdout or done.stderr).splitlines()[0].strip()
    except (OSError, IndexError, subprocess.TimeoutExpired):
        return "unknown"


def machine(sides) -> list[str]:
    cpu = next(iter(re.findall(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.M)), platform.machine())
    total = int(re.search(r"MemTotal:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text())[1]) * 1024
    system = platform.freedesktop_os_release().get("PRETTY_NAME", "Linux")
    lines = [f"- {cpu}, {len(os.sched_getaffinity(0))} cores, {total / 1e9:.0f} GB, {system}, kernel {platform.release()}, "
             f"{datetime.date.today().isoformat()}"]
    for side in sides:
        version = first_line([*side.command("playbook"), "--version"])
        if side.reference:
            version += f", {first_line([str(side.reference / 'bin' / 'python'), '--version'])}"
        lines.append(f"- {side.name}: {version}")
    ssh = first_line(["ssh", "-V"])
    return [*lines, f"- {ssh}"]


def document(outcomes, sides) -> str:
    whole = [o for o in outcomes if not o.row.per]
    scaling = [o for o in outcomes if o.row.per]
    lines = ["Whole processes, medians; CPU is user and system time of the process with all it waited for, memory the peak of the largest "
             "process among them (not below some 19 MB, the bench's own, which a child inherits). The two sides took turns. A row whose exit codes or recaps differ says so.", "", *machine(sides), ""]
    if whole:
        lines += ["| work | ansible-core | nafal | ratio | CPU ansible-core | CPU nafal | memory ansible-core | memory nafal | runs | |",
                  "|---|--:|--:|--:|--:|--:|--:|--:|--:|---|", *(whole_line(o) for o in whole), ""]
    if scaling:
        lines += ["What one more task costs (the difference of two plays, by the number of host-tasks between them):", "",
                  "| cost of | ansible-core | nafal | ratio | memory ansible-core | memory nafal | runs | |",
                  "|---|--:|--:|--:|--:|--:|--:|---|", *(scaling_line(o) for o in scaling), ""]
    return "\n".join(lines)


def progress(outcome) -> str:
    trouble = f" !! {'; '.join(outcome.trouble)}" if outcome.trouble else ""
    return f"{outcome.row.name:16} {seconds(outcome.cost(STOCK)):>10} {seconds(outcome.cost(OWN)):>10} {ratio(outcome):>8}{trouble}"


def raw(outcomes) -> list[dict]:
    def shown(table):
        return {side: [{"wall": r.wall, "cpu": r.cpu, "peak": r.peak, "code": r.code} for r in list_] for side, list_ in table.items()}
    return [{"name": o.row.name, "runs": shown(o.runs), "base": shown(o.base), "trouble": o.trouble} for o in outcomes]


def with_old_rows(old: str, new: str) -> str:
    """The old document with the lines of the rows that were measured now; for `--only`."""
    lines = {line.split("|")[1]: line for line in new.splitlines() if line.startswith("| ")}
    kept = [line for line in old.strip("\n").splitlines() if not line.startswith("- ")]
    known = {line.split("|")[1] for line in kept if line.startswith("| ")}
    if set(lines) - known:
        raise SystemExit(f"rows that the document doesn't have yet: {', '.join(set(lines) - known)}; run all of them once")
    machine = [line for line in new.splitlines() if line.startswith("- ")]
    merged = [lines.get(line.split("|")[1], line) if line.startswith("| ") else line for line in kept]
    return "\n".join([*merged[:2], *machine, *merged[2:], ""])


def write_into(path: pathlib.Path, text: str, part: bool) -> None:
    """Only what stands between the markers changes; without markers they are added at the end."""
    old = path.read_text() if path.exists() else "# Benchmarks\n\n`tests/bench/run --write docs/benchmarks.md` writes what follows.\n"
    if BEGIN not in old or END not in old:
        old = f"{old.rstrip()}\n\n{BEGIN}\n{END}\n"
    before, rest = old.split(BEGIN, 1)
    former, after = rest.split(END, 1)
    text = with_old_rows(former, text) if part else text
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as new:
        new.write(f"{before}{BEGIN}\n{text}\n{END}{after}")
    os.chmod(new.name, 0o644)
    os.replace(new.name, path)
