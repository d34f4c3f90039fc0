"""Holdings: what the base contains, by table, year, kind of document, grade and indicator."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

import pandas as pd

from mss_analysis.count_chart import draw_bars
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import FEW, STATEMENTS, Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten
from mss_analysis.language import mark, tell, translate
from mss_analysis.prose import (
    PROVENANCE,
    Part,
    Prose,
    Table,
    bare,
    compose,
    name,
    pack,
    say,
    when,
)
from mss_analysis.themes import THEMES, name_theme

STATED = {
    "observations": "figures",
    "events": "events",
    "evidence": "passages on risks",
    "mitigations": "measures",
}
DOCUMENTS = "documents"
HEADINGS = {
    "documents": mark("Documents"),
    "figures": mark("Figures"),
    "events": mark("Events"),
    "passages on risks": mark("Passages on risks"),
    "measures": mark("Measures"),
}
GRADES = {
    "A": mark("completely reliable"),
    "B": mark("usually reliable"),
    "C": mark("fairly reliable"),
    "D": mark("not usually reliable"),
    "E": mark("unreliable"),
    "F": mark("cannot be judged"),
}
# Years before are few, and are shown as one.
_FIRST_YEAR = 2022
# So many rows a count leads to.
_LED_TO = 12
_UNDATED, _BEFORE = mark("undated"), "before"


def first_statements(evidence: Evidence) -> dict[str, str]:
    """Map each document to the first row that rests on it, which stands for it in counts."""
    if "first statements" not in evidence.memo:
        found: dict[str, str] = {}
        for table in ("observations", "events", "evidence", "mitigations"):
            rows = evidence.tables[table]
            for source, row in zip(rows["source_id"], rows[STATEMENTS[table]], strict=True):
                found.setdefault(source, row)
        evidence.memo["first statements"] = found
    return evidence.memo["first statements"]


def count_rows(ids: Iterable[str], unit: str, number: int | None = None) -> Estimate:
    """Count rows, or things that they attest; the count leads to the first of them.

    A page can't lead to hundreds of paragraphs from one number: the tables of the data do.
    """
    unique = list(dict.fromkeys(ids))
    return Estimate.count(unique[:_LED_TO], unit, len(unique) if number is None else number)


def count_documents(evidence: Evidence, sources: Iterable[str]) -> Estimate | None:
    """Count documents, each by the first row that rests on it; ``None`` when there are none."""
    first = first_statements(evidence)
    unique = list(dict.fromkeys(sources))
    ids = [first[source] for source in unique if source in first]
    return count_rows(ids, DOCUMENTS, len(unique)) if ids else None


def count_figures(ids: Iterable[str]) -> Estimate | None:
    """Count figures; ``None`` when there are none, because an empty cell says more than zero."""
    unique = list(ids)
    return count_rows(unique, "figures") if unique else None


class _Brief:
    """An output that leaves the rows behind its figures to be described by another.

    Nearly every row would be described in each output of the page on sources. They are described
    once, with the list of documents (:func:`mss_analysis.sources.list_documents`), which therefore
    has to stand on the same page.
    """

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        bundle = super()._repr_mimebundle_(**kwargs)
        return bundle | {PROVENANCE: pack(self.evidence.provenance(()))}


class BriefExhibit(_Brief, Exhibit):
    """An exhibit of counts; see :class:`_Brief`."""

    def count(self, ids: Iterable[str], unit: str, number: int | None = None) -> Estimate:
        """Count what stands behind the exhibit, as its table does."""
        return count_rows(ids, unit, number)


class BriefTable(_Brief, Table):
    """A table of counts; see :class:`_Brief`."""


def summarise(evidence: Evidence, *args: Any, **kwargs: Any) -> BriefExhibit:
    """Put an exhibit of counts together, as :func:`mss_analysis.exhibit.exhibit` does."""
    made = exhibit(evidence, *args, **kwargs)
    return BriefExhibit(**{field.name: getattr(made, field.name) for field in fields(made)})


def count_years(evidence: Evidence) -> Exhibit:
    """Show how much each year's documents add, table by table."""
    years = _name_years(evidence)
    rows: list[Row] = []
    cells: list[Row] = []
    for year, sources in years.items():
        row: Row = {"Published": when(year) if year.isdecimal() else _tell_year(year)}
        row[HEADINGS[DOCUMENTS]] = count_documents(evidence, sources)
        for table, kind in STATED.items():
            frame = evidence.tables[table]
            ids = list(frame[frame["source_id"].isin(sources)][STATEMENTS[table]])
            figure = count_rows(ids, kind) if ids else None
            row[HEADINGS[kind]] = figure
            if figure:
                kind_told = HEADINGS[kind]
                cells.append({"Published": row["Published"], "Stated": figure, "Kind": kind_told})
        rows.append(row)
    answer = headline = None
    dated = [row for row, year in zip(rows, years, strict=True) if year.isdecimal()]
    figures = count_figures(evidence.observations["observation_id"])
    if figures:
        answer = compose(
            "The base holds {documents}; {stating} of them state {figures}.",
            documents=count_documents(evidence, evidence.sources["source_id"]),
            figures=figures,
            stating=bare(count_documents(evidence, evidence.observations["source_id"])),
        )
    if any(row["Figures"] for row in dated):
        headline = compose(
            "{most} of {every} were published in {year}",
            most=bare(_most(dated)["Figures"]),
            every=figures,
            year=_most(dated)["Published"],
        )
    chart = (
        draw_bars(shorten(evidence, cells), "Published", "Stated", tell("Statements"), "Kind")
        if cells
        else None
    )
    return summarise(
        evidence,
        "years",
        tell("How much does each year’s publication add?"),
        answer,
        rows,
        chart,
        compose("A year is that of publication, which is not always the year spoken of."),
        headline=headline,
        subtitle=tell("Statements in the evidence base, by year and kind of statement"),
    )


def count_kinds(evidence: Evidence) -> Table | Prose:
    """Count documents, figures and reprints by kind of document, best grade first."""
    if evidence.sources.empty:
        return say(evidence, compose("No document was known on this day."))
    types = evidence.tables["source_types"].set_index("type")["definition"]
    figures = evidence.observations.groupby("source_id")["observation_id"].agg(list).to_dict()
    rows: list[Row] = []
    for (grade, kind), group in evidence.sources.groupby(["grade", "type"]):
        ids = [entry for source in group["source_id"] for entry in figures.get(source, [])]
        reprints = group[group["reprint_of"] != ""]["source_id"]
        rows.append(
            {
                "Kind of document": name(evidence.type_labels[str(kind)]),
                "Grade": name(f"{grade}, {translate(GRADES[str(grade)])}"),
                "Documents": count_documents(evidence, group["source_id"]),
                "On the reading list": count_documents(
                    evidence, group[group["corpus"] == "seed"]["source_id"]
                ),
                "Figures": count_figures(ids),
                "Reprints of somebody else": count_documents(evidence, reprints),
                "What belongs here": name(types.get(kind, "")),
            }
        )
    return BriefTable(evidence, tuple(rows))


def count_indicators(evidence: Evidence) -> Exhibit:
    """Show how many figures there are of each theme; the table goes down to the indicator."""
    frame = evidence.observations.assign(theme=evidence.observations["indicator"].map(name_theme))
    cells: list[Row] = []
    rows: list[Row] = []
    for theme in THEMES:
        group = frame[frame["theme"] == theme]
        if group.empty:
            continue
        cells.append({"Theme": name(theme), "Figures": count_figures(group["observation_id"])})
        by_indicator = sorted(
            group.groupby("indicator", sort=False), key=lambda pair: -len(pair[1])
        )
        for indicator, found in by_indicator:
            origins = found[found["origin"] != ""].drop_duplicates("origin")["observation_id"]
            rows.append(
                {
                    "Theme": name(theme),
                    "Counted": name(evidence.indicator_labels[str(indicator)]),
                    "Figures": count_figures(found["observation_id"]),
                    "Documents": count_documents(evidence, found["source_id"]),
                    "Origins named": count_rows(origins, "origins") if len(origins) else None,
                }
            )
    answer = chart = headline = None
    if cells:
        answer = compose(
            "{indicators} are counted; the theme with the most figures is “{theme}”, with {most}.",
            indicators=count_rows(
                frame.drop_duplicates("indicator")["observation_id"], "different things"
            ),
            theme=_most(cells)["Theme"],
            most=_most(cells)["Figures"],
        )
        headline = compose(
            "The theme with the most figures is “{theme}”: {most} of {every}",
            theme=_most(cells)["Theme"],
            most=bare(_most(cells)["Figures"]),
            every=bare(count_figures(frame["observation_id"])),
        )
        chart = draw_bars(shorten(evidence, cells), "Theme", "Figures", tell("Figures"))
    return summarise(
        evidence,
        "indicators",
        tell("What is counted, and how often?"),
        answer,
        rows,
        chart,
        compose("Many figures on one thing may be one count told many times."),
        headline=headline,
        subtitle=tell("Figures in the evidence base, by theme"),
    )


def shorten(evidence: Evidence, cells: list[Row]) -> pd.DataFrame:
    """Flatten counts for a chart, whose marks name documents instead of places in them."""
    frame = flatten(evidence, cells)
    ids = [row.split() for row in frame.get("observation", [])]
    return frame.assign(source=[evidence.name_documents(each, FEW) for each in ids])


def _most(rows: list[Row]) -> Row:
    return max(rows, key=lambda row: row["Figures"].low if row["Figures"] else 0)


def _name_years(evidence: Evidence) -> dict[str, list[str]]:
    """Sort documents by year of publication; what is older than the base's span is one group."""
    found: dict[str, list[str]] = {}
    for source, published in zip(
        evidence.sources["source_id"], evidence.sources["published"], strict=True
    ):
        year = published[:4] or _UNDATED
        if year.isdecimal() and int(year) < _FIRST_YEAR:
            year = _BEFORE
        found.setdefault(year, []).append(source)
    order = [_BEFORE, *sorted(year for year in found if year.isdecimal()), _UNDATED]
    return {year: found[year] for year in order if year in found}


def _tell_year(year: str) -> Part:
    return compose("before {year}", year=when(str(_FIRST_YEAR))) if year == _BEFORE else year
