"""Spans: counts by perpetrator whose period no quarter holds."""

import pandas as pd

from mss_analysis.casualties.quarters import PERPETRATORS, Series
from mss_analysis.casualties.readings import ALL, FIRM, SERIES, describe_set, name_origins
from mss_analysis.charts import draw_intervals
from mss_analysis.claims import Claim, group_claims
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit, flatten
from mss_analysis.findings import Finding
from mss_analysis.language import tell
from mss_analysis.prose import Text, compose, join, name

# Of drones no quarter but two is counted: their running totals tell most.
_DRONES = "killed_by_drones"
Spanning = list[tuple[Series, Claim]]


def list_spans(evidence: Evidence, evidence_set: str = ALL) -> Spanning:
    """List the counts by perpetrator that reach over the end of a quarter, by lane and time.

    Counts of one group among the killed are left out.
    """
    found = []
    for series in PERPETRATORS:
        rows = evidence.select(series.indicator, population="")
        rows = rows[rows["party"] == series.party] if series.party else rows
        rows = rows[rows["place"].map(lambda place: evidence.lies_within(place, "Haiti")).eq(True)]
        if evidence_set == FIRM:
            rows = rows[rows["origin"] == SERIES]
        claims = group_claims(evidence, rows[_is_wide(rows)])
        found += [(series, claim) for claim in claims]
    return found


def show_spans(evidence: Evidence, evidence_set: str = ALL) -> Exhibit:
    """Show the counts by perpetrator that reach over the end of a quarter."""
    spans = list_spans(evidence, evidence_set)
    rows: list[Row] = [
        {
            "Period counted": claim.moment,
            "What": series.label,
            "Killed": claim.figure,
            "Place": name(claim.row["place"]),
            "Origins": name_origins(claim.origins),
            "Statements": claim.statements,
            "Source": claim.cite(evidence),
        }
        for series, claim in spans
    ]
    chart = rows and draw_intervals(
        flatten(evidence, rows), "Period counted", "Killed", tell("People killed"), "What"
    )
    note = compose(
        "Each bar is one count as stated; an arrow means that the wording sets no upper limit. "
        "Counts of overlapping spans, and of drones and all security operations, may not be added. "
        "A count of one place is a floor for the country."
    )
    return exhibit(
        evidence,
        "killed-by-perpetrator-spans",
        tell("What do counts of longer spans say of who killed?"),
        _answer(spans),
        rows,
        chart,
        join([note, describe_set(evidence_set)]),
        _head(spans),
        tell("People killed in Haiti, by perpetrator, in spans longer than a quarter, as worded"),
    )


def conclude(evidence: Evidence, evidence_set: str = ALL) -> list[Finding]:
    """Conclude what the widest count of people killed by drones says."""
    drones = [entry for entry in list_spans(evidence, evidence_set) if _of_drones(entry)]
    if not drones:
        return []
    _, most = _find_most(drones)
    label = tell("People killed by drones")
    return [Finding("casualties.drones-most", label, most.figure, _head(drones))]


def _is_wide(rows: pd.DataFrame) -> pd.Series:
    """Whether a period begins and ends in different quarters."""
    begins, ends = (
        rows[column].dt.year * 4 + rows[column].dt.quarter
        for column in ("period_start", "period_end")
    )
    return begins.notna() & ends.notna() & (begins != ends)


def _answer(spans: Spanning) -> Text | None:
    if not spans:
        return None
    ids = [entry for _, claim in spans for entry in claim.ids]
    counts = Estimate.count(ids, "different counts", len(spans))
    return compose("{counts} reach over the end of a quarter.", counts=counts)


def _head(spans: Spanning) -> Text | None:
    """Tell the highest count: of drones where there is one, else of all."""
    if not spans:
        return None
    series, most = _find_most([entry for entry in spans if _of_drones(entry)] or spans)
    return compose(
        "{what}, {period}: {killed}, the highest such count.",
        what=series.label,
        period=most.moment,
        killed=most.figure,
    )


def _find_most(spans: Spanning) -> tuple[Series, Claim]:
    return max(spans, key=lambda entry: entry[1].figure.low)


def _of_drones(entry: tuple[Series, Claim]) -> bool:
    return entry[0].indicator == _DRONES
