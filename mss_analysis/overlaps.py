"""Conflicts that need no declared relation: overlapping periods of a flow, levels of a stock."""

import math
import re
from collections.abc import Collection, Iterator
from itertools import product

from mss_analysis.conflict import Conflict, describe, revise_by, tell_figure, tell_gap
from mss_analysis.estimate import Estimate, distance
from mss_analysis.evidence import Evidence
from mss_analysis.prose import compose, enumerate_parts, when
from mss_analysis.reconcile import Claim, Link, Timeline
from mss_analysis.sides import read_flows
from mss_analysis.stocks import THING, Level, Stock, read_stocks

Declared = Collection[frozenset[str]]


def judge_flows(evidence: Evidence, declared: Declared = ()) -> Iterator[Conflict]:
    """Find every minimal set of figures of one flow, or of a part of it, that can't all be true."""
    names: set[str] = set()
    seen: list[tuple[Claim, ...]] = []
    for thing, timeline in read_flows(evidence):
        label = evidence.indicator_labels[thing["indicator"]]
        found = timeline.conflicts().sets
        for claims in found:
            is_repeat = claims in seen or any(_repeats(claims, other) for other in found)
            if is_repeat or any(_states(claims, told) for told in declared):
                continue
            seen.append(claims)
            name = _tell_apart(f"{_name_part(thing)}-{_name_span(claims)}", names)
            yield _describe(evidence, name, claims, timeline, label)


def judge_days(evidence: Evidence, declared: Declared = ()) -> Iterator[Conflict]:
    """Find minimal sets of figures on one stock, and its known changes, that can't all be true."""
    for thing, stock in read_stocks(evidence):
        names: set[str] = set()
        for claims in stock.conflicts().sets:
            levels = [stock.levels[at] for at in sorted(claims)]
            ids = tuple(level.observation for level in levels)
            if frozenset(ids) in declared:
                continue
            figures = evidence.estimates(ids)
            # Two levels of one day may differ by a rounding; changes between days add up.
            gap = distance(*figures) if len(figures) == 2 else math.inf
            name = _slug(thing["indicator"], thing["party"], levels[-1].day.isoformat())
            if len(figures) == 2:
                sentence = compose(
                    "{figures} are both stated for {day}",
                    figures=enumerate_parts(figures),
                    day=when(levels[-1].day.isoformat()),
                )
                sentence = tell_gap(sentence, *figures)
            else:
                told = [tell_figure(evidence, entry) for entry in ids]
                sentence = compose("{figures} cannot all be true", figures=enumerate_parts(told))
            name, label = _tell_apart(name, names), evidence.indicator_labels[thing["indicator"]]
            yield describe(evidence, name, "overlap", ids, gap, stock.unit, sentence, label)


def judge_ceilings(evidence: Evidence, declared: Declared = ()) -> Iterator[Conflict]:
    """Find stocks above what they never exceed, as people deployed above those pledged.

    Figures are of one party and day, whoever states them; of several, those furthest apart.
    """
    stocks = {tuple(thing.values()): stock for thing, stock in read_stocks(evidence)}
    wholes = dict(evidence.indicators[["indicator", "at_most"]].itertuples(index=False))
    for thing, stock in stocks.items():
        for whole in _wholes_of(dict(zip(THING, thing, strict=True)), wholes):
            if whole not in stocks:
                continue
            for lower, upper in _exceed(stock, stocks[whole]):
                ids = (lower.observation, upper.observation)
                if frozenset(ids) not in declared:
                    name = _slug(thing[0], thing[2], "above", whole[0], lower.day.isoformat())
                    yield _describe_order(evidence, name, ids)


def _wholes_of(thing: dict[str, str], wholes: dict[str, str]) -> Iterator[tuple[str, ...]]:
    """Name what a stock never exceeds: of the same party, of the same population or of all."""
    whole = wholes[thing["indicator"]]
    rungs = {thing["status"], "pledged" if thing["status"] == "deployed" else thing["status"]}
    for status, population in product(sorted(rungs), sorted({thing["population"], ""})):
        above = {"indicator": whole, "population": population, "status": status}
        yield tuple((thing | above).values())


def _exceed(stock: Stock, whole: Stock) -> Iterator[tuple[Level, Level]]:
    """Give for each day the highest level and the lowest of the whole, where they disagree."""
    for day in sorted({level.day for level in stock.levels if level.base is None}):
        own, others = (
            [level for level in each.levels if level.day == day and level.base is None]
            for each in (stock, whole)
        )
        if others:
            lower = max(own, key=lambda level: level.low)
            upper = min(others, key=lambda level: level.high)
            if lower.low > upper.high:
                yield lower, upper


def _describe_order(evidence: Evidence, name: str, ids: tuple[str, str]) -> Conflict:
    lower, upper = evidence.estimates(ids)
    sentence = compose(
        "{lower} should be no more than {upper}",
        lower=tell_figure(evidence, ids[0]),
        upper=tell_figure(evidence, ids[1]),
    )
    label = evidence.indicator_labels[evidence.row(ids[0])["indicator"]]
    gap = distance(lower, upper)
    return describe(evidence, name, "order", ids, gap, lower.unit, sentence, label)


def _describe(
    evidence: Evidence, name: str, claims: tuple[Claim, ...], timeline: Timeline, label: str
) -> Conflict:
    ids = tuple(entry for claim in claims for entry in claim.observations[:1])
    gap = _measure(claims, timeline)
    relation = "growth" if any(isinstance(claim, Link) for claim in claims) else "overlap"
    sentence = compose(
        "{figures} cannot all be true: they miss each other by {gap}, and without any one of them "
        "the rest would fit",
        figures=enumerate_parts([tell_figure(evidence, entry) for entry in ids]),
        gap=revise_by(gap, timeline.unit, ids),
    )
    shares = _share(claims, timeline)
    return describe(
        evidence, name, relation, ids, gap, timeline.unit, sentence, label, shares=shares
    )


def _share(claims: tuple[Claim, ...], timeline: Timeline) -> tuple[Estimate, ...]:
    """Give the least and the most of each claim in a smallest revision of the whole timeline."""
    found = {claim: (least, most) for claim, least, most in timeline.revise().shares}
    shares = []
    for claim in claims:
        least, most = (round(bound, 3) for bound in found.get(claim, (0.0, 0.0)))
        ids = claim.observations[:1]
        value = least if least == most else None
        # A percentage gives way by as many of what it multiplies.
        shares.append(Estimate(value, least, most, timeline.unit, ids, f"share({ids[0]})"))
    return tuple(shares)


def _measure(claims: tuple[Claim, ...], timeline: Timeline) -> float:
    """The smallest total by which the claims must give way, where declared parts add up."""
    sides = tuple(claim for claim in claims if not isinstance(claim, Link))
    links = tuple(link for link in timeline.links if link in claims or not link.observations)
    return round(Timeline(timeline.unit, sides, links).shortfall(), 3)


def _states(claims: tuple[Claim, ...], told: frozenset[str]) -> bool:
    """Whether a declared relation tells of just these claims, by whichever outlet."""
    return len(told) == len(claims) and all(set(claim.observations) & told for claim in claims)


def _repeats(claims: tuple[Claim, ...], others: tuple[Claim, ...]) -> bool:
    """Whether claims only repeat others, with a number told of another span that implies it."""
    if claims == others or len(claims) != len(others):
        return False
    return all(any(_implies(claim, other) for claim in claims) for other in others)


def _implies(claim: Claim, other: Claim) -> bool:
    """Whether one claim follows from another of the same number: 400 in June from 400 on a day."""
    if isinstance(claim, Link) or isinstance(other, Link):
        return claim == other
    if (claim.bound, claim.is_floor, claim.part) != (other.bound, other.is_floor, other.part):
        return False
    inner, outer = (claim, other) if claim.is_floor else (other, claim)
    return outer.start <= inner.start and inner.stop <= outer.stop


def _name_part(thing: dict[str, str]) -> str:
    """Name what is counted, as far as it is not everybody in the country."""
    place = "" if thing["place"] == "Haiti" else thing["place"]
    return _slug(thing["indicator"], place, thing["party"], thing["population"])


def _slug(*words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", "-".join(filter(None, words)).lower())


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
