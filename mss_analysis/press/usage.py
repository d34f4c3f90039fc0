"""Which reports show a row, told from the anchors that their pages really have."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from mss_analysis.language import translate
from mss_analysis.press.citation import day_in_words
from mss_analysis.press.plan import LATEST, Edition, Plan

ANCHOR = re.compile(r'\bid="([^"]+)"')
Links = list[tuple[str, list[tuple[str, str]]]]


class Usage:
    """The anchors of every report of a site that is being laid out."""

    def __init__(self, plan: Plan, records: dict[str, dict[str, Any]], folder: Path) -> None:
        """Read the pages; what is no report, as a notice, has no anchors of rows."""
        self.plan, self._records = plan, records
        self.anchors = {
            edition.slug: frozenset(
                anchor
                # The light edition spreads a report over several pages.
                for page in sorted(folder.joinpath(edition.slug).glob("*.html"))
                for anchor in ANCHOR.findall(page.read_text("utf-8"))
            )
            for edition in plan.editions
            if edition.slug in records
        }

    def summary(self) -> list[Any]:
        """All that pages may show of it, as plain values in a fixed order."""
        return [
            [slug, self._records[slug].get("as_of"), sorted(self.anchors[slug])]
            for slug in sorted(self.anchors)
        ]

    def of_source(self, source: str, rows: Iterable[str], language: str) -> Links:
        """Reports that name a source, or show a row of it, by title."""
        names = [f"src-{source}", *(f"obs-{row}" for row in rows)]
        return self._list(language, lambda held: next((n for n in names if n in held), ""))

    def of_rows(self, rows: list[str], language: str) -> Links:
        """Reports that show all of some rows, by title."""
        names = [f"obs-{row}" for row in rows]
        return self._list(language, lambda held: names[0] if held.issuperset(names) else "")

    def _list(self, language: str, find: Callable[[frozenset[str]], str]) -> Links:
        found: dict[str, list[tuple[str, str]]] = {}
        for edition in self._in(language):
            anchor = find(self.anchors[edition.slug])
            if anchor:
                words = self._vintage(edition)
                links = found.setdefault(translate(edition.title), [])
                links.append((f"../{edition.slug}/index.html#{anchor}", words))
        return list(found.items())

    def _in(self, language: str) -> list[Edition]:
        """Reports in a language, or in the site's own where there are none."""
        for code in (language, self.plan.site["language"]):
            editions = [
                edition
                for edition in self.plan.editions
                if edition.slug in self.anchors and self.plan.language_of(edition) == code
            ]
            if editions:
                return editions
        return []

    def _vintage(self, edition: Edition) -> str:
        day = self._records[edition.slug].get("as_of", edition.as_of)
        words = day_in_words(day) if day != LATEST else translate("Latest")
        return ", ".join(filter(None, [words, translate(edition.group)]))
