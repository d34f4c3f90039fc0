"""What is shown to somebody at work in a notebook, where no page leads to paragraphs.

A page of a report opens a figure's paragraph and draws its charts itself. JupyterLab does neither:
there a figure links to its document, and a chart is a picture, which needs no network.
"""

from __future__ import annotations

import os
import re
import sys
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mss_analysis.evidence import Evidence

# A Jupyter server names the notebook to the kernels that it starts; papermill does not.
_SESSION = "JPY_SESSION_NAME"
# The renderer of charts that builds enable.
_BUILD = "mss"
# As wide as JupyterLab's cells on a small screen.
_WIDTH = 720
_LINK = re.compile(r'<a class="([^"]*)" href="#obs-([^"]*)"([^>]*)>(.*?)</a>')
_IDS = re.compile(r'data-observations="([^"]*)"')


def is_live() -> bool:
    """Whether somebody looks on: in a kernel of a Jupyter server, unless a build runs it there."""
    if _SESSION not in os.environ:
        return False
    altair = sys.modules.get("altair")
    return altair is None or altair.renderers.active != _BUILD


def fit(html: str, evidence: Evidence | None = None) -> str:
    """Fit what is shown to where it is shown: on a page of a report it stays as it is."""
    return lead_out(html, evidence) if is_live() else html


def lead_out(html: str, evidence: Evidence | None = None) -> str:
    """Lead figures to the documents that state them; without one, name the rows behind them.

    >>> lead_out('<a class="figure" href="#obs-a" data-observations="a b">7</a>')
    '<span class="figure" data-observations="a b" title="a b">7</span>'
    """

    def replace(found: re.Match[str]) -> str:
        kind, row, rest, words = found.groups()
        if evidence is None or not evidence.states(row):
            ids = _IDS.search(rest)
            return f'<span class="{kind}"{rest} title="{ids[1] if ids else row}">{words}</span>'
        url = evidence.documents[evidence.row(row)["source_id"]]["url"]
        place = f'{rest} title="{escape(evidence.cite([row]), quote=True)}"'
        if not url.startswith(("https://", "http://")):
            return f'<span class="{kind}"{place}>{words}</span>'
        return f'<a class="{kind}" href="{escape(url, quote=True)}"{place}>{words}</a>'

    return _LINK.sub(replace, html)


def draw(spec: dict[str, Any]) -> str:
    """Draw a chart as a picture (SVG)."""
    # Loading the converter takes a second, which only drawing should pay.
    import vl_convert

    return vl_convert.vegalite_to_svg({**spec, "width": _WIDTH}, allowed_base_urls=[])
