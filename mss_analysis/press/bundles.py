"""The MIME bundles by which a notebook hands figures, charts and their origins to the press."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbformat import NotebookNode

EXHIBIT = "application/vnd.mss.exhibit+json"
FINDINGS = "application/vnd.mss.findings+json"
PROVENANCE = "application/vnd.mss.provenance+json"
# What may come as JSON in one text, and is read here.
PACKED = {EXHIBIT, PROVENANCE}
HTML = "text/html"
# A chart of Altair's that no exhibit goes with.
CHART = re.compile(r"application/vnd\.vegalite\.v\d+\+json")
PLAIN = "text/plain"
# Colours of a terminal, as nbconvert takes them out.
ANSI = re.compile("\x1b\\[(.*?)([@-~])")
# Exhibits name files and anchors, so their ids must be fit for both.
SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
# The parts of an exhibit that hold HTML.
MARKUP = ("headline", "answer", "table", "note", "sources")
CITED = re.compile(r"""data-observations\s*=\s*(?:"([^"]*)"|'([^']*)')""")


@dataclass
class Provenance:
    """Observations and sources by id, and the edition, merged over a whole notebook."""

    observations: dict[str, dict[str, Any]] = field(default_factory=dict)
    sources: dict[str, dict[str, Any]] = field(default_factory=dict)
    edition: dict[str, Any] = field(default_factory=dict)


def of_cell(cell: NotebookNode) -> Iterator[dict[str, Any]]:
    """The data of a code cell's outputs; what a cell printed comes as `text/plain`."""
    for output in cell.get("outputs", []):
        if output.output_type == "stream":
            if output.name == "stdout":
                yield {PLAIN: output.text}
        elif "data" in output:
            yield {kind: _unpack(kind, value) for kind, value in output.data.items()}


def _unpack(kind: str, value: Any) -> Any:
    """Read a bundle that is packed as one text, which notebooks of many rows save much faster."""
    return json.loads(value) if kind in PACKED and isinstance(value, str) else value


def chart(bundle: dict[str, Any]) -> dict[str, Any] | None:
    """The specification of a plain chart, if the bundle shows one."""
    return next((bundle[kind] for kind in bundle if CHART.fullmatch(kind)), None)


def provenance(notebook: NotebookNode) -> Provenance:
    """Merge the provenance of every output; a later statement of the same id wins."""
    merged = Provenance()
    for cell in notebook.cells:
        for bundle in of_cell(cell):
            part = bundle.get(PROVENANCE, {})
            merged.observations |= part.get("observations", {})
            merged.sources |= part.get("sources", {})
            merged.edition |= part.get("edition", {})
    return merged


def shown_html(bundle: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each stretch of HTML that a reader will see, with a word for where it stands."""
    exhibit = bundle.get(EXHIBIT)
    if exhibit:
        for part in MARKUP:
            yield f"the {part} of exhibit {exhibit.get('id')!r}", exhibit.get(part) or ""
    elif HTML in bundle:
        yield "the text", bundle[HTML]
    for finding in bundle.get(FINDINGS, {}).get("findings", []):
        yield f"the finding {finding.get('id')!r}", finding.get("html") or ""


def cited_lists(bundle: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """The observations that exhibits and findings list apart from their HTML."""
    exhibit = bundle.get(EXHIBIT)
    if exhibit:
        yield f"exhibit {exhibit.get('id')!r}", list(exhibit.get("observations") or [])
    for finding in bundle.get(FINDINGS, {}).get("findings", []):
        yield f"the finding {finding.get('id')!r}", list(finding.get("observations") or [])


def cited(bundle: dict[str, Any]) -> Iterator[str]:
    """Every observation that a bundle's page part cites, in reading order, with repeats."""
    for _, markup in shown_html(bundle):
        for double, single in CITED.findall(markup):
            yield from html.unescape(double or single).split()
    for _, names in cited_lists(bundle):
        yield from names
