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

from mss_analysis import language
from mss_analysis.language import LANGUAGES, tell
from mss_analysis.press.citation import Reference, cite, cite_part, day_in_words
from mss_analysis.press.glossary import Term, glossary_of
from mss_analysis.press.page import Page
from mss_analysis.press.plan import LATEST, Edition, Plan

ASSETS = Path(__file__).parent / "templates" / "assets"
# What the two files that all pages share are put together from, in this order.
SHARED = {
    "report.css": ("tokens.css", "page.css", "report.css", "panel.css", "print.css"),
    "report.js": ("page.js", "charts.js", "formula.js", "citing.js", "panel.js", "keys.js"),
}
NOBODY = Reference("", "", "")
# The picture that goes with a link to a page where people pass it on.
CARD = "assets/card.png"
CARD_FILE = ASSETS / "card.png"


@dataclass(frozen=True)
class Link:
    """A link of the navigation, or a file to keep; `current` marks the page itself.

    `language` is the code of the language that a link leads to, where it is another one.
    """

    href: str
    text: str
    current: bool = False
    download: str = ""
    note: str = ""
    language: str = ""


@dataclass
class Frame:
    """The surroundings of one report.

    `languages` leads to the same report in others; `translation` says how far this page is
    translated. `around` leads to the site's search and lists; `source_pages` and
    `contradiction_pages` to the page of each source and each contradiction, by its id, where there
    is one. `reference` cites the report, `part` any figure or chart of it; `address` is where the
    page is found, `card` the picture that goes with a link to it.
    """

    site_title: str
    slug: str = "report"
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
    languages: list[Link] = field(default_factory=list)
    translation: str = ""
    glossary: list[Term] = field(default_factory=list)
    around: list[Link] = field(default_factory=list)
    source_pages: dict[str, str] = field(default_factory=dict)
    contradiction_pages: dict[str, str] = field(default_factory=dict)
    address: str = ""
    card: str = ""
    reference: Reference = NOBODY
    part: Reference = NOBODY
    parameters: dict[str, Any] = field(default_factory=dict)
    fingerprint: str = ""
    version: str = ""
    licence: str = ""

    @property
    def day(self) -> str:
        """The vintage in words."""
        return day_in_words(self.as_of)


def site_frame(
    edition: Edition, page: Page, plan: Plan, available: list[Edition], fingerprint: str
) -> Frame:
    """The frame of a report inside a site; links lead only to `available` editions."""
    with language.spoken(known_language(page.language)):
        return _site_frame(edition, page, plan, available, fingerprint)


def _site_frame(
    edition: Edition, page: Page, plan: Plan, available: list[Edition], fingerprint: str
) -> Frame:
    as_of = str(page.edition.get("as_of") or edition.as_of)
    stem, site = edition.notebook.stem, plan.site
    cited = (site["citation"], site["title"], page.title or edition.title, as_of, fingerprint)
    root = str(site["citation"].get("url") or "").rstrip("/")
    address = f"{root}/{edition.slug}/" if root else f"{edition.slug}/index.html"
    csv = {
        e.id: Link(f"{e.id}.csv", tell("Data (CSV)"), download=f"{edition.slug}-{e.id}.csv")
        for e in page.exhibits
        if e.csv
    }
    downloads = [
        Link(f"{stem}.ipynb", tell("Executed notebook"), download=f"{edition.slug}.ipynb"),
        Link("findings.json", tell("Findings (JSON)"), download=f"{edition.slug}-findings.json"),
    ]
    downloads += [
        Link(
            csv[e.id].href,
            tell("Figure {number} (CSV)", number=e.number),
            download=csv[e.id].download,
            note=e.title,
        )
        for e in page.exhibits
        if e.id in csv
    ]
    return Frame(
        site_title=site["title"],
        slug=edition.slug,
        language=page.language,
        home="../index.html",
        assets="../assets/",
        summary=edition.summary,
        as_of=as_of,
        corpus=str(page.edition.get("corpus") or edition.parameters.get("corpus", "")),
        siblings=[
            Link(_report(e), e.title, current=e.slug == edition.slug)
            for e in available
            if e.vintage == edition.vintage
        ],
        vintages=[
            Link(_report(e), vintage_name(e), current=e.slug == edition.slug)
            for e in available
            if e.notebook == edition.notebook and plan.language_of(e) == plan.language_of(edition)
        ],
        languages=[
            Link(
                _report(e),
                LANGUAGES[plan.language_of(e)],
                current=e.slug == edition.slug,
                language=plan.language_of(e),
            )
            for e in available
            if _but_language(e) == _but_language(edition) and plan.language_of(e) in LANGUAGES
        ],
        translation=translation_note(page),
        glossary=glossary_of(page, plan.glossary) if plan.glossary else [],
        downloads=downloads,
        csv=csv,
        address=address,
        # Where it is passed on, only a whole address leads to it.
        card=f"{root}/{CARD}" if root else "",
        reference=cite(*cited, address=address if root else ""),
        part=cite_part(*cited),
        parameters=edition.parameters,
        fingerprint=fingerprint,
        version=version(),
        licence=site["licence"],
    )


def lone_frame(page: Page, name: str) -> Frame:
    """The frame of a page that stands alone: everything it needs is inside it."""
    with language.spoken(known_language(page.language)):
        return _lone_frame(page, name)


def _lone_frame(page: Page, name: str) -> Frame:
    as_of = str(page.edition.get("as_of", ""))
    title = page.title or name
    csv = {
        e.id: Link(_data_uri("text/csv", e.csv), tell("Data (CSV)"), download=f"{name}-{e.id}.csv")
        for e in page.exhibits
        if e.csv
    }
    found = json.dumps({"findings": page.findings}, ensure_ascii=False, indent=1, sort_keys=True)
    inline = {"css": asset("report.css"), "js": _in_script(asset("report.js"))}
    if page.has_charts:
        inline["vega"] = _in_script(vega_bundle())
    return Frame(
        site_title=title,
        slug=name,
        language=page.language,
        inline=inline,
        as_of=as_of,
        corpus=str(page.edition.get("corpus", "")),
        translation=translation_note(page),
        downloads=[
            Link(
                _data_uri("application/json", found),
                tell("Findings (JSON)"),
                download=f"{name}-findings.json",
            )
        ],
        csv=csv,
        address=f"{name}.html",
        reference=cite({}, title, title, as_of, ""),
        part=cite_part({}, title, title, as_of, ""),
        version=version(),
    )


def known_language(code: str) -> str:
    """A code of a language that the press has words in; English for every other."""
    return code if code in LANGUAGES else "en"


def translation_note(page: Page) -> str:
    """How far a translated page can be relied on, for its top; empty in English."""
    if page.language == "en":
        return ""
    note = tell(
        "This page is a translation by the makers of the notebooks. No native speaker has read it"
        " yet; where in doubt, the English page holds."
    )
    if page.untranslated:
        note += " " + tell("What is not yet translated stands in English and is marked.")
    return note


def vintage_name(edition: Edition) -> str:
    """A vintage as a reader calls it: a day or the latest, and the group it belongs to."""
    day = tell("Latest") if edition.as_of == LATEST else day_in_words(edition.as_of)
    return ", ".join(filter(None, [day, edition.group]))


def asset(name: str) -> str:
    """The text of a stylesheet or script of the press."""
    parts = SHARED.get(name, (name,))
    return "\n".join(ASSETS.joinpath(part).read_text(encoding="utf-8") for part in parts)


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


def _report(edition: Edition) -> str:
    return f"../{edition.slug}/index.html"


def _but_language(edition: Edition) -> tuple[Any, ...]:
    """What the same report has in common in all languages."""
    others = {name: value for name, value in edition.parameters.items() if name != "language"}
    return (edition.notebook, edition.group, sorted(others.items(), key=str))


def _in_script(text: str) -> str:
    """Script text that cannot close its own element; `<\\/` is `</` in every JS string."""
    return re.sub(r"</(?=script)", r"<\\/", text, flags=re.IGNORECASE)


def _data_uri(mime: str, text: str) -> str:
    # Base64 would hide the data from a reader of the page's source.
    return f"data:{mime};charset=utf-8,{quote(text)}"
