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

from mss_analysis.schema import EvidenceError, Table

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


def require_numbers(schema: dict[str, Table]) -> None:
    """Refuse a description under which figures would be text.

    Raises
    ------
    EvidenceError
        When a bound or the value of an observation is not of type number.

    """
    for column in ("value", "low", "high"):
        if column not in schema["observations"].numbers:
            raise EvidenceError(
                f"datapackage.json must give the field {column} of observations the type number."
            )


def rounding_unit(values: pd.Series | np.ndarray | list[float]) -> np.ndarray:
    """Give one unit of the last non-zero digit of each value.

    A zero or missing value has no such digit; its unit is 1.

    >>> rounding_unit([5600, 580000, 8.7, 85, 0]).tolist()
    [100.0, 10000.0, 0.1, 1.0, 1.0]
    """
    scaled = np.nan_to_num(np.abs(np.asarray(values, dtype="float64"))) * 10.0**_DECIMALS
    scaled = np.rint(scaled)
    # Most figures are whole: their digits behind the point need no look.
    is_whole = np.mod(scaled, 10.0**_DECIMALS) == 0
    unit = np.where(is_whole, 1.0, 10.0**-_DECIMALS)
    for powers, chosen in (
        (range(1, _DECIMALS), ~is_whole),
        (range(_DECIMALS + 1, 19), is_whole & (scaled > 0)),
    ):
        undecided = np.flatnonzero(chosen)
        for power in powers:
            undecided = undecided[np.mod(scaled[undecided], 10.0**power) == 0]
            # 10.0 ** -1 is not 0.1 to the last bit on every platform; the literal is.
            unit[undecided] = float(f"1e{power - _DECIMALS}")
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
    value = observations["value"].to_numpy("float64")
    codes, qualifiers = pd.factorize(observations["qualifier"])
    known = [rules.get(name, ("stated", "stated")) for name in qualifiers]
    terms = np.array([[_terms(rule) for rule in pair] for pair in known]).reshape(-1, 2, 2)
    # Few wordings ask for the last digit, and to look for it takes longest.
    is_hedged = np.isfinite(terms[:, :, 1]) & (terms[:, :, 1] != 0)
    hedged = np.flatnonzero(is_hedged.any(axis=1)[codes])
    unit = np.ones(len(value))
    unit[hedged] = rounding_unit(value[hedged])
    bounds = {}
    for side, position, sign in (("low", 0, -1.0), ("high", 1, +1.0)):
        share, units = terms[:, position].T
        by_rule = value * share[codes] + sign * units[codes] * unit
        stated = observations[side].to_numpy("float64")
        bounds[side] = np.where(np.isnan(stated), by_rule, stated)
    return pd.DataFrame(bounds, observations.index)


def _terms(rule: str) -> tuple[float, float]:
    """Write a rule as a share of the value and a number of rounding units to go beyond it."""
    if rule == "zero":
        return 0.0, 0.0
    if rule == "open":
        return 0.0, np.inf
    if rule == "stated":
        return 1.0, 0.0
    return 1.0, float(rule)
