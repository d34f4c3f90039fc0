"""Conflicts among figures that a declared relation ties (``data/identities.csv``)."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations

from mss_analysis.bounds import rounding_unit
from mss_analysis.conflict import (
    CONTRADICTION,
    TENSION,
    Conflict,
    describe,
    tell_figure,
    tell_gap,
)
from mss_analysis.estimate import Estimate, distance, total
from mss_analysis.evidence import Evidence
from mss_analysis.prose import Text, compose, enumerate_parts
from mss_analysis.sides import GROWTHS


def judge_relations(evidence: Evidence) -> Iterator[Conflict]:
    """Test each declared relation with the bounds of its figures."""

    def tell(figure: Estimate) -> Text:
        return tell_figure(evidence, figure.observations[0])

    notes = dict(zip(evidence.identities["identity_id"], evidence.identities["note"], strict=True))
    for identifier, relation, terms in evidence.terms:
        roles = {role: evidence.estimates(ids) for role, ids in terms.items()}
        verdict = _JUDGES[relation](roles, tell)
        if verdict is None:
            continue
        severity, figures, sentence, gap = verdict
        ids = tuple(entry for figure in figures for entry in figure.observations)
        unit, note = figures[0].unit, notes[identifier]
        yield describe(
            evidence, identifier, relation, ids, gap, unit, sentence, note, severity=severity
        )


Roles = dict[str, list[Estimate]]
Tell = Callable[[Estimate], Text]
Verdict = tuple[str, list[Estimate], Text, float] | None


def _judge_total(roles: Roles, tell: Tell) -> Verdict:
    whole, parts = roles["total"][0], roles["part"]
    added = total(_off_ladder(parts))
    if added.agrees_with(_off_ladder([whole])[0]):
        return None
    sentence = compose(
        "{parts} make {added}, where the stated total is {whole}",
        parts=enumerate_parts([tell(part) for part in parts]),
        added=added,
        whole=tell(whole),
    )
    return CONTRADICTION, [whole, *parts], tell_gap(sentence, whole, added), distance(whole, added)


def _judge_subset(roles: Roles, tell: Tell) -> Verdict:
    whole, parts = roles["whole"][0], roles["part"]
    added = total(_off_ladder(parts))
    if added.low <= whole.high:
        return None
    sentence = compose(
        "{parts} together exceed the whole, {whole}",
        parts=enumerate_parts([tell(part) for part in parts]),
        whole=tell(whole),
    )
    return CONTRADICTION, [whole, *parts], sentence, distance(whole, added)


def _judge_change(roles: Roles, tell: Tell) -> Verdict:
    if "base" not in roles:
        return None
    level, base, change = roles["level"][0], roles["base"][0], roles["change"][0]
    return _judge_derived(level - base, change, [level, base, change])


def _judge_growth(roles: Roles, tell: Tell) -> Verdict:
    if "base" not in roles:
        return None
    level, base = roles["level"][0], roles["base"][0]
    change = next(roles[role][0] for role in GROWTHS if role in roles)
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
    return CONTRADICTION, figures, tell_gap(sentence, stated, derived), distance(stated, derived)


def _judge_same(roles: Roles, tell: Tell) -> Verdict:
    """Report the pair that lies furthest apart."""
    pairs = list(combinations(roles["term"], 2))
    apart = [pair for pair in pairs if not pair[0].agrees_with(pair[1])]
    if apart:
        first, second = max(apart, key=lambda pair: distance(*pair))
        sentence = compose(
            "{first} and {second} are stated of one thing and cannot both hold",
            first=tell(first),
            second=tell(second),
        )
        sentence = tell_gap(sentence, first, second)
        return CONTRADICTION, [first, second], sentence, distance(first, second)
    differing = [pair for pair in pairs if _differ(*pair)]
    if not differing:
        return None
    first, second = max(differing, key=lambda pair: abs(pair[0].value - pair[1].value))
    sentence = compose(
        "{first} and {second} are stated of one thing; both can hold only because a wording "
        "leaves an end open",
        first=tell(first),
        second=tell(second),
    )
    return TENSION, [first, second], sentence, abs(first.value - second.value)


def _judge_order(roles: Roles, tell: Tell) -> Verdict:
    lower, upper = roles["lower"][0], roles["upper"][0]
    if lower.low <= upper.high:
        return None
    sentence = compose(
        "{lower} should be no more than {upper}", lower=tell(lower), upper=tell(upper)
    )
    return CONTRADICTION, [lower, upper], sentence, distance(lower, upper)


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
