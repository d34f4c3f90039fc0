"""Interruption: whether a quarterly count changes at a date more than at any other.

A negative binomial regression of the quarterly count on a straight trend and a step at a date, with
the length of the quarter as exposure: interrupted time series (Bernal and others 2017). The same
model with the step at every other possible quarter is the placebo. It describes a series; what else
changed at the date it can't know.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from mss_analysis.casualties.quarters import Quarter, Series, count_quarters
from mss_analysis.casualties.readings import ALL
from mss_analysis.estimate import Estimate
from mss_analysis.evidence import Evidence

# Fewer quarters leave nothing to tell a step from a trend.
FEWEST = 6
LOWER = "lower bounds"
_TERMS = 3
_BEFORE = 2


@dataclass(frozen=True)
class Step:
    """A fitted step: the ratio of the level after to the level before, given the trend.

    ``low`` and ``high`` are the 95 percent limits; ``score`` is the log ratio over its standard
    error, ``dispersion`` that of the negative binomial (variance = m + dispersion * m * m; zero is
    Poisson), ``likelihood`` the logarithm of the likelihood at the estimate.
    """

    ratio: float
    low: float
    high: float
    score: float
    dispersion: float
    likelihood: float


@dataclass(frozen=True)
class Break:
    """The step at one quarter under every reading of the counts.

    ``steps`` maps a reading of the counts (lower bounds, upper bounds, ...) to its fit; that of the
    lower bounds is always there.
    """

    quarter: Quarter
    steps: dict[str, Step]
    observations: tuple[str, ...]

    @property
    def lower(self) -> Estimate:
        """The step of the lower bounds, with its 95 percent limits (a pure ratio)."""
        step = self.steps[LOWER]
        return self._span(step.ratio, [(step.low, step.high)])

    @property
    def everything(self) -> Estimate:
        """Span the 95 percent limits under all readings."""
        return self._span(None, [(step.low, step.high) for step in self.steps.values()])

    @property
    def score(self) -> float:
        """How clear the step of the lower bounds is."""
        return abs(self.steps[LOWER].score)

    def _span(self, value: float | None, ends: list[tuple[float, float]]) -> Estimate:
        low, high = min(end[0] for end in ends), max(end[1] for end in ends)
        # All ids are kept; a formula of dozens would help nobody.
        formula = f"step({', '.join(self.observations[:4])}, …)"
        return Estimate(value, low, high, "1", self.observations, formula)


def fit_step(
    counts: Sequence[float], days: Sequence[int], times: Sequence[float], at: float
) -> Step:
    """Fit a trend and a step to counts by negative binomial regression (statsmodels, NB2).

    The limits use Student's t with as many degrees of freedom as counts exceed terms, and a
    variance enlarged by counts over degrees of freedom, because the maximum likelihood dispersion
    of few counts is too small.

    Parameters
    ----------
    counts, days
        Counts (persons) and the days that each covers.
    times
        Middle of each span, in quarters from any beginning.
    at
        The step holds from this time on.

    Raises
    ------
    ValueError
        When one side of the step has no count, or there are no more counts than terms.

    Examples
    --------
    >>> step = fit_step([50, 50, 50, 100, 100, 100], [90] * 6, range(6), at=3)
    >>> round(step.ratio, 2)
    2.0

    """
    # The module of all distributions takes half a second to import.
    from scipy.special import stdtrit

    after = np.asarray(times, dtype=float) >= at
    observed = np.asarray(counts, dtype=float)
    if len(observed) <= _TERMS or after.all() or not after.any():
        raise ValueError("a step needs counts on both sides and more counts than terms")
    trend = np.asarray(times, dtype=float) - np.mean(times)
    design = np.column_stack([np.ones(len(observed)), trend, after.astype(float)])
    exposure = np.asarray(days, dtype=float)
    terms, variance, dispersion, likelihood = fit_counts(observed, design, exposure)
    freedom = len(observed) - _TERMS
    error = math.sqrt(variance[2, 2] * len(observed) / freedom)
    reach = float(stdtrit(freedom, 0.975)) * error
    low, high = math.exp(terms[2] - reach), math.exp(terms[2] + reach)
    return Step(math.exp(terms[2]), low, high, terms[2] / error, dispersion, likelihood)


def scan_breaks(evidence: Evidence, series: Series, evidence_set: str = ALL) -> list[Break]:
    """Fit a step at every possible quarter of a series; empty where there are too few counts.

    Only quarters count that some figure counts as a whole. The lower bounds of all of them are
    fitted; where the bounds of enough quarters are closed, so are their upper bounds, and the two
    mixtures that make a step smallest and largest: low before and high after, and the reverse.
    """
    key = f"breaks {series}/{evidence_set}"
    if key not in evidence.memo:
        evidence.memo[key] = scan_counts(counted_quarters(evidence, series, evidence_set))
    return evidence.memo[key]


def counted_quarters(
    evidence: Evidence, series: Series, evidence_set: str = ALL
) -> list[tuple[Quarter, Estimate]]:
    """Pick the quarters that a figure counts as a whole, with their reconciled bounds."""
    whole = {
        (side.start, side.stop)
        for side in series.read(evidence, evidence_set).timeline.sides
        if side.is_floor and not side.part
    }
    counts = count_quarters(evidence, series, evidence_set)
    return [entry for entry in counts if (entry[0].start, entry[0].stop) in whole]


def nearest_quarter(breaks: Sequence[Break], day: date) -> Break | None:
    """Find the break whose quarter begins nearest to a day, half a quarter away at most."""
    near = [entry for entry in breaks if abs((entry.quarter.start - day).days) <= 45]
    return min(near, key=lambda entry: abs((entry.quarter.start - day).days), default=None)


def rank(breaks: Sequence[Break], chosen: Break) -> int:
    """Count the breaks whose step is as clear as the chosen one, itself included.

    Where no date is special, each of n dates is as likely as any other to be the clearest: a date
    picked beforehand ranks first with a chance of one in n.
    """
    return sum(entry.score >= chosen.score for entry in breaks)


def scan_counts(counted: list[tuple[Quarter, Estimate]]) -> list[Break]:
    """Fit a step at every possible quarter of counts with bounds (persons), in order of time.

    A quarter is possible with two counted quarters before it and itself after it.
    """
    if len(counted) < FEWEST:
        return []
    origin = counted[0][0].start
    ids = tuple(dict.fromkeys(entry for _, count in counted for entry in count.observations))
    breaks = []
    for quarter, _ in counted[_BEFORE:]:
        at = _time(origin, quarter)
        readings = {
            name: rows
            for name, rows in _mix(counted, quarter).items()
            if _is_possible(rows, quarter)
        }
        steps = {
            name: fit_step(
                [count for _, count in rows],
                [each.days for each, _ in rows],
                [_time(origin, each) for each, _ in rows],
                at,
            )
            for name, rows in readings.items()
        }
        if steps:
            breaks.append(Break(quarter, steps, ids))
    return breaks


def _mix(
    counted: list[tuple[Quarter, Estimate]], quarter: Quarter
) -> dict[str, list[tuple[Quarter, float]]]:
    """Read the bounds of the counts in four ways; the same ways are read once."""
    closed = [entry for entry in counted if entry[1].high < math.inf]
    lows = [(each, count.low) for each, count in counted]
    mixed = {LOWER: lows}
    ways = {"upper bounds": (1, 1), "low, then high": (0, 1), "high, then low": (1, 0)}
    for name, (before, after) in ways.items():
        rows = [
            (each, (count.low, count.high)[after if each.start >= quarter.start else before])
            for each, count in closed
        ]
        if rows not in mixed.values():
            mixed[name] = rows
    return mixed


def _is_possible(rows: list[tuple[Quarter, float]], quarter: Quarter) -> bool:
    after = sum(each.start >= quarter.start for each, _ in rows)
    return len(rows) >= FEWEST and after >= 1 and len(rows) - after >= _BEFORE


def _time(origin: date, quarter: Quarter) -> float:
    return (quarter.start - origin).days / 91.3125


def fit_counts(
    counts: np.ndarray, design: np.ndarray, days: np.ndarray
) -> tuple[np.ndarray, np.ndarray, float, float]:
    """Fit a negative binomial regression (NB2, log link) with the days as exposure.

    Gives the coefficients of the columns of ``design``, their variance, the dispersion and the
    log-likelihood. Where the counts vary no more than chance has it, the dispersion is zero:
    Poisson.
    """
    import warnings

    from statsmodels.discrete.discrete_model import NegativeBinomial, Poisson

    with warnings.catch_warnings():
        # Few counts make the search complain; whether it ended is read from its result.
        warnings.simplefilter("ignore")
        exposure = np.log(days)
        poisson = Poisson(counts, design, offset=exposure).fit(disp=0, maxiter=200)
        means = poisson.predict()
        spread = np.sum((counts - means) ** 2 / means**2 - 1 / means) / len(counts)
        if spread > 0:
            begin = np.append(poisson.params, spread)
            model = NegativeBinomial(counts, design, offset=exposure, loglike_method="nb2")
            fitted = model.fit(start_params=begin, disp=0, maxiter=300, method="bfgs")
            # Without a variance the search has run into the edge, which is Poisson.
            variance = fitted.normalized_cov_params
            if variance is not None and fitted.params[-1] > 0 and np.isfinite(variance).all():
                terms, dispersion = fitted.params[:-1], float(fitted.params[-1])
                return terms, variance[:-1, :-1], dispersion, float(fitted.llf)
    return poisson.params, np.asarray(poisson.cov_params()), 0.0, float(poisson.llf)
