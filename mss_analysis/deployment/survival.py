"""Survival: how long something takes that has not happened yet for everybody.

The product-limit estimator of Kaplan and Meier (1958) keeps those for whom it has not happened by
the last day known: they count for as long as they were watched, and are not taken for never.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

LEVEL = 0.95


@dataclass(frozen=True)
class Curve:
    """Share for whom it has not happened after each duration, with pointwise intervals.

    ``durations`` (days, rising) are those at which it happened to somebody; ``share``, ``low`` and
    ``high`` in [0, 1] hold from that duration on. Before the first of them the share is 1.
    """

    durations: tuple[float, ...]
    share: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    at_risk: tuple[int, ...]

    def after(self, duration: float) -> tuple[float, float, float]:
        """Give share and interval at a duration."""
        at = int(np.searchsorted(self.durations, duration, side="right")) - 1
        return (1.0, 1.0, 1.0) if at < 0 else (self.share[at], self.low[at], self.high[at])

    def risk_after(self, duration: float) -> int:
        """Give how many were still waiting at the last step up to a duration."""
        at = int(np.searchsorted(self.durations, duration, side="right")) - 1
        return self.at_risk[max(at, 0)] if self.at_risk else 0

    def median(self, fewest: int = 1) -> float | None:
        """Give the duration at which the share falls to a half, if enough were still waiting."""
        for duration, share, risk in zip(self.durations, self.share, self.at_risk, strict=True):
            if share <= 0.5:
                return duration if risk >= fewest else None
        return None


def estimate_survival(
    durations: Sequence[float], happened: Sequence[bool], level: float = LEVEL
) -> Curve:
    """Estimate the share for whom something has not happened, by duration.

    Parameters
    ----------
    durations
        Days until it happened, or, where it has not, for which it was waited.
    happened
        Whether it happened; a wait that is not over is right-censored.
    level
        Confidence of the pointwise intervals (Greenwood's variance on the log-log scale).

    Raises
    ------
    ValueError
        When the two differ in length, or a duration is negative or not finite.

    Examples
    --------
    >>> curve = estimate_survival([6, 7, 9], [True, True, False])
    >>> [round(share, 3) for share in curve.share]
    [0.667, 0.333]

    """
    times, events = np.asarray(durations, dtype=float), np.asarray(happened, dtype=bool)
    if times.shape != events.shape:
        raise ValueError("durations and outcomes differ in length")
    if not (np.isfinite(times) & (times >= 0)).all():
        raise ValueError("a duration must be a number of days, not negative")
    if not events.any():
        return Curve((), (), (), (), ())
    from scipy import stats

    fitted = stats.ecdf(stats.CensoredData.right_censored(times, ~events))
    with warnings.catch_warnings():
        # On that scale a share of nothing has no interval; it is given one below.
        warnings.simplefilter("ignore", RuntimeWarning)
        interval = fitted.sf.confidence_interval(level, method="log-log")
    steps = np.isin(fitted.sf.quantiles, times[events])
    share = fitted.sf.probabilities[steps]
    low = np.nan_to_num(interval.low.probabilities[steps], nan=0.0)
    high = _carry_forward(interval.high.probabilities[steps])
    reached = fitted.sf.quantiles[steps]
    at_risk = tuple(int((times >= duration).sum()) for duration in reached)
    rounded = (tuple(map(float, np.clip(part, 0.0, 1.0))) for part in (share, low, high))
    return Curve(tuple(map(float, reached)), *rounded, at_risk)


def _carry_forward(bounds: np.ndarray) -> np.ndarray:
    """Let an upper bound that is undefined be the one before, since a share never rises."""
    known, last = bounds.copy(), 1.0
    for at, bound in enumerate(bounds):
        last = last if np.isnan(bound) else bound
        known[at] = last
    return known
