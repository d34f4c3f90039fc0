"""Pages as HTML, straight from the templates."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from mss_analysis.language import spoken
from mss_analysis.press import words
from mss_analysis.press.citation import day_in_words
from mss_analysis.press.frame import Frame, known_language
from mss_analysis.press.page import Page

TEMPLATES = Path(__file__).parent / "templates"
REPORT, NOTICE = "report.html.j2", "notice.html.j2"


class Renderer:
    """Renders pages that are gathered already; no notebook is read."""

    def __init__(self) -> None:
        """Read no template yet: each is compiled when it is first used."""
        # Titles and provenance are data; only what notebooks rendered as HTML is trusted.
        self._environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
        self._environment.globals |= {
            "_": words.mark_up,
            "ngettext": words.mark_up_plural,
            "title_of": words.title_of,
            "day_element": words.day_element,
        }
        self._environment.filters |= {
            "bounds": words.write_bounds,
            "day": day_in_words,
            "is_web": is_web,
            "paragraph": words.write_place,
        }

    def report(self, page: Page, frame: Frame) -> str:
        """Render a report."""
        with spoken(known_language(frame.language)):
            return self._render(REPORT, page=page, frame=frame)

    def notice(self, **content: Any) -> str:
        """Render the notice that stands in for a report which failed."""
        with spoken(known_language(content["site"]["language"])):
            return self._render(NOTICE, **content)

    def page(self, template: str, **content: Any) -> str:
        """Render a page around the reports."""
        return self._render(template, **content)

    def _render(self, template: str, **content: Any) -> str:
        return self._environment.get_template(template).render(**content)


def is_web(address: Any) -> bool:
    """Whether an address from the data may be a link: of the web, and nothing that runs.

    >>> is_web("https://example.org/"), is_web("javascript:alert(1)")
    (True, False)
    """
    return bool(re.match(r"https?://[^\s/]", str(address or ""), re.IGNORECASE))
