"""Measure builds: ours against papermill and nbconvert, and against the CPU floor of the cells.

Run ``python benchmarks/build.py`` on a machine with nothing else to do. Methods take turns, so
that a slow minute slows all of them; each is a whole process, cold, with nothing kept. Ratios
are what to compare: seconds depend on the machine. CPU seconds repeat within some per cent even
on a busy one. ``--write`` puts the table and a chart into ``docs/``.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = ROOT / "benchmarks" / "notebooks"
DOCS = ROOT / "docs"
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
WARM = ["altair", "pandas"]
OURS, FLOOR = "this press", "CPU floor"


def plan(folder: Path, sets: int) -> Path:
    """Write an edition list of four notebooks with `sets` sets of parameters each."""
    editions = [
        {
            "notebook": str(path),
            "slug": f"{path.stem}-{number}",
            "title": path.stem.title(),
            "parameters": {"bins": 10 + number % 40, "factor": 1.0 + number / 100},
        }
        for path in sorted(NOTEBOOKS.glob("*.ipynb"))
        for number in range(sets)
    ]
    content = {"site": {"title": "Benchmark"}, "warm": WARM, "inputs": [], "editions": editions}
    target = folder / "editions.yml"
    target.write_text(json.dumps(content))
    return target


def jobs(sets: int) -> list[tuple[Path, dict[str, object]]]:
    """Notebooks and parameters, as peers take them."""
    return [
        (path, {"bins": 10 + number % 40, "factor": 1.0 + number / 100})
        for path in sorted(NOTEBOOKS.glob("*.ipynb"))
        for number in range(sets)
    ]


def build_ours(folder: Path, sets: int) -> None:
    """One `mss build`, with nothing kept from before."""
    words = ["build", "--editions", plan(folder, sets), "--site", folder / "site", "--quiet"]
    run([sys.executable, "-m", "mss_analysis.cli", *words])
    assert len(list((folder / "site").glob("*/index.html"))) == 4 * sets


def loop_commands(folder: Path, sets: int) -> None:
    """What a shell loop does: `papermill`, then `jupyter nbconvert`, for each report."""
    for number, (path, parameters) in enumerate(jobs(sets)):
        given = [word for item in parameters.items() for word in ("-p", item[0], str(item[1]))]
        executed = folder / f"{number}.ipynb"
        words = [path, executed, "--cwd", NOTEBOOKS, "--no-progress-bar", *given]
        run([sys.executable, "-m", "papermill", *words])
        run([sys.executable, "-m", "nbconvert", "--to", "html", executed])


def pool_api(folder: Path, sets: int) -> None:
    """Papermill's and nbconvert's Python API in a pool of processes."""
    run([sys.executable, __file__, "--pool", folder, "--sets", str(sets)])


def jupyter_book(folder: Path, sets: int) -> None:
    """Jupyter Book 1, executing what papermill has parameterized; serial by nature."""
    run([sys.executable, __file__, "--prepare", folder / "book", "--sets", str(sets)])
    run(["jupyter-book", "build", folder / "book"])


def floor(folder: Path, sets: int) -> None:
    """The cells of each report and one rendering, in one warm process; see `--floor`."""
    run([sys.executable, __file__, "--floor", "--sets", str(sets)])


METHODS: dict[str, Callable[[Path, int], None]] = {
    OURS: build_ours,
    "papermill API, process pool": pool_api,
    "papermill + nbconvert commands": loop_commands,
    "Jupyter Book": jupyter_book,
}


def run(command: list[object]) -> None:
    """Run a command to its end, quietly."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, env=environment
    )
    if done.returncode:
        sys.exit(f"{command}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def measure(method: Callable[[Path, int], None], sets: int) -> tuple[float, float]:
    """Wall and CPU seconds of a method, children and grandchildren included."""
    with tempfile.TemporaryDirectory(prefix="mss-benchmark-") as name:
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        method(Path(name), sets)
        wall = time.perf_counter() - began
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def run_pool(folder: Path, sets: int) -> None:
    """The body of `pool_api`, in the process that is measured."""
    with ProcessPoolExecutor(CORES) as pool:
        waiting = [
            pool.submit(_run_one, folder, number, path, parameters)
            for number, (path, parameters) in enumerate(jobs(sets))
        ]
        for future in waiting:
            future.result()


def _run_one(folder: Path, number: int, path: Path, parameters: dict[str, object]) -> None:
    import papermill
    from nbconvert import HTMLExporter

    notebook = papermill.execute_notebook(path, None, parameters, progress_bar=False, cwd=NOTEBOOKS)
    html, _ = HTMLExporter().from_notebook_node(notebook)
    (folder / f"{number}.html").write_text(html)


def prepare(folder: Path, sets: int) -> None:
    """Parameterized notebooks, their data and the settings of a book."""
    import papermill

    folder.mkdir(parents=True)
    shutil.copy(NOTEBOOKS / "lamps.csv", folder)
    names = []
    for number, (path, parameters) in enumerate(jobs(sets)):
        names.append(f"report-{number}")
        target = folder / f"{names[-1]}.ipynb"
        papermill.execute_notebook(path, target, parameters, prepare_only=True)
    config = {"title": "B", "execute": {"execute_notebooks": "force"}}
    (folder / "_config.yml").write_text(json.dumps(config))
    chapters = [{"file": name} for name in names[1:]]
    toc = {"format": "jb-book", "root": names[0], "chapters": chapters}
    (folder / "_toc.yml").write_text(json.dumps(toc))


def run_floor(sets: int) -> float:
    """CPU seconds of all cells and one rendering each, in this process once it is warm."""
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    import nbformat
    import papermill  # noqa: F401 (before our engine, which it loads)
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    from mss_analysis.press import charting
    from mss_analysis.press.frame import lone_frame, vega_bundle
    from mss_analysis.press.page import read_page
    from mss_analysis.press.render import Renderer

    charting.prepare()
    charting.enable()
    vega_bundle()
    renderer, spent = Renderer(), 0.0
    os.chdir(NOTEBOOKS)
    for number, (path, parameters) in enumerate([*jobs(1)[:1], *jobs(sets)]):
        notebook = nbformat.read(path, as_version=4)
        shell = InteractiveShell()
        before = time.process_time()
        for cell in notebook.cells:
            if cell.cell_type == "code":
                with capture_output() as captured:
                    result = shell.run_cell(cell.source)
                result.raise_error()
                cell.outputs = [
                    nbformat.from_dict(
                        {"output_type": "display_data", "data": shown.data, "metadata": {}}
                    )
                    for shown in captured.outputs
                ]
                if "parameters" in cell.metadata.get("tags", []):
                    shell.user_ns.update(parameters)
        page = read_page(notebook)
        page.exhibits, frame = [], lone_frame(page, "x")
        renderer.report(page, frame)
        # The first one only warms up.
        spent += (time.process_time() - before) if number else 0.0
    return spent


def compare(methods: list[str], sets: int, rounds: int) -> list[dict[str, object]]:
    """Measure methods in turn; medians, and how many times ours each takes."""
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name in [*methods, FLOOR]}
    for number in range(rounds):
        for name in methods:
            seen[name].append(measure(METHODS[name], sets))
            print(f"round {number + 1}: {name}: {seen[name][-1][0]:.1f} s", file=sys.stderr)
        command = [sys.executable, __file__, "--floor", "--sets", str(sets)]
        said = subprocess.run(command, capture_output=True, text=True, check=True)
        cells = float(said.stdout)
        seen[FLOOR].append((cells / CORES, cells))
    rows = []
    for name, pairs in seen.items():
        wall, cpu = (statistics.median(values) for values in zip(*pairs, strict=True))
        rows.append({"method": name, "wall": wall, "cpu": cpu, "reports": 4 * sets})
    ours = next(row for row in rows if row["method"] == OURS)
    for row in rows:
        row["times"] = row["wall"] / ours["wall"]
        row["cpu times"] = row["cpu"] / ours["cpu"]
    return rows


def scale(numbers: list[int]) -> list[dict[str, float]]:
    """What builds of more and more editions cost, and the memory of the largest process."""
    rows = []
    for number in numbers:
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        with tempfile.TemporaryDirectory(prefix="mss-benchmark-") as name:
            target = plan(Path(name), max(1, number // 4))
            content = json.loads(target.read_text())
            content["editions"] = content["editions"][:number]
            target.write_text(json.dumps(content))
            words = ["build", "--editions", target, "--site", Path(name, "site"), "--quiet"]
            began = time.perf_counter()
            run([sys.executable, "-m", "mss_analysis.cli", *words])
            wall = time.perf_counter() - began
        peak = max(before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
        rows.append({"editions": number, "wall": wall, "megabytes": peak / 1024})
        print(f"{number} editions: {wall:.1f} s", file=sys.stderr)
    return rows


def table(rows: list[dict[str, object]]) -> str:
    """The comparison as a Markdown table."""
    lines = [
        "| method | reports | wall, s | CPU, s | times ours, wall | times ours, CPU |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {row['method']} | {row['reports']} | {row['wall']:.1f} | {row['cpu']:.1f} "
        f"| {row['times']:.2f} | {row['cpu times']:.2f} |"
        for row in rows
    ]
    return "\n".join(lines)


def write(rows: list[dict[str, object]], scaled: list[dict[str, float]], rounds: int) -> None:
    """Put tables and a chart into the docs."""
    import altair as alt
    import pandas as pd

    frame = pd.DataFrame(rows)
    bars = (
        alt.Chart(frame, title="CPU seconds for the benchmark set, logarithmic")
        .mark_bar(color="#0b5c6b")
        .encode(
            x=alt.X("cpu:Q").scale(type="log").title("CPU seconds"),
            y=alt.Y("method:N").sort("x").title(None),
        )
    )
    (DOCS / "images").mkdir(parents=True, exist_ok=True)
    bars.save(DOCS / "images" / "build-benchmark.svg")
    text = (ROOT / "benchmarks" / "build-words.md").read_text(encoding="utf-8")
    growth = [
        "| editions | wall, s | s per edition | MB at most |",
        "| ---: | ---: | ---: | ---: |",
    ]
    growth += [
        f"| {row['editions']} | {row['wall']:.1f} | {row['wall'] / row['editions']:.3f} "
        f"| {row['megabytes']:.0f} |"
        for row in scaled
    ]
    filled = text.replace("@@TABLE@@", table(rows)).replace("@@SCALE@@", "\n".join(growth))
    filled = filled.replace("@@ROUNDS@@", str(rounds)).replace("@@CORES@@", str(CORES))
    (DOCS / "build-benchmark.md").write_text(filled, encoding="utf-8")


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sets", type=int, default=10, help="sets of parameters a notebook")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--methods", nargs="*", choices=list(METHODS))
    parser.add_argument("--scale", nargs="*", type=int, default=[], help="e.g. 1 10 100 1000")
    parser.add_argument("--write", action="store_true", help="write docs/build-benchmark.md")
    parser.add_argument("--pool", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--prepare", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--floor", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.pool:
        return run_pool(options.pool, options.sets)
    if options.prepare:
        return prepare(options.prepare, options.sets)
    if options.floor:
        return print(run_floor(options.sets))
    there = [name for name in METHODS if name != "Jupyter Book" or shutil.which("jupyter-book")]
    rows = compare(options.methods or there, options.sets, options.rounds)
    print(table(rows))
    scaled = scale(options.scale)
    if options.write:
        write(rows, scaled, options.rounds)
    return None


if __name__ == "__main__":
    main()
