"""An exhibit: a chart with its question, answer, table, data and text alternative."""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from typing import Any

import pandas as pd

from mss_analysis import language
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import FEW, Evidence
from mss_analysis.live import draw, fit, is_live
from mss_analysis.prose import (
    PROVENANCE,
    Part,
    Table,
    Text,
    as_text,
    compose,
    link,
    name,
    pack,
    tabulate,
)
from mss_analysis.wording import derivation

EXHIBIT = "application/vnd.mss.exhibit+json"
# Spreadsheets run a cell that starts with one of these as a formula; where a comma is the decimal
# sign they begin a cell after each semicolon, whatever is quoted. The last are wide forms.
_FORMULA = re.compile("(^|[;\t\r\n])(?=[=+\\-@\t\r\n＝＋－＠])")

# Wordings that put a figure near a number, not on it.
_SOFT = ("about", "nearly")

# So many rows a text alternative reads out; a longer table is for reading.
_FEW = 8
# Cells that say nothing without the heading of their column.
_ANSWERS = ("yes", "no")
# So many publishers a source line names.
_NAMED = 4

Row = dict[str, Part | None]


@dataclass(frozen=True)
class Exhibit:
    """A chart and everything a reader needs beside it.

    ``chart`` is an Altair chart, or ``None`` when nothing was known yet; ``table`` holds what it
    shows, each figure with its observations. ``title`` is the question; ``headline`` answers it in
    one short sentence, ``answer`` in a paragraph; ``subtitle`` says what is shown, where, when, and
    in what unit.
    """

    evidence: Evidence
    id: str
    title: str
    answer: Text
    table: Table
    chart: Any = None
    note: Text | None = None
    headline: Text | None = None
    subtitle: str = ""

    @cached_property
    def observations(self) -> tuple[str, ...]:
        """Ids of the observations behind the headline, the answer, the table and the note."""
        texts = (self.headline, self.answer, self.table, self.note)
        return tuple(dict.fromkeys(entry for text in texts if text for entry in text.observations))

    @cached_property
    def alt(self) -> str:
        """Text alternative: the finding, then the rows with their numbers if they are few."""
        said = self.answer.plain
        if self.headline and self.headline.plain not in said:
            said = f"{self.headline.plain}. {said}"
        rows = self.table.rows
        if not rows:
            return said
        if len(rows) > _FEW:
            more = language.tell("The table beside the chart holds its {n} rows.", n=len(rows))
            return f"{said} {more}"
        shown = language.tell("; ").join(map(_read_out, rows))
        return language.tell("{finding} Shown: {rows}.", finding=said, rows=shown)

    @property
    def sources(self) -> Text | None:
        """Name who stands behind the exhibit: so many observations, documents and publishers."""
        ids = [entry for entry in self.observations if self.evidence.states(entry)]
        if not ids:
            return None
        # A document, and whoever published it, is led to by the first of its rows.
        first: dict[str, str] = {}
        for entry in ids:
            first.setdefault(self.evidence.row(entry)["source_id"], entry)
        publishers = self.evidence.publishers(first)
        named = ", ".join(publishers[:_NAMED])
        line = {
            "n": link(self.count(ids, "statements")),
            "documents": link(self.count(first.values(), "documents")),
            "publishers": name(named),
        }
        if len(publishers) <= _NAMED:
            return compose("Sources: {publishers}. n = {n} from {documents}.", **line)
        others = self.count(first.values(), "others", len(publishers) - _NAMED)
        return compose(
            "Sources: {publishers} and {others}. n = {n} from {documents}.", others=others, **line
        )

    def count(self, ids: Iterable[str], unit: str, number: int | None = None) -> Estimate:
        """Count what stands behind the exhibit; the count leads to all of it."""
        return Estimate.count(ids, unit, number)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        spec = None if self.chart is None else self._draw().to_dict()
        sources, table = self.sources, self.table.to_html()
        shown = {
            "id": self.id,
            "title": self.title,
            "headline": self.headline.html if self.headline else "",
            "subtitle": self.subtitle,
            "answer": f"<p>{self.answer.html}</p>",
            "alt": self.alt,
            "spec": spec,
            "table": table if self.table.rows else "",
            "csv": write_csv(self.table.rows) if self.table.rows else "",
            "note": "" if self.note is None else f"<p>{self.note.html}</p>",
            "sources": sources.html if sources else "",
            "observations": list(self.observations),
        }
        return {
            EXHIBIT: pack(shown),
            "text/html": fit(self._to_html(spec, table), self.evidence),
            "text/plain": f"{self.title}\n{self.answer.plain}\n{self.table.to_plain()}",
            PROVENANCE: pack(self.evidence.provenance(self.observations)),
        }

    def _draw(self) -> Any:
        """Complete the chart: rows set its height, the page its width."""
        size = {"type": "fit-x", "contains": "padding"}
        return self.chart.properties(description=self.alt, autosize=size)

    def _to_html(self, spec: dict[str, Any] | None, table: str) -> str:
        """Show the exhibit where no report template does, as JupyterLab."""
        drawing = ""
        if spec is not None and is_live():
            drawing = draw(spec)
        elif spec is not None:
            import altair as alt

            drawing = alt.utils.spec_to_html(
                # The chart's own `to_html` would make and validate all of this a second time.
                spec,
                mode="vega-lite",
                vega_version=alt.VEGA_VERSION,
                vegalite_version=alt.VEGALITE_VERSION,
                vegaembed_version=alt.VEGAEMBED_VERSION,
                fullhtml=False,
                # A fixed div keeps executed notebooks equal from run to run.
                output_div=f"chart-{self.id}",
            )
        shown = f"<h4>{escape(self.title)}</h4><p>{self.answer.html}</p>"
        return f"{shown}{drawing}{table}"


def exhibit(
    evidence: Evidence,
    identifier: str,
    title: str,
    answer: Text | None,
    rows: Iterable[Row],
    chart: Any = None,
    note: Text | None = None,
    headline: Text | None = None,
    subtitle: str = "",
) -> Exhibit:
    """Put a chart together with its rows; without rows there is nothing to draw.

    Without an ``answer`` the exhibit says that nothing was known yet.
    """
    table = tabulate(evidence, rows)
    said = answer or nothing_known()
    drawn = chart if table.rows else None
    head = _without_stop(headline) if headline else None
    return Exhibit(evidence, identifier, title, said, table, drawn, note, head, subtitle)


def _read_out(row: Row) -> str:
    """Read out a row: an empty cell is left out, and a bare yes or no says of what."""
    told = []
    for column, cell in row.items():
        words = as_text(cell).plain
        if isinstance(cell, str) and cell in _ANSWERS:
            words = language.tell("{cell} ({column})", cell=words, column=language.name_of(column))
        told.append(words)
    return ", ".join(filter(None, told))


def _without_stop(text: Text) -> Text:
    """Make a title of a sentence: it takes no full stop."""
    return replace(text, html=text.html.removesuffix("."), plain=text.plain.removesuffix("."))


def nothing_known() -> Text:
    """Say that nothing was known yet."""
    return compose("No document known on this day states a figure on this question.")


def flatten(evidence: Evidence, rows: Iterable[Row]) -> pd.DataFrame:
    """Turn rows of figures into a frame that a chart can draw.

    A figure in column ``toll`` becomes ``toll`` (the stated value), ``toll_low``, ``toll_high``
    (``NaN`` where open), ``toll_about`` (only near the value) and ``toll_text`` (its wording). Each
    row gains ``observation`` (ids) and ``source`` (where they stand, a few of many places), which
    every mark carries into its tooltip, and the ``formula`` of its one derived figure. Words are
    in the language; a plain word of column ``rung`` stays in English in ``rung_key``, for charts
    that choose by it.
    """
    records = []
    for row in rows:
        entry: dict[str, Any] = {}
        ids: list[str] = []
        for column, cell in row.items():
            if isinstance(cell, Estimate):
                entry.update(_spread(column, cell))
            else:
                entry[column] = None if cell is None else as_text(cell).plain
            if isinstance(cell, str):
                entry[f"{column}_key"] = cell
            if isinstance(cell, Estimate | Text):
                ids.extend(cell.observations)
        unique = list(dict.fromkeys(ids))
        entry["observation"] = " ".join(unique)
        entry["formula"] = _derive(row)
        entry["source"] = evidence.cite(unique, FEW)
        records.append(entry)
    frame = pd.DataFrame(records)
    figures = [column.removesuffix("_about") for column in frame if column.endswith("_about")]
    # A row without the figure is not soft; a missing value would be no JSON.
    soft = {f"{figure}_about": frame[f"{figure}_about"].eq(True) for figure in figures}
    sides = [f"{figure}{side}" for figure in figures for side in ("", "_low", "_high")]
    # Where every bound is open, a column of nothing would be no column of numbers.
    empty = [side for side in sides if frame[side].isna().all()]
    return frame.assign(**soft, **dict.fromkeys(empty, float("nan")))


def write_csv(rows: Iterable[Row]) -> str:
    """Write rows as CSV (RFC 4180, LF), figures with their bounds, unit and observation ids."""
    records = []
    for row in rows:
        entry: dict[str, Any] = {}
        for heading, cell in row.items():
            # A heading may be a document's name, and so come from the data.
            column = _disarm(language.name_of(heading))
            if isinstance(cell, Estimate):
                entry[column] = _shorten(cell.value)
                # The added columns are named alike in all languages, for those who read by program.
                entry[f"{column} (low)"] = _shorten(cell.low)
                entry[f"{column} (high)"] = _shorten(cell.high)
                entry[f"{column} (unit)"] = _disarm(cell.unit)
                entry[f"{column} (observations)"] = " ".join(cell.observations)
            else:
                entry[column] = _disarm(as_text(cell).plain)
        records.append(entry)
    columns = list(dict.fromkeys(column for entry in records for column in entry))
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(records)
    return stream.getvalue()


def _derive(row: Row) -> str:
    """Give the formula of a row's derived figure; of several, each cell of the table has its own.

    How many rows stand behind a figure is none of them.
    """
    figures = [cell for cell in row.values() if isinstance(cell, Estimate)]
    told = [said for figure in figures if (said := derivation(figure))]
    derived = [said for said in told if not said.startswith("count(")]
    return derived[0] if len(derived) == 1 else ""


def _spread(column: str, figure: Estimate) -> dict[str, Any]:
    finite = {"low": figure.low, "high": figure.high}
    bounds = {f"{column}_{side}": _finite(bound) for side, bound in finite.items()}
    soft = {f"{column}_about": figure.qualifier in _SOFT}
    return {column: figure.value, **bounds, **soft, f"{column}_text": str(figure)}


def _finite(bound: float) -> float | None:
    return bound if abs(bound) != float("inf") else None


def _shorten(number: float | None) -> str:
    if number is None or abs(number) == float("inf"):
        return ""
    return f"{number:.15g}"


def _disarm(words: str) -> str:
    """Put an apostrophe before what a spreadsheet would run.

    >>> _disarm("=1+1"), _disarm("a;@SUM(A1)"), _disarm("a - b")
    ("'=1+1", "a;'@SUM(A1)", 'a - b')
    """
    return _FORMULA.sub(r"\1'", words)
