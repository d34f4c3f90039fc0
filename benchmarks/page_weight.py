"""Measure pages: ours (default, one file, light) beside nbconvert's and Jupyter Book's.

Run ``python benchmarks/page_weight.py``; it needs the test dependencies and Chromium. All pages of
a report show the same executed notebook. Peers fetch their chart library from a network: here each
such request is answered at once, from the disk, with the library that our pages carry, so their
times are those of a reader whose network is infinitely fast; without a network they show no chart.
Jupyter Book is measured where `jupyter-book` (version 1) is installed, or named by
``--jupyter-book``. ``--write`` puts the table into ``docs/``.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
REPORTS = ("overview", "casualties", "deployment", "funding", "risks", "sources")
CHROMIUM = os.environ.get("MSS_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
OURS, SINGLE, LIGHT = "default", "one file", "light"
NBCONVERT, BOOK = "nbconvert", "Jupyter Book"
# A chart is there when its marks are: ours and vega-embed's are SVG or a canvas.
MARKS = ".chart svg path, .picture svg, .vega-embed svg path, .vega-embed canvas"
DRAWN = "marks => document.querySelector(marks) && performance.now()"
PAINTED = "(performance.getEntriesByName('first-contentful-paint')[0] || {}).startTime"
# How long to wait for a chart that may never come, in milliseconds.
PATIENCE = 20_000


class Weight(NamedTuple):
    """What a page costs: bytes and requests up to its first chart, and milliseconds."""

    report: str
    edition: str
    page: int
    loaded: int
    asked: int
    from_network: int
    paint: float
    chart: float | None


def build(folder: Path) -> None:
    """Build the newest reports in full: as a site, in its light edition, and as single files."""
    import yaml

    plan = yaml.safe_load((ROOT / "reports" / "editions.yml").read_text(encoding="utf-8"))
    plan["editions"] = [
        {
            "notebook": str(ROOT / "notebooks" / f"{name}.ipynb"),
            "title": name.title(),
            "parameters": {"corpus": "full", "as_of": "latest"},
        }
        for name in REPORTS
    ]
    plan["inputs"] = [str(ROOT / "data")]
    if "glossary" in plan:
        plan["glossary"] = str(ROOT / "reports" / plan["glossary"])
    # The pages around the reports are not measured.
    plan.pop("register", None)
    target = folder / "editions.yml"
    target.write_text(yaml.safe_dump(plan, sort_keys=False), encoding="utf-8")
    for form, name in (([], "site"), (["--light"], "light"), (["--single-file"], "single")):
        words = ["build", *form, "--editions", target, "--site", folder / name, "--quiet"]
        run([sys.executable, "-m", "mss_analysis.cli", *words])


def convert(folder: Path, book: str) -> None:
    """Let the peers make pages of the notebooks that the site's pages were made from."""
    shelf = folder / "book"
    shelf.mkdir()
    for name in REPORTS:
        shutil.copy(folder / "site" / name / f"{name}.ipynb", shelf)
        words = ["--to", "html", "--output-dir", folder / "nbconvert", shelf / f"{name}.ipynb"]
        run([sys.executable, "-m", "nbconvert", *words])
    if book:
        config = {"title": "B", "execute": {"execute_notebooks": "off"}}
        chapters = [{"file": name} for name in REPORTS[1:]]
        toc = {"format": "jb-book", "root": REPORTS[0], "chapters": chapters}
        (shelf / "_config.yml").write_text(json.dumps(config))
        (shelf / "_toc.yml").write_text(json.dumps(toc))
        run([book, "build", shelf])


def pages(folder: Path, book: str) -> Iterator[tuple[str, str, Path]]:
    """Every page to measure: report, edition, file."""
    for name in REPORTS:
        yield name, OURS, folder / "site" / name / "index.html"
        yield name, SINGLE, folder / "single" / f"{name}.html"
        yield name, LIGHT, folder / "light" / name / "index.html"
        yield name, NBCONVERT, folder / "nbconvert" / f"{name}.html"
        if book:
            yield name, BOOK, folder / "book" / "_build" / "html" / f"{name}.html"


def measure(browser: Any, report: str, edition: str, path: Path, library: str) -> Weight:
    """Open a page as a first visitor does, and wait for its first chart."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    files: dict[str, int] = {}

    def answer(route: Any) -> None:
        url = route.request.url
        if "vega-embed" in url and url.endswith(("vega-embed@7", "vega-embed.min.js")):
            body = library
        elif "vega" in url:
            body = ""
        else:
            return route.abort()
        files[url] = len(body.encode())
        return route.fulfill(body=body, content_type="text/javascript")

    def note(request: Any) -> None:
        address = urlsplit(request.url)
        file = Path(unquote(address.path))
        if address.scheme == "file" and file.is_file():
            files[request.url] = file.stat().st_size

    asked: list[str] = []
    page.on("request", lambda request: (asked.append(request.url), note(request)))
    page.route(lambda url: url.startswith("http"), answer)
    page.goto(path.as_uri(), wait_until="commit")
    try:
        drawn = page.wait_for_function(
            DRAWN, arg=MARKS, polling="raf", timeout=PATIENCE
        ).json_value()
    except Exception:
        drawn = None
    page.wait_for_load_state("load")
    page.evaluate("() => new Promise(seen => requestAnimationFrame(() => setTimeout(seen, 100)))")
    paint = page.evaluate(PAINTED) or 0.0
    context.close()
    asked = [url for url in asked if not url.startswith("data:")]
    network = [url for url in asked if url.startswith("http")]
    size = path.stat().st_size
    return Weight(
        report, edition, size, sum(files.values()), len(asked), len(network), paint, drawn
    )


def compare(folder: Path, book: str, rounds: int) -> list[Weight]:
    """Measure all pages in turn, `rounds` times; medians."""
    from playwright.sync_api import sync_playwright

    library = (folder / "site" / "assets" / "vega.js").read_text(encoding="utf-8")
    # Jupyter Book has other names for what a script of its own declares at its top.
    library = f"(function () {{{library}\n}})();"
    seen: dict[tuple[str, str], list[Weight]] = {}
    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for number in range(rounds):
            for report, edition, path in pages(folder, book):
                found = measure(browser, report, edition, path, library)
                seen.setdefault((report, edition), []).append(found)
            print(f"round {number + 1} of {rounds}", file=sys.stderr)
        browser.close()
    return [_middle(found) for found in seen.values()]


def _middle(found: list[Weight]) -> Weight:
    charts = [weight.chart for weight in found if weight.chart is not None]
    return found[0]._replace(
        paint=statistics.median(weight.paint for weight in found),
        chart=statistics.median(charts) if len(charts) == len(found) else None,
    )


def table(weights: list[Weight]) -> str:
    """The measurements as a Markdown table."""
    lines = [
        "| report | edition | page, kB | loaded, kB | requests | to the network "
        "| first words, ms | first chart, ms |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for weight in weights:
        chart = "never" if weight.chart is None else f"{weight.chart:,.0f}"
        lines.append(
            f"| {weight.report} | {weight.edition} | {weight.page / 1000:,.0f} "
            f"| {weight.loaded / 1000:,.0f} | {weight.asked} | {weight.from_network} "
            f"| {weight.paint:,.0f} | {chart} |"
        )
    return "\n".join(lines)


def run(command: list[object]) -> None:
    """Run a command to its end, quietly."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, env=environment
    )
    if done.returncode:
        sys.exit(f"{command}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def main() -> None:
    """Build, measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--jupyter-book", default=shutil.which("jupyter-book") or "")
    parser.add_argument("--folder", type=Path, help="keep the pages here, or use those that are")
    parser.add_argument("--write", action="store_true", help="write docs/page-weight.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mss-benchmark-") as name:
        folder = (options.folder or Path(name)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "nbconvert").exists():
            began = time.perf_counter()
            build(folder)
            convert(folder, options.jupyter_book)
            print(f"pages made in {time.perf_counter() - began:.0f} s", file=sys.stderr)
        words = table(compare(folder, options.jupyter_book, options.rounds))
    print(words)
    if options.write:
        text = (ROOT / "benchmarks" / "page-words.md").read_text(encoding="utf-8")
        filled = text.replace("@@TABLE@@", words).replace("@@ROUNDS@@", str(options.rounds))
        (DOCS / "page-weight.md").write_text(filled, encoding="utf-8")


if __name__ == "__main__":
    main()
