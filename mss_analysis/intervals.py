"""Intervals in a chart: what keeps a very narrow one visible."""

import pandas as pd

# An interval narrower than this share of the axis is no wider than a line.
_NARROW = 0.02


def mark_narrow(frame: pd.DataFrame, figure: str) -> pd.DataFrame:
    """Give intervals that are too narrow to be seen a dot in their middle.

    ``frame`` is what :func:`mss_analysis.exhibit.flatten` gives; the words and the bounds stay.

    >>> rows = pd.DataFrame({"n": [None, None], "n_low": [5.0, 0.0], "n_high": [5.01, 9.0]})
    >>> mark_narrow(rows, "n")["n"].tolist()
    [5.005, nan]
    """
    low, high = frame[f"{figure}_low"].astype(float), frame[f"{figure}_high"].astype(float)
    stated = frame[figure].astype(float)
    top = pd.concat([low, high, stated]).max()
    is_narrow = stated.isna() & (high - low < _NARROW * top)
    return frame.assign(**{figure: stated.where(~is_narrow, (low + high) / 2)})
