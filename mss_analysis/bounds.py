"""Bounds from wording: how "more than 4,000" becomes the interval [4,000, ∞).

The rules stand in one table, ``data/qualifiers.csv``. It says, for each qualifier, how far the true
figure may lie below and above the stated one:

- a number counts *rounding units* (one unit of the last digit that is not zero: 100 for 5,600);
- ``zero`` puts the lower bound at zero, ``open`` leaves the upper bound open;
- ``stated`` takes the bounds that the row itself states.

A row of the observations may override either bound; it then says why in its note.
"""

from pathlib import Path

import numpy as np
import pandas as pd

Rules = dict[str, tuple[str, str]]

# Figures are stated with at most six decimals (an exchange rate, a rate per head).
_DECIMALS = 6


def read_rules(path: Path | str) -> Rules:
    """Read the table of rules: qualifier -> (how far below, how far above).

    Raises
    ------
    KeyError
        When the table lacks one of the columns ``qualifier``, ``below``, ``above``.

    """
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    return {
        row["qualifier"]: (row["below"], row["above"]) for row in table.to_dict(orient="records")
    }


def rounding_unit(values: pd.Series | np.ndarray | list[float]) -> np.ndarray:
    """Give one unit of the last non-zero digit of each value.

    A zero or missing value has no such digit; its unit is 1.

    >>> rounding_unit([5600, 580000, 8.7, 85, 0]).tolist()
    [100.0, 10000.0, 0.1, 1.0, 1.0]
    """
    scaled = np.nan_to_num(np.abs(np.asarray(values, dtype="float64"))) * 10.0**_DECIMALS
    scaled = np.rint(scaled)
    unit = np.ones(len(scaled))
    undecided = scaled > 0
    for power in range(18, -1, -1):
        divides = undecided & (np.mod(scaled, 10.0**power) == 0)
        exponent = power - _DECIMALS
        # 10.0 ** -1 is not 0.1 to the last bit on every platform; the literal is.
        unit[divides] = float(f"1e{exponent}")
        undecided &= ~divides
    return unit


def resolve(observations: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Fill ``low`` and ``high`` of every observation from its wording.

    Parameters
    ----------
    observations
        Columns ``qualifier``, ``value``, ``low``, ``high``; an empty bound means "by the rule".
    rules
        What :func:`read_rules` gives, possibly changed by the reader.

    Returns
    -------
    DataFrame
        Two float columns ``low`` and ``high``; an open end is infinite.

    Examples
    --------
    >>> rows = pd.DataFrame({"qualifier": ["about", "more_than"], "value": [600.0, 4000.0],
    ...                      "low": [np.nan, np.nan], "high": [np.nan, np.nan]})
    >>> resolve(rows, {"about": ("0.5", "0.5"), "more_than": ("0", "open")}).values.tolist()
    [[550.0, 650.0], [4000.0, inf]]

    """
    value = observations["value"].astype("float64")
    unit = rounding_unit(value)
    by_rule = {"low": value.copy(), "high": value.copy()}
    for qualifier, (below, above) in rules.items():
        chosen = observations["qualifier"] == qualifier
        by_rule["low"][chosen] = _offset(value, unit, below, -1.0)[chosen]
        by_rule["high"][chosen] = _offset(value, unit, above, +1.0)[chosen]
    return pd.DataFrame(
        {side: observations[side].astype("float64").fillna(by_rule[side]) for side in by_rule}
    )


def _offset(value: pd.Series, unit: np.ndarray, rule: str, sign: float) -> pd.Series:
    if rule == "zero":
        return value * 0.0
    if rule == "open":
        return value * 0.0 + np.inf
    if rule == "stated":
        return value
    return value + sign * float(rule) * unit
