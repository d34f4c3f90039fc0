"""What `build.py` measures from inside: the bodies of two peers, the CPU floor and a profile.

Each is run as a process of its own: ``python benchmarks/build_inside.py floor --sets 10``.
"""

import argparse
import cProfile
import json
import os
import pstats
import shutil
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = ROOT / "benchmarks" / "notebooks"
EDITIONS = ROOT / "reports" / "editions.yml"
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
WARM = ["altair", "pandas"]
Report = tuple[Path, dict[str, object]]


def light(sets: int) -> list[Report]:
    """Four light notebooks, each with `sets` sets of parameters."""
    return [
        (path, {"bins": 10 + number % 40, "factor": 1.0 + number / 100})
        for path in sorted(NOTEBOOKS.glob("*.ipynb"))
        for number in range(sets)
    ]


def own(sets: int) -> list[Report]:
    """The project's own notebooks, each on `sets` days."""
    days = ["latest", "2025-06-30", "2024-12-31"][:sets]
    paths = sorted((ROOT / "notebooks").glob("*.ipynb"))
    topics = [path for path in paths if path.stem not in ("overview", "start")]
    return [(path, {"corpus": "full", "as_of": day}) for path in topics for day in days]


SETS = {"light": light, "own": own}


def warm(kind: str) -> list[str]:
    """Modules that the notebooks of a kind import."""
    import yaml

    return WARM if kind == "light" else yaml.safe_load(EDITIONS.read_text())["warm"]


def pool(folder: Path, reports: list[Report]) -> None:
    """Papermill's and nbconvert's Python API in a pool of processes."""
    with ProcessPoolExecutor(CORES) as executor:
        waiting = [
            executor.submit(_run_one, folder, number, *report)
            for number, report in enumerate(reports)
        ]
        for future in waiting:
            future.result()


def _run_one(folder: Path, number: int, path: Path, parameters: dict[str, object]) -> None:
    import papermill
    from nbconvert import HTMLExporter

    notebook = papermill.execute_notebook(
        path, None, parameters, progress_bar=False, cwd=path.parent
    )
    html, _ = HTMLExporter().from_notebook_node(notebook)
    (folder / f"{number}.html").write_text(html)


def book(folder: Path, reports: list[Report]) -> None:
    """Parameterized notebooks, their files and the settings of a Jupyter Book."""
    import papermill

    folder.mkdir(parents=True)
    for name in ("lamps.csv", "shown.py"):
        shutil.copy(NOTEBOOKS / name, folder)
    names = [f"report-{number}" for number in range(len(reports))]
    for name, (path, parameters) in zip(names, reports, strict=True):
        papermill.execute_notebook(path, folder / f"{name}.ipynb", parameters, prepare_only=True)
    config = {"title": "B", "execute": {"execute_notebooks": "force"}}
    (folder / "_config.yml").write_text(json.dumps(config))
    toc = {"format": "jb-book", "root": names[0], "chapters": [{"file": n} for n in names[1:]]}
    (folder / "_toc.yml").write_text(json.dumps(toc))


def floor(reports: list[Report], modules: list[str], keep_table: bool) -> float:
    """CPU seconds of all cells, and of one rendering each, in this process once it is warm."""
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    import nbformat
    import papermill  # noqa: F401 (before our engine, which it loads)
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    from mss_analysis.press import charting, warmth
    from mss_analysis.press.frame import lone_frame
    from mss_analysis.press.page import read_page
    from mss_analysis.press.render import Renderer

    if not keep_table:
        charting.memoise = lambda: False
    warmth.warm(modules)
    charting.enable()
    renderer, spent, seen = Renderer(), 0.0, set()
    for path, parameters in [*_first_of_each(reports), *reports]:
        os.chdir(path.parent)
        sys.path[0] = str(path.parent)
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
        # Without the chart library, which a site has once.
        page.exhibits, frame = [], lone_frame(page, "x")
        renderer.report(page, frame)
        # The first of each notebook only warms up.
        spent += (time.process_time() - before) if path in seen else 0.0
        seen.add(path)
    return spent


def _first_of_each(reports: list[Report]) -> list[Report]:
    return list({path: (path, parameters) for path, parameters in reversed(reports)}.values())


def profile(reports: list[Report], modules: list[str]) -> dict[str, object]:
    """Where the CPU of a build goes: seconds of what is done once, shares within a report."""
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    started = time.process_time()
    from mss_analysis.press.parent import SETTINGS

    # Read when numpy is imported, which papermill does.
    os.environ |= SETTINGS
    import papermill  # noqa: F401 (before our engine, which it loads)

    from mss_analysis.press import charting, engine, zygote
    from mss_analysis.press.job import Job
    from mss_analysis.press.work import perform

    names = [*modules, *dict.fromkeys(str(path) for path, _ in reports)]
    shell = zygote._warm(names)
    once = {"importing and rehearsing in the warm parent": time.process_time() - started}
    shares: Counter[str] = Counter()
    for path, parameters in _first_of_each(reports):
        job = Job("p", path.name, path.read_text(), str(path.parent), parameters)
        told, tell = os.pipe()
        child = os.fork()
        if child == 0:
            charting.enable()
            engine.READY = shell
            profiler = cProfile.Profile()
            profiler.runcall(perform, job, lambda number: None)
            with open(tell, "w") as line:
                json.dump(_by_package(profiler), line)
            os._exit(0)
        os.close(tell)
        with open(told) as line:
            shares.update(json.load(line))
        os.waitpid(child, 0)
    whole = sum(shares.values())
    started = time.process_time()
    import vl_convert

    vl_convert.javascript_bundle()
    once["bundling the chart library, kept afterwards"] = time.process_time() - started
    return {"once": once, "shares": {k: v / whole for k, v in shares.most_common(12)}}


def _by_package(profiler: cProfile.Profile) -> dict[str, float]:
    """Seconds of a profile by the package that they are spent in, built-ins by who calls them."""
    seconds: Counter[str] = Counter()
    for (file, _, _), (_, _, own, _, callers) in pstats.Stats(profiler).stats.items():
        if file != "~":
            seconds[_package(file)] += own
        for (caller, _, _), (_, _, spent, _) in callers.items() if file == "~" else ():
            seconds[_package(caller)] += spent
    return dict(seconds)


def _package(file: str) -> str:
    _, installed, rest = file.rpartition("/site-packages/")
    if installed:
        return rest.partition("/")[0].removesuffix(".py")
    if file.startswith(f"{ROOT}/mss_analysis/"):
        return "the press" if "/press/" in file else "the analysis"
    if "ipykernel_" in file or file.startswith(str(NOTEBOOKS)):
        return "the cells themselves"
    name = file.removeprefix(os.path.dirname(os.__file__)).lstrip("/")
    return f"Python’s {name.partition('/')[0].removesuffix('.py')}"


def main() -> None:
    """Do one of them, and print what it found."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("what", choices=("pool", "book", "floor", "profile"))
    parser.add_argument("--kind", choices=SETS, default="light")
    parser.add_argument("--sets", type=int, default=1)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--stock", action="store_true", help="floor: Altair as it is")
    options = parser.parse_args()
    reports = SETS[options.kind](options.sets)
    if options.what == "pool":
        pool(options.folder, reports)
    elif options.what == "book":
        book(options.folder, reports)
    elif options.what == "floor":
        print(floor(reports, warm(options.kind), not options.stock))
    else:
        print(json.dumps(profile(reports, warm(options.kind))))


if __name__ == "__main__":
    main()
