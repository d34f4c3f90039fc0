"""What changed between two vintages: figures that are new, that revise others, or supersede them.

A *series* is one thing counted: an indicator at a place, for a party, a population, a status and a
unit. A figure that became known later *revises* one for the same time, and *supersedes* one for an
earlier day, or for a shorter period from the same first day. With bounds as wide or wider it says
no more than was known, and is no change. Any other figure is *new*.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mss_analysis.codes import STATUSES
from mss_analysis.evidence import Evidence, ParameterError
from mss_analysis.language import mark, name_of
from mss_analysis.prose import Text, cite, compose, enumerate_parts, moment, name
from mss_analysis.schema import SEPARATOR

SERIES = ("indicator", "place", "party", "population", "status", "unit")
REVISED, SUPERSEDED, NEW = mark("revised"), mark("superseded"), mark("new")
KINDS = (REVISED, SUPERSEDED, NEW)
_TIME = ("period_start", "period_end", "as_of")
# Things that are announced, voted or bought one by one: a later one is another, not a newer count.
_ACTS = (
    "contingent_arrival_planned",
    "humanitarian_aid_announced",
    "kenya_appropriation",
    "mission_contract_value",
    "haiti_security_purchase",
    "bilateral_support",
)
_GROWTH = ("_change", "_change_pct")
Row = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """A figure that became known between two vintages, and the ones that it moved."""

    kind: str
    observation: str
    moved: tuple[str, ...]
    sentence: Text

    def to_dict(self) -> dict[str, str | list[str]]:
        """Give the record that ``mss changes --format json`` prints."""
        return {
            "kind": self.kind,
            "observation": self.observation,
            "moved": list(self.moved),
            "sentence": self.sentence.plain,
        }


def find_changes(earlier: Evidence, later: Evidence) -> list[Change]:
    """List the figures that became known between two vintages, revisions first.

    Raises
    ------
    ParameterError
        When the later vintage lies before the earlier one.

    Examples
    --------
    >>> import mss_analysis as mss
    >>> changes = find_changes(mss.load("2024-07-01", "seed"), mss.load("2025-01-31", "seed"))
    >>> {change.kind for change in changes} <= {"revised", "superseded", "new"}
    True

    """
    if later.as_of < earlier.as_of:
        raise ParameterError(f"the later day, {later.as_of}, lies before {earlier.as_of}.")
    known = set(earlier.observations["observation_id"])
    changes = [
        change
        for series in _split(later, known)
        for row in series
        if not row["is_known"] and not _is_repeated(row, series)
        for change in _judge(later, row, [entry for entry in series if entry["is_known"]])
    ]
    # In the order of the tables, within each kind.
    changes.sort(key=lambda change: later.position[change.observation])
    return sorted(changes, key=lambda change: KINDS.index(change.kind))


def find_newer(evidence: Evidence) -> dict[str, str]:
    """Find which figures a later one of the same origin revises or supersedes: old -> newest.

    >>> import mss_analysis as mss
    >>> evidence = mss.load("2025-01-31", "seed")
    >>> all(newer != older for older, newer in find_newer(evidence).items())
    True
    """
    if "newer" not in evidence.memo:
        published = dict(zip(evidence.sources["source_id"], evidence.sources["known"], strict=True))
        found = {}
        for series in _split(evidence, set()):
            if _is_act(series[0]["indicator"]):
                continue
            for row in series:
                later = [
                    entry
                    for entry in series
                    if entry["origin"] == row["origin"]
                    and published[entry["source_id"]] > published[row["source_id"]]
                    and (_is_older_stock(row, entry) or _differs(row, entry))
                ]
                if later:
                    newest = max(
                        later, key=lambda entry: (_last_day(entry), published[entry["source_id"]])
                    )
                    found[row["observation_id"]] = newest["observation_id"]
        evidence.memo["newer"] = found
    return evidence.memo["newer"]


def describe_subject(evidence: Evidence, row: Row) -> Text:
    """Name what a row counts: the thing, the place unless it is the country, and who."""
    label = evidence.indicator_labels[row["indicator"]]
    rung = "" if row["indicator"].endswith(row["status"]) else row["status"]
    parts = ["" if row["place"] == "Haiti" else row["place"], row["party"]]
    parts += [row["population"], STATUSES["observation"].get(rung, rung)]
    # What the label says already is not said twice.
    each = [entry for part in parts for entry in part.split(SEPARATOR)]
    named = [name_of(entry) for entry in dict.fromkeys(each) if entry]
    told = [part for part in named if part.lower() not in label.lower()]
    return name(f"{label} ({', '.join(told)})" if told else label)


def _split(evidence: Evidence, known: set[str]) -> Iterable[list[Row]]:
    """Put the rows of one series together, each with its time as one key."""
    columns = [
        "observation_id",
        "source_id",
        "origin",
        *SERIES,
        *_TIME,
        "date_precision",
        "low",
        "high",
    ]
    series: dict[tuple, list[Row]] = defaultdict(list)
    for values in evidence.observations[columns].itertuples(index=False, name=None):
        row = dict(zip(columns, values, strict=True))
        row["is_known"] = row["observation_id"] in known
        row["time"] = tuple(None if pd.isna(row[day]) else row[day] for day in _TIME)
        series[tuple(row[column] for column in SERIES)].append(row)
    return series.values()


def _judge(evidence: Evidence, row: Row, known: list[Row]) -> Iterator[Change]:
    revised = [entry for entry in known if entry["time"] == row["time"]]
    earlier = (
        [] if _is_act(row["indicator"]) else [entry for entry in known if _is_earlier(entry, row)]
    )
    superseded = [max(earlier, key=_last_day)] if earlier and not revised else []
    if any(_covers(row, entry) for entry in (*revised, *superseded)):
        return
    identifier = row["observation_id"]
    said = compose(
        "{subject}, {when}: {figure} ({place})",
        subject=describe_subject(evidence, row),
        when=moment(row),
        figure=evidence.estimate(identifier),
        place=cite(evidence, [identifier]),
    )
    for kind, moved, words in (
        (REVISED, revised, mark("{said}; stated before for the same time: {before}")),
        (SUPERSEDED, superseded, mark("{said}, after {before}")),
    ):
        if moved:
            ids = tuple(entry["observation_id"] for entry in moved)
            before = _tell_moved(evidence, moved, row["time"])
            yield Change(kind, identifier, ids, compose(words, said=said, before=before))
            return
    yield Change(NEW, identifier, (), said)


def _tell_moved(evidence: Evidence, moved: list[Row], time: tuple) -> Text:
    """Say what had been known: each differing statement once, with its time if it was another."""
    told = {(entry["low"], entry["high"]): entry for entry in moved}.values()
    figures = []
    for entry in told:
        place = cite(evidence, [entry["observation_id"]])
        if entry["time"] != time:
            place = compose("{when}; {place}", when=moment(entry), place=place)
        figure = evidence.estimate(entry["observation_id"])
        figures.append(compose("{figure} ({place})", figure=figure, place=place))
    return enumerate_parts(figures)


def _is_repeated(row: Row, series: list[Row]) -> bool:
    """Whether the figure repeats one for the same time or of its own document."""
    alike = [
        entry
        for entry in series
        if (entry["low"], entry["high"]) == (row["low"], row["high"])
        and (entry["time"] == row["time"] or entry["source_id"] == row["source_id"])
    ]
    return alike[0] is not row or any(entry["is_known"] for entry in alike)


def _covers(row: Row, entry: Row) -> bool:
    """Whether a figure says no more than one before it: its bounds hold the other's."""
    return row["low"] <= entry["low"] and row["high"] >= entry["high"]


def _is_act(indicator: str) -> bool:
    return indicator in _ACTS or indicator.endswith(_GROWTH)


def _is_older_stock(entry: Row, row: Row) -> bool:
    # A count over a longer period leaves the shorter one as true as it was.
    return entry["time"][0] is None and _is_earlier(entry, row)


def _differs(entry: Row, row: Row) -> bool:
    """Whether another figure for the same time says something else or closer."""
    return entry["time"] == row["time"] and not _covers(row, entry)


def _is_earlier(entry: Row, row: Row) -> bool:
    start, end, day = row["time"]
    before_start, before_end, before = entry["time"]
    if start is not None:
        return before_start == start and before_end < end
    return before is not None and day is not None and before_start is None and before < day


def _last_day(entry: Row) -> pd.Timestamp:
    _, end, day = entry["time"]
    return end if end is not None else day
