"""Ranks from ratings, with what they owe to the choice of raters and of the scale.

A step of a scale says that one rating is above another, not by how much. So a rank is not computed
once but over many equally defensible readings, and the result is how often each rank came out.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mss_analysis.language import mark
from mss_analysis.risks.ratings import STEPS, Ratings

TOP = 5
_DRAWS = 4000
# How the choice to leave a rater out begins; the rater’s name follows.
WITHOUT = "without "
_EQUAL = np.arange(1.0, STEPS + 1)
_DOUBLING = 2.0 ** np.arange(STEPS)


@dataclass(frozen=True, eq=False)
class Ranks:
    """Ranks of each risk over all draws: 5th, 50th and 95th percentile, and share in the top."""

    risks: list[str]
    low: NDArray[np.float64]
    middle: NDArray[np.float64]
    high: NDArray[np.float64]
    top: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Variant:
    """One changed choice, and the risks that are then first, in order."""

    choice: str
    top: list[str]


def simulate_ranks(ratings: Ratings, draws: int = _DRAWS, seed: int = 0) -> Ranks:
    """Rank risks over resampled raters and random scales.

    In each draw raters are picked with replacement; each of the two scales is given values at
    random that rise with its steps; a risk scores the mean over its raters of the product of both
    values. Where none of the raters picked has rated a risk, all who rated it count. Equal scores
    share the mean of their ranks. The same seed gives the same ranks.
    """
    generator = np.random.default_rng(seed)
    likelihood, impact = ratings.likelihood.to_numpy(), ratings.impact.to_numpy()
    raters = len(likelihood)
    found = np.empty((draws, likelihood.shape[1]))
    for draw in range(draws):
        weights = np.bincount(generator.integers(0, raters, raters), minlength=raters)
        scales = np.sort(generator.random((2, STEPS)), axis=1)
        scores = _score(_value(likelihood, scales[0]) * _value(impact, scales[1]), weights)
        found[draw] = rank(scores)
    low, middle, high = np.quantile(found, [0.05, 0.5, 0.95], axis=0)
    return Ranks(ratings.risks, low, middle, high, (found <= TOP).mean(axis=0))


def vary_choices(ratings: Ratings) -> list[Variant]:
    """Give the first five risks for one plain reading, and with one choice changed at a time.

    The plain reading: all raters, equal steps, likelihood times impact, mean over raters. Ties are
    broken by the order in the file.
    """
    likelihood, impact = ratings.likelihood.to_numpy(), ratings.impact.to_numpy()
    plain = _value(likelihood, _EQUAL), _value(impact, _EQUAL)
    doubling = _value(likelihood, _DOUBLING), _value(impact, _DOUBLING)
    everybody = np.ones(len(likelihood))
    choices = {
        mark("plain reading"): (plain[0] * plain[1], everybody),
        mark("sum in place of product"): (plain[0] + plain[1], everybody),
        mark("impact alone"): (plain[1], everybody),
        mark("each step doubles"): (doubling[0] * doubling[1], everybody),
    }
    found = [
        Variant(choice, _first(ratings.risks, _score(*given))) for choice, given in choices.items()
    ]
    medians = pd.DataFrame(plain[0] * plain[1]).median().to_numpy()
    found.append(Variant(mark("median in place of mean"), _first(ratings.risks, medians)))
    if len(ratings.raters) > 1:
        for place, rater in enumerate(ratings.raters):
            weights = everybody.copy()
            weights[place] = 0
            scores = _score(plain[0] * plain[1], weights)
            found.append(Variant(f"{WITHOUT}{rater}", _first(ratings.risks, scores)))
    return found


def rank(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rank scores, the highest first; equal ones share the mean of their ranks.

    >>> rank(np.array([2.0, 9.0, 2.0])).tolist()
    [2.5, 1.0, 2.5]
    """
    above = (scores[:, None] < scores[None, :]).sum(axis=1)
    same = (scores[:, None] == scores[None, :]).sum(axis=1)
    return above + (same + 1) / 2


def _value(steps: NDArray[np.float64], scale: NDArray[np.float64]) -> NDArray[np.float64]:
    """Read steps on a scale; what wasn't rated stays NaN."""
    places = np.nan_to_num(steps, nan=1).astype(int) - 1
    return np.where(np.isnan(steps), np.nan, scale[places])


def _score(values: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Average over raters by weight; where no rater of any weight rated a risk, over all."""
    rated = ~np.isnan(values)
    weighed = rated * weights[:, None]
    weighed = np.where(weighed.sum(axis=0) > 0, weighed, rated)
    # Rounding keeps equal scores equal whatever the order of addition.
    return np.round((np.nan_to_num(values) * weighed).sum(axis=0) / weighed.sum(axis=0), 12)


def _first(risks: list[str], scores: NDArray[np.float64]) -> list[str]:
    return [risks[place] for place in np.argsort(-scores, kind="stable")[:TOP]]
