"""Pages as HTML, straight from the templates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from mss_analysis.press.citation import day_in_words
from mss_analysis.press.frame import Frame, paragraph
from mss_analysis.press.page import Page

TEMPLATES = Path(__file__).parent / "templates"
REPORT, FRONT, NOTICE = "report.html.j2", "index.html.j2", "notice.html.j2"


class Renderer:
    """Renders pages that are gathered already; no notebook is read."""

    def __init__(self) -> None:
        """Read no template yet: each is compiled when it is first used."""
        # Titles and provenance are data; only what notebooks rendered as HTML is trusted.
        self._environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
        self._environment.filters["paragraph"] = paragraph
        self._environment.filters["day"] = day_in_words

    def report(self, page: Page, frame: Frame) -> str:
        """Render a report."""
        return self._render(REPORT, page=page, frame=frame)

    def front(self, **content: Any) -> str:
        """Render the site's front page."""
        return self._render(FRONT, **content)

    def notice(self, **content: Any) -> str:
        """Render the notice that stands in for a report which failed."""
        return self._render(NOTICE, **content)

    def _render(self, template: str, **content: Any) -> str:
        return self._environment.get_template(template).render(**content)
