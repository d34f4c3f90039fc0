"""Partial dates: what they span, and how a reader sees them."""

from calendar import month_name
from typing import Any, Literal

import pandas as pd


def start_of(dates: pd.Series, errors: Literal["raise", "coerce"] = "raise") -> pd.Series:
    """Give the first day of full or partial ISO dates; empty gives NaT.

    With ``errors="coerce"`` what is no date gives NaT, too.

    >>> start_of(pd.Series(["2024-06", "2024"])).dt.strftime("%Y-%m-%d").tolist()
    ['2024-06-01', '2024-01-01']
    """
    filled = dates.where(dates.str.len() != 4, dates + "-01")
    filled = filled.where(filled.str.len() != 7, filled + "-01")
    return pd.to_datetime(filled.where(dates != ""), format="%Y-%m-%d", errors=errors)


def end_of(dates: pd.Series) -> pd.Series:
    """Give the last day of full or partial ISO dates; empty gives NaT.

    >>> end_of(pd.Series(["2024-06", "2024", "2024-06-25"])).dt.strftime("%Y-%m-%d").tolist()
    ['2024-06-30', '2024-12-31', '2024-06-25']
    """
    first = start_of(dates)
    length = dates.str.len()
    last = first.where(length != 7, first + pd.offsets.MonthEnd(1))
    return last.where(length != 4, first + pd.offsets.YearEnd(1))


def write_date(partial: str) -> str:
    """Write a full or partial ISO date in words.

    >>> write_date("2024-06-25"), write_date("2024-06"), write_date("2024")
    ('25 June 2024', 'June 2024', '2024')
    """
    parts = partial.split("-")
    words = [month_name[int(parts[1])]] if len(parts) > 1 else []
    days = [str(int(parts[2]))] if len(parts) > 2 else []
    return " ".join([*days, *words, parts[0]])


def span(row: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    """Say when an observation holds: the word that goes before its last date, and its ISO dates.

    ``("by", (day,))`` and ``("to no later than", (start, end))`` where the document's own date
    stands in for an unstated one.
    """
    stands_in = row["date_precision"] == "publication"
    if not pd.isna(row["period_start"]):
        start, end = (row[side].strftime("%Y-%m-%d") for side in ("period_start", "period_end"))
        if start == end:
            return "", (start,)
        return "to no later than" if stands_in else "to", (start, end)
    if pd.isna(row["as_of"]):
        return "", ()
    return "by" if stands_in else "", (row["as_of"].strftime("%Y-%m-%d"),)


def describe(row: dict[str, Any]) -> str:
    """Say in words when an observation holds."""
    word, days = span(row)
    words = [*map(write_date, days[:-1]), word, *map(write_date, days[-1:])]
    return " ".join(filter(None, words))
