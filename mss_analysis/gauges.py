"""Gauges: the latest figure on each of a few things, held against the one a year before."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd

from mss_analysis.casualties.readings import read_flow
from mss_analysis.contradictions import CONTRADICTION, find_conflicts
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.language import mark, tell, translate

HIGHER, LOWER, SAME = mark("higher"), mark("lower"), mark("the same")
CANNOT_TELL, NO_BASE = mark("can’t tell"), mark("no figure")
_YEAR, _DAY = pd.DateOffset(years=1), timedelta(days=1)
# A stock of the last quarter is current; for a year before, one within six weeks or so will do.
_CURRENT, _NEAR = timedelta(days=92), timedelta(days=46)
# A shorter period swings too much to be held against another year's.
_SHORTEST = timedelta(days=84)
_FLOORS = ("at_least", "more_than")
Row = dict[str, Any]


@dataclass(frozen=True)
class Dial:
    """What a gauge reads: an indicator of the whole country, or of one place and status."""

    id: str
    label: str
    indicator: str
    place: str = "Haiti"
    parties: tuple[str, ...] = ("",)
    status: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Gauge:
    """A reading: the latest primary statement, the one a year before, and which way it went.

    ``now`` and ``base`` are what is compared: of a flow the bounds that all figures together set to
    the two periods, of a stock the two statements. ``disputed`` counts the contradictions that the
    latest statement is part of.
    """

    dial: Dial
    figure: Estimate
    row: Row
    before: Estimate | None
    row_before: Row | None
    now: Estimate
    base: Estimate | None
    disputed: int
    newer: Row | None = None

    @property
    def label(self) -> str:
        """Name what is read; what only gangs did is told so, and is a floor for the whole."""
        by = self.row["party"] == "gangs" and self.dial.place == "Haiti"
        label = translate(self.dial.label)
        if self.is_projection:
            return tell("{label} (projection)", label=label)
        return tell("{label} by gangs", label=label) if by else label

    @property
    def is_projection(self) -> bool:
        """Whether it was stated before the day that it describes."""
        return bool(self.row["known"] < self.row["as_of"])

    @property
    def direction(self) -> str:
        """Say whether the latest figure is higher or lower, as far as the bounds can tell."""
        if self.base is None:
            return NO_BASE
        if self.now.is_exact and self.base.is_exact and self.now.low == self.base.low:
            return SAME
        if self.now.high < self.base.low:
            return LOWER
        if self.now.low > self.base.high:
            return HIGHER
        return CANNOT_TELL


DIALS = (
    Dial("killed", mark("People killed"), "killed", parties=("", "gangs")),
    Dial("injured", mark("People injured"), "injured", parties=("", "gangs")),
    Dial("kidnapped", mark("People kidnapped"), "kidnapped", parties=("", "gangs")),
    Dial("displaced", mark("People displaced"), "idp_total"),
    Dial("hungry", mark("People in acute food insecurity"), "ipc3plus"),
    Dial(
        "gang-control",
        mark("Share of the capital under gang control"),
        "gang_control_share",
        "Port-au-Prince",
        ("gangs", ""),
    ),
    Dial(
        "mission",
        mark("Mission personnel in Haiti"),
        "mission_personnel_deployed",
        parties=("", "MSS", "GSF"),
        status="deployed",
    ),
    Dial(
        "trust-fund",
        mark("Paid into the UN trust fund"),
        "trust_fund_total",
        status="deposited",
        unit="USD",
    ),
)


def read_gauges(evidence: Evidence) -> list[Gauge]:
    """Read the gauges of which anything is known.

    For a flow the latest period counts, and of those that end together the shortest of at least a
    quarter; a year before are the same days of the year before. For a stock the latest quarter
    counts, and six weeks around the day a year before. Of several statements the one of the best
    grade is read; then the earliest published of a flow, the newest or nearest of a stock. A number
    that several documents state is read as loosely as the loosest of them words it. Flows are
    compared by the bounds that all figures together set to the two periods, because a single
    statement may be disputed.

    >>> import mss_analysis as mss
    >>> [gauge.direction for gauge in read_gauges(mss.load("2024-07-01", "seed"))][:1]
    ['no figure']
    """
    return list(_read(evidence))


def _read(evidence: Evidence) -> Iterator[Gauge]:
    disputed = [
        set(conflict.observations)
        for conflict in find_conflicts(evidence)
        if conflict.severity == CONTRADICTION
    ]
    for dial in DIALS:
        rows = _select(evidence, dial)
        found = _read_flow(rows) or _read_stock(rows, pd.Timestamp(evidence.as_of))
        if not found:
            continue
        row, before = found
        figure = _read_loosely(evidence, rows, row)
        earlier = _read_loosely(evidence, rows, before) if before else None
        now, base = figure, earlier
        if before and pd.notna(row["period_end"]):
            now, base = _reconcile(evidence, row), _reconcile(evidence, before)
        yield Gauge(
            dial,
            figure,
            row,
            earlier,
            before,
            now,
            base,
            sum(bool(ids.intersection(figure.observations)) for ids in disputed),
            None if pd.notna(row["period_end"]) else _find_newer(rows, row, evidence.as_of),
        )


def _reconcile(evidence: Evidence, row: Row) -> Estimate:
    """Bound a flow in the period of a row by all figures together."""
    timeline = read_flow(evidence, row["indicator"], party=row["party"]).timeline
    return timeline.bounds(row["period_start"].date(), (row["period_end"] + _DAY).date())


def _read_loosely(evidence: Evidence, rows: pd.DataFrame, row: Row) -> Estimate:
    """Join the statements of one number for one time: "exactly" in one may be "at least"."""
    same = (rows["value"] == row["value"]) & (rows["party"] == row["party"])
    for column in ("period_start", "period_end", "as_of"):
        same &= (rows[column] == row[column]) | (rows[column].isna() & pd.isna(row[column]))
    own = evidence.estimate(row["observation_id"])
    alike = evidence.estimates(rows[same])
    floors = [figure for figure in alike if figure.qualifier in _FLOORS]
    told = floors[0] if floors and own.qualifier == "exact" else own
    agreeing = [figure for figure in alike if (figure.low, figure.high) == (told.low, told.high)]
    ids = dict.fromkeys(entry for figure in (told, own, *agreeing) for entry in figure.observations)
    return replace(told, observations=tuple(ids))


def _select(evidence: Evidence, dial: Dial) -> pd.DataFrame:
    rows = evidence.select(
        dial.indicator, place=dial.place, party=dial.parties, population="", status=dial.status
    )
    rows = rows[rows["unit"] == dial.unit] if dial.unit else rows
    sources = evidence.sources.set_index("source_id")
    # No map: of no rows it would make no dates.
    stated = sources.reindex(rows["source_id"])
    return rows.assign(grade=stated["grade"].to_numpy(), known=stated["known"].to_numpy())


def _read_flow(rows: pd.DataFrame) -> tuple[Row, Row | None] | None:
    length = rows["period_end"] - rows["period_start"]
    spans = rows[(length >= _SHORTEST) & (rows["date_precision"] != "publication")]
    if spans.empty:
        return None
    latest = spans[spans["period_end"] == spans["period_end"].max()]
    latest = latest[latest["period_start"] == latest["period_start"].max()]
    row = _primary(latest, newest=False)
    spans = spans[spans["party"] == row["party"]]
    start, end = row["period_start"] - _YEAR, _month_end(row["period_end"], _YEAR)
    earlier = spans[(spans["period_start"] == start) & (spans["period_end"] == end)]
    return row, _primary(earlier, newest=False) if len(earlier) else None


def _read_stock(rows: pd.DataFrame, today: pd.Timestamp) -> tuple[Row, Row | None] | None:
    rows = rows[rows["as_of"] <= today]
    if rows.empty:
        return None
    row = _primary(rows[rows["as_of"] >= rows["as_of"].max() - _CURRENT], newest=True)
    distance = (rows["as_of"] - (row["as_of"] - _YEAR)).abs()
    near = rows.assign(distance=distance)[distance <= _NEAR]
    if near.empty:
        return row, None
    return row, near.sort_values(["grade", "distance"], kind="stable").iloc[0].to_dict()


def _find_newer(rows: pd.DataFrame, row: Row, today: date) -> Row | None:
    """Find the newest statement of a stock, where the one that is read is of better grade."""
    later = rows[(rows["as_of"] > row["as_of"]) & (rows["as_of"] <= pd.Timestamp(today))]
    if later.empty or (later["value"] == row["value"]).any():
        return None
    return _primary(later[later["as_of"] == later["as_of"].max()], newest=True)


def _primary(rows: pd.DataFrame, newest: bool) -> Row:
    # The whole comes before a part of it.
    order = rows.sort_values(
        ["party", "grade", "as_of", "known"] if not newest else ["grade", "as_of", "known"],
        ascending=[True, True, True, True] if not newest else [True, False, True],
        kind="stable",
    )
    return order.iloc[0].to_dict()


def _month_end(day: pd.Timestamp, back: pd.DateOffset) -> pd.Timestamp:
    """Go back a year; a month's end stays one, in leap years too."""
    earlier = day - back
    return earlier + pd.offsets.MonthEnd(0) if day.is_month_end else earlier
