"""Agreement between raters: Krippendorff's alpha, with an interval from resampling.

Krippendorff, K. (2004). Content Analysis: An Introduction to Its Methodology, 2nd edition, ch. 11;
Hayes, A. F. and Krippendorff, K. (2007). Communication Methods and Measures 1(1), 77-89.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

LEVELS = ("nominal", "ordinal", "interval", "ratio")
_DRAWS, _LEVEL = 2000, 0.95


def krippendorff_alpha(ratings: ArrayLike, level: str = "ordinal") -> float:
    """Measure agreement: 1 is perfect, 0 is what chance alone would give.

    Parameters
    ----------
    ratings
        One row a rater, one column a unit rated, NaN where a rater gave none. Units with fewer
        than two ratings do not count.
    level
        What a difference between two values means: ``nominal``, ``ordinal``, ``interval`` or
        ``ratio``.

    Returns
    -------
    float
        NaN where nothing can be compared or all values are the same.

    Examples
    --------
    >>> krippendorff_alpha([[1, 2, 3, 3], [1, 2, 3, 3]])
    1.0

    """
    if level not in LEVELS:
        raise ValueError(f"level must be one of {', '.join(LEVELS)}, not {level!r}")
    table = np.asarray(ratings, dtype=float)
    values = np.unique(table[~np.isnan(table)])
    # How often each unit was given each value.
    counts = np.array([(table == value).sum(axis=0) for value in values]).T
    return _alpha(counts, _differences(values, counts, level))


def bootstrap_alpha(
    ratings: ArrayLike, level: str = "ordinal", draws: int = _DRAWS, seed: int = 0
) -> tuple[float, float, float]:
    """Give alpha with the middle 95 percent of its values over resampled units.

    Units are drawn with replacement and the distances of the whole table are kept. Draws in which
    nothing can be compared are left out; NaN where none is left.
    """
    table = np.asarray(ratings, dtype=float)
    values = np.unique(table[~np.isnan(table)])
    counts = np.array([(table == value).sum(axis=0) for value in values]).T
    alpha = _alpha(counts, distances := _differences(values, counts, level))
    if np.isnan(alpha):
        return alpha, np.nan, np.nan
    generator = np.random.default_rng(seed)
    paired = counts[counts.sum(axis=1) > 1]
    picks = generator.integers(0, len(paired), size=(draws, len(paired)))
    found = np.array([_alpha(paired[pick], distances) for pick in picks])
    found = found[~np.isnan(found)]
    tail = (1 - _LEVEL) / 2
    low, high = np.quantile(found, [tail, 1 - tail]) if len(found) else (np.nan, np.nan)
    return alpha, float(low), float(high)


def _alpha(counts: NDArray[np.int_], distances: NDArray[np.float64]) -> float:
    """Compare the disagreement seen with that expected by chance; counts by unit and value."""
    totals = counts.sum(axis=1) if counts.size else np.zeros(0)
    paired = counts[totals > 1]
    if not len(paired):
        return float("nan")
    weights = 1 / (paired.sum(axis=1) - 1)
    pairs = np.einsum("u,uc,uk->ck", weights, paired, paired)
    pairs -= np.diag(weights @ paired)
    margins = pairs.sum(axis=1)
    expected = (np.outer(margins, margins) * distances).sum()
    if expected == 0:
        return float("nan")
    return float(1 - (margins.sum() - 1) * (pairs * distances).sum() / expected)


def _differences(
    values: NDArray[np.float64], counts: NDArray[np.int_], level: str
) -> NDArray[np.float64]:
    """Give the squared difference between each two values at a level of measurement."""
    if level == "nominal":
        return 1 - np.eye(len(values))
    if level == "interval":
        return np.subtract.outer(values, values) ** 2
    if level == "ratio":
        sums = np.add.outer(values, values)
        gaps = np.subtract.outer(values, values)
        return np.divide(gaps, sums, out=np.zeros_like(gaps), where=sums != 0) ** 2
    # Ordinal: how many ratings lie between two values, each of the two counted half.
    paired = counts[counts.sum(axis=1) > 1] if counts.size else counts
    margins = paired.sum(axis=0)
    reach = np.cumsum(margins) - margins / 2
    return np.subtract.outer(reach, reach) ** 2
