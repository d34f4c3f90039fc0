"""Claims: statements that say one thing, and how many of them there are.

Ten pages that print one number for one period make one claim. It is told by its best source; how
many statements and how many origins stand behind it is told beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence
from mss_analysis.language import mark
from mss_analysis.prose import Text, cite, moment

_TIME = ("indicator", "period_start", "period_end", "as_of")
_SAME = (*_TIME, "place", "party", "population")
# What is declared to be one thing need not be named by one place and one party.
OF_ONE_THING = (*_TIME, "population")
# The page's own date stands in for an unstated one; a stated one is worth more.
_PRECISION = ("day", "month", "quarter", "year", "publication")


@dataclass(frozen=True)
class Claim:
    """One number for one thing: its best statement (a row), all statements, the figure.

    ``figure`` is as loose as the loosest wording: "exactly" in one place and "at least" in another
    is "at least".
    """

    row: dict[str, Any]
    ids: tuple[str, ...]
    origins: tuple[str, ...]
    figure: Estimate

    @property
    def day(self) -> pd.Timestamp:
        """The day on which it stops counting, or that it describes."""
        return self.row["period_end"] if pd.isna(self.row["as_of"]) else self.row["as_of"]

    @property
    def moment(self) -> Text:
        """When it holds, in words."""
        return moment(self.row)

    @property
    def statements(self) -> Estimate:
        """How many statements make it."""
        return Estimate.count(self.ids, "statements")

    @property
    def witnesses(self) -> Estimate | str:
        """How many origins stand behind it, as far as they are named."""
        if not self.origins:
            return mark("not named")
        return Estimate.count(self.ids, "origins", len(self.origins))

    def cite(self, evidence: Evidence) -> Text:
        """Name where its best statement stands, or all, where no single one has its wording."""
        best = evidence.estimate(self.ids[0])
        alike = (best.low, best.high) == (self.figure.low, self.figure.high)
        return cite(evidence, self.ids[:1] if alike else self.ids)


def group_claims(
    evidence: Evidence, rows: pd.DataFrame, alike: Sequence[str] = _SAME
) -> list[Claim]:
    """Group statements that say one number of one thing, which are ``alike`` in these columns.

    Within a claim the best source comes first: by grade, then by the day it became known.

    >>> import mss_analysis as mss
    >>> evidence = mss.load(corpus="seed")
    >>> claims = group_claims(evidence, evidence.select("killed", party="gangs"))
    >>> [len(claim.ids) for claim in claims]
    [1, 2]
    """
    if rows.empty:
        return []
    sources = evidence.sources.set_index("source_id")[["grade", "known"]]
    ranked = rows.join(sources, on="source_id").sort_values(["grade", "known"], kind="stable")
    ranked["number"] = ranked["value"].fillna(ranked["low"])
    groups: dict[tuple, list[dict[str, Any]]] = {}
    for row in ranked.to_dict(orient="records"):
        key = tuple(None if pd.isna(row[name]) else row[name] for name in (*alike, "number"))
        groups.setdefault(key, []).append(row)
    claims = [_claim(evidence, members) for members in groups.values()]
    return sorted(claims, key=lambda claim: (claim.day, claim.figure.low))


def choose_rounds(claims: list[Claim]) -> list[Claim]:
    """Keep one claim a month: the one dated best, then the narrowest, then the largest floor."""
    best: dict[str, Claim] = {}
    for claim in sorted(claims, key=_worth):
        best.setdefault(f"{claim.day:%Y-%m}", claim)
    return sorted(best.values(), key=lambda claim: claim.day)


def _worth(claim: Claim) -> tuple:
    width = claim.figure.high - claim.figure.low
    return _PRECISION.index(claim.row["date_precision"]), width, -claim.figure.low


def _claim(evidence: Evidence, alike: list[dict[str, Any]]) -> Claim:
    ids = tuple(row["observation_id"] for row in alike)
    figures = evidence.estimates(ids)
    first, *others = figures
    alike_bounds = all((each.low, each.high) == (first.low, first.high) for each in others)
    origins = tuple(dict.fromkeys(row["origin"] for row in alike if row["origin"]))
    if alike_bounds:
        return Claim(alike[0], ids, origins, first)
    # The number is the same; only the wordings differ.
    return Claim(alike[0], ids, origins, replace(first.hull(*others), value=first.value))
