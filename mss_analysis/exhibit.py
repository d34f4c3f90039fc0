"""An exhibit: a chart with its question, answer, table, data and text alternative."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.prose import PROVENANCE, Part, Table, Text, tabulate

EXHIBIT = "application/vnd.mss.exhibit+json"
# Spreadsheets run a cell that starts with one of these as a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

# So many rows a text alternative reads out; a longer table is for reading.
_FEW = 8
_NOTHING = "No document known on this day states a figure on this question."
NOTHING_KNOWN = Text(_NOTHING, _NOTHING)

Row = dict[str, Part | None]


@dataclass(frozen=True)
class Exhibit:
    """A chart and everything a reader needs beside it.

    ``chart`` is an Altair chart, or ``None`` when nothing was known yet; ``table`` holds what it
    shows, each figure with its observations.
    """

    evidence: Evidence
    id: str
    title: str
    answer: Text
    table: Table
    chart: Any = None
    note: Text | None = None

    @property
    def observations(self) -> tuple[str, ...]:
        """Ids of the observations behind the answer and the table."""
        note = self.note.observations if self.note else ()
        return tuple(dict.fromkeys((*self.answer.observations, *self.table.observations, *note)))

    @property
    def alt(self) -> str:
        """Text alternative: the answer, then the rows with their numbers if they are few."""
        rows = self.table.to_plain().splitlines()
        if not rows:
            return self.answer.plain
        if len(rows) > _FEW:
            return f"{self.answer.plain} The table beside the chart holds its {len(rows)} rows."
        told = "; ".join(row.replace(" | ", ", ") for row in rows)
        return f"{self.answer.plain} Shown: {told}."

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        spec = None if self.chart is None else self._draw().to_dict()
        return {
            EXHIBIT: {
                "id": self.id,
                "title": self.title,
                "answer": f"<p>{self.answer.html}</p>",
                "alt": self.alt,
                "spec": spec,
                "table": self.table.to_html() if self.table.rows else "",
                "csv": write_csv(self.table.rows) if self.table.rows else "",
                "note": "" if self.note is None else f"<p>{self.note.html}</p>",
                "observations": list(self.observations),
            },
            "text/html": self._to_html(),
            "text/plain": f"{self.title}\n{self.answer.plain}\n{self.table.to_plain()}",
            PROVENANCE: self.evidence.provenance(self.observations),
        }

    def _draw(self) -> Any:
        """Complete the chart: rows set its height, the page its width."""
        fit = {"type": "fit-x", "contains": "padding"}
        return self.chart.properties(description=self.alt, autosize=fit)

    def _to_html(self) -> str:
        """Show the exhibit where no report template does, as JupyterLab."""
        drawing = ""
        if self.chart is not None:
            # A fixed div keeps executed notebooks equal from run to run.
            drawing = self._draw().to_html(fullhtml=False, output_div=f"chart-{self.id}")
        return f"<h4>{self.title}</h4><p>{self.answer.html}</p>{drawing}{self.table.to_html()}"


def exhibit(
    evidence: Evidence,
    identifier: str,
    title: str,
    answer: Text | None,
    rows: Iterable[Row],
    chart: Any = None,
    note: Text | None = None,
) -> Exhibit:
    """Put a chart together with its rows; without rows there is nothing to draw.

    Without an ``answer`` the exhibit says that nothing was known yet.
    """
    table = tabulate(evidence, rows)
    said = answer or NOTHING_KNOWN
    return Exhibit(evidence, identifier, title, said, table, chart if table.rows else None, note)


def flatten(evidence: Evidence, rows: Iterable[Row]) -> pd.DataFrame:
    """Turn rows of figures into a frame that a chart can draw.

    A figure in column ``toll`` becomes ``toll`` (the stated value), ``toll_low``, ``toll_high``
    (``NaN`` where open) and ``toll_text`` (its wording). Each row gains ``observation`` (ids) and
    ``source`` (where they stand), which every mark carries into its tooltip.
    """
    records = []
    for row in rows:
        entry: dict[str, Any] = {}
        ids: list[str] = []
        for column, cell in row.items():
            if isinstance(cell, Estimate):
                entry.update(_spread(column, cell))
            else:
                entry[column] = None if cell is None else str(cell)
            if isinstance(cell, Estimate | Text):
                ids.extend(cell.observations)
        unique = list(dict.fromkeys(ids))
        entry["observation"] = " ".join(unique)
        entry["source"] = evidence.cite(unique)
        records.append(entry)
    return pd.DataFrame(records)


def write_csv(rows: Iterable[Row]) -> str:
    """Write rows as CSV (RFC 4180, LF), figures with their bounds, unit and observation ids."""
    records = []
    for row in rows:
        entry: dict[str, Any] = {}
        for heading, cell in row.items():
            # A heading may be a document's name, and so come from the data.
            column = _disarm(heading)
            if isinstance(cell, Estimate):
                entry[column] = _shorten(cell.value)
                entry[f"{column} (low)"] = _shorten(cell.low)
                entry[f"{column} (high)"] = _shorten(cell.high)
                entry[f"{column} (unit)"] = _disarm(cell.unit)
                entry[f"{column} (observations)"] = " ".join(cell.observations)
            else:
                entry[column] = _disarm("" if cell is None else str(cell))
        records.append(entry)
    columns = list(dict.fromkeys(column for entry in records for column in entry))
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(records)
    return stream.getvalue()


def _spread(column: str, figure: Estimate) -> dict[str, Any]:
    finite = {"low": figure.low, "high": figure.high}
    bounds = {f"{column}_{side}": _finite(bound) for side, bound in finite.items()}
    return {column: figure.value, **bounds, f"{column}_text": str(figure)}


def _finite(bound: float) -> float | None:
    return bound if abs(bound) != float("inf") else None


def _shorten(number: float | None) -> str:
    if number is None or abs(number) == float("inf"):
        return ""
    return f"{number:.15g}"


def _disarm(words: str) -> str:
    return f"'{words}" if words.startswith(_FORMULA_STARTS) else words
