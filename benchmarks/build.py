"""Measure builds: ours against papermill and nbconvert, and against the CPU floor of the cells.

Run ``python benchmarks/build.py --scale 1 10 100 1000 --own --write`` on a machine with nothing
else to do (about forty minutes; ``--rounds 1`` for a look). Methods take turns, so that a slow
minute slows all of them; each is a whole process, cold, with nothing kept. Ratios are what to
compare: seconds depend on the machine. CPU seconds repeat within some per cent even on a busy
one. ``--write`` puts tables and charts into ``docs/``.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import psutil
from build_inside import CORES, ROOT, SETS, Report, warm
from spending import cpu_of_children

DOCS = ROOT / "docs"
INSIDE = ROOT / "benchmarks" / "build_inside.py"
OURS = "this press"
FLOORS = {"CPU floor": ["--stock"], "CPU floor, Altair’s table kept": []}
# Between two looks at the memory of a build.
BEAT = 0.2


class Method(NamedTuple):
    """A way to build reports; one whose cost is the same for each is measured with few."""

    run: Callable[[Path, str, int], None]
    most: int = 1_000


def plan(folder: Path, reports: list[Report], modules: list[str]) -> Path:
    """Write an edition list."""
    editions = [
        {
            "notebook": str(path),
            "slug": f"{path.stem}-{number}",
            "title": path.stem.title(),
            "parameters": parameters,
        }
        for number, (path, parameters) in enumerate(reports)
    ]
    inputs = [str(ROOT / "data")]
    content = {"site": {"title": "B"}, "warm": modules, "inputs": inputs, "editions": editions}
    target = folder / "editions.yml"
    target.write_text(json.dumps(content))
    return target


def press(folder: Path, reports: list[Report], kind: str) -> list[object]:
    """The command that builds reports by our press, with nothing kept from before."""
    listed = plan(folder, reports, warm(kind))
    words = ["build", "--editions", listed, "--site", folder / "site", "--quiet"]
    return [sys.executable, "-m", "mss_analysis.cli", *words]


def build_ours(folder: Path, kind: str, sets: int) -> None:
    """One `mss build`."""
    run(press(folder, SETS[kind](sets), kind))


def loop_commands(folder: Path, kind: str, sets: int) -> None:
    """What a shell loop does: `papermill`, then `jupyter nbconvert`, for each report."""
    for number, (path, parameters) in enumerate(SETS[kind](sets)):
        given = [word for item in parameters.items() for word in ("-p", item[0], str(item[1]))]
        executed = folder / f"{number}.ipynb"
        words = [path, executed, "--cwd", path.parent, "--no-progress-bar", *given]
        run([sys.executable, "-m", "papermill", *words])
        run([sys.executable, "-m", "nbconvert", "--to", "html", executed])


def pool_api(folder: Path, kind: str, sets: int) -> None:
    """Papermill's and nbconvert's Python API in a pool of processes."""
    run(inside("pool", kind, sets, "--folder", folder))


def jupyter_book(folder: Path, kind: str, sets: int) -> None:
    """Jupyter Book 1, executing what papermill has parameterized; serial by nature."""
    run(inside("book", kind, sets, "--folder", folder / "book"))
    run(["jupyter-book", "build", folder / "book"])


METHODS = {
    OURS: Method(build_ours),
    "papermill API, process pool": Method(pool_api),
    "papermill + nbconvert commands": Method(loop_commands, most=1),
    "Jupyter Book": Method(jupyter_book),
}


def inside(what: str, kind: str, sets: int, *words: object) -> list[object]:
    """The command for something of `build_inside.py`."""
    return [sys.executable, INSIDE, what, "--kind", kind, "--sets", sets, *words]


def run(command: list[object]) -> str:
    """Run a command to its end, quietly; returns what it printed."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, env=environment
    )
    if done.returncode:
        sys.exit(f"{command}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def measure(method: Method, kind: str, sets: int) -> tuple[float, float]:
    """Wall and CPU seconds of a method, children and grandchildren included."""
    with tempfile.TemporaryDirectory(prefix="mss-benchmark-") as name:
        before, began = cpu_of_children(), time.perf_counter()
        method.run(Path(name), kind, sets)
        return time.perf_counter() - began, cpu_of_children() - before


def compare(methods: list[str], kind: str, sets: int, rounds: int) -> list[dict[str, object]]:
    """Measure methods in turn; medians for all reports, and how many times ours each takes."""
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name in [*methods, *FLOORS]}
    for number in range(rounds):
        for name in methods:
            few = min(sets, METHODS[name].most)
            wall, cpu = measure(METHODS[name], kind, few)
            seen[name].append((wall * sets / few, cpu * sets / few))
            print(f"{kind}, round {number + 1}: {name}: {wall:.1f} s", file=sys.stderr)
        for name, words in FLOORS.items():
            cells = float(run(inside("floor", kind, sets, *words)))
            seen[name].append((cells / CORES, cells))
    rows = []
    for name, pairs in seen.items():
        wall, cpu = (statistics.median(values) for values in zip(*pairs, strict=True))
        few = min(sets, METHODS[name].most) if name in METHODS else sets
        counted = len(SETS[kind](few))
        rows.append({"method": name, "wall": wall, "cpu": cpu, "measured": counted})
    ours = next(row for row in rows if row["method"] == OURS)
    for row in rows:
        row["times"] = row["wall"] / ours["wall"]
        row["cpu times"] = row["cpu"] / ours["cpu"]
    return rows


def scale(numbers: list[int]) -> list[dict[str, float]]:
    """What builds of more and more editions cost, in seconds and in memory."""
    rows = []
    for number in numbers:
        with tempfile.TemporaryDirectory(prefix="mss-benchmark-") as name:
            reports = SETS["light"](-(-number // 4))[:number]
            command = [str(word) for word in press(Path(name), reports, "light")]
            before, began = cpu_of_children(), time.perf_counter()
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
            watched = _Memory(process.pid)
            if process.wait():
                sys.exit(f"{number} editions could not be built")
            wall, cpu = time.perf_counter() - began, cpu_of_children() - before
        rows.append({"editions": number, "wall": wall, "cpu": cpu, **watched.peaks()})
        print(f"{number} editions: {wall:.1f} s", file=sys.stderr)
    return rows


class _Memory(threading.Thread):
    """Looks at the memory of a build's processes while it runs, in megabytes."""

    def __init__(self, driver: int) -> None:
        super().__init__(daemon=True)
        self.driver = psutil.Process(driver)
        self.most = {"driver": 0.0, "child": 0.0, "all": 0.0}
        self.start()

    def run(self) -> None:
        """Look until the driver has ended."""
        while self.driver.is_running() and self.driver.status() != psutil.STATUS_ZOMBIE:
            try:
                whole = self._look()
                self.most = {name: max(self.most[name], whole[name]) for name in whole}
            except psutil.Error:
                # A child ended while it was looked at.
                pass
            time.sleep(BEAT)

    def _look(self) -> dict[str, float]:
        children = self.driver.children(recursive=True)
        # Shared pages count once: in parts, to each process that has them.
        parts = [process.memory_full_info().pss for process in (self.driver, *children)]
        sizes = [process.memory_info().rss for process in children]
        own = self.driver.memory_info().rss
        most = {"driver": own, "child": max(sizes, default=0), "all": sum(parts)}
        return {name: size / 2**20 for name, size in most.items()}

    def peaks(self) -> dict[str, float]:
        """The most that was seen: of the driver, of one child, of all together."""
        self.join()
        return self.most


def table(rows: list[dict[str, object]]) -> str:
    """A comparison as a Markdown table."""
    lines = [
        "| method | reports measured | wall, s | CPU, s | times ours, wall | times ours, CPU |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {row['method']} | {row['measured']} | {row['wall']:.1f} | {row['cpu']:.1f} "
        f"| {row['times']:.2f} | {row['cpu times']:.2f} |"
        for row in rows
    ]
    return "\n".join(lines)


def growth(rows: list[dict[str, float]]) -> str:
    """The cost of more editions as a Markdown table."""
    lines = [
        "| editions | wall, s | s each | CPU, s | MB: driver | MB: largest child | MB: all |",
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {row['editions']} | {row['wall']:.1f} | {row['wall'] / row['editions']:.3f} "
        f"| {row['cpu']:.1f} | {row['driver']:.0f} | {row['child']:.0f} | {row['all']:.0f} |"
        for row in rows
    ]
    return "\n".join(lines)


def costs(found: dict[str, dict[str, float]]) -> str:
    """A profile as two Markdown tables."""
    lines = ["| once a build | CPU, s |", "| --- | ---: |"]
    lines += [f"| {what} | {seconds:.2f} |" for what, seconds in found["once"].items()]
    lines += ["", "| within a report | share of CPU |", "| --- | ---: |"]
    lines += [f"| {what} | {share:.0%} |" for what, share in found["shares"].items()]
    return "\n".join(lines)


def write(tables: dict[str, str], rows: list[dict[str, object]], scaled: list) -> None:
    """Put the tables and charts into the docs."""
    import altair as alt
    import pandas as pd

    (DOCS / "images").mkdir(parents=True, exist_ok=True)
    bars = alt.Chart(pd.DataFrame(rows), title="CPU seconds for the benchmark set, logarithmic")
    bars.mark_bar(color="#0b5c6b").encode(
        x=alt.X("cpu:Q").scale(type="log").title("CPU seconds"),
        y=alt.Y("method:N").sort("x").title(None),
    ).save(DOCS / "images" / "build-benchmark.svg")
    if scaled:
        line = alt.Chart(pd.DataFrame(scaled), title="Seconds for more editions, both logarithmic")
        line.mark_line(point=True, color="#0b5c6b").encode(
            x=alt.X("editions:Q").scale(type="log").title("editions"),
            y=alt.Y("wall:Q").scale(type="log").title("seconds"),
        ).save(DOCS / "images" / "build-scale.svg")
    text = (ROOT / "benchmarks" / "build-words.md").read_text(encoding="utf-8")
    for name, content in tables.items():
        text = text.replace(f"@@{name}@@", content)
    (DOCS / "build-benchmark.md").write_text(text, encoding="utf-8")


def main() -> None:
    """Measure, and print tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sets", type=int, default=10, help="sets of parameters a notebook")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--methods", nargs="*", choices=list(METHODS))
    parser.add_argument("--scale", nargs="*", type=int, default=[], help="e.g. 1 10 100 1000")
    parser.add_argument("--own", action="store_true", help="the project's own notebooks too")
    parser.add_argument("--write", action="store_true", help="write docs/build-benchmark.md")
    options = parser.parse_args()
    there = [name for name in METHODS if name != "Jupyter Book" or shutil.which("jupyter-book")]
    rows = compare(options.methods or there, "light", options.sets, options.rounds)
    ours = compare([OURS], "own", 3, options.rounds) if options.own else []
    scaled = scale(options.scale)
    profiles = {kind: json.loads(run(inside("profile", kind, 1))) for kind in SETS}
    tables = {
        "TABLE": table(rows),
        "OWN": table(ours) if ours else "Not measured this time.",
        "SCALE": growth(scaled) if scaled else "Not measured this time.",
        "LIGHT": costs(profiles["light"]),
        "OURS": costs(profiles["own"]),
        "ROUNDS": str(options.rounds),
        "CORES": str(CORES),
    }
    print(*(tables[name] for name in ("TABLE", "OWN", "SCALE", "LIGHT", "OURS")), sep="\n\n")
    if options.write:
        write(tables, rows, scaled)


if __name__ == "__main__":
    main()
