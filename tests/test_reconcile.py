"""Reconciliation: bounds equal those of an independent formulation; conflicts are real."""

import math
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from mss_analysis.reconcile import Side, Timeline, read_timeline

DAYS = [date(2024, 1, 1) + timedelta(days=30 * step) for step in range(5)]


def side(start, stop, bound, is_floor, name="a"):
    return Side(DAYS[start], DAYS[stop], bound, is_floor, (name,))


@st.composite
def timelines(draw):
    sides = []
    for index in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, 3))
        stop = draw(st.integers(start + 1, 4))
        sides.append(side(start, stop, draw(st.integers(0, 20)), draw(st.booleans()), f"o{index}"))
    return Timeline("persons", tuple(sides))


def solve(timeline, start, stop):
    """One unknown a cell, solved as a linear program: (low, high), None when infeasible."""
    rows, limits = [], []
    for claim in timeline.sides:
        covered = [claim.start <= day < claim.stop for day in DAYS[:-1]]
        sign = -1.0 if claim.is_floor else 1.0
        rows.append(sign * np.array(covered, dtype=float))
        limits.append(sign * claim.bound)
    target = np.array([DAYS[start] <= day < DAYS[stop] for day in DAYS[:-1]], dtype=float)
    low = linprog(target, rows, limits, bounds=(0, None))
    if low.status == 2:
        return None
    high = linprog(-target, rows, limits, bounds=(0, None))
    return low.fun, math.inf if high.status == 3 else -high.fun


@settings(max_examples=200, deadline=None)
@given(timelines())
def test_bounds_equal_a_linear_program(timeline):
    expected = solve(timeline, 0, 4)
    if expected is None:
        assert timeline.conflict()
        return
    assert timeline.conflict() == ()
    for start, stop in [(0, 4), (0, 2), (1, 3)]:
        figure = timeline.bounds(DAYS[start], DAYS[stop])
        assert (figure.low, figure.high) == pytest.approx(solve(timeline, start, stop))


@settings(max_examples=100, deadline=None)
@given(timelines())
def test_conflicts_are_infeasible_by_themselves(timeline):
    names = timeline.conflict()
    if names:
        alone = tuple(claim for claim in timeline.sides if set(claim.observations) & set(names))
        assert solve(Timeline("persons", alone), 0, 4) is None


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
