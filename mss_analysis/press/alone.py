"""Reports that leave the site: made one by one, from the same results, and handed over as files."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from mss_analysis.press.build import Options, Workshop, open_shop
from mss_analysis.press.frame import SHARED, asset
from mss_analysis.press.make import Make
from mss_analysis.press.pictures import Pictures
from mss_analysis.press.plan import Edition, PressError
from mss_analysis.press.progress import Progress
from mss_analysis.press.summary import BuildResult
from mss_analysis.press.vega import Vega


class Proof(NamedTuple):
    """A report as a site would have it: its page, in a folder with all that it asks for."""

    edition: Edition
    page: Path
    as_of: str
    pictures: Pictures


class Alone(Make):
    """A build that hands over the report's page where others publish."""

    def __init__(
        self, shop: Workshop, options: Options, hand_over: Callable[[Proof], None]
    ) -> None:
        """`hand_over` gets each report that could be built."""
        super().__init__(shop, options, BuildResult(shop.draft.target))
        self.hand_over = hand_over

    def run(self) -> None:
        """Build, and hand over."""
        from mss_analysis.press.site import Layout

        jobs = [job for job in map(self._job, self.standings.values()) if job]
        with (
            Vega(self.shop.cache) as vega,
            self.shop.draft as draft,
            Progress(len(jobs), self.options) as progress,
            self._pool(len(jobs)) as self.pool,
        ):
            layout = Layout(draft, self.shop.plan, {*self.standings}, self.shop.plan.fingerprint())
            self._lay_out(layout, self._outcomes(jobs, progress))
            self.result.failures = [f for group in self.failures.values() for f in group]
            for name in SHARED:
                draft.write(f"assets/{name}", asset(name))
            draft.write("assets/vega.js", vega.text())
            pictures = Pictures(self.shop.cache)
            for edition in self.result.editions:
                page = draft.folder / edition.slug / "index.html"
                day = str(draft.records[edition.slug].get("as_of", ""))
                self.hand_over(Proof(edition, page, day, pictures))


def make_alone(
    editions: Path,
    only: Iterable[str],
    hand_over: Callable[[Proof], None],
    parameters: dict[str, Any] | None = None,
    cache: Path | None = None,
    options: Options = Options(),  # noqa: B008 (a tuple)
) -> BuildResult:
    """Build reports and hand each over; a name that is a slug means that report alone.

    Raises PressError when the list has problems. A report that fails is in the result's failures.
    """
    with tempfile.TemporaryDirectory(prefix="mss-alone-") as name:
        shop = open_shop(Path(editions), Path(name, "site"), tuple(only), cache, parameters or {})
        slugs = {standing.edition.slug for standing in shop.standings}
        named = slugs & set(only)
        spare = {e.notebook.stem for e in shop.plan.editions if e.slug in named}
        standings = [
            standing
            for standing in shop.standings
            if standing.edition.slug in named or standing.edition.notebook.stem not in spare
        ]
        work = Alone(shop._replace(standings=standings), options, hand_over)
        work.run()
    return work.result


def write_file(path: Path, content: bytes) -> None:
    """Write a file in one step: what stood there before stays until the new one is whole.

    Raises PressError where the folder is missing or may not be written to.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.write_bytes(content)
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise PressError([f"{path} cannot be written: {error.strerror}."]) from error
