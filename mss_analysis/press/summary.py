"""What a build did, in words for whoever started it."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Any

from mss_analysis.press.job import Failure
from mss_analysis.press.plan import Edition

# Failures shown of one edition: a night's summary is read on one screen.
SHOWN = 5
# Failing editions, reports and cells named before the rest is only counted.
NAMED = 8


class BuildResult:
    """What a build did: `editions` stand as asked, `failures` say why others do not.

    `unchanged` are those editions that needed nothing done; `times` holds seconds by slug, and
    `cells` seconds by slug and number of the cell, of what was run.
    """

    def __init__(self, site: Path) -> None:
        """Begin with nothing done."""
        self.site = site
        self.editions: list[Edition] = []
        self.unchanged: list[str] = []
        self.failures: list[Failure] = []
        self.kept: list[str] = []
        self.published = False
        self.refused = False
        self.changed: list[str] = []
        self.seconds = 0.0
        self.times: dict[str, float] = {}
        self.cells: dict[tuple[str, int], float] = {}

    @property
    def exit_code(self) -> int:
        """0 when every edition stands as asked, else 1."""
        return 1 if self.failures else 0

    def summary(self) -> str:
        """What a person wants to know of the build, on one screen."""
        asked = len(self.editions) + len({failure.edition for failure in self.failures})
        if len(self.unchanged) == asked:
            return f"All {asked} reports are up to date.\nSite: {self.site / 'index.html'}"
        unchanged = f", {len(self.unchanged)} of them unchanged" if self.unchanged else ""
        lines = [
            f"{len(self.editions)} of {asked} reports built in {self.seconds:.1f} s{unchanged}."
        ]
        if self.failures:
            lines += ["Failed:", *self._failed()]
        if self.kept:
            named = ", ".join(self.kept[:NAMED]) + (" …" if len(self.kept) > NAMED else "")
            lines.append(f"The last good version is kept beside the notice: {named}.")
        if self.changed:
            named = ", ".join(self.changed[:NAMED])
            lines.append(f"Changed while it was built, so build again: {named}.")
        if self.published:
            lines.append(f"Site: {self.site / 'index.html'}")
        elif self.refused:
            lines.append("Nothing was published, since not every report succeeded (--strict).")
        elif self.site.exists():
            lines.append(f"Nothing could be built; {self.site} stays as it was.")
        else:
            lines.append("Nothing could be built, so no site was written.")
        return "\n".join(lines)

    def timings(self) -> str:
        """Seconds of each report that was run, and the slowest cells."""
        if not self.times:
            return "No report had to be run."
        lines = ["Seconds by report:"]
        lines += [f"  {seconds:7.2f}  {slug}" for slug, seconds in _slowest(self.times)]
        lines.append("Slowest cells:")
        named = _slowest(self.cells)[:NAMED]
        lines += [f"  {seconds:7.2f}  {slug}, cell {cell}" for (slug, cell), seconds in named]
        return "\n".join(lines)

    def _failed(self) -> list[str]:
        groups = [
            (slug, list(group))
            for slug, group in groupby(self.failures, key=lambda failure: failure.edition)
        ]
        lines = []
        for slug, found in groups[:NAMED]:
            lines += [f"  {failure}" for failure in found[:SHOWN]]
            if len(found) > SHOWN:
                lines.append(f"  {slug}: and {len(found) - SHOWN} more like these")
        if len(groups) > NAMED:
            lines.append(f"  and {len(groups) - NAMED} more editions")
        return lines


def _slowest(times: dict[Any, float]) -> list[tuple[Any, float]]:
    return sorted(times.items(), key=lambda item: -item[1])
