"""Rates: exact Poisson limits against a table, and what they are worth on known truth."""

import math

import numpy as np
import pytest
from scipy.stats import poisson

import mss_analysis as mss
from mss_analysis.casualties.rates import (
    add_chance,
    conclude,
    per_day,
    per_population,
    poisson_limits,
    show_rates,
)
from mss_analysis.estimate import Estimate

# Garwood, Biometrika 28 (1936); as reprinted in Pearson and Hartley, Biometrika Tables for
# Statisticians I (1966), table 40: count, lower and upper 95 percent limits.
TABLE = [(0, 0.0, 3.69), (1, 0.0253, 5.57), (5, 1.62, 11.67), (10, 4.80, 18.39), (50, 37.11, 65.92)]


@pytest.mark.parametrize(("number", "low", "high"), TABLE)
def test_limits_are_those_of_the_table(number, low, high):
    assert poisson_limits(number, number) == pytest.approx((low, high), abs=0.0051)


@pytest.mark.parametrize("number", [1, 7, 1660])
def test_limits_leave_a_fortieth_in_each_tail(number):
    low, high = poisson_limits(number, number)
    assert poisson.sf(number - 1, low) == pytest.approx(0.025)
    assert poisson.cdf(number, high) == pytest.approx(0.025)


def test_bounds_and_chance_are_joined():
    low, high = poisson_limits(846, 2747)
    assert low == poisson_limits(846, 846)[0]
    assert high == poisson_limits(2747, 2747)[1]
    assert poisson_limits(100, math.inf)[1] == math.inf
    assert poisson_limits(0, math.inf) == (0, math.inf)


@pytest.mark.parametrize("mean", [3.0, 40.0])
def test_joint_limits_cover_the_mean_whichever_count_is_true(mean):
    generator = np.random.default_rng(1936)
    runs = 4000
    counts = generator.poisson(mean, runs)
    # The sources know the count only within a band that holds it.
    below = generator.integers(0, 4, runs)
    above = generator.integers(0, 4, runs)
    exact = np.array([poisson_limits(n, n) for n in counts])
    joint = np.array(
        [poisson_limits(max(0, n - a), n + b) for n, a, b in zip(counts, below, above, strict=True)]
    )
    for limits in (exact, joint):
        covered = np.mean((limits[:, 0] <= mean) & (mean <= limits[:, 1]))
        assert covered >= 0.95 - 3 * math.sqrt(0.95 * 0.05 / runs)
    assert (joint[:, 0] <= exact[:, 0]).all()
    assert (joint[:, 1] >= exact[:, 1]).all()


def test_rates_keep_their_units_and_sources():
    count = Estimate.stated(1660, "persons", "a")
    people = Estimate.stated(11_500_000, "persons", "b")
    rate = per_day(add_chance(count), 91)
    assert rate.unit == "persons/days"
    assert rate.low * 91 == pytest.approx(poisson_limits(1660, 1660)[0])
    yearly = per_population(count, 91 / 366, people)
    assert yearly.low == pytest.approx(1660 / 11_500_000 * 1e5 * 366 / 91)
    assert yearly.observations == ("a", "b")


def test_without_a_population_there_is_still_a_rate_per_day():
    evidence = mss.load("2023-12-31", "full")
    shown = show_rates(evidence)
    assert shown.table.rows
    by_people = "Killed a year per hundred thousand inhabitants, with chance"
    assert all(row[by_people] is None for row in shown.table.rows)


def test_the_killed_and_the_underlying_rate_are_told_apart(evidence):
    # More than 5,600 were killed in the 366 days of 2024; Garwood's lower limit of 5,600 is 5,454.
    rate, *_ = conclude(evidence, 2024)
    assert rate.estimate.low == pytest.approx(5600 / 366)
    assert poisson_limits(5600, 5600)[0] == pytest.approx(5454.3, abs=0.1)
    assert "at least 15.3 people per day were killed" in rate.text.plain
    assert "at ninety-five percent, is at least 14.9 people per day" in rate.text.plain
