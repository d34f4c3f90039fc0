"""Conflicts that need no declared relation: overlapping periods of a flow, levels of a stock."""

import math
from collections.abc import Collection, Iterator

from mss_analysis.conflict import CONTRADICTION, Conflict, classify, explain, revise_by
from mss_analysis.estimate import distance
from mss_analysis.evidence import Evidence
from mss_analysis.language import mark
from mss_analysis.prose import Text, cite, compose, enumerate_parts, join, moment, when
from mss_analysis.reconcile import Claim, Link, Timeline
from mss_analysis.sides import read_timeline
from mss_analysis.stocks import read_stocks

Declared = Collection[frozenset[str]]


def judge_flows(evidence: Evidence, declared: Declared = ()) -> Iterator[Conflict]:
    """Find every minimal set of figures of one flow that can't all be true."""
    flows = evidence.indicators[evidence.indicators["measure"] == "flow"]
    for indicator in flows["indicator"]:
        label = evidence.indicator_labels[indicator]
        timeline = read_timeline(evidence, indicator)
        names: set[str] = set()
        for claims in timeline.conflicts().sets:
            if any(_states(claims, told) for told in declared):
                continue
            ids = tuple(entry for claim in claims for entry in claim.observations[:1])
            name = _tell_apart(f"{indicator.replace('_', '-')}-{_name_span(claims)}", names)
            yield _describe(evidence, name, ids, claims, timeline.unit, label)


def judge_days(evidence: Evidence, declared: Declared = ()) -> Iterator[Conflict]:
    """Find minimal sets of figures on one stock, and its known changes, that can't all be true."""
    for thing, stock in read_stocks(evidence):
        names: set[str] = set()
        for claims in stock.conflicts().sets:
            told = [stock.levels[at] for at in sorted(claims)]
            ids = tuple(level.observation for level in told)
            if frozenset(ids) in declared:
                continue
            figures = evidence.estimates(ids)
            # Two levels of one day may differ by a rounding; changes between days add up.
            gap = distance(*figures) if len(figures) == 2 else math.inf
            kind, note = explain(evidence, ids, classify(evidence, "overlap", ids, gap))
            parts = [thing["indicator"], thing["party"], told[-1].day.isoformat()]
            name = "-".join(filter(None, parts)).lower().replace("_", "-").replace(" ", "-")
            sentence = compose(
                mark("{figures} are both stated for {day}")
                if len(told) == 2
                else mark("{figures} cannot all be true"),
                figures=enumerate_parts(figures),
                day=when(told[-1].day.isoformat()),
            )
            yield Conflict(
                _tell_apart(name, names),
                CONTRADICTION,
                kind,
                ids,
                join([sentence, compose("({places})", places=cite(evidence, ids))]),
                note or evidence.indicator_labels[thing["indicator"]],
                revise_by(gap, stock.unit, ids) if math.isfinite(gap) else None,
            )


def _describe(
    evidence: Evidence,
    name: str,
    ids: tuple[str, ...],
    claims: tuple[Claim, ...],
    unit: str,
    label: str,
) -> Conflict:
    gap = _measure(claims, unit)
    is_growth = any(isinstance(claim, Link) for claim in claims)
    kind = classify(evidence, "growth" if is_growth else "overlap", ids, gap)
    kind, note = explain(evidence, ids, kind)
    missing = revise_by(gap, unit, ids)
    sentence = compose(
        "{figures} cannot all be true: they miss each other by {gap}, and without any one of them "
        "the rest would fit",
        figures=enumerate_parts([_tell(evidence, claim) for claim in claims]),
        gap=missing,
    )
    return Conflict(
        name,
        CONTRADICTION,
        kind,
        ids,
        join([sentence, compose("({places})", places=cite(evidence, ids))]),
        note or label,
        missing,
    )


def _tell(evidence: Evidence, claim: Claim) -> Text:
    """Say what a claim states, for when, and of which part."""
    identifier = claim.observations[0]
    row = evidence.row(identifier)
    return compose("{figure} ({when})", figure=evidence.estimate(identifier), when=moment(row))


def _measure(claims: tuple[Claim, ...], unit: str) -> float:
    """The smallest total by which the claims must give way."""
    sides = tuple(claim for claim in claims if not isinstance(claim, Link))
    links = tuple(claim for claim in claims if isinstance(claim, Link))
    return round(Timeline(unit, sides, links).shortfall(), 3)


def _states(claims: tuple[Claim, ...], told: frozenset[str]) -> bool:
    """Whether a declared relation tells of just these claims, by whichever outlet."""
    return len(told) == len(claims) and all(set(claim.observations) & told for claim in claims)


def _name_span(claims: tuple[Claim, ...]) -> str:
    days = [
        day for claim in claims if not isinstance(claim, Link) for day in (claim.start, claim.stop)
    ]
    return f"{min(days)}-to-{max(days)}"


def _tell_apart(name: str, names: set[str]) -> str:
    again = sum(known == name or known.startswith(f"{name}-set") for known in names)
    told = f"{name}-set{again + 1}" if again else name
    names.add(told)
    return told
