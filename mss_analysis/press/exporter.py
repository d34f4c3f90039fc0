"""The nbconvert exporter: `jupyter nbconvert --to mss_report executed.ipynb`."""

from __future__ import annotations

from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from traitlets import default

from mss_analysis.press.frame import lone_frame
from mss_analysis.press.page import read_page
from mss_analysis.press.render import Renderer


class ReportExporter(Exporter):
    """Render an executed notebook as a report that asks nothing of the network.

    The page stands alone: styles, scripts and data are inlined. Within a build,
    `resources["frame"]` carries the site around the page.
    """

    export_from_notebook = "MSS report"
    output_mimetype = "text/html"

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(
        self, nb: NotebookNode, resources: Any = None, **kwargs: Any
    ) -> tuple[str, dict[str, Any]]:
        """Render one executed notebook; see `Exporter.from_notebook_node`."""
        nb, resources = super().from_notebook_node(nb, resources, **kwargs)
        page = read_page(nb)
        name = str(resources.get("metadata", {}).get("name") or "report")
        frame = resources.get("frame") or lone_frame(page, name)
        return Renderer().report(page, frame), resources
