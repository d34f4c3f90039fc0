"""Stocks: levels at dates and the changes between them, against an independent formulation."""

import math
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

import mss_analysis as mss
from mss_analysis.overlaps import judge_ceilings
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


def state_strength(evidence, **other):
    """Evidence of 500 of the mission pledged, and 600 deployed on one day, but for some cells."""
    template = evidence.select("country_personnel_pledged").iloc[0].to_dict()
    template |= {"party": "MSS", "population": "", "as_of": pd.Timestamp("2025-01-01")}
    rows = [
        template
        | {"observation_id": rung, "indicator": f"mission_personnel_{rung}"}
        | {"status": rung, "value": count, "low": count, "high": count, "date_precision": "day"}
        for rung, count in (("pledged", 500.0), ("deployed", 600.0))
    ]
    frame = pd.DataFrame([rows[0], rows[1] | other])
    stated = {"observations": frame, "identities": evidence.identities[:0]}
    return replace(evidence, tables=evidence.tables | stated)


def test_more_deployed_than_pledged_is_found_across_sources(evidence):
    (conflict,) = judge_ceilings(state_strength(evidence))
    assert conflict.observations == ("deployed", "pledged")
    told = (
        "600 people (MSS, 1 January 2025) should be no more than 500 people (MSS, 1 January 2025)"
    )
    assert told in conflict.sentence.plain
    assert conflict.revision.value == 100


@pytest.mark.parametrize(
    "other",
    [
        {"as_of": pd.Timestamp("2025-01-02")},
        {"party": "GSF"},
        {"status": "planned"},
        {"low": 400.0},
        {"value": 500.0, "low": 500.0},
        {"indicator": "mission_authorised_ceiling"},
    ],
)
def test_what_may_exceed_a_pledge_is_no_conflict(evidence, other):
    assert list(judge_ceilings(state_strength(evidence, **other))) == []


def test_more_may_be_deployed_than_at_least_so_many_pledged(evidence):
    told = state_strength(evidence)
    told.observations.loc[0, "high"] = math.inf
    assert list(judge_ceilings(told)) == []


def test_what_a_relation_tells_of_a_pledge_is_not_told_again(evidence):
    told = state_strength(evidence)
    assert list(judge_ceilings(told, [frozenset({"deployed", "pledged"})])) == []
