"""Pictures of charts: those drawn before come from the cache, the others are drawn aside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from mss_analysis.press.cache import Cache
from mss_analysis.press.drawing import DrawingError
from mss_analysis.press.ingredients import digest, packages

Chart = tuple[str, str]
# Starting the converter costs as much as so many charts.
WORTHWHILE = 8


class Pictures:
    """Draws charts once: a picture is known by the chart's content and by what draws it."""

    def __init__(self, store: Cache, workers: int | None = None) -> None:
        """Keep pictures in `store`; draw with so many processes (default: one a processor)."""
        self._store, self._workers = store, workers or os.cpu_count() or 1

    def of(self, specs: dict[str, str]) -> dict[str, str]:
        """Pictures by name, of Vega-Lite specifications (JSON) by name.

        Raises DrawingError for a chart that cannot be drawn.
        """
        found = {name: self._store.picture(_key((name, spec))) for name, spec in specs.items()}
        missing = [(name, specs[name]) for name, picture in found.items() if picture is None]
        for chart, picture in zip(missing, self._draw(missing), strict=True):
            self._store.put_picture(_key(chart), picture)
            found[chart[0]] = picture
        return {name: picture for name, picture in found.items() if picture is not None}

    def _draw(self, charts: list[Chart]) -> list[str]:
        shares = min(self._workers, -(-len(charts) // WORTHWHILE)) or 1
        drawn: list[str] = [""] * len(charts)
        with ThreadPoolExecutor(shares) as pool:
            # Neighbours are alike, so shares of every second (third, …) chart take equally long.
            for number, share in enumerate(
                pool.map(_draw, (charts[n::shares] for n in range(shares)))
            ):
                drawn[number::shares] = share
        return drawn


def _draw(charts: list[Chart]) -> list[str]:
    """Draw in a process of its own, in which days begin when they do in the data."""
    if not charts:
        return []
    pairs = [(name, json.loads(spec)) for name, spec in charts]
    done = subprocess.run(
        [sys.executable, "-m", "mss_analysis.press.drawing"],
        input=json.dumps(pairs),
        capture_output=True,
        encoding="utf-8",
        env=os.environ | {"TZ": "UTC", "PYTHONUTF8": "1"},
        check=False,
    )
    if done.returncode and len(charts) > 1:
        # One of them ended the converter; alone, it can be named.
        return [picture for chart in charts for picture in _draw([chart])]
    if done.returncode:
        raise DrawingError(f"the chart {charts[0][0]!r} cannot be drawn (the converter ended)")
    answers = json.loads(done.stdout)
    for answer in answers:
        if "error" in answer:
            raise DrawingError(answer["error"])
    return [answer["svg"] for answer in answers]


def _key(chart: Chart) -> str:
    return digest([*chart, _renderer()])


@cache
def _renderer() -> list[str]:
    """What decides how a chart is drawn, besides the chart."""
    from mss_analysis.press import drawing

    code = Path(drawing.__file__).read_text(encoding="utf-8")
    return [code, *(packages().get(name, "") for name in ("vl-convert-python", "scour"))]
