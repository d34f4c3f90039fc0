"""Where the system cannot fork, the ordinary engine builds the same reports."""

import os
import subprocess
import sys

from workshop import code, edition, gone, good_cells, text

from mss_analysis.press import build

# Every interpreter of the build is one without `os.fork`, as on Windows.
WITHOUT_FORK = """
import multiprocessing, os
del os.fork
multiprocessing.set_start_method("spawn")
"""
BUILD = """
import sys
from pathlib import Path
from mss_analysis.press import build
result = build(Path(sys.argv[1]), Path(sys.argv[2]), workers=2, progress=True, timeout=5)
print(*result.failures, sep="\\n")
"""
# Charts are plain data whichever engine runs the notebook.
CHARTS = "import altair\nprint(altair.renderers.active)"
BAD = {
    "fails": ("1 / 0", "ZeroDivisionError: division by zero"),
    "dies": ("import os; os._exit(1)", "the kernel died"),
    "hangs": ("import time\ntime.sleep(99)", "the cell ran longer than 5 s"),
}
# What a report is, apart from the times in the manifest.
PARTS = ("index.html", "findings.json", "good.ipynb", "lamps.csv")


def test_the_ordinary_engine_gives_the_same_reports_and_failures(works):
    works.notebook("good", [*good_cells(), code(CHARTS)])
    for name, (source, _) in BAD.items():
        works.notebook(name, [text("# T"), code(source)])
    works.plan(edition("good", vintages=["latest", "2024-07-01"]), *map(edition, BAD))
    (works.root / "sitecustomize.py").write_text(WITHOUT_FORK)
    environment = os.environ | {"PYTHONPATH": str(works.root), "MSS_DRILL": str(works.root)}
    done = subprocess.run(
        [sys.executable, "-c", BUILD, works.list, works.site],
        capture_output=True,
        text=True,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    assert gone(f"MSS_DRILL={works.root}")
    said = [f"{name}, cell 2: {reason}" for name, (_, reason) in BAD.items()]
    assert [line.partition(" (at:")[0] for line in done.stdout.splitlines()] == said

    other = works.root / "reports" / "other"
    result = build(works.list, other, cache=works.root / "cache", timeout=5)
    assert done.stdout.splitlines() == [str(failure) for failure in result.failures]
    for slug in ("good", "good-2024-07-01"):
        for part in PARTS:
            assert (works.site / slug / part).read_bytes() == (other / slug / part).read_bytes()
    assert '"mss\\n"' in (other / "good" / "good.ipynb").read_text()
