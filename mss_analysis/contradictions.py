"""Figures that cannot all be true, and figures that agree only because their wording is open.

Relations that must hold are declared in ``data/identities.csv``; counts over nested periods are
tested by :mod:`mss_analysis.reconcile`. Disagreement is a result: it is shown with its figures and
sources, never averaged away.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations

import pandas as pd

from mss_analysis.bounds import rounding_unit
from mss_analysis.estimate import Estimate, total
from mss_analysis.evidence import Evidence
from mss_analysis.prose import Text, cite, compose, enumerate_parts, join, link
from mss_analysis.sides import read_timeline

CONTRADICTION = "contradiction"
TENSION = "tension"


@dataclass(frozen=True)
class Conflict:
    """A set of figures at odds.

    ``severity`` is ``contradiction`` (they can't all be true) or ``tension`` (they can, but only
    because a wording leaves an end open). ``kind`` says where the difference comes from as far as
    the columns tell: time, scope, definition, arithmetic, rounding, or unexplained.
    """

    id: str
    severity: str
    kind: str
    observations: tuple[str, ...]
    sentence: Text
    note: str

    def to_dict(self) -> dict[str, str | list[str]]:
        """Give the record that ``mss contradictions --format json`` prints."""
        return {
            "id": self.id,
            "severity": self.severity,
            "kind": self.kind,
            "observations": list(self.observations),
            "sentence": self.sentence.plain,
            "note": self.note,
        }


def find_conflicts(evidence: Evidence) -> list[Conflict]:
    """Find all conflicts among the figures known on the day, contradictions first."""
    found = [*_test_identities(evidence), *_test_timelines(evidence)]
    return sorted(found, key=lambda conflict: conflict.severity != CONTRADICTION)


def _test_identities(evidence: Evidence) -> Iterator[Conflict]:
    for identifier, terms in evidence.identities.groupby("identity_id", sort=False):
        roles: dict[str, list[Estimate]] = {}
        for role, figure in zip(terms["role"], evidence.estimates(terms), strict=True):
            roles.setdefault(role, []).append(figure)
        verdict = _JUDGES[terms["kind"].iloc[0]](roles)
        if verdict is None:
            continue
        severity, figures, sentence, gap = verdict
        ids = tuple(entry for figure in figures for entry in figure.observations)
        yield Conflict(
            str(identifier),
            severity,
            _classify(evidence, terms["kind"].iloc[0], ids, gap),
            ids,
            join([sentence, compose("({places})", places=cite(evidence, ids))]),
            terms["note"].iloc[0],
        )


def _test_timelines(evidence: Evidence) -> Iterator[Conflict]:
    flows = evidence.indicators[evidence.indicators["measure"] == "flow"]
    for indicator, label in zip(flows["indicator"], flows["label"], strict=True):
        ids = read_timeline(evidence, indicator).conflict()
        if ids:
            sentence = compose(
                "{figures} are stated for overlapping periods and cannot all be true",
                figures=enumerate_parts(evidence.estimates(ids)),
            )
            sentence = join([sentence, compose("({places})", places=cite(evidence, ids))])
            yield Conflict(f"periods-{indicator}", CONTRADICTION, "time", ids, sentence, label)


Roles = dict[str, list[Estimate]]
Verdict = tuple[str, list[Estimate], Text, float] | None


def _judge_total(roles: Roles) -> Verdict:
    whole, parts = roles["total"][0], roles["part"]
    added = total(_off_ladder(parts))
    if added.agrees_with(_off_ladder([whole])[0]):
        return None
    sentence = compose(
        "{parts} make {added}, where the stated total is {whole}",
        parts=enumerate_parts([link(part) for part in parts]),
        added=added,
        whole=whole,
    )
    return CONTRADICTION, [whole, *parts], sentence, _gap(whole, added)


def _judge_subset(roles: Roles) -> Verdict:
    whole, parts = roles["whole"][0], roles["part"]
    added = total(_off_ladder(parts))
    if added.low <= whole.high:
        return None
    sentence = compose(
        "{parts} together exceed the whole, {whole}",
        parts=enumerate_parts([link(part) for part in parts]),
        whole=whole,
    )
    return CONTRADICTION, [whole, *parts], sentence, _gap(whole, added)


def _judge_change(roles: Roles) -> Verdict:
    if "base" not in roles:
        return None
    level, base, change = roles["level"][0], roles["base"][0], roles["change"][0]
    return _judge_derived(level - base, change, [level, base, change])


def _judge_growth(roles: Roles) -> Verdict:
    if "base" not in roles:
        return None
    level, base, change = roles["level"][0], roles["base"][0], roles["change"][0]
    factor = change / Estimate.stated(100, "percent") + 1
    return _judge_derived(base * factor, level, [level, base, change])


def _judge_derived(derived: Estimate, stated: Estimate, figures: list[Estimate]) -> Verdict:
    if derived.agrees_with(stated):
        return None
    sentence = compose(
        "by the other figures it should be {derived}, where the document says {stated}",
        derived=derived,
        stated=stated,
    )
    return CONTRADICTION, figures, sentence, _gap(stated, derived)


def _judge_same(roles: Roles) -> Verdict:
    """Report the pair that lies furthest apart."""
    pairs = list(combinations(roles["term"], 2))
    apart = [pair for pair in pairs if not pair[0].agrees_with(pair[1])]
    if apart:
        first, second = max(apart, key=lambda pair: _gap(*pair))
        sentence = compose(
            "{first} and {second} cannot both hold of the same thing on the same day",
            first=first,
            second=second,
        )
        return CONTRADICTION, [first, second], sentence, _gap(first, second)
    differing = [pair for pair in pairs if _differ(*pair)]
    if not differing:
        return None
    first, second = max(differing, key=lambda pair: abs(pair[0].value - pair[1].value))
    sentence = compose(
        "{first} and {second} are stated of one thing; both can hold only because a wording "
        "leaves an end open",
        first=first,
        second=second,
    )
    return TENSION, [first, second], sentence, abs(first.value - second.value)


def _judge_order(roles: Roles) -> Verdict:
    lower, upper = roles["lower"][0], roles["upper"][0]
    if lower.low <= upper.high:
        return None
    sentence = compose("{lower} should be no more than {upper}", lower=lower, upper=upper)
    return CONTRADICTION, [lower, upper], sentence, _gap(lower, upper)


_JUDGES = {
    "total": _judge_total,
    "subset": _judge_subset,
    "change": _judge_change,
    "growth": _judge_growth,
    "same": _judge_same,
    "order": _judge_order,
}


def _off_ladder(figures: list[Estimate]) -> list[Estimate]:
    """Take figures off their rung: an identity may relate what arrived to what is deployed."""
    return [replace(figure, status="") for figure in figures]


def _differ(first: Estimate, second: Estimate) -> bool:
    """Whether two stated values differ by more than the finer of their roundings."""
    if first.value is None or second.value is None:
        return False
    finer = float(min(rounding_unit([first.value, second.value])))
    return abs(first.value - second.value) > finer


def _gap(first: Estimate, second: Estimate) -> float:
    return max(first.low - second.high, second.low - first.high)


def _classify(evidence: Evidence, relation: str, ids: tuple[str, ...], gap: float) -> str:
    """Say where a difference comes from, as far as the columns tell."""
    rows = evidence.observations.set_index("observation_id").loc[list(ids)]
    coarsest = float(rounding_unit(rows["value"].fillna(0)).max())
    if relation not in {"same", "order"}:
        return "rounding" if gap <= coarsest / 2 else "arithmetic"
    if rows["indicator"].nunique() > 1:
        return "definition"
    if any(rows[column].nunique() > 1 for column in ("place", "party", "population")):
        return "scope"
    if _times_differ(rows):
        return "time"
    return "unexplained"


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
