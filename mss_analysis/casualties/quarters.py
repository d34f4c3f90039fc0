"""Quarters: what is known of each, for each kind of harm and each perpetrator."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from mss_analysis.casualties.quarters_chart import draw_quarters
from mss_analysis.casualties.readings import (
    ALL,
    Reading,
    admit,
    describe_set,
    is_known,
    read_flow,
)
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit
from mss_analysis.prose import Part, Text, compose, enumerate_parts, join, name

# The UN human-rights service published its first quarterly report on 2022.
FIRST_YEAR = 2022


@dataclass(frozen=True)
class Quarter:
    """Three months; ``stop`` is the day after the last."""

    start: date
    stop: date

    @property
    def label(self) -> str:
        """Its months and year: ``Apr-Jun 2024``."""
        last = self.stop - timedelta(days=1)
        first = calendar.month_abbr[self.start.month]
        return f"{first}–{calendar.month_abbr[last.month]} {last.year}"

    @property
    def name(self) -> Text:
        """Its label, as a name in a sentence or a table."""
        return name(self.label)

    @property
    def days(self) -> int:
        """Its length."""
        return (self.stop - self.start).days


@dataclass(frozen=True)
class Series:
    """A flow to be shown by quarter: a label, and what is counted."""

    label: str
    indicator: str
    population: str = ""
    party: str = ""

    def read(self, evidence: Evidence, evidence_set: str) -> Reading:
        """Read it by an evidence set."""
        return read_flow(evidence, self.indicator, evidence_set, self.population, self.party)


KILLED = Series("Killed", "killed")
VICTIMS = (
    KILLED,
    Series("Injured", "injured"),
    Series("Kidnapped", "kidnapped"),
    Series("Victims of sexual violence", "sexual_violence_victims"),
    Series("Children killed", "children_killed"),
)
PERPETRATORS = (
    Series("Killed by gangs", "killed", party="gangs"),
    Series("Killed in security operations", "killed_in_security_operations"),
    Series("Killed by self-defence groups", "killed_by_self_defence"),
    Series("Killed by drones", "killed_by_drones"),
)


def list_quarters(evidence: Evidence, first_year: int = FIRST_YEAR) -> list[Quarter]:
    """List the quarters that were over on the day of the evidence.

    >>> import mss_analysis as mss
    >>> [quarter.label for quarter in list_quarters(mss.load("2022-07-15"))]
    ['Jan–Mar 2022', 'Apr–Jun 2022']
    """
    quarters = []
    for year in range(first_year, evidence.as_of.year + 1):
        for month in (1, 4, 7, 10):
            stop = date(year + (month == 10), (month + 2) % 12 + 1, 1)
            if stop - timedelta(days=1) <= evidence.as_of:
                quarters.append(Quarter(date(year, month, 1), stop))
    return quarters


def count_quarters(
    evidence: Evidence, series: Series, evidence_set: str = ALL
) -> list[tuple[Quarter, Estimate]]:
    """Bound a series in every quarter; where nothing is known, the bounds are [0, ∞)."""
    timeline = series.read(evidence, evidence_set).timeline
    return [
        (quarter, timeline.bounds(quarter.start, quarter.stop))
        for quarter in list_quarters(evidence)
    ]


def show_victims(evidence: Evidence, evidence_set: str = ALL) -> Exhibit:
    """Show the toll by quarter: killed, injured, kidnapped, sexual violence, children killed."""
    note = compose(
        "Full colour is certain, pale colour is what the bounds leave open, an arrow has no upper "
        "limit. Hatching: no figure known on this day bounds the quarter; silence is not zero. "
        "Each lane has a scale of its own."
    )
    title = "How many people came to harm in each quarter?"
    return _show(evidence, evidence_set, "toll-by-quarter", title, VICTIMS, note)


def show_perpetrators(evidence: Evidence, evidence_set: str = ALL) -> Exhibit:
    """Show people killed by quarter and by who killed them."""
    note = compose(
        "Lanes may not be added: drones are part of the security operations, and most deaths are "
        "put down to nobody. Counts of one police force or one movement are floors for their lane."
    )
    title = "Who killed, as far as counts say so?"
    return _show(evidence, evidence_set, "killed-by-perpetrator", title, PERPETRATORS, note)


def _show(
    evidence: Evidence,
    evidence_set: str,
    identifier: str,
    title: str,
    lanes: Sequence[Series],
    note: Text,
) -> Exhibit:
    counted = [(series, count_quarters(evidence, series, evidence_set)) for series in lanes]
    rows: list[Row] = [
        {"What": series.label, "Quarter": quarter.name, "People": count}
        for series, counts in counted
        for quarter, count in counts
        if is_known(count)
    ]
    answer = join(_answer(evidence, counted)) if rows else None
    warnings = [
        compose("{what}: {warning}", what=series.label, warning=warning)
        for series, _ in counted
        if (warning := admit(evidence, series.read(evidence, evidence_set)))
    ]
    chart = draw_quarters(_flatten(evidence, counted), [series.label for series in lanes])
    told = join([note, describe_set(evidence_set), *warnings])
    return exhibit(evidence, identifier, title, answer, rows, rows and chart, told)


def _answer(
    evidence: Evidence, counted: list[tuple[Series, list[tuple[Quarter, Estimate]]]]
) -> list[Text]:
    """Tell each lane's largest floor, then the lanes of which nothing is known."""
    told: list[Text] = []
    silent: list[Part] = []
    capped_only: list[Part] = []
    for series, counts in counted:
        quarter, most = max(counts, key=lambda entry: entry[1].low)
        if most.low == 0:
            capped = any(is_known(count) for _, count in counts)
            (capped_only if capped else silent).append(series.label.lower())
            continue
        ids = dict.fromkeys(entry for _, count in counts for entry in count.observations)
        number = sum(is_known(count) for _, count in counts)
        told.append(
            compose(
                "{what}: bounds for {known} of {all}, the largest floor in {quarter} ({most}).",
                what=series.label,
                known=Estimate.count(ids, "quarters", number),
                all=Estimate.count(ids, "1", len(counts)),
                most=most,
                quarter=quarter.name,
            )
        )
    if capped_only:
        words = "Only upper limits are known for: {what}."
        told.append(compose(words, what=enumerate_parts(capped_only)))
    if silent:
        told.append(
            compose("No figure bounds any quarter for: {what}.", what=enumerate_parts(silent))
        )
    return told


def _flatten(
    evidence: Evidence, counted: list[tuple[Series, list[tuple[Quarter, Estimate]]]]
) -> pd.DataFrame:
    records = []
    for series, counts in counted:
        for quarter, count in counts:
            known = is_known(count)
            ids = count.observations if known else ()
            told = f"{count}. {evidence.cite(ids)}" if known else "no figure known on this day"
            records.append(
                {
                    "lane": series.label,
                    "start": quarter.start.isoformat(),
                    "end": quarter.stop.isoformat(),
                    "low": count.low if known else None,
                    "high": count.high if known and count.high < float("inf") else None,
                    "says": f"{series.label}, {quarter.label}: {told}.",
                    "observation": " ".join(ids),
                }
            )
    return pd.DataFrame(records).astype({"low": float, "high": float})
