"""Reconciliation: bounds equal those of an independent formulation; conflicts are real and all."""

import math
from datetime import date, timedelta
from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from mss_analysis.casualties.readings import relax
from mss_analysis.reconcile import Link, Side, Timeline, merge
from mss_analysis.sides import read_timeline

DAYS = [date(2024, 1, 1) + timedelta(days=30 * step) for step in range(5)]
PARTS = ("", "a", "b")


def side(start, stop, bound, is_floor, name="o", part=""):
    return Side(DAYS[start], DAYS[stop], bound, is_floor, (name,), part)


def growth(level, base, low, high, name="growth", part=""):
    """The count of one cell range grew against another by a factor between low and high."""
    level, base = ([DAYS[at] for at in span] for span in (level, base))
    yield Link(((-1.0, part, *level), (low, part, *base)), 0.0, (name,))
    yield Link(((1.0, part, *level), (-high, part, *base)), 0.0, (name,))


def adds_up(start, stop):
    """The parts make the whole."""
    spans = (DAYS[start], DAYS[stop])
    for sign in (1.0, -1.0):
        yield Link(((sign, "", *spans), (-sign, "a", *spans), (-sign, "b", *spans)), 0.0, ())


@st.composite
def sides(draw, parts=("",), most=6):
    drawn = []
    for index in range(draw(st.integers(1, most))):
        start = draw(st.integers(0, 3))
        stop = draw(st.integers(start + 1, 4))
        bound, is_floor = draw(st.integers(0, 20)), draw(st.booleans())
        drawn.append(side(start, stop, bound, is_floor, f"o{index}", draw(st.sampled_from(parts))))
    return tuple(drawn)


@st.composite
def linked(draw):
    """Timelines whose parts may add up, and whose quarters may grow."""
    links = []
    if draw(st.booleans()):
        links += adds_up(*draw(st.sampled_from([(0, 4), (0, 2), (1, 3)])))
    if draw(st.booleans()) or not links:
        low = draw(st.sampled_from([0.5, 1.0, 1.5]))
        links += growth((2, 3), (1, 2), low, low + draw(st.sampled_from([0.0, 0.25])))
    return Timeline("persons", draw(sides(PARTS)), tuple(links))


def cells(part, start, stop):
    """The unknowns of a span: one for each part and cell between two days."""
    mask = [DAYS[start] <= day < DAYS[stop] for day in DAYS[:-1]]
    return np.array([part == name and inside for name in PARTS for inside in mask], dtype=float)


def formulate(timeline):
    """The same claims with one unknown a cell and part: A x <= b, x >= 0."""
    at = DAYS.index
    rows, limits = [], []
    for claim in timeline.sides:
        sign = -1.0 if claim.is_floor else 1.0
        rows.append(sign * cells(claim.part, at(claim.start), at(claim.stop)))
        limits.append(sign * claim.bound)
    for link in timeline.links:
        terms = (factor * cells(part, at(a), at(b)) for factor, part, a, b in link.terms)
        rows.append(sum(terms))
        limits.append(link.limit)
    for part in PARTS[1:]:
        for cell in range(4):
            rows.append(cells(part, cell, cell + 1) - cells("", cell, cell + 1))
            limits.append(0.0)
    return rows, limits


def solve(timeline, start, stop, part=""):
    """(low, high) of a span by the independent formulation, ``None`` when nothing satisfies it."""
    rows, limits = formulate(timeline)
    target = cells(part, start, stop)
    # Presolving, HiGHS may take what has no upper bound for infeasible.
    low, high = (
        linprog(sign * target, rows, limits, bounds=(0, None), options={"presolve": False})
        for sign in (1.0, -1.0)
    )
    if low.status == 2:
        return None
    return low.fun, math.inf if high.status == 3 else -high.fun


def restrict(timeline, claims):
    kept = set(claims)
    links = [link for link in timeline.links if link in kept or not link.observations]
    return Timeline("persons", tuple(s for s in timeline.sides if s in kept), tuple(links))


def subsets(claims):
    return chain.from_iterable(combinations(claims, size) for size in range(len(claims) + 1))


def minimal_conflicts(timeline):
    """All minimal infeasible sets, by trying every subset."""
    found = []
    for chosen in subsets(timeline.claims):
        if any(set(known) <= set(chosen) for known in found):
            continue
        if solve(restrict(timeline, chosen), 0, 4) is None:
            found.append(chosen)
    return {frozenset(claims) for claims in found}


@settings(max_examples=300, deadline=None)
@given(sides())
def test_bounds_equal_those_of_one_unknown_a_cell(drawn):
    timeline = Timeline("persons", drawn)
    if solve(timeline, 0, 4) is None:
        assert timeline.conflict()
        return
    assert timeline.conflict() == ()
    for start, stop in [(0, 4), (0, 2), (1, 3)]:
        figure = timeline.bounds(DAYS[start], DAYS[stop])
        assert (figure.low, figure.high) == pytest.approx(solve(timeline, start, stop))


@settings(max_examples=200, deadline=None)
@given(linked())
def test_bounds_with_growth_and_parts_equal_those_of_one_unknown_a_cell(timeline):
    if solve(timeline, 0, 4) is None:
        assert timeline.conflict()
        return
    assert timeline.conflict() == ()
    days = timeline.days
    for part in {"", *(claim.part for claim in timeline.sides)}:
        figure = timeline.bounds(days[0], days[-1], part)
        expected = solve(timeline, DAYS.index(days[0]), DAYS.index(days[-1]), part)
        assert (figure.low, figure.high) == pytest.approx(expected, abs=1e-5)


@settings(max_examples=150, deadline=None)
@given(sides())
def test_the_binding_figures_alone_give_the_bound(drawn):
    timeline = Timeline("persons", merge(list(drawn)))
    if timeline.conflict():
        return
    figure = timeline.bounds(DAYS[0], DAYS[4])
    binding = [s for s in timeline.sides if set(s.observations) & set(figure.observations)]
    alone = Timeline("persons", tuple(binding)).bounds(DAYS[0], DAYS[4])
    assert (alone.low, alone.high) == (figure.low, figure.high)


@settings(max_examples=100, deadline=None)
@given(sides())
def test_every_minimal_conflict_is_found_and_no_other(drawn):
    timeline = Timeline("persons", tuple(dict.fromkeys(drawn)))
    found = timeline.conflicts()
    assert found.is_complete
    assert {frozenset(claims) for claims in found.sets} == minimal_conflicts(timeline)


@settings(max_examples=60, deadline=None)
@given(linked())
def test_every_minimal_conflict_with_growth_and_parts_is_found(timeline):
    timeline = Timeline("persons", tuple(dict.fromkeys(timeline.sides)), timeline.links)
    found = timeline.conflicts()
    assert {frozenset(claims) for claims in found.sets} == minimal_conflicts(timeline)


@settings(max_examples=100, deadline=None)
@given(sides())
def test_the_smallest_revision_restores_consistency_and_no_smaller_one_does(drawn):
    timeline = Timeline("persons", drawn)
    revision = timeline.revise()
    assert (revision.total > 1e-6) == bool(timeline.conflict())
    rows, limits = formulate(timeline)
    own = len(timeline.sides)
    slack = np.vstack([-np.eye(own), np.zeros((len(rows) - own, own))])
    cost = np.concatenate([np.zeros(len(rows[0])), np.ones(own)])
    least = linprog(cost, np.hstack([np.array(rows), slack]), limits, bounds=(0, None))
    assert revision.total == pytest.approx(least.fun, abs=1e-5)
    found = {claim: bounds for claim, *bounds in revision.shares}
    matrix = np.vstack([np.hstack([np.array(rows), slack]), cost])
    for at, side in enumerate(timeline.sides):
        aim = np.eye(len(cost))[len(rows[0]) + at]
        budget = [*limits, least.fun + 1e-9]
        low = linprog(aim, matrix, budget, bounds=(0, None)).fun
        high = -linprog(-aim, matrix, budget, bounds=(0, None)).fun
        assert found.get(side, [0, 0]) == pytest.approx([low, high], abs=1e-4)


@settings(max_examples=60, deadline=None)
@given(linked())
def test_what_is_relaxed_holds_all_floors_and_no_conflict(timeline):
    relaxed = relax(timeline).timeline
    assert relaxed.conflict() == ()
    assert {s for s in timeline.sides if s.is_floor} <= set(relaxed.sides)
    if not timeline.conflict():
        assert relaxed == timeline


@settings(max_examples=100, deadline=None)
@given(sides(), st.integers(0, 3), st.randoms())
def test_a_repeated_claim_and_another_order_change_nothing(drawn, again, random):
    once = Timeline("persons", merge(list(drawn)))
    more = [*drawn, drawn[again % len(drawn)]]
    random.shuffle(more)
    twice = Timeline("persons", merge(more))
    assert bool(once.conflict()) == bool(twice.conflict())
    if not once.conflict():
        one, other = (t.bounds(DAYS[0], DAYS[4]) for t in (once, twice))
        assert (one.low, one.high) == (other.low, other.high)


@settings(max_examples=100, deadline=None)
@given(sides(most=5), sides(most=2))
def test_another_claim_never_widens(drawn, more):
    wide, narrow = (Timeline("persons", claims) for claims in (drawn, drawn + more))
    if not narrow.conflict():
        before, after = (t.bounds(DAYS[0], DAYS[3]) for t in (wide, narrow))
        assert before.low <= after.low
        assert after.high <= before.high


def test_a_floor_over_two_ceilings_that_meet_is_a_conflict():
    timeline = Timeline(
        "persons", (side(0, 2, 1, True), side(0, 1, 0, False), side(1, 2, 0, False))
    )
    (conflict,) = timeline.conflicts().sets
    assert set(conflict) == set(timeline.sides)


def test_days_that_no_figure_names_take_the_nearest_that_one_does():
    timeline = Timeline("persons", (side(1, 2, 5, True), side(0, 3, 9, False)))
    inside = timeline.bounds(DAYS[0] + timedelta(days=3), DAYS[3] - timedelta(days=3))
    assert (inside.low, inside.high) == (5, 9)
    beyond = timeline.bounds(DAYS[0] - timedelta(days=3), DAYS[3])
    assert (beyond.low, beyond.high) == (5, math.inf)


def test_january_and_february_make_the_sum_in_a_leap_year():
    months = (date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1))
    exact = [
        Side(start, stop, bound, is_floor, (f"o{bound}",))
        for start, stop, bound in zip(months, months[1:], (31, 29), strict=False)
        for is_floor in (True, False)
    ]
    figure = Timeline("persons", tuple(exact)).bounds(months[0], months[2])
    assert (figure.value, figure.low, figure.high) == (60, 60, 60)


def test_binding_figures_are_named():
    timeline = Timeline("persons", (side(0, 1, 5, True, "small"), side(0, 2, 9, True, "large")))
    assert timeline.bounds(DAYS[0], DAYS[2]).observations == ("large",)


def test_no_evidence_is_unbounded_and_not_nothing():
    figure = Timeline("persons", ()).bounds(DAYS[0], DAYS[1])
    assert (figure.value, figure.low, figure.high) == (None, 0, math.inf)


def test_the_seed_toll_is_an_open_floor(evidence):
    figure = read_timeline(evidence, "killed").bounds(date(2024, 1, 1), date(2025, 1, 1))
    assert (figure.low, figure.high) == (5600, math.inf)
    assert set(figure.observations) == {"killed-2024-003-p10", "killed-2024-003-p28"}


def test_parts_are_floors_only(evidence):
    """A count of people killed by gangs caps nothing."""
    quarter = read_timeline(evidence, "killed").bounds(date(2024, 1, 1), date(2024, 4, 1))
    assert (quarter.low, quarter.high) == (1660, 1660)
