"""The nbconvert exporter: `jupyter nbconvert --to mss_report executed.ipynb`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment
from nbconvert.exporters.templateexporter import TemplateExporter
from nbformat import NotebookNode
from traitlets import default

from mss_analysis.press.citation import day_in_words
from mss_analysis.press.frame import Frame, lone_frame, paragraph
from mss_analysis.press.page import Page, read_page

TEMPLATES = Path(__file__).parent / "templates"


class ReportExporter(TemplateExporter):
    """Render an executed notebook as a report that asks nothing of the network.

    Within a build, `resources["frame"]` carries the site around the page. Without it the
    page stands alone: styles, scripts and data are inlined.
    """

    export_from_notebook = "MSS report"
    output_mimetype = "text/html"

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    @default("template_file")
    def _template_file_default(self) -> str:
        return "report.html.j2"

    @default("template_paths")
    def _template_paths_default(self) -> list[str]:
        return [str(TEMPLATES)]

    def _create_environment(self) -> Environment:
        environment = super()._create_environment()
        # Titles and provenance are data; only what notebooks rendered as HTML is trusted.
        environment.autoescape = True
        environment.filters["paragraph"] = paragraph
        environment.filters["day"] = day_in_words
        return environment

    def from_notebook_node(
        self, nb: NotebookNode, resources: Any = None, **kwargs: Any
    ) -> tuple[str, dict[str, Any]]:
        """Render one executed notebook; see `Exporter.from_notebook_node`."""
        # Preprocessors run as for every exporter; TemplateExporter's own rendering does not,
        # because our templates see a page rather than cells.
        nb, resources = super(TemplateExporter, self).from_notebook_node(nb, resources, **kwargs)
        page = read_page(nb)
        frame = resources.get("frame") or lone_frame(page, self._name(resources))
        return self.render(page, frame), resources

    @staticmethod
    def _name(resources: dict[str, Any]) -> str:
        return str(resources.get("metadata", {}).get("name") or "report")

    def render(self, page: Page, frame: Frame) -> str:
        """Render a page that is gathered already; the notebook itself is not read again."""
        return self.template.render(page=page, frame=frame)

    def render_index(self, **content: Any) -> str:
        """Render the site's front page."""
        return self.environment.get_template("index.html.j2").render(**content)
