"""A page that holds still: the page as it reads without scripts, with pictures for its charts.

It is made from the finished page, so that it says the same. Scripts go, and with them what stays
hidden without them; a figure that rests on several observations leads to a list of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from html import escape
from typing import TYPE_CHECKING, Any

from mss_analysis.language import spoken, tell
from mss_analysis.press.drawing import defaults

if TYPE_CHECKING:
    from bs4 import Tag

# Draws charts: pictures by name, of Vega-Lite specifications (JSON) by name.
Draw = Callable[[dict[str, str]], dict[str, str]]
GONE = (
    "script, dialog, template, button, [hidden], details.code, figure noscript,"
    " link[rel=preload], link[rel=modulepreload]"
)
# Stands for a picture until the page is text: a picture need not be parsed.
MARK = "\ue000{}\ue000"
# Attributes that the stylesheet reads.
KEPT = {"data-label"}


class Still:
    """A page as a tree without scripts; `text` writes it, pictures and all."""

    def __init__(self, html: str, draw: Draw) -> None:
        """Take the scripts out of a page, and let `draw` make pictures of its charts."""
        from bs4 import BeautifulSoup

        self.soup = BeautifulSoup(html, "html.parser")
        self.pictures: dict[str, str] = {}
        self.wordings = {
            str(words.find_parent(id=re.compile("^obs-"))["id"]).removeprefix("obs-"): str(
                words.text
            )
            for words in self.soup.select("[id^=obs-] .wording")
        }
        with spoken(str(self.soup.html.get("lang") or "en")):
            self._picture(draw)
            for element in self.soup.select(GONE):
                element.decompose()
            for element in self.soup.select("noscript"):
                element.unwrap()
            self._lead()
        self._strip()

    def text(self, tree: Tag | None = None) -> str:
        """The HTML of the page, or of a part of it."""
        html = (tree or self.soup).decode(formatter="minimal")
        return re.sub(MARK.format("(.*?)"), lambda found: self.pictures[found[1]], html)

    def weigh(self, tree: Tag | None = None) -> int:
        """The bytes of the page, or of a part of it."""
        return len(self.text(tree).encode())

    def make(self, tag: str, *content: Tag | str, **attributes: str) -> Tag:
        """An element; `class_` and `aria_label` name attributes as Python can."""
        names = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        element = self.soup.new_tag(tag, attrs=names)
        element.extend(content)
        return element

    def _picture(self, draw: Draw) -> None:
        """Put a picture in the place of each chart."""
        panels = {
            str(panel["data-spec"]).removeprefix("spec-"): panel
            for panel in self.soup.select(".chart[data-spec]")
        }
        specs = {
            name: str(self.soup.find(id=panel["data-spec"]).string)
            for name, panel in panels.items()
        }
        for name, svg in draw(specs).items():
            panel = panels[name]
            alternative = str(panel.get("aria-label") or "")
            caption = panel.find_parent("figure").find("figcaption")
            title = " ".join(caption.get_text(" ").split())
            self.pictures[name] = _describe(svg, name, title, alternative)
            # A phone scrolls a picture in its panel, and so must a keyboard.
            panel.attrs = {"class": "chart picture", "role": "group", "tabindex": "0"}
            panel["aria-label"] = title
            panel.string = MARK.format(name)
            for words in _settings(json.loads(specs[name])):
                panel.insert_after(self.make("p", words, class_="hint"))

    def _lead(self) -> None:
        """Let a figure that rests on several rows lead to a list of them."""
        lists: dict[tuple[str, ...], Tag] = {}
        for figure in self.soup.select("a.figure[data-observations]"):
            names = tuple(dict.fromkeys(str(figure["data-observations"]).split()))
            if len(names) < 2:
                continue
            formula = str(figure.get("data-formula") or "")
            if (*names, formula) not in lists:
                parts = list(self._parts(figure.get_text(), names, formula))
                lists[*names, formula] = self.make("li", *parts, id=f"rests-{len(lists) + 1}")
            figure["href"] = f"#{lists[*names, formula]['id']}"
        behind = self.soup.find(class_="apparatus")
        if lists and behind is not None:
            heading = self.make("h2", tell("Figures that rest on several observations"), id="rests")
            listing = self.make("ul", *lists.values(), class_="rests")
            behind.insert(0, self.make("section", heading, listing, aria_labelledby="rests"))

    def _parts(self, words: str, names: tuple[str, ...], formula: str) -> Iterator[Tag | str]:
        yield self.make("strong", words)
        if formula:
            yield from (" = ", self.make("code", formula))
        for place, name in enumerate(names):
            yield ", " if place else ": "
            yield self.make("a", self.wordings.get(name, name), href=f"#obs-{name}")

    def _strip(self) -> None:
        """Take out what only scripts read, and what could start one."""
        for element in self.soup.find_all(True):
            for name, value in list(element.attrs.items()):
                read = name.startswith("data-") and name not in KEPT
                if read or name.startswith("on") or _runs(value):
                    del element[name]
        policy = self.soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})
        if policy is not None:
            policy["content"] = f"script-src 'none'; {policy['content']}"


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


def _runs(value: Any) -> bool:
    """Whether a browser would take an attribute's value for a program."""
    address = re.sub(r"[\x00-\x20]", "", value).lower() if isinstance(value, str) else ""
    return address.startswith(("javascript:", "vbscript:", "data:text/html"))
