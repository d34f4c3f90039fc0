"""What stands around the pages of a site that are no reports: its head, ways on, and foot."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from mss_analysis.language import LANGUAGES
from mss_analysis.press.addresses import DISPUTES, SOURCES, in_language


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

    @property
    def ways(self) -> list[tuple[str, str]]:
        """Names of the pages that every page leads to, each with where it is."""
        names = {"search": "search"}
        if self.has_register:
            names |= {"sources": f"{SOURCES}/index", "disputes": f"{DISPUTES}/index"}
        return [(name, self.to(page)) for name, page in names.items()]

    def switch(self, name: str) -> list[tuple[str, str, str]]:
        """The same page in each language: code, name, file; none where there is but one."""
        return [
            (code, LANGUAGES[code], in_language(name, code, self.own))
            for code in self.languages
            if len(self.languages) > 1
        ]
