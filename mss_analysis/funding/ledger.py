"""A ledger of claims: each amount once, with all who state it.

Ten pages that print one sum are no ten sums. Rows of one thing (donor, pot, rung, scope, currency)
that state one number in one manner (a point, a floor, a ceiling, a range) are one claim.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from mss_analysis.bounds import rounding_unit
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence

_FLOORS, _CAPS = {"at_least", "more_than"}, {"up_to", "fewer_than"}
_THING = ("indicator", "party", "population", "status", "unit")


@dataclass(frozen=True)
class Claim:
    """One amount and everybody who states it.

    ``rows`` come oldest first; ``primary`` is the row whose wording is loosest and, among those,
    whose source is best and earliest. ``figure`` is that row's, with all rows as provenance.
    """

    rows: tuple[dict[str, Any], ...]
    primary: dict[str, Any]
    figure: Estimate
    origins: tuple[str, ...]

    @property
    def first(self) -> date:
        """The first day for which it is stated."""
        return self.rows[0]["day"].date()

    @property
    def last(self) -> date:
        """The last day for which it is stated."""
        return self.rows[-1]["day"].date()

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of all its observations."""
        return tuple(row["observation_id"] for row in self.rows)

    @property
    def witnesses(self) -> Estimate:
        """How many origins stand behind it."""
        return Estimate.count(self.ids, "origins", len(self.origins))


def group_claims(
    evidence: Evidence, rows: pd.DataFrame, thing: Sequence[str] = _THING
) -> list[Claim]:
    """Gather rows into claims, oldest first.

    ``rows`` come from :func:`mss_analysis.funding.money.select_money`: oldest first, with ``day``,
    ``grade`` and ``known``.
    """
    groups: dict[tuple, list[dict[str, Any]]] = {}
    for row in rows[rows["day"].notna()].to_dict(orient="records"):
        key = (*(row[column] for column in thing), *_number(row))
        groups.setdefault(key, []).append(row)
    return [_claim(evidence, group) for group in groups.values()]


def count_origins(evidence: Evidence, rows: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    """Name the origins of rows: who counted, else what the page repeats, else the page itself."""
    documents = evidence.documents
    names = [
        row["origin"] or documents[row["source_id"]]["reprint_of"] or row["source_id"]
        for row in rows
    ]
    return tuple(
        dict.fromkeys(evidence.label(entry) if entry in documents else entry for entry in names)
    )


def _claim(evidence: Evidence, rows: list[dict[str, Any]]) -> Claim:
    primary = min(rows, key=lambda row: (row["low"] - row["high"], row["grade"], row["known"]))
    stated = evidence.estimate(primary["observation_id"])
    ids = dict.fromkeys([primary["observation_id"], *(row["observation_id"] for row in rows)])
    figure = Estimate(
        stated.value,
        stated.low,
        stated.high,
        stated.unit,
        tuple(ids),
        stated.formula,
        stated.qualifier,
        stated.status,
    )
    return Claim(tuple(rows), primary, figure, count_origins(evidence, rows))


def drop_copies(claims: Sequence[Claim]) -> list[Claim]:
    """Leave out claims that another one rounds: the rounder number stands for both."""
    kept: list[Claim] = []
    for claim in sorted(claims, key=lambda claim: -_step(claim)):
        if not any(rounds(other, claim) for other in kept):
            kept.append(claim)
    return [claim for claim in claims if claim in kept]


def rounds(claim: Claim, other: Claim) -> bool:
    """Whether a claim may be another one, rounded to the last digit that it states."""
    slack = _step(claim) / 2
    return (
        claim.figure.unit == other.figure.unit
        and other.figure.low - slack <= claim.figure.high
        and claim.figure.low - slack <= other.figure.high
    )


def _step(claim: Claim) -> float:
    value = claim.primary["value"]
    return 0.0 if pd.isna(value) else float(rounding_unit([value])[0])


def _number(row: dict[str, Any]) -> tuple[Any, ...]:
    if pd.isna(row["value"]):
        return ("range", row["low"], row["high"])
    manner = row["qualifier"]
    kind = "floor" if manner in _FLOORS else "cap" if manner in _CAPS else "point"
    return (kind, row["value"])
