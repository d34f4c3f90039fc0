"""Stocks: levels at dates and the changes between them, against an independent formulation."""

import math
from datetime import date, timedelta
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

import mss_analysis as mss
from mss_analysis.stocks import Level, Stock, read_stocks

DAYS = [date(2025, 1, 1) + timedelta(days=30 * step) for step in range(4)]


@st.composite
def stocks(draw):
    levels = []
    for at in range(draw(st.integers(1, 6))):
        day = draw(st.integers(0, 3))
        base = draw(st.sampled_from([None, *(other for other in range(4) if other != day)]))
        low = draw(st.integers(0 if base is None else -10, 10))
        high = draw(st.sampled_from([low, low + 3, math.inf]))
        levels.append(Level(DAYS[day], low, high, f"o{at}", None if base is None else DAYS[base]))
    return Stock("persons", tuple(levels))


def solve(levels, day):
    """(low, high) of a level with one unknown a day, ``None`` when nothing satisfies the claims."""
    rows, limits = [], []
    for level in levels:
        row = np.zeros(4)
        row[DAYS.index(level.day)] += 1
        if level.base:
            row[DAYS.index(level.base)] -= 1
        rows.append(-row)
        limits.append(-level.low)
        if math.isfinite(level.high):
            rows.append(row)
            limits.append(level.high)
    target = np.eye(4)[day]
    low = linprog(target, rows or None, limits or None, bounds=(0, None))
    if low.status == 2:
        return None
    high = linprog(-target, rows or None, limits or None, bounds=(0, None))
    return low.fun, math.inf if high.status == 3 else -high.fun


@settings(max_examples=200, deadline=None)
@given(stocks(), st.integers(0, 3))
def test_bounds_and_conflicts_equal_those_of_one_unknown_a_day(stock, day):
    expected = solve(stock.levels, day)
    found = stock.conflicts()
    assert found.is_complete
    assert (expected is None) == bool(found.sets)
    if expected is None:
        minimal = []
        for size in range(1, len(stock.levels) + 1):
            for chosen in map(frozenset, combinations(range(len(stock.levels)), size)):
                if not any(known <= chosen for known in minimal):
                    levels = [stock.levels[at] for at in chosen]
                    minimal += [chosen] if solve(levels, 0) is None else []
        assert set(found.sets) == set(minimal)
        return
    figure = stock.bounds(DAYS[day])
    assert (figure.low, figure.high) == pytest.approx(expected)


def test_a_known_change_carries_a_level_to_another_day():
    levels = (
        Level(DAYS[0], 617, 617, "count"),
        Level(DAYS[1], 144, 144, "landing", base=DAYS[0]),
        Level(DAYS[1], 700, 750, "told"),
    )
    stock = Stock("persons", levels)
    assert stock.conflicts().sets == (frozenset({0, 1, 2}),)
    figure = Stock("persons", levels[:2]).bounds(DAYS[1])
    assert (figure.value, figure.observations) == (761, ("count", "landing"))


def test_stocks_of_the_evidence_are_read_by_what_is_counted():
    things = [thing for thing, _ in read_stocks(mss.load())]
    assert {"idp_total", "mission_personnel_deployed", "trust_fund_total"} <= {
        thing["indicator"] for thing in things
    }
    assert len({tuple(thing.values()) for thing in things}) == len(things)
