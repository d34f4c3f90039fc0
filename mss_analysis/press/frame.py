"""What stands around a page: navigation, vintages, downloads, citation, assets."""

from __future__ import annotations

import importlib.metadata
import json
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from mss_analysis.press.citation import cite, day_in_words
from mss_analysis.press.page import Page
from mss_analysis.press.plan import LATEST, Edition, Plan

ASSETS = Path(__file__).parent / "templates" / "assets"


@dataclass(frozen=True)
class Link:
    """A link of the navigation, or a file to keep; `current` marks the page itself."""

    href: str
    text: str
    current: bool = False
    download: str = ""
    note: str = ""


@dataclass
class Frame:
    """The surroundings of one report."""

    site_title: str
    language: str = "en"
    home: str = ""
    assets: str = ""
    inline: dict[str, str] = field(default_factory=dict)
    summary: str = ""
    as_of: str = ""
    corpus: str = ""
    siblings: list[Link] = field(default_factory=list)
    vintages: list[Link] = field(default_factory=list)
    downloads: list[Link] = field(default_factory=list)
    csv: dict[str, Link] = field(default_factory=dict)
    citation: str = ""
    bibtex: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    fingerprint: str = ""
    version: str = ""
    licence: str = ""
    # The site's pages around its reports; empty where a page stands alone.
    around: list[Link] = field(default_factory=list)
    source_pages: dict[str, str] = field(default_factory=dict)
    dispute_pages: dict[str, str] = field(default_factory=dict)

    @property
    def day(self) -> str:
        """The vintage in words."""
        return day_in_words(self.as_of)


def site_frame(
    edition: Edition, page: Page, plan: Plan, available: list[Edition], fingerprint: str
) -> Frame:
    """The frame of a report inside a site; links lead only to `available` editions."""
    as_of = str(page.edition.get("as_of") or edition.as_of)
    stem = edition.notebook.stem
    text, bibtex = cite(
        plan.site["citation"], plan.site["title"], page.title or edition.title, as_of, fingerprint
    )
    csv = {
        e.id: Link(f"{e.id}.csv", "Data (CSV)", download=f"{edition.slug}-{e.id}.csv")
        for e in page.exhibits
        if e.csv
    }
    downloads = [
        Link(f"{stem}.ipynb", "Executed notebook", download=f"{edition.slug}.ipynb"),
        Link("findings.json", "Findings (JSON)", download=f"{edition.slug}-findings.json"),
    ]
    downloads += [
        Link(csv[e.id].href, f"Figure {e.number} (CSV)", download=csv[e.id].download, note=e.title)
        for e in page.exhibits
        if e.id in csv
    ]
    return Frame(
        site_title=plan.site["title"],
        language=plan.site["language"],
        home="../index.html",
        assets="../assets/",
        summary=edition.summary,
        as_of=as_of,
        corpus=str(page.edition.get("corpus") or edition.parameters.get("corpus", "")),
        siblings=[
            Link(f"../{e.slug}/index.html", e.title, current=e.slug == edition.slug)
            for e in available
            if e.vintage == edition.vintage
        ],
        vintages=[
            Link(f"../{e.slug}/index.html", vintage_name(e), current=e.slug == edition.slug)
            for e in available
            if e.notebook == edition.notebook
        ],
        downloads=downloads,
        csv=csv,
        citation=text,
        bibtex=bibtex,
        parameters=edition.parameters,
        fingerprint=fingerprint,
        version=version(),
        licence=plan.site["licence"],
    )


def lone_frame(page: Page, name: str) -> Frame:
    """The frame of a page that stands alone: everything it needs is inside it."""
    as_of = str(page.edition.get("as_of", ""))
    title = page.title or name
    text, bibtex = cite({}, title, title, as_of, "")
    csv = {
        e.id: Link(_data_uri("text/csv", e.csv), "Data (CSV)", download=f"{name}-{e.id}.csv")
        for e in page.exhibits
        if e.csv
    }
    found = json.dumps({"findings": page.findings}, ensure_ascii=False, indent=1, sort_keys=True)
    inline = {"css": asset("report.css"), "js": _in_script(asset("report.js"))}
    if page.has_charts:
        inline["vega"] = _in_script(vega_bundle())
    return Frame(
        site_title=title,
        inline=inline,
        as_of=as_of,
        corpus=str(page.edition.get("corpus", "")),
        downloads=[
            Link(
                _data_uri("application/json", found),
                "Findings (JSON)",
                download=f"{name}-findings.json",
            )
        ],
        csv=csv,
        citation=text,
        bibtex=bibtex,
        version=version(),
    )


def vintage_name(edition: Edition) -> str:
    """A vintage as a reader calls it: a day or the latest, and the group it belongs to."""
    day = "Latest" if edition.as_of == LATEST else day_in_words(edition.as_of)
    return ", ".join(filter(None, [day, edition.group]))


def paragraph(locator: Any) -> str:
    """A locator in words: `p10` is paragraph 10; other locators stay as they are."""
    match = re.fullmatch(r"p(\d+)", str(locator or ""))
    return f"paragraph {match[1]}" if match else str(locator or "")


def asset(name: str) -> str:
    """The text of a stylesheet or script of the press."""
    return ASSETS.joinpath(name).read_text(encoding="utf-8")


@cache
def vega_bundle() -> str:
    """Vega, Vega-Lite and Vega-Embed as one classic script (about 0.9 MB, made once)."""
    # Imported here: loading the converter costs a second, which only builds should pay.
    import vl_convert

    return vl_convert.javascript_bundle()


@cache
def version() -> str:
    """The version of the installed package, or a word that says there is none."""
    try:
        return importlib.metadata.version("mss-analysis")
    except importlib.metadata.PackageNotFoundError:
        return "uninstalled"


def _in_script(text: str) -> str:
    """Script text that cannot close its own element; `<\\/` is `</` in every JS string."""
    return re.sub(r"</(?=script)", r"<\\/", text, flags=re.IGNORECASE)


def _data_uri(mime: str, text: str) -> str:
    # Base64 would hide the data from a reader of the page's source.
    return f"data:{mime};charset=utf-8,{quote(text)}"
