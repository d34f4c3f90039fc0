"""Partial dates: what they span, and how a reader sees them."""

from typing import Any, Literal

import pandas as pd

from mss_analysis import language
from mss_analysis.language import mark

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    # CLDR has no Kreyòl month names; these are glibc's (ht_HT).
    "ht": "janvye fevriye mas avril me jen jiyè out septanm oktòb novanm desanm",
}
_SHORT_MONTHS = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "fr": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    "ht": "janv. fevr. mas avr. me jen jiyè out sept. okt. nov. des.",
}
_FIRST = {"en": "1", "fr": "1er", "ht": "premye"}
# How a date joins a sentence, by language and form, for a day, a month and a year.
_JOINTS = {
    "fr": {
        "on": ("le {}", "en {}", "en {}"),
        "until": ("jusqu’au {}", "jusqu’en {}", "jusqu’en {}"),
        "since": ("depuis le {}", "depuis {}", "depuis {}"),
        "of": ("du {}", "{:de}", "de {}"),
        "to": ("au {}", "à {}", "à {}"),
    },
    "ht": {
        "on": ("{}", "an {}", "nan ane {}"),
        "until": ("jiska {}", "jiska {}", "jiska {}"),
        "since": ("depi {}", "depi {}", "depi {}"),
        "of": ("{}", "{}", "{}"),
        "to": ("jiska {}", "jiska {}", "jiska {}"),
    },
}


def start_of(dates: pd.Series, errors: Literal["raise", "coerce"] = "raise") -> pd.Series:
    """Give the first day of full or partial ISO dates; empty gives NaT.

    With ``errors="coerce"`` what is no date gives NaT, too.

    >>> start_of(pd.Series(["2024-06", "2024"])).dt.strftime("%Y-%m-%d").tolist()
    ['2024-06-01', '2024-01-01']
    """
    length, filled = dates.str.len(), dates.where(dates != "")
    for partial, first in ((4, "-01-01"), (7, "-01")):
        if (is_partial := length == partial).any():
            filled = filled.where(~is_partial, filled + first)
    return pd.to_datetime(filled, format="%Y-%m-%d", errors=errors)


def end_of(dates: pd.Series, errors: Literal["raise", "coerce"] = "raise") -> pd.Series:
    """Give the last day of full or partial ISO dates; empty gives NaT.

    With ``errors="coerce"`` what is no date gives NaT, too.

    >>> end_of(pd.Series(["2024-06", "2024", "2024-06-25"])).dt.strftime("%Y-%m-%d").tolist()
    ['2024-06-30', '2024-12-31', '2024-06-25']
    """
    first, length = start_of(dates, errors), dates.str.len()
    last = first
    for partial, end in ((4, pd.offsets.YearEnd(1)), (7, pd.offsets.MonthEnd(1))):
        if (is_partial := length == partial).any():
            last = last.where(~is_partial, first + end)
    return last


def write_date(partial: str, form: str = "") -> str:
    """Write a full or partial ISO date in words.

    ``form`` is how it joins a sentence where the language asks for it: ``on``, ``until``,
    ``since``, ``of`` or ``to``.

    >>> write_date("2024-06-25"), write_date("2024-06"), write_date("2024")
    ('25 June 2024', 'June 2024', '2024')
    >>> with language.spoken("fr"):
    ...     write_date("2024-01-01", "on"), write_date("2024-04", "of")
    ('le 1er janvier 2024', 'd’avril 2024')
    """
    code = language.current()
    parts = partial.split("-")
    months = [_MONTHS[code].split()[int(parts[1]) - 1]] if len(parts) > 1 else []
    days = [_FIRST[code] if int(parts[2]) == 1 else str(int(parts[2]))] if len(parts) > 2 else []
    words = " ".join([*days, *months, parts[0]])
    joint = _JOINTS.get(code, {}).get(form, ("{}", "{}", "{}"))[3 - len(parts)]
    return joint.replace("{:de}", language.lead("de", words) + words).replace("{}", words)


def write_month(number: int) -> str:
    """Name a month.

    >>> write_month(8)
    'August'
    """
    return _MONTHS[language.current()].split()[number - 1]


def month_names(code: str) -> list[str]:
    """Name the months of a language, January first."""
    return _MONTHS[code].split()


def short_months(code: str) -> list[str]:
    """Abbreviate the months of a language, January first."""
    return _SHORT_MONTHS[code].split()


def span(row: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """Say when an observation holds: a message with slots, and the ISO dates that fill them.

    The slots are ``start`` and ``end``, or ``day``; ``"by {day}"`` and ``"{start} to no later
    than {end}"`` where the document's own date stands in for an unstated one.
    """
    stands_in = row["date_precision"] == "publication"
    if not pd.isna(row["period_start"]):
        start, end = (row[side].strftime("%Y-%m-%d") for side in ("period_start", "period_end"))
        if start == end:
            return "{day}", {"day": start}
        joint = mark("{start} to no later than {end}") if stands_in else mark("{start} to {end}")
        return joint, {"start": start, "end": end}
    if pd.isna(row["as_of"]):
        return "", {}
    return mark("by {day}") if stands_in else "{day}", {"day": row["as_of"].strftime("%Y-%m-%d")}


def describe(row: dict[str, Any]) -> str:
    """Say in words when an observation holds."""
    message, days = span(row)
    return language.SLOT.sub(
        lambda slot: write_date(days[slot[1]], slot[2] or ""), language.translate(message)
    )
