"""What stands around the pages of a site that are no reports: its head, ways on, and foot."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from mss_analysis.language import LANGUAGES, tell
from mss_analysis.press.addresses import DISPUTES, SOURCES, in_language
from mss_analysis.press.frame import Link


@dataclass
class Around:
    """The surroundings of the pages of one language, as seen from a folder at `root`."""

    site: dict[str, Any]
    language: str
    languages: list[str]
    root: str = ""
    as_of: str = ""
    fingerprint: str = ""
    version: str = ""
    has_register: bool = False
    assets: str = field(init=False)

    def __post_init__(self) -> None:
        """Know where the assets are."""
        self.assets = f"{self.root}assets/"

    @property
    def own(self) -> str:
        """The site's own language, whose pages have the plain names."""
        return self.site["language"]

    def to(self, name: str) -> str:
        """Where a page of the site is in this language: `index`, `search`, a folder's page."""
        return self.root + in_language(name, self.language, self.own)

    def ways(self, here: str = "") -> list[Link]:
        """The pages that every page leads to; `here` is the one that leads."""
        named = [("search", tell("Search"))]
        if self.has_register:
            named += [(f"{SOURCES}/index", tell("Documents"))]
            named += [(f"{DISPUTES}/index", tell("Contradictions"))]
        return [Link(self.to(page), words, current=page == here) for page, words in named]

    def switch(self, name: str) -> list[Link]:
        """The same page in each language; `name` is its file without an ending."""
        return [
            Link(
                in_language(name, code, self.own),
                LANGUAGES[code],
                current=code == self.language,
                language=code,
            )
            for code in self.languages
        ]
