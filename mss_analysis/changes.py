"""What changed between two vintages: figures that are new, that revise others, or supersede them.

A *series* is one thing counted: an indicator at a place, for a party, a population and a status. A
figure that became known later *revises* one for the same time, and *supersedes* one for an earlier
day, or for a shorter period from the same first day. With bounds as wide or wider it says no more
than was known, and is no change. Any other figure is *new*.
"""

from dataclasses import dataclass

import pandas as pd

from mss_analysis.evidence import Evidence, ParameterError
from mss_analysis.prose import Text, cite, compose

SERIES = ["indicator", "place", "party", "population", "status"]


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
    rows = later.observations.assign(
        is_known=later.observations["observation_id"].isin(known), time=_name_time(later)
    )
    fresh = rows[~rows["is_known"]].to_dict(orient="records")
    judged = (_judge(later, row, rows) for row in fresh if not _is_repeated(row, rows))
    changes = [change for change in judged if change is not None]
    order = ["revised", "superseded", "new"]
    return sorted(changes, key=lambda change: order.index(change.kind))


def _judge(evidence: Evidence, row: dict, rows: pd.DataFrame) -> Change | None:
    identifier = row["observation_id"]
    series = rows[rows["is_known"] & (rows[SERIES] == pd.Series(row)[SERIES]).all(axis=1)]
    revised = series[series["time"] == row["time"]]
    superseded = series[_is_earlier(series, row)].sort_values(["period_end", "as_of"]).tail(1)
    if _covers(row, superseded).any():
        return None
    figure, place = evidence.estimate(identifier), cite(evidence, [identifier])
    label = _label(evidence, row["indicator"])
    for kind, moved, words in (
        ("revised", revised, "{label}: {figure} ({place}) for the same time as {before}"),
        ("superseded", superseded, "{label}: {figure} ({place}), after {before}"),
    ):
        if not moved.empty:
            ids = tuple(moved["observation_id"])
            before = evidence.estimate(ids[-1])
            sentence = compose(words, label=label, figure=figure, place=place, before=before)
            return Change(kind, identifier, ids, sentence)
    sentence = compose("{label}: {figure} ({place})", label=label, figure=figure, place=place)
    return Change("new", identifier, (), sentence)


def _is_repeated(row: dict, rows: pd.DataFrame) -> bool:
    """Whether the figure repeats one for the same time or of its own document."""
    alike = rows[
        (rows[SERIES] == pd.Series(row)[SERIES]).all(axis=1)
        & ((rows["time"] == row["time"]) | (rows["source_id"] == row["source_id"]))
        & _agree(rows, row)
    ]
    first = alike.sort_values("is_known", ascending=False, kind="stable").iloc[0]
    return first["observation_id"] != row["observation_id"]


def _agree(rows: pd.DataFrame, row: dict) -> pd.Series:
    return (rows["low"] == row["low"]) & (rows["high"] == row["high"])


def _covers(row: dict, rows: pd.DataFrame) -> pd.Series:
    """Whether a figure says no more than the ones before it: their bounds lie within its own."""
    return (row["low"] <= rows["low"]) & (row["high"] >= rows["high"])


def _is_earlier(series: pd.DataFrame, row: dict) -> pd.Series:
    if pd.notna(row["period_start"]):
        return (series["period_start"] == row["period_start"]) & (
            series["period_end"] < row["period_end"]
        )
    return series["as_of"] < row["as_of"]


def _name_time(evidence: Evidence) -> pd.Series:
    columns = evidence.observations[["period_start", "period_end", "as_of"]]
    return columns.apply(lambda column: column.dt.strftime("%Y-%m-%d").fillna("")).agg(
        "/".join, axis=1
    )


def _label(evidence: Evidence, indicator: str) -> str:
    labels = evidence.indicators.set_index("indicator")["label"]
    return labels[indicator]
