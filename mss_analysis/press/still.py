"""A page that holds still: the page as it reads without scripts, with pictures for its charts.

It is made from the finished page, so that it says the same. Scripts go, and with them what stays
hidden without them; a figure that rests on several observations leads to a list of them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from html import escape
from typing import Any

from lxml import html as tree
from lxml.html import HtmlElement

from mss_analysis.language import spoken, tell
from mss_analysis.press.drawing import UNFIT, defaults

# Draws charts: pictures by name, of Vega-Lite specifications (JSON) by name.
Draw = Callable[[dict[str, str]], dict[str, str]]
GONE = (
    "//script | //dialog | //template | //button | //*[@hidden] | //figure//noscript"
    " | //details[contains(concat(' ', @class, ' '), ' code ')]"
    " | //link[@rel='preload' or @rel='modulepreload'] | //*[starts-with(@class, 'search-')]"
    " | //*[@role='search'] | //noscript[preceding-sibling::*[@role='search']]"
)
FIGURES = (
    "//a[@data-observations][contains(concat(' ', @class, ' '), ' figure ')]"
    "[starts-with(@href, '#obs-')]"
)
# A figure may rest on every row there is: so many are listed, and so much of a formula.
MOST, LONGEST = 100, 500
# Attributes that the stylesheet reads.
KEPT = {"data-label"}


class Still:
    """A page as a tree without scripts; `text` writes it, pictures and all."""

    def __init__(self, page: str, draw: Draw) -> None:
        """Take the scripts out of a page, and let `draw` make pictures of its charts."""
        self.root = parse(page)
        # Stands for what is put in once the page is text; no text can hold its own hash.
        self.seal = hashlib.sha256(page.encode()).hexdigest()
        self.pictures: dict[str, str] = {}
        self.language = self.root.get("lang") or "en"
        with spoken(self.language):
            self._picture(draw)
            for found in self.root.xpath(GONE):
                found.drop_tree()
            for found in self.root.xpath("//noscript"):
                found.drop_tag()
            self._lead()
        self._strip()

    def text(self, element: HtmlElement | None = None) -> str:
        """The HTML of the page, or of a part of it."""
        whole = element is None
        written = tree.tostring(
            self.root if whole else element,
            encoding="unicode",
            doctype="<!doctype html>" if whole else None,
            with_tail=False,
        )
        return re.sub(f"{self.seal}-([\\w-]+);", lambda found: self.pictures[found[1]], written)

    def weigh(self, element: HtmlElement | None = None) -> int:
        """The bytes of the page, or of a part of it."""
        return len(self.text(element).encode())

    def _picture(self, draw: Draw) -> None:
        """Put a picture in the place of each chart."""
        panels = {
            panel.get("data-spec").removeprefix("spec-"): panel
            for panel in self.root.xpath("//*[@data-spec]")
        }
        specs = {
            name: self.root.get_element_by_id(panel.get("data-spec")).text
            for name, panel in panels.items()
        }
        for name, svg in draw(specs).items():
            panel = panels[name]
            alternative = panel.get("aria-label") or ""
            figure = next(panel.iterancestors("figure"))
            self.pictures[name] = _describe(svg, name, title_of(figure), alternative)
            panel.clear(keep_tail=True)
            panel.set("class", "chart picture")
            panel.text = f"{self.seal}-{name};"
            words = tell("Swipe the chart sideways, or move it with the arrow keys, to see it all.")
            around = next(panel.iterancestors("div"), panel)
            around.addprevious(element(f'<p class="hint swipe">{escape(words)}</p>'))
            for table in figure.xpath(".//details[@open][contains(@class, 'table')]"):
                del table.attrib["open"]
            for words in _settings(json.loads(specs[name])):
                panel.addnext(element(f'<p class="hint">{escape(words)}</p>'))

    def _lead(self) -> None:
        """Let a figure that rests on several rows lead to a list of them."""
        behind = self.root.find_class("apparatus")
        if not behind:
            return
        said = {
            row.get("id"): words.text_content()
            for row in self.root.xpath("//*[starts-with(@id, 'obs-')]")
            for words in row.find_class("wording")[:1]
        }
        lists: dict[tuple[str, str], str] = {}
        for figure in self.root.xpath(FIGURES):
            names = list(dict.fromkeys(figure.get("data-observations").split()))
            if len(names) < 2:
                continue
            formula = figure.get("data-formula") or ""
            key = " ".join(names), formula
            if key not in lists:
                lists[key] = _list(f"rests-{len(lists) + 1}", figure.text_content(), key, said)
            figure.set("href", "#" + lists[key].split('"', 2)[1])
        if lists:
            heading = escape(tell("Figures that rest on several observations"))
            section = f'<section aria-labelledby="rests"><h2 id="rests">{heading}</h2>'
            section += f'<ul class="rests">{"".join(lists.values())}</ul></section>'
            behind[0].insert(0, element(section))

    def _strip(self) -> None:
        """Take out what only scripts read, and what could start one."""
        for found in self.root.iter(tree.etree.Element):
            for name, value in found.attrib.items():
                read = name.startswith("data-") and name not in KEPT
                if read or name.startswith("on") or _runs(value):
                    del found.attrib[name]
        for policy in self.root.xpath("//meta[@http-equiv='Content-Security-Policy']"):
            policy.set("content", f"script-src 'none'; {policy.get('content')}")


def parse(page: str) -> HtmlElement:
    """The tree of a page, however long its texts are."""
    return tree.document_fromstring(page, parser=tree.HTMLParser(huge_tree=True))


def title_of(figure: HtmlElement) -> str:
    """What an exhibit says in a line: what it found, or what it asks."""
    lines = [*figure.find_class("headline"), *figure.find_class("question"), figure]
    return " ".join(lines[0].text_content().split())


def element(markup: str) -> HtmlElement:
    """An element from its HTML; what no page may hold is left out."""
    return tree.fragment_fromstring(UNFIT.sub("", markup))


def _list(anchor: str, words: str, key: tuple[str, str], said: dict[str, str]) -> str:
    """An entry of the list of figures that rest on several rows: its formula, and the rows."""
    names, formula = key[0].split(), key[1]
    told = formula if len(formula) <= LONGEST else formula[:LONGEST] + " …"
    known = f" = <code>{escape(told)}</code>" if told else ""
    links = [
        f'<a href="#obs-{escape(name)}">{escape(said.get(f"obs-{name}", name))}</a>'
        for name in names[:MOST]
    ]
    if len(names) > MOST:
        rest = tell("and {number} more in the table of figures", number=len(names) - MOST)
        links.append(f'<a href="#figures">{escape(rest)}</a>')
    return f'<li id="{anchor}"><strong>{escape(words)}</strong>{known}: {", ".join(links)}</li>'


def _describe(svg: str, name: str, title: str, alternative: str) -> str:
    """A picture that says what it is, and what it shows, to those who do not see it."""
    named = f'role="img" aria-labelledby="picture-{name} told-{name}"'
    words = f'<title id="picture-{name}">{escape(title)}</title>'
    words += f'<desc id="told-{name}">{escape(alternative)}</desc>'
    return re.sub(r"<svg([^>]*)>", lambda head: f"<svg {named}{head[1]}>{words}", svg, count=1)


def _settings(spec: dict[str, Any]) -> Iterator[str]:
    """Where the sliders of a chart stand that now is a picture."""
    for label, value in defaults(spec).items():
        yield tell("Drawn for {label}: {value}.", label=label, value=value)


def _runs(value: str) -> bool:
    """Whether a browser would take an attribute's value for a program."""
    address = re.sub(r"[\x00-\x20]", "", value).lower()
    return address.startswith(("javascript:", "vbscript:", "data:text/html"))
