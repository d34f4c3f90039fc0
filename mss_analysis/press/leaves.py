"""A page that would be too heavy, spread over leaves: long tables and lists get pages of their own.

What stands behind the text goes first, the heaviest first; a table that is too long for one leaf
goes on on the next. Links follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from html import escape
from typing import NamedTuple

from lxml.html import HtmlElement

from mss_analysis.language import spoken, tell
from mss_analysis.press.still import Still, element, title_of

ID = re.compile(r'\sid="([^"]+)"')
WITHIN = re.compile(r'(?<=href=")#([^"]+)(?=")')
# What a link to another leaf weighs more than one within the page, and what a leaf's head weighs.
FARTHER, HEAD = 24, 3_000
LONG = (
    "//table[not(ancestor::table)] | //ul[li/@id] | //ol[li/@id]"
    " | //ul[contains(@class, 'sources')]"
)


class Unit(NamedTuple):
    """A table or list that can stand on leaves: `home` is the anchor of the place it leaves."""

    found: HtmlElement
    weight: int
    behind: bool
    name: str
    title: str
    home: str


def spread(still: Still, name: str, room: int) -> dict[str, str]:
    """The page and its leaves by file name, none heavier than `room` bytes if that can be.

    `name` is that of the page's own file: leaves of `index.fr.html` end in `.fr.html`.
    """
    whole = still.text()
    weight = _weigh(whole)
    if len(whole.encode()) <= room:
        return {name: whole}
    ending = name[name.index(".") :]
    with spoken(still.language):
        units = sorted(_units(still), key=lambda unit: (not unit.behind, -unit.weight))
        moved = []
        for unit in units:
            if weight > room:
                moved.append(unit)
                weight -= unit.weight - _take_out(unit, ending)
        before, named, after = _shell(still)
        pages = {name: still.text()}
        for unit in moved:
            parts = list(_parts(still, unit, room - _weigh(before + named + after) - HEAD))
            names = [_name(unit, number, ending) for number in range(len(parts))]
            for number, part in enumerate(parts):
                inner = _inner(unit, part, name, names, number)
                pages[names[number]] = before + escape(unit.title) + named + inner + after
    return _join(pages)


def _weigh(text: str) -> int:
    """The bytes of a text whose links may have to lead farther."""
    return len(text.encode()) + FARTHER * text.count('href="#')


def _units(still: Still) -> Iterator[Unit]:
    """What could leave the page."""
    taken: set[str] = {"index"}
    for number, found in enumerate(still.root.xpath(LONG), start=1):
        figure = next(found.iterancestors("figure"), None)
        section = next(found.iterancestors("section"), None)
        behind = any("apparatus" in (a.get("class") or "").split() for a in found.iterancestors())
        name, title, home = f"table-{number}", tell("Table"), "main"
        if figure is not None and figure.get("id"):
            home = figure.get("id")
            name = home.removeprefix("figure-") + "-table"
            title = title_of(figure)
        elif behind and section is not None:
            heading = next(section.iter("h2", "h3"))
            name = home = heading.get("id") or name
            title = " ".join(heading.text_content().split())
        if name in taken:
            name = f"{name}-{number}"
        taken.add(name)
        yield Unit(found, _weigh(still.text(found)), behind, name, title, home)


def _take_out(unit: Unit, ending: str) -> int:
    """Put a link in the place of a unit, and of the fold around it; gives the link's weight."""
    place = unit.found
    folds = [a for a in place.iterancestors("details") if "table" in (a.get("class") or "").split()]
    if unit.behind:
        folds = list(place.iterancestors("details"))
    for around in [*folds[:1], *_scroll(place)][:1]:
        place = around
    words = escape(tell("The rows stand on a page of their own: {title}", title=unit.title))
    link = f'<p class="elsewhere"><a href="{_name(unit, 0, ending)}">{words}</a></p>'
    place.addnext(element(link))
    place.drop_tree()
    return len(link.encode())


def _scroll(place: HtmlElement) -> list[HtmlElement]:
    around = place.getparent()
    return [around] if around is not None and around.find_class("scroll")[:1] == [around] else []


def _shell(still: Still) -> tuple[str, str, str]:
    """The page around a leaf: what stands before its title, between that and its words, after."""
    root = deepcopy(still.root)
    title = root.find(".//title")
    title.text = f"{still.seal} · {title.text}"
    main = root.get_element_by_id("main")
    other = "//a[@class='skip'][@href!='#main']"
    for elsewhere in [*root.find_class("side"), *root.xpath(other)]:
        elsewhere.drop_tree()
    main.clear(keep_tail=True)
    main.attrib.update({"id": "main", "class": "leaf", "tabindex": "-1"})
    main.text = still.seal
    before, named, after = still.text(root).split(still.seal)
    return "<!doctype html>\n" + before, named, after


def _parts(still: Still, unit: Unit, space: int) -> Iterator[str]:
    """The unit in parts that fit into `space` bytes, each with the table's head."""
    found = unit.found
    if found.tag == "table":
        path = "./tbody/tr" if found.find("tbody") is not None else "./tr[td]"
    else:
        path = "./li"
    rows = found.xpath(path)
    if not rows:
        yield still.text(found)
        return
    texts = [still.text(row) for row in rows]
    place = element(f"<{rows[0].tag}>{still.seal}</{rows[0].tag}>")
    rows[0].addprevious(place)
    for row in rows:
        row.drop_tree()
    before, after = still.text(found).split(still.text(place))
    frame = _weigh(before + after)
    held: list[str] = []
    used = frame
    for text in texts:
        weight = _weigh(text)
        if held and used + weight > space:
            yield before + "\n".join(held) + after
            held, used = [], frame
        held.append(text)
        used += weight
    yield before + "\n".join(held) + after


def _name(unit: Unit, number: int, ending: str) -> str:
    return f"{unit.name}-{number + 1}{ending}" if number else unit.name + ending


def _inner(unit: Unit, part: str, home: str, names: list[str], number: int) -> str:
    """What stands in the main part of a leaf; `home` is the page that it belongs to."""
    title, words = escape(unit.title), escape(tell("Back to the report"))
    back = f'<p><a href="{home}#{escape(unit.home)}">{words}</a></p>'
    steps = ""
    if len(names) > 1:
        words = escape(tell("Pages of this list"))
        links = "".join(
            f"<li><strong aria-current='page'>{place + 1}</strong></li>"
            if place == number
            else f'<li><a href="{name}">{place + 1}</a></li>'
            for place, name in enumerate(names)
        )
        steps = f'<nav class="leaves" aria-label="{words}"><ol>{links}</ol></nav>'
    held = f'<div class="scroll" tabindex="0" role="group" aria-label="{title}">{part}</div>'
    return f'<header class="title"><h1>{title}</h1>{back}</header>{steps}{held}'


def _join(pages: dict[str, str]) -> dict[str, str]:
    """Let links within the page lead to the leaf on which their target stands now."""
    where = {name: page for page, text in pages.items() for name in ID.findall(text)}

    def follow(page: str, own: set[str]) -> str:
        def lead(link: re.Match[str]) -> str:
            there = where.get(link[1], page)
            return link[0] if link[1] in own or there == page else f"{there}#{link[1]}"

        return WITHIN.sub(lead, pages[page])

    return {page: follow(page, set(ID.findall(text))) for page, text in pages.items()}
