"""Interrupted time series: against a likelihood written by hand, and on series of known truth."""

import math
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import nbinom
from statsmodels.datasets import randhie

import mss_analysis as mss
from mss_analysis.casualties.breaks import find_breaks, show_breaks
from mss_analysis.casualties.interruption import (
    FEWEST,
    fit_counts,
    fit_step,
    nearest_quarter,
    rank,
    scan_counts,
)
from mss_analysis.casualties.quarters import Quarter
from mss_analysis.estimate import Estimate

# Counts of the size of the real ones, with more spread than Poisson's.
COUNTS = [846, 1250, 980, 1104, 1660, 1012, 1223, 1732, 1617, 1525, 1250, 1523]
TIMES = list(range(len(COUNTS)))
DAYS = [90, 91, 92, 92, 91, 91, 92, 92, 90, 91, 92, 92]


def fit_by_hand(counts, days, times, at):
    """Maximise the negative binomial likelihood (Cameron and Trivedi 2013, NB2) by simplex."""
    counts, times = np.asarray(counts, float), np.asarray(times, float)
    after, trend = times >= at, times - times.mean()

    def loss(terms):
        mean = np.exp(terms[0] + terms[1] * trend + terms[2] * after) * days
        size = math.exp(-terms[3])
        return -nbinom.logpmf(counts, size, size / (size + mean)).sum()

    begin = [math.log(counts.sum() / np.sum(days)), 0.0, 0.0, -3.0]
    options = {"xatol": 1e-9, "fatol": 1e-11, "maxiter": 20000, "maxfev": 20000}
    return minimize(loss, begin, method="Nelder-Mead", options=options)


def quarters(number):
    starts = [date(2018 + at // 4, 3 * (at % 4) + 1, 1) for at in range(number + 1)]
    return [Quarter(*pair) for pair in pairwise(starts)]


def simulate(generator, number, step=1.0, at=0, dispersion=0.05):
    times = np.arange(number)
    mean = 1300 * np.exp(0.02 * times) * np.where(times >= at, step, 1.0)
    return generator.poisson(mean * generator.gamma(1 / dispersion, dispersion, number))


def count(number):
    return Estimate.stated(float(number), "persons", f"count-{number}")


# Visits to a doctor in the RAND Health Insurance Experiment (Cameron and Trivedi 2005), negative
# binomial regression of 20,190 person-years. Coefficients: R 2.15.1, MASS 7.3-22, glm.nb(). Limits
# at 95 percent, dispersion and log-likelihood: Stata 11. Both as kept in statsmodels 0.14,
# statsmodels/discrete/tests/results/results_discrete.py, RandHIE.negativebinomial_nb2_bfgs.
RAND = {
    "lncoins": (-0.0579469537, -0.0698826, -0.0460113),
    "idp": (-0.2677877188, -0.3122654, -0.2233101),
    "lpi": (0.0412060771, 0.0330781, 0.049334),
    "fmde": (-0.0381376804, -0.0448006, -0.0314748),
    "physlm": (0.2689157722, 0.2102246, 0.3276069),
    "disea": (0.0381637446, 0.0352959, 0.0410316),
    "hlthg": (-0.0441338846, -0.0834356, -0.0048321),
    "hlthf": (0.0172521803, -0.0535908, 0.0880951),
    "hlthp": (0.1779607874, 0.0324115, 0.3235101),
    "constant": (0.6635560872, 0.6150055, 0.7121067),
}
RAND_DISPERSION, RAND_LIKELIHOOD = 1.292953339909746, -43383.66207653563


def test_the_fit_is_that_of_two_published_programs():
    data = randhie.load()
    design = data.exog.assign(constant=1.0)[list(RAND)].to_numpy(float)
    days = np.ones(len(design))
    found = fit_counts(data.endog.to_numpy(float), design, days)
    terms, variance, dispersion, likelihood = found
    values, lows, highs = np.array(list(RAND.values())).T
    assert terms == pytest.approx(values, abs=1e-5)
    # The limits are printed with seven decimals; 1.96 standard errors lie on each side.
    errors = (highs - lows) / 2 / 1.959964
    assert np.sqrt(np.diag(variance)) == pytest.approx(errors, rel=1e-3)
    assert dispersion == pytest.approx(RAND_DISPERSION, rel=1e-5)
    assert likelihood == pytest.approx(RAND_LIKELIHOOD, abs=1e-3)


@pytest.mark.parametrize("at", [3, 6, 9])
def test_the_fit_is_that_of_a_likelihood_written_by_hand(at):
    step = fit_step(COUNTS, DAYS, TIMES, at)
    by_hand = fit_by_hand(COUNTS, np.asarray(DAYS), TIMES, at)
    assert math.log(step.ratio) == pytest.approx(by_hand.x[2], abs=2e-4)
    assert step.dispersion == pytest.approx(math.exp(by_hand.x[3]), rel=2e-3)
    assert step.likelihood == pytest.approx(-by_hand.fun, abs=1e-5)


def test_the_limits_rest_on_the_curvature_of_that_likelihood():
    at, count_ = 6, len(COUNTS)
    step = fit_step(COUNTS, DAYS, TIMES, at)
    by_hand = fit_by_hand(COUNTS, np.asarray(DAYS), TIMES, at)
    after = np.asarray(TIMES) >= at
    trend = np.asarray(TIMES) - np.mean(TIMES)
    design = np.column_stack([np.ones(count_), trend, after])
    mean = np.exp(design @ by_hand.x[:3]) * DAYS
    # The expected information of the coefficients, which the dispersion doesn't touch.
    weight = mean / (1 + math.exp(by_hand.x[3]) * mean)
    error = math.sqrt(np.linalg.inv(design.T @ (design * weight[:, None]))[2, 2])
    score = math.log(step.ratio) / (error * math.sqrt(count_ / (count_ - 3)))
    assert step.score == pytest.approx(score, rel=0.08)


def test_counts_without_spread_are_poisson():
    step = fit_step([100] * 4 + [200] * 4, [90] * 8, range(8), at=4)
    assert step.dispersion == 0
    assert step.ratio == pytest.approx(2.0)


def test_a_step_needs_counts_on_both_sides():
    with pytest.raises(ValueError, match="both sides"):
        fit_step(COUNTS, DAYS, TIMES, at=0)


@pytest.mark.parametrize("number", [10, 16])
def test_limits_cover_the_truth_as_often_as_they_say(number):
    generator = np.random.default_rng(20240625)
    runs, covered = 150, 0
    for _ in range(runs):
        counts = simulate(generator, number, step=1.3, at=number // 2)
        step = fit_step(counts, [91] * number, range(number), number // 2)
        covered += step.low <= 1.3 <= step.high
    # Three standard errors of a share of 0.95 in so many runs.
    assert covered / runs == pytest.approx(0.95, abs=3 * math.sqrt(0.95 * 0.05 / runs))


LAST = 11


def rank_simulated(step, runs, at=6, gap=()):
    """How often the date is the clearest of all, and how many dates are possible.

    ``gap`` are quarters that nobody counted.
    """
    generator = np.random.default_rng(20251002)
    first, possible = 0, 0
    times = quarters(LAST + 1)
    for _ in range(runs):
        counts = simulate(generator, len(times), step, at)
        counted = zip(times, map(count, counts), strict=True)
        breaks = scan_counts([entry for now, entry in enumerate(counted) if now not in gap])
        chosen = next(entry for entry in breaks if entry.quarter == times[at])
        first += rank(breaks, chosen) == 1
        possible = len(breaks)
    return first / runs, possible


@pytest.mark.parametrize(
    ("at", "gap", "dates"), [(6, (), 10), (LAST, (), 10), (6, (3, 4), 8), (LAST, (3, 4), 8)]
)
def test_a_date_without_a_step_seldom_stands_out(at, gap, dates):
    runs = 80
    share, possible = rank_simulated(1.0, runs, at, gap)
    assert possible == dates
    expected = 1 / possible
    assert share == pytest.approx(expected, abs=3 * math.sqrt(expected * (1 - expected) / runs))


def test_a_date_with_a_large_step_stands_out():
    share, _ = rank_simulated(3.0, 20)
    assert share >= 0.8


def test_open_bounds_leave_the_lower_ones_alone():
    counted = [
        (each, Estimate(None, n, math.inf, "persons", (f"count-{n}",)))
        for each, n in zip(quarters(12), COUNTS, strict=True)
    ]
    for entry in scan_counts(counted):
        assert list(entry.steps) == ["lower bounds"]
        assert (entry.lower.low, entry.lower.high) == (entry.everything.low, entry.everything.high)


def test_wide_bounds_widen_the_answer():
    closed = list(zip(quarters(12), map(count, COUNTS), strict=True))
    wide = [
        (each, Estimate(None, figure.low, figure.low * 1.5, "persons", figure.observations))
        for each, figure in closed
    ]
    for narrow, broad in zip(scan_counts(closed), scan_counts(wide), strict=True):
        assert narrow.lower.low == pytest.approx(broad.lower.low)
        assert broad.everything.low <= narrow.everything.low + 1e-9
        assert broad.everything.high >= narrow.everything.high - 1e-9


def test_too_few_counts_give_no_break_and_are_told(evidence):
    assert scan_counts([(each, count(100)) for each in quarters(FEWEST - 1)]) == []
    told = show_breaks(evidence)
    assert "too few" in told.answer.plain
    assert told.chart is None
    assert find_breaks(evidence) == []


def test_the_missions_dates_fall_into_their_quarters():
    breaks = scan_counts([(each, count(n)) for each, n in zip(quarters(12), COUNTS, strict=True)])
    assert nearest_quarter(breaks, date(2019, 6, 25)).quarter.start == date(2019, 7, 1)
    assert nearest_quarter(breaks, date(2019, 10, 2)).quarter.start == date(2019, 10, 1)
    assert nearest_quarter(breaks, date(2030, 1, 1)) is None


def test_the_description_claims_no_cause():
    answer = show_breaks(mss.load(corpus="full")).answer.plain
    assert "says nothing about causes" in answer
    assert "effect" not in answer
