"""A conflict: figures that can't all be true, or that fit only because a wording is open."""

import math
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import pandas as pd

from mss_analysis.bounds import rounding_unit
from mss_analysis.estimate import Estimate, distance
from mss_analysis.evidence import Evidence
from mss_analysis.language import mark, name_of
from mss_analysis.live import fit
from mss_analysis.prose import Text, cite, compose, join, link, moment, name

CONTRADICTION = mark("contradiction")
TENSION = mark("tension")
# Where a difference may come from.
KINDS = (
    mark("time"),
    mark("scope"),
    mark("definition"),
    mark("arithmetic"),
    mark("rounding"),
    mark("unexplained"),
)
# Relations between figures of one thing; in others a difference may come from adding them up.
_OF_ONE_THING = {"same", "order", "overlap"}
# A share of the smallest figure; a larger gap is never put down to rounding.
_SMALL = 0.1


@dataclass(frozen=True)
class Conflict:
    """A set of figures at odds.

    ``severity`` is ``contradiction`` (they can't all be true) or ``tension`` (they can, but only
    because a wording leaves an end open). ``kind`` says where the difference comes from as far as
    the columns tell, or a person explained: time, scope, definition, arithmetic, rounding, or
    unexplained. ``revision`` is the smallest total by which figures of a contradiction would have
    to give way, where they are of one unit. ``shares`` tell for each figure, in order, the
    least and the most of it in any smallest revision that would make *all* figures of the flow fit;
    empty where figures are not of a flow.
    """

    id: str
    severity: str
    kind: str
    observations: tuple[str, ...]
    sentence: Text
    note: str
    revision: Estimate | None = None
    shares: tuple[Estimate, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Give the record that ``mss contradictions --format json`` prints."""
        revision = self.revision and {"total": self.revision.value, "unit": self.revision.unit}
        shares = [
            {"observation": entry, "least": share.low, "most": share.high}
            for share in self.shares
            for entry in share.observations
        ]
        return {
            "id": self.id,
            "severity": self.severity,
            "kind": self.kind,
            "observations": list(self.observations),
            "sentence": self.sentence.plain,
            "note": self.note,
            "revision": revision,
            "shares": shares,
        }

    def _repr_html_(self) -> str:
        heading = f"{name_of(self.severity)}, {name_of(self.kind)}"
        note = f"<p>{escape(name_of(self.note))}</p>" if self.note else ""
        return fit(f"<p><strong>{escape(heading)}:</strong> {self.sentence.html}</p>{note}")


def describe(
    evidence: Evidence,
    identifier: str,
    relation: str,
    ids: tuple[str, ...],
    gap: float,
    unit: str,
    sentence: Text,
    label: str,
    severity: str = CONTRADICTION,
    shares: tuple[Estimate, ...] = (),
) -> Conflict:
    """Describe figures at odds: where the difference comes from, and where the figures stand.

    ``label`` is the note where no person wrote one; a gap that is not finite is no revision.
    """
    kind, reason = explain(evidence, ids, classify(evidence, relation, ids, gap))
    is_measured = severity == CONTRADICTION and math.isfinite(gap)
    return Conflict(
        identifier,
        severity,
        kind,
        ids,
        join([sentence, compose("({places})", places=cite(evidence, ids))]),
        reason or label,
        revise_by(gap, unit, ids) if is_measured else None,
        shares,
    )


def tell_figure(evidence: Evidence, identifier: str) -> Text:
    """Say what a row states: the figure, of whom or where if not of all Haiti, and for when."""
    row = evidence.row(identifier)
    scope = [row[column] for column in ("place", "party", "population")]
    whose = [name(words) for words in scope if words not in ("", "Haiti")]
    about = join([*whose, moment(row)], ", ")
    return compose("{figure} ({about})", figure=evidence.estimate(identifier), about=about)


def revise_by(gap: float, unit: str, ids: tuple[str, ...]) -> Estimate:
    """Give a distance between figures as a figure that rests on them."""
    return count_whole(Estimate(gap, gap, gap, unit, ids, f"revision({', '.join(ids)})"))


def count_whole(figure: Estimate) -> Estimate:
    """Round people up: they are whole, but a percentage leaves a part of one."""
    if figure.unit != "persons":
        return figure
    low, high = (math.ceil(round(bound, 3)) for bound in (figure.low, figure.high))
    return replace(figure, value=low if low == high else None, low=low, high=high)


def tell_gap(sentence: Text, first: Estimate, second: Estimate) -> Text:
    """Name the difference where two figures read alike in the digits that are shown."""
    if link(first).plain != link(second).plain:
        return sentence
    ids = tuple(dict.fromkeys((*first.observations, *second.observations)))
    apart = revise_by(distance(first, second), first.unit, ids)
    return join([sentence, compose("(they differ by {gap})", gap=apart)])


def explain(evidence: Evidence, ids: tuple[str, ...], kind: str) -> tuple[str, str]:
    """Take a person's explanation of a conflict where there is one: (kind, its reason)."""
    found = find_explanation(evidence, ids)
    return (found["kind"], f"{found['reason']} ({found['author']})") if found else (kind, "")


def find_explanation(evidence: Evidence, ids: tuple[str, ...]) -> dict[str, str] | None:
    """Find what a person wrote about a conflict that holds these figures."""
    return next((entry for entry, wanted in evidence.explained if wanted <= set(ids)), None)


def classify(evidence: Evidence, relation: str, ids: tuple[str, ...], gap: float) -> str:
    """Say where a difference comes from, as far as the columns tell."""
    rows = evidence.observations.iloc[[evidence.position[entry] for entry in ids]]
    if relation not in _OF_ONE_THING:
        return "rounding" if _is_rounding(rows, gap) else "arithmetic"
    if rows["indicator"].nunique() > 1:
        return "definition"
    if any(rows[column].nunique() > 1 for column in ("place", "party", "population")):
        return "scope"
    if _is_rounding(rows, gap):
        return "rounding"
    # Two bodies that count apart seldom count by one definition.
    if rows.loc[rows["origin"] != "", "origin"].nunique() > 1:
        return "definition"
    if _times_differ(rows):
        return "time"
    return "unexplained"


def _is_rounding(rows: pd.DataFrame, gap: float) -> bool:
    """Whether rounding can explain a gap: no more than half a unit, and small beside the figures.

    Ten killed and six killed may both be round figures; they are still not one count.
    """
    values = rows["value"].fillna(0)
    return gap <= min(float(rounding_unit(values).max()) / 2, _SMALL * float(values.abs().min()))


def _times_differ(rows: pd.DataFrame) -> bool:
    # A date that only stands in for an unstated one may hide a difference in time.
    stands_in = (rows["date_precision"] == "publication").any()
    return bool(
        stands_in
        or any(
            rows[column].nunique(dropna=False) > 1
            for column in ("period_start", "period_end", "as_of")
        )
    )
