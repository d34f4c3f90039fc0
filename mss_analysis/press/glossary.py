"""The glossary of a page: those of the approved terms that it uses.

The list is a CSV table with a column for each language's terms (`en`, `fr`, …) and one for its
definitions (`definition_en`, …).
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from mss_analysis.press import bundles
from mss_analysis.press.page import Block, Page, plain_text

# What a term is called by besides its full form: initials, in brackets behind it.
INITIALS = re.compile(r"\(([A-Z][A-Za-z'’]*[A-Z]+)\)")
# Where the words of a term end that a text would use unchanged.
END = re.compile(r"\s*[(/…]")


class Term(NamedTuple):
    """An entry of the glossary."""

    term: str
    definition: str


def glossary_of(page: Page, path: Path) -> list[Term]:
    """The terms of a list that stand on a page, in the page's language and order of letters."""
    text = _text(page)
    folded = text.casefold()
    found = [entry for entry in read_terms(path, page.language) if _uses(entry.term, text, folded)]
    return sorted(found, key=lambda entry: entry.term.casefold())


@cache
def read_terms(path: Path, language: str) -> tuple[Term, ...]:
    """All terms of a list in a language; without a definition in it a term is left out."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [
            (row.get(language), row.get(f"definition_{language}")) for row in csv.DictReader(file)
        ]
    return tuple(Term(term, definition) for term, definition in rows if term and definition)


def _uses(term: str, text: str, folded: str) -> bool:
    initials = INITIALS.search(term)
    if initials and re.search(rf"\b{re.escape(initials[1])}\b", text):
        return True
    words = END.split(term)[0].casefold()
    # A plural or another ending still is the term.
    return bool(words) and bool(re.search(rf"\b{re.escape(words)}\w{{0,2}}\b", folded))


def _text(page: Page) -> str:
    """What a page says in its own words, charts' titles included."""

    def said(blocks: list[Block]) -> list[str]:
        words = []
        for block in blocks:
            if block.exhibit:
                parts = (getattr(block.exhibit, name) for name in bundles.MARKUP if name != "table")
                words += [block.exhibit.title, block.exhibit.subtitle, *map(plain_text, parts)]
            elif block.kind in ("prose", "html"):
                words.append(plain_text(block.html))
            words += said(block.blocks)
        return words

    return " ".join([page.title, *said(page.blocks)])
