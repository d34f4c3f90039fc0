"""Find figures that lead nowhere, and charts that lack what every reader needs of one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from html.parser import HTMLParser

from nbformat import NotebookNode

from mss_analysis.press import bundles
from mss_analysis.press.page import markdown
from mss_analysis.press.wanting import lacks

# Decimal digits of every script, and the fractions with a sign of their own. Superscripts
# are left out: a square metre is a unit, not a figure.
NUMERAL = re.compile(r"[\d¼-¾⅐-⅞](?:[\d.,   ]*\d)?")
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
CONTEXT = 32


@dataclass(frozen=True)
class Problem:
    """A defect of one executed cell, in a sentence; `cell` as in the notebook's own count."""

    cell: int
    sentence: str


class _Reader(HTMLParser):
    """Visible text, each stretch with whether an element around it vouches for numerals."""

    def __init__(self, vouching: set[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.vouching = vouching
        self.open: list[tuple[str, bool]] = []
        self.text: list[tuple[str, bool]] = []
        self.links: list[tuple[str, list[str]]] = []
        self.heading_opens = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.heading_opens = self.heading_opens or tag in HEADINGS
        values = {key: value or "" for key, value in attrs}
        classes = values.get("class", "").split()
        observations = values.get("data-observations", "").split()
        if tag == "a" and "figure" in classes:
            self.links.append((values.get("href", ""), observations))
        vouched = (
            tag in self.vouching
            or "method" in classes
            or "ref" in classes
            or (tag == "a" and "figure" in classes and bool(observations))
        )
        if tag in VOID:
            self.text.append((" ", True))
        else:
            self.open.append((tag, vouched))

    def handle_endtag(self, tag: str) -> None:
        names = [name for name, _ in self.open]
        if tag in names:
            # An unclosed element ends with the one around it, as in a browser.
            del self.open[len(names) - 1 - names[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        vouched = any(vouched for _, vouched in self.open)
        if self.heading_opens and data.strip():
            data = re.sub(r"^\s*\d+(?:\.\d+)*[.)]\s+", "", data)
            self.heading_opens = False
        self.text.append((data, vouched))


def unlinked(html: str, vouching: frozenset[str] = frozenset()) -> list[str]:
    """Numerals in visible text that stand outside every element that vouches for them.

    Those are `a.figure` with observations, `time`, `code`, and any element of class
    `method` or `ref`; `vouching` adds element names. Each numeral comes with its context.
    """
    reader = _read(html, vouching)
    whole = "".join(text for text, _ in reader.text)
    found, start = [], 0
    for text, vouched in reader.text:
        if not vouched:
            found += [
                _in_context(whole, start + match.start(), start + match.end())
                for match in NUMERAL.finditer(text)
            ]
        start += len(text)
    return found


@cache
def numerals_in_markdown(source: str) -> list[str]:
    """Numerals that a Markdown cell types in by hand.

    The cell is judged as it will be shown, so code, link targets, entities, attributes
    and the numbers of lists are no figures; neither is the number that opens a heading.
    """
    return unlinked(markdown(source), frozenset({"pre"}))


def unknown(html: str, known: set[str]) -> list[str]:
    """Observations that the figures of `html` name, but that no provenance describes."""
    named = [name for _, names in _read(html, frozenset()).links for name in names]
    return sorted(set(named) - known)


def inspect(notebook: NotebookNode) -> list[Problem]:
    """Every figure that leads nowhere and every chart that lacks a part, cell by cell.

    Cells tagged `remove` are not shown, so they are not read.
    """
    known = bundles.provenance(notebook).observations.keys()
    problems = []
    number = 0
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        number += "injected-parameters" not in tags
        if "remove" in tags:
            continue
        sentences = list(_markdown_sentences(cell.source) if cell.cell_type == "markdown" else [])
        if cell.cell_type == "code":
            for bundle in bundles.of_cell(cell):
                sentences += _bundle_sentences(bundle, set(known))
        problems += [Problem(number, sentence) for sentence in dict.fromkeys(sentences)]
    return problems


def _markdown_sentences(source: str) -> Iterator[str]:
    for numeral in numerals_in_markdown(source):
        yield f"a figure is typed into the text: {numeral}"


def _bundle_sentences(bundle: dict, known: set[str]) -> Iterator[str]:
    observations: list[str] = []
    for place, html in bundles.shown_html(bundle):
        for numeral in unlinked(html):
            yield f"a figure in {place} leads to no observation: {numeral}"
        observations += unknown(html, known)
    for place, names in bundles.cited_lists(bundle):
        for name in sorted(set(names) - known):
            yield f"{place} names the observation {name!r}, which no provenance describes"
    for name in dict.fromkeys(observations):
        yield f"a figure names the observation {name!r}, which no provenance describes"
    exhibit = bundle.get(bundles.EXHIBIT)
    if exhibit:
        yield from (f"the chart {exhibit.get('id')!r} lacks {part}" for part in lacks(exhibit))
    elif spec := bundles.chart(bundle):
        missing = ", ".join(lacks({"spec": spec}))
        yield f"a chart is shown that is no exhibit; it lacks {missing}"


@lru_cache(maxsize=1)  # The same text is asked for its numerals, then for its links.
def _read(html: str, vouching: frozenset[str]) -> _Reader:
    reader = _Reader({"time", "code", "style", "script"} | vouching)
    reader.feed(html)
    reader.close()
    return reader


def _in_context(text: str, start: int, end: int) -> str:
    before = text[max(0, start - CONTEXT) : start]
    after = text[end : end + CONTEXT]
    return " ".join(f"{before}«{text[start:end]}»{after}".split())
